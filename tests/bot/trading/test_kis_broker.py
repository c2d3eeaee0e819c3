"""The counter over KIS: what its answers to an order become in trading's words."""

from collections.abc import AsyncIterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from bot.trading.broker import KisBroker
from bot.trading.model import Slot
from bot.trading.ports import NotSent, Refused
from kis.wire import codes as wire
from strategy.model import Leg, OrderType, Side
from tests.kis.counter import Counter, kis_at, open_counter, refused

STAR = Slot(
    key="2026-10-07.1.0.1",
    round_id="2026-10-07.1",
    index=0,
    attempt=1,
    symbol="TQQQ",
    side=Side.BUY,
    type=OrderType.LOC,
    price=Decimal("54.49"),
    quantity=4,
    leg=Leg.STAR,
)


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    async with open_counter() as counter:
        yield counter


@pytest.fixture
async def broker(counter: Counter, tmp_path: Path) -> AsyncIterator[KisBroker]:
    async with kis_at(counter, tmp_path / "token.json") as kis:
        yield KisBroker(kis)


@pytest.mark.parametrize(
    ("kind", "words", "waits"),
    [
        (OrderType.LOC, ("APBK0918", "장운영시간이 아닙니다."), True),
        (OrderType.LOC, ("APBK1269", "주문구분을 확인하여 주십시오"), True),
        (OrderType.LIMIT, ("APBK1269", "주문구분을 확인하여 주십시오"), False),
        (OrderType.LOC, ("APBK0952", "주문가능금액을 초과 했습니다"), False),
    ],
)
async def test_an_order_of_the_close_that_is_not_taken_yet_waits_for_the_open(
    kind: OrderType, words: tuple[str, str], waits: bool, broker: KisBroker, counter: Counter
) -> None:
    code, message = words
    counter.plays(wire.ORDER, refused(code, message, rt_cd="7"))
    answer = await broker.place(replace(STAR, type=kind))
    assert answer == Refused(code=code, message=message, outside_hours=waits)


@pytest.mark.parametrize(
    "slot",
    [
        replace(STAR, type=OrderType.MOC, price=None),
        replace(STAR, price=None),
        replace(STAR, price=Decimal("54.491")),
        replace(STAR, quantity=0),
    ],
)
async def test_what_is_no_order_is_refused_before_a_byte_is_written(
    slot: Slot, broker: KisBroker, counter: Counter
) -> None:
    answer = await broker.place(slot)
    assert isinstance(answer, Refused)
    assert answer.code == ""
    assert counter.to(wire.ORDER) == []


async def test_an_order_that_is_down_as_sent_waits_for_no_question_about_its_symbol(
    broker: KisBroker, counter: Counter
) -> None:
    """The price that is read before it has found the exchange; without that nothing goes."""
    answer = await broker.place(replace(STAR, symbol="SPXL"))
    assert isinstance(answer, NotSent)
    assert counter.asked == []
