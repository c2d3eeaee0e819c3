from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory.chart import draw
from strategy import backtest, cycle, versions
from strategy.model import Bar


def _result() -> backtest.Result:
    bars = []
    for index, close in enumerate((40, 41, 39, 42, 60, 50)):
        price = Decimal(close)
        day = date(2026, 10, 5) + timedelta(days=index)
        bars.append(Bar(day=day, open=price, high=price, low=price, close=price))
    begun = cycle.start(versions.rules("4.0", "TQQQ", 40), Decimal(20000))
    return backtest.run(begun, bars)


def test_a_run_is_drawn_as_a_png(tmp_path: Path) -> None:
    path = tmp_path / "run.png"
    draw(_result(), path)
    assert path.read_bytes().startswith(b"\x89PNG")


def test_a_picture_that_cannot_be_written_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        draw(_result(), tmp_path / "nowhere" / "run.png")
