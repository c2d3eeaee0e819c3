"""How fast the whole bot plays sessions, beside the backtest of the same sessions.

Prints ratios against the named baseline of the same run; asserts no times. `make bench` runs it.
"""

import time
from decimal import Decimal
from pathlib import Path

from strategy import versions
from strategy.backtest import run
from strategy.cycle import start
from tests.markets import wild_bars, write_csv
from tests.stage import headless

SHORT, LONG = 5, 45


async def test_sessions_per_second_of_the_headless_demo(tmp_path: Path) -> None:
    bars = wild_bars(48, LONG + 1)
    prices = tmp_path / "wild.csv"
    write_csv(bars, prices)
    took: dict[int, float] = {}
    orders = 0
    for days in (SHORT, LONG):
        began = time.perf_counter()
        played = await headless(
            tmp_path / str(days),
            *("--prices", str(prices), "--symbol", "SOXL", "--splits", "20"),
            *("--days", str(days), "--auto"),
        )
        took[days] = time.perf_counter() - began
        orders = played.answer["orders"]
    began = time.perf_counter()
    run(start(versions.rules("4.0", "SOXL", 20), Decimal(20000)), bars)
    backtest = LONG / (time.perf_counter() - began)
    whole = LONG / took[LONG]
    playing = (LONG - SHORT) / (took[LONG] - took[SHORT])
    print()
    print(f"headless demo, whole command   {whole:8.1f} sessions/s ({LONG} sessions)")
    print(f"headless demo, without start   {playing:8.1f} sessions/s ({orders} orders)")
    print(f"backtest (baseline)            {backtest:8.1f} sessions/s")
    print(f"demo without start / backtest  {playing / backtest:8.4f}")
    assert played.answer["days"] == LONG
