"""A start resolves or tells what died with the process; symbols do not wait for one another."""

import asyncio
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.commands import ResolveAmbiguous
from bot.events import OrderLeftUnknown, OrderUnknown
from bot.trading.model import OrderState, Slot
from bot.trading.ports import OrderList
from bot.trading.recovery import recover
from tests.bot.trading.counter import Counter, Say
from tests.bot.trading.floor import ALICE, DAY, Floor, Killed, holding, on_floor
from tests.bot.trading.test_crash_points import TABLE, at, dies, well

S = OrderState


async def test_a_start_lets_one_symbol_out_while_another_is_looked_for(
    tmp_path: Path, counter: Counter
) -> None:
    """SOXL's order died in flight; nothing of SOXL goes out, TQQQ does not wait for it."""
    path = tmp_path / "state"
    async with on_floor(path, counter) as floor:
        await floor.begin(holding(symbol="SOXL"))
        await floor.begin(cycle_id=2)
    counter.step = at("post")
    with pytest.raises(Killed):
        async with on_floor(path, counter) as floor:
            await floor.live(TABLE.send_from)
    assert counter.placed == []
    async with on_floor(path, counter) as floor:
        (unknown,) = await floor.all(OrderUnknown)
        order = await floor.views.order(unknown.slot)
        assert order is not None
        assert order.slot.symbol == "SOXL"
        await floor.look()
        assert {slot.symbol for slot in counter.placed} == {"TQQQ"}
        await well(floor)
        assert {slot.symbol for slot in counter.placed} == {"TQQQ", "SOXL"}


async def test_an_order_of_a_day_that_is_no_session_any_more_is_told_and_holds_nothing_up(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("answer"), says=[Say.UNKNOWN_LOST])
    async with on_floor(path, counter) as floor:
        order = (await floor.views.orders_in(S.UNKNOWN))[0]
        await floor.trading.resolver.abandon(order)
        assert [event.why for event in await floor.all(OrderLeftUnknown)] == ["no_verdict"]
        assert await floor.views.orders_in(S.SENT, S.UNKNOWN) == ()


async def test_the_owners_word_about_an_order_waits_until_the_start_has_looked_it_up(
    floor: Floor,
) -> None:
    """The chat listens while a start asks for the list: two would decide about one order."""
    counter = floor.counter
    await floor.begin()
    await floor.look(TABLE.propose_at)

    def twin(slot: Slot) -> None:
        counter.before_place = None
        counter.post(slot, session=DAY)

    counter.before_place = twin
    counter.script.append(Say.UNKNOWN_ACCEPTED)
    await floor.look(TABLE.send_from)
    await floor.live(TABLE.send_from + timedelta(minutes=1))
    (order,) = await floor.views.orders_in(S.AMBIGUOUS)
    this_one = ResolveAmbiguous(
        slot=order.slot.key, order_number=order.candidates[0], by=ALICE, tap=None
    )
    listed, asked = counter.orders, asyncio.Event()

    async def orders(session: date) -> OrderList:
        counter.orders = listed  # type: ignore[method-assign] # once
        asked.set()
        for _ in range(20):
            await floor.entries()  # time enough for the press, if nothing held it up
        counter.post(order.slot, session=DAY)  # what the list shows is news about the order
        return await listed(session)

    async def press() -> None:
        await asked.wait()
        await floor.bus.ask(this_one)

    counter.orders = orders  # type: ignore[method-assign] # the press comes meanwhile
    await asyncio.gather(recover(floor.trading), press())
    found = await floor.views.order(order.slot.key)
    assert found is not None
    assert (found.state, found.order_number) == (S.OPEN, order.candidates[0])
