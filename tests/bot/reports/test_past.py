"""The past of an agreement: played in slices it is what the backtest plays in one piece."""

from decimal import Decimal

import pytest

from bot.reports.past import Past, past
from strategy import backtest, versions
from strategy.cycle import start
from strategy.exhaustion import used_up_cycles
from strategy.model import Bar, Rules
from tests.markets import wild_bars

D = Decimal
BARS = wild_bars(7, 300)


def answer(rules: Rules, bars: list[Bar]) -> Past | None:
    return list(past(rules, D(20000), bars))[-1]


@pytest.mark.parametrize(("method", "splits"), [("4.0", 20), ("4.0", 40), ("3.0", 20), ("2.2", 40)])
def test_slices_add_up_to_the_whole(method: str, splits: int) -> None:
    rules = versions.rules(method, "SOXL", splits)
    whole = backtest.run(start(rules, D(20000)), BARS[1:], history=BARS[:1])
    found = answer(rules, BARS)
    assert found is not None
    assert (found.cycles, found.used_up) == (whole.cycle.number, len(used_up_cycles(whole)))
    assert (found.first, found.last, found.sessions) == (BARS[1].day, BARS[-1].day, 299)


def test_a_short_past_is_no_past() -> None:
    assert answer(versions.rules("4.0", "SOXL", 40), BARS[:60]) is None
