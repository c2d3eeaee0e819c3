"""One run of the reference engine in a process of its own, like the peer's: prints its seconds."""

import time
from decimal import Decimal

from strategy import versions
from strategy.backtest import run
from strategy.cycle import start
from tests.benchmarks.seeded import BARS, SEED, market


def main() -> None:
    bars = market(SEED, BARS)
    begun = start(versions.rules("4.0", "TQQQ", 40), Decimal(20_000))
    began = time.perf_counter()
    run(begun, bars)
    print(time.perf_counter() - began)


if __name__ == "__main__":
    main()
