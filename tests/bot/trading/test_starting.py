"""A start resolves or tells what died with the process; symbols do not wait for one another."""

from pathlib import Path

import pytest

from bot.events import OrderLeftUnknown, OrderUnknown
from bot.trading.model import OrderState
from tests.bot.trading.counter import Counter, Say
from tests.bot.trading.floor import Killed, holding, on_floor
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
