from datetime import timedelta

import pytest

from strategy.comparison import hold, price_return_percent, spread
from strategy.corporate_actions import CorporateAction, DividendOn, SplitOn, tape
from strategy.errors import StrategyError
from tests.strategy.states import TUESDAY, D, series

BARS = series(["40", "50", "25", "80"])
TAPE = tape(BARS[:1], BARS[1:], [])


def test_holding_follows_the_price_from_the_reference_close() -> None:
    held = hold(TAPE, D(1000), D(0))
    assert held.equities == (D(1250), D(625), D(2000))
    assert (held.return_percent, held.max_drawdown_percent) == (D(100), D(50))
    assert held.parts == 1
    assert price_return_percent(TAPE) == 100


def test_holding_pays_the_commission_out_of_the_principal() -> None:
    held = hold(TAPE, D(1000), D(1))
    assert held.fees == D("9.90")
    assert held.final_equity == D("1980.2")


def test_averaging_spends_equal_parts_at_the_closes_and_keeps_the_rest_in_cash() -> None:
    parts = spread(TAPE, D(300), D(0), 3)
    assert parts.part == 100
    assert parts.equities == (D(300), D(250), D(300) / 3 + D(160) + D(320))
    assert spread(TAPE, D(300), D(0), 1).equities == (D(300), D(150), D(480))


def test_averaging_never_spends_more_than_its_parts() -> None:
    parts = spread(TAPE, D(300), D("0.25"), 3)
    assert parts.fees == 3 * D("0.25")
    assert parts.equities[0] == D("299.75")


@pytest.mark.parametrize("parts", [0, 4])
def test_averaging_over_no_session_or_more_than_there_are_is_refused(parts: int) -> None:
    with pytest.raises(StrategyError, match="spread over 1 to 3 sessions"):
        spread(TAPE, D(300), D(0), parts)


def test_both_follow_splits_and_keep_dividends() -> None:
    bars = series(["40", "40", "20", "20"])
    actions: list[CorporateAction] = [
        SplitOn(day=TUESDAY + timedelta(days=2), new=2, old=1),
        DividendOn(day=TUESDAY + timedelta(days=3), per_share=D("0.5")),
    ]
    laid = tape(bars[:1], bars[1:], actions)
    assert hold(laid, D(800), D(0)).equities == (D(800), D(800), D(820))
    assert spread(laid, D(900), D(0), 3).equities == (D(900), D(900), D(915))
    assert price_return_percent(laid) == 0
