"""Why a session was planned so, what a close would do, and the account beside the ledger."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.commands import (
    CompareAccount,
    Compared,
    ExplainSession,
    ReconcileNow,
    SupposeClose,
)
from bot.events import OrderSent, RoundProposed
from bot.trading.refusal import Refusal, Why
from strategy.model import Side
from tests.bot.trading.counter import List
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, table_of

TABLE = table_of(DAY)
MINUTE = timedelta(minutes=1)


async def test_every_round_of_a_week_is_decided_the_same_again(floor: Floor) -> None:
    await floor.begin()
    for number, close in enumerate(("49", "54.6", "47", "58", "52")):
        day = DAY + timedelta(days=number)
        floor.counter.closes[day] = Decimal(close)
    await floor.live(table_of(NEXT).settle_again_at + timedelta(days=5))
    days = {event.session for event in await floor.all(RoundProposed)}
    assert len(days) > 3
    for day in days:
        (explained,) = await floor.bus.ask(ExplainSession(session=day))
        assert explained.differs == ()
        assert explained.again == explained.plan
        assert len(explained.closes) == 5


async def test_a_session_without_a_round_has_nothing_to_explain(floor: Floor) -> None:
    await floor.begin()
    assert await floor.bus.ask(ExplainSession(session=DAY)) == ()


async def test_a_record_that_the_rules_do_not_give_is_said_to_differ(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    (proposed,) = await floor.all(RoundProposed)
    other = replace(proposed.plan, orders=proposed.plan.orders[1:], unit=Decimal(1))
    async with floor.trading.desk.recording() as recording:
        await recording.record(replace(proposed, plan=other))
    (explained,) = await floor.bus.ask(ExplainSession(session=DAY))
    assert set(explained.differs) == {"record", "orders", "unit"}


async def test_a_supposed_close_plays_tonights_round_and_writes_nothing(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    entries = await floor.entries()
    (down,) = await floor.bus.ask(SupposeClose(symbol="TQQQ", percent=Decimal(-5)))
    assert down.outcome is not None
    assert down.outcome.close == Decimal("47.50")
    assert down.outcome.settlement.bought > 0
    (round_,) = await floor.all(RoundProposed)
    assert down.plan == round_.plan
    (up,) = await floor.bus.ask(SupposeClose(symbol="TQQQ", close=Decimal("60.00")))
    assert up.outcome is not None
    assert up.outcome.settlement.sold > 0
    assert await floor.entries() == entries


async def test_a_supposed_close_needs_a_cycle_and_a_price(floor: Floor) -> None:
    await floor.begin()
    for symbol, close, why in (
        ("SOXL", "10", Why.SYMBOL_UNKNOWN),
        ("TQQQ", "0", Why.NO_PRICE),
        ("TQQQ", "-3", Why.NO_PRICE),
        ("TQQQ", "NaN", Why.NO_PRICE),
        ("TQQQ", "1E30", Why.NO_PRICE),
    ):
        with pytest.raises(Refusal) as caught:
            await floor.bus.ask(SupposeClose(symbol=symbol, close=Decimal(close)))
        assert caught.value.why is why
    floor.counter.bars_known = False
    (silent,) = await floor.bus.ask(SupposeClose(symbol="TQQQ"))
    assert silent.outcome is None
    assert "no official close" in silent.reason


async def compare(floor: Floor) -> Compared:
    (only,) = await floor.bus.ask(CompareAccount())
    return only


async def test_an_account_that_the_ledger_explains_agrees(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    found = await compare(floor)
    assert found.agrees
    assert (found.ledger, found.held) == (40, 40)
    assert found.open_orders == len(await floor.orders())


async def test_a_look_books_nothing_and_the_owners_word_books_what_is_listed(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    buy = next(order for order in await floor.orders() if order.slot.side is Side.BUY)
    floor.counter.fill(buy.order_number or "", 1, "49.00")
    entries = await floor.entries()
    found = await compare(floor)
    assert (found.unbooked, found.held, found.ledger) == (1, 41, 40)
    assert not found.agrees
    assert await floor.entries() == entries
    sent = len(await floor.all(OrderSent))
    assert await floor.bus.ask(ReconcileNow(by=ALICE)) == 1
    assert (await compare(floor)).agrees
    assert await floor.bus.ask(ReconcileNow(by=ALICE)) == 0
    assert len(await floor.all(OrderSent)) == sent


async def test_an_order_that_a_whole_list_lacks_is_counted_and_one_not_ours_too(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    floor.counter.posted = [
        each
        for each in floor.counter.posted
        if each.row.order_number != floor.counter.posted[0].row.order_number
    ]
    slot = floor.counter.placed[0]
    floor.counter.post(replace(slot, quantity=1), session=DAY, by_api=False)
    found = await compare(floor)
    assert (found.gone, found.foreign) == (1, 1)
    assert not found.agrees


async def test_a_silent_broker_is_no_agreement(floor: Floor) -> None:
    await floor.begin()
    floor.counter.always_list = List.SILENT
    for question in (CompareAccount(), ReconcileNow(by=ALICE)):
        with pytest.raises(Refusal) as caught:
            await floor.bus.ask(question)
        assert caught.value.why is Why.BROKER_SILENT
    floor.counter.always_list = List.INCOMPLETE
    assert not (await compare(floor)).agrees
