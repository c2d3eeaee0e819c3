"""What only a rehearsal tells, in both languages."""

from datetime import date
from decimal import Decimal

import pytest

from bot.events import OrderClosed, RehearsalReturned, RehearsalTroubled, RoundForeseen
from bot.telegram.catalogue import Words
from bot.telegram.rehearsal import foreseen, told, unsure
from bot.trading.model import OrderState
from kis.simulator.live.coverage import Gap, gap_words
from kis.simulator.live.exchange import NO_CLOSE
from tests.kis.simulator.desk import new_york

FORESEEN = RoundForeseen(
    round_id="2026-10-07.1",
    session=date(2026, 10, 7),
    close=Decimal("75.62"),
    bought=5,
    sold=2,
    realized=Decimal("12.5"),
    turn=Decimal(2),
    quantity=24,
)


@pytest.mark.parametrize(("language", "word"), [("ko", "잠정"), ("en", "provisional")])
def test_a_day_by_its_last_price_is_called_provisional(language: str, word: str) -> None:
    html = foreseen(Words(language), FORESEEN, "TQQQ")
    for figure in (word, "TQQQ", "$75.62", "5", "2", "24", "2.00", "+$12.50"):
        assert figure in str(html)


@pytest.mark.parametrize("language", ["ko", "en"])
def test_live_prices_that_do_not_come_are_told_with_why(language: str) -> None:
    html = told(Words(language), RehearsalTroubled(reason="OPSP8996 ALREADY IN USE"))
    assert html is not None
    assert "OPSP8996 ALREADY IN USE" in str(html)
    assert told(Words(language), RehearsalReturned()) is not None


def closed(reason: str) -> OrderClosed:
    return OrderClosed(slot="s", state=OrderState.EXPIRED, reason=reason)


def test_the_reasons_of_the_simulator_are_those_that_are_told() -> None:
    """Two rooms that must not import each other spell the same words."""
    start, end = new_york("2026-10-07T10:41"), new_york("2026-10-07T10:52")
    gap = gap_words([Gap(symbol="TQQQ", start=start, end=end, reason="")])
    assert unsure(closed(gap))
    assert unsure(closed(NO_CLOSE))
    assert unsure(closed("액면분할, split 2:1"))
    assert not unsure(closed("DFD 장종료로 취소"))
    assert not unsure(closed(""))
