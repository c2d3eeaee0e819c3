"""Real prices, every version, many start dates: the books balance on every single day.

`MUHAN_STARTS_EVERY=1` tries every session as a start (some twenty minutes); the default takes a
start now and then.
"""

import os
from decimal import Decimal
from functools import cache

import pytest

from bot.laboratory.bars import read_bars
from strategy import versions
from strategy.backtest import Result, run
from strategy.cycle import start
from strategy.model import Bar
from tests.stage import SHARED

EVERY = int(os.environ.get("MUHAN_STARTS_EVERY", "97"))
HORIZON = 252
PRINCIPAL = Decimal(20_000)
VERSIONS = (("1.0", 40), ("2.1", 40), ("2.2", 40), ("3.0", 20), ("4.0", 20), ("4.0", 40))


@cache
def bars_of(symbol: str) -> tuple[Bar, ...]:
    path = SHARED / "data" / "prices" / f"{symbol}.csv"
    if not path.exists():
        pytest.skip("the folder with real prices is not beside the repository")
    # A hundredfold, so that the early, split-adjusted cents are prices a share could have.
    return tuple(read_bars(path, scale=Decimal(100)))


def assert_balanced(result: Result) -> None:
    realized = Decimal(0)
    for session in result.sessions:
        realized += session.realized
        at_cost = session.cash + session.quantity * session.average
        assert abs(at_cost - PRINCIPAL - realized) < Decimal("1E-6"), session.day
        gross = sum(
            (
                fill.price * fill.quantity * (1 if fill.order.side.value == "sell" else -1)
                for fill in session.fills
            ),
            Decimal(0),
        )
        before = session.plan.cycle.cash
        assert session.cash == before + gross - session.fees, session.day


@pytest.mark.parametrize("symbol", ["TQQQ", "SOXL"])
@pytest.mark.parametrize(("method", "splits"), VERSIONS)
def test_cash_and_cost_equal_principal_and_profit_less_fees_on_every_day_of_every_start(
    symbol: str, method: str, splits: int
) -> None:
    bars = bars_of(symbol)
    rules = versions.rules(
        method,
        symbol,
        splits,
        fee_percent=Decimal("0.25"),
        sec_fee_percent=Decimal("0.00278"),
    )
    runs = 0
    for first in range(0, len(bars) - 2, EVERY):
        assert_balanced(run(start(rules, PRINCIPAL), bars[first : first + HORIZON + 1]))
        runs += 1
    assert runs * EVERY >= len(bars) - 2 - EVERY
