"""How fast the compiled twin plays one run, beside the reference playing the same.

Asserts that their figures are the same, and no times. Nothing is compiled while it is timed.
"""

import time
from decimal import Decimal

from strategy import backtest, versions
from strategy.cycle import start
from strategy.kernel import Run, prices_of, run_many
from tests.benchmarks.conftest import Tell
from tests.benchmarks.seeded import BARS, SEED, market
from tests.benchmarks.table import compared
from tests.strategy.kernel.twins import hold

ROUNDS = 5
PRINCIPAL = Decimal(20_000)


def test_one_backtest_beside_the_reference(tell: Tell) -> None:
    bars = market(SEED, BARS)
    rules = versions.rules("4.0", "TQQQ", 40)
    prices, run = prices_of(bars), Run(0, 1, len(bars), PRINCIPAL)
    ends = run_many([rules], prices, [run])  # loads what is compiled, or compiles it
    ours, theirs = [], []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        ends = run_many([rules], prices, [run])
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        result = backtest.run(start(rules, PRINCIPAL), bars)
        theirs.append(time.perf_counter() - began)
        hold(ends, 0, result)
    name = f"one backtest by the kernel, {BARS - 1:,} sessions"
    tell(compared(name, "s", ours, "the reference", theirs))
