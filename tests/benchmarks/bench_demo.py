"""How fast the whole bot plays sessions, beside the backtest of the same sessions.

The first sessions' time is taken off, for the start is not theirs. Asserts no times.
"""

import time
from decimal import Decimal
from pathlib import Path

from strategy import versions
from strategy.backtest import run
from strategy.cycle import start
from tests.benchmarks.conftest import Tell
from tests.benchmarks.table import compared
from tests.markets import wild_bars, write_csv
from tests.stage import headless

SHORT, LONG = 5, 45


async def test_sessions_per_second_of_the_headless_demo(tmp_path: Path, tell: Tell) -> None:
    bars = wild_bars(48, LONG + 1)
    prices = tmp_path / "wild.csv"
    write_csv(bars, prices)
    took: dict[int, float] = {}
    for days in (SHORT, LONG):
        began = time.perf_counter()
        played = await headless(
            tmp_path / str(days),
            *("--prices", str(prices), "--symbol", "SOXL", "--splits", "20"),
            *("--days", str(days), "--auto"),
        )
        took[days] = time.perf_counter() - began
    began = time.perf_counter()
    run(start(versions.rules("4.0", "SOXL", 20), Decimal(20000)), bars)
    backtest = LONG / (time.perf_counter() - began)
    playing = (LONG - SHORT) / (took[LONG] - took[SHORT])
    tell(
        compared(
            "headless demo: sessions of the whole bot",
            "sessions/s",
            [playing],
            "backtest of the same sessions",
            [backtest],
            more_is_better=True,
        )
    )
    assert played.answer["days"] == LONG
