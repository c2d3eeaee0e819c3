"""The owner's cancel of one order, or some: seen gone by a list, and nothing sent in its place."""

from collections import deque
from datetime import timedelta

import pytest

from bot.commands import CancelOrders, Stop, StopAnswer
from bot.storage.views import OrderView
from bot.trading.model import CALLED_OFF, OrderState
from bot.trading.refusal import Refusal, Why
from strategy.model import Side
from tests.bot.trading.counter import List, Say
from tests.bot.trading.floor import ALICE, DAY, Floor, table_of

TABLE = table_of(DAY)
S = OrderState
MINUTE = timedelta(minutes=1)


async def cancel(floor: Floor, *orders: OrderView, tap: str | None = None) -> StopAnswer:
    slots = tuple(order.slot.key for order in orders)
    return await floor.bus.ask(CancelOrders(slots=slots, by=ALICE, tap=tap))


async def out(floor: Floor) -> tuple[OrderView, ...]:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    return await floor.orders()


async def test_one_order_is_cancelled_and_the_others_stay(floor: Floor) -> None:
    first, *rest = await out(floor)
    assert await cancel(floor, first) == StopAnswer(asked=1, confirmed=1)
    assert floor.counter.cancelled == [first.order_number]
    placed = len(floor.counter.placed)
    await floor.live(TABLE.verify_at)
    assert [state for state in await floor.states() if state is S.OPEN] == [S.OPEN] * len(rest)
    await floor.live(TABLE.settle_again_at)
    assert len(floor.counter.placed) == placed, "nothing takes its place"


async def test_a_cancel_that_no_list_shows_is_not_called_done(floor: Floor) -> None:
    first, *_ = await out(floor)
    floor.counter.always_list = List.SILENT
    assert await cancel(floor, first) == StopAnswer(asked=1, confirmed=0, left=1)


async def test_a_fill_wins(floor: Floor) -> None:
    orders = await out(floor)
    buy = next(order for order in orders if order.slot.side is Side.BUY)
    floor.counter.fill(buy.order_number or "", buy.slot.quantity, "49.00")
    assert await cancel(floor, buy) == StopAnswer(asked=0, confirmed=0)
    assert floor.counter.cancelled == []


async def test_an_order_that_waits_to_go_out_is_called_off_and_never_sent(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    floor.counter.script = deque([Say.OUTSIDE_HOURS] * 20)
    await floor.live(TABLE.send_from + MINUTE)
    floor.counter.script.clear()
    first, *_ = await floor.orders()
    assert first.state is S.PLANNED
    assert await cancel(floor, first) == StopAnswer(asked=1, confirmed=1)
    tried = len(floor.counter.placed)
    await floor.live(TABLE.deadline)
    assert first.slot not in floor.counter.placed[tried:]
    found = await floor.views.order(first.slot.key)
    assert found is not None
    assert (found.state, found.detail) == (S.WITHHELD, CALLED_OFF)


async def test_a_cancel_goes_out_while_trading_is_stopped(floor: Floor) -> None:
    first, *_ = await out(floor)
    await floor.owner.stop(Stop(cancel=False, by=ALICE))
    assert await cancel(floor, first) == StopAnswer(asked=1, confirmed=1)


async def test_an_order_that_is_gone_or_nobodys_is_refused_and_so_is_a_used_button(
    floor: Floor,
) -> None:
    first, second, *_ = await out(floor)
    await cancel(floor, first)
    with pytest.raises(Refusal) as caught:
        await cancel(floor, first)
    assert caught.value.why is Why.NOTHING_TO_CANCEL
    with pytest.raises(Refusal) as caught:
        await floor.bus.ask(CancelOrders(slots=("2026-10-07.9.0.1",), by=ALICE))
    assert caught.value.why is Why.NOTHING_TO_CANCEL
    tap = await floor.taps.offer(4242, "cancel", expires_at=None)
    assert await floor.taps.use(tap, floor.clock.at)
    with pytest.raises(Refusal) as caught:
        await cancel(floor, second, tap=tap)
    assert caught.value.why is Why.TAP_USED
    assert floor.counter.cancelled == [first.order_number]


async def test_an_order_without_an_answer_is_counted_as_left(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    floor.counter.script = deque([Say.UNKNOWN_LOST])
    await floor.look(TABLE.send_from)
    (unknown,) = [order for order in await floor.orders() if order.state is S.UNKNOWN]
    assert await cancel(floor, unknown) == StopAnswer(asked=1, confirmed=0, left=1)
    assert floor.counter.cancelled == []
