"""A session let pass after its orders went out: buys called back, seen gone, and sent anew."""

from collections import deque
from datetime import timedelta

import pytest

from bot.commands import (
    Pause,
    PreviewRestore,
    ResendOrder,
    RestoreRound,
    Resume,
    SkipAnswer,
    SkipRound,
    Stop,
    StopAnswer,
)
from bot.events import OrderSent, RoundCurtailed, RoundSettled
from bot.storage.views import OrderView
from bot.trading.model import SKIPPED, Approval, OrderState, RoundState
from bot.trading.refusal import Refusal, Why
from strategy.model import Side
from tests.bot.trading.counter import List, Say
from tests.bot.trading.floor import ALICE, DAY, Floor, on_floor, table_of

TABLE = table_of(DAY)
S = OrderState
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


async def skip(floor: Floor, *, sells: bool = False, tap: str | None = None) -> SkipAnswer:
    round_ = await floor.round()
    return await floor.bus.ask(
        SkipRound(round_id=round_.round_id, digest=round_.digest, sells=sells, by=ALICE, tap=tap)
    )


async def restore(floor: Floor) -> int:
    round_ = await floor.round()
    shown = await floor.bus.ask(PreviewRestore(round_id=round_.round_id))
    return await floor.bus.ask(
        RestoreRound(round_id=round_.round_id, digest=shown.digest, by=ALICE)
    )


async def refused(floor: Floor) -> Why:
    with pytest.raises(Refusal) as caught:
        await skip(floor)
    return caught.value.why


async def of(floor: Floor, side: Side) -> list[OrderView]:
    return [order for order in await floor.orders() if order.slot.side is side]


async def states(floor: Floor, side: Side) -> set[OrderState]:
    return {order.state for order in await of(floor, side)}


async def test_the_buys_are_cancelled_and_the_sells_stay(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    buys = await of(floor, Side.BUY)
    answer = await skip(floor)
    assert answer == SkipAnswer(
        void=False, cancelled=StopAnswer(asked=len(buys), confirmed=len(buys))
    )
    assert set(floor.counter.cancelled) == {order.order_number for order in buys}
    assert await states(floor, Side.BUY) == {S.CANCELLED}
    assert await states(floor, Side.SELL) == {S.OPEN}
    await floor.live(TABLE.settle_again_at)
    (settled,) = await floor.all(RoundSettled)
    assert settled.bought == 0


async def test_the_sells_are_cancelled_too_where_that_was_chosen(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    await skip(floor, sells=True)
    assert set(await floor.states()) == {S.CANCELLED}


async def test_a_fill_that_came_before_its_cancel_wins(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    first, *rest = await of(floor, Side.BUY)
    floor.counter.fill(first.order_number or "", first.slot.quantity, "49.00")
    answer = await skip(floor)
    assert answer.cancelled == StopAnswer(asked=len(rest), confirmed=len(rest))
    await floor.live(TABLE.settle_again_at)
    (settled,) = await floor.all(RoundSettled)
    assert settled.bought == first.slot.quantity


async def test_from_half_an_hour_before_the_close_it_is_too_late(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    floor.clock.at = TABLE.deadline
    assert await refused(floor) is Why.ROUND_TOO_LATE
    assert floor.counter.cancelled == []


async def test_what_has_not_gone_out_does_not_go_any_more(floor: Floor) -> None:
    """The LOCs wait for the open when KIS refuses them before it; the skip comes between."""
    await floor.begin()
    await floor.look(TABLE.propose_at)
    floor.counter.script = deque([Say.ACCEPT, *[Say.OUTSIDE_HOURS] * 20])
    await floor.live(TABLE.send_from + MINUTE)
    floor.counter.script.clear()
    placed = len(floor.counter.placed)
    await skip(floor)
    buys = await of(floor, Side.BUY)
    assert {(order.state, order.detail) for order in buys} == {(S.WITHHELD, SKIPPED)}
    await floor.live(TABLE.deadline)
    assert {slot.side for slot in floor.counter.placed[placed:]} == {Side.SELL}


async def test_an_order_without_an_answer_is_cancelled_when_it_is_found(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    sells = 2
    floor.counter.script = deque([*[Say.ACCEPT] * sells, Say.UNKNOWN_LATE])
    await floor.look(TABLE.send_from)
    (unknown,) = [order for order in await floor.orders() if order.state is S.UNKNOWN]
    assert unknown.slot.side is Side.BUY
    answer = await skip(floor)
    assert answer.cancelled == StopAnswer(asked=1, confirmed=0, left=1)
    await floor.live(TABLE.verify_at)
    found = await floor.views.order(unknown.slot.key)
    assert found is not None
    assert found.state is S.CANCELLED
    assert len(floor.counter.placed) == sells + 1, "the other buys did not go out"


async def test_what_was_called_back_is_cancelled_after_a_crash_too(floor: Floor) -> None:
    """The process dies between the journal's line and the first cancel."""
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    round_ = await floor.round()
    async with floor.trading.desk.recording() as recording:
        await recording.record(RoundCurtailed(round_id=round_.round_id, sells=False, by=ALICE))
    floor.counter.step = lambda *_: None
    async with on_floor(floor.counter.journal or "", floor.counter) as again:  # type: ignore[arg-type] # a floor's counter has one
        await again.look()
        assert await states(again, Side.BUY) == {S.CANCELLED}


async def test_a_cancel_that_no_list_has_shown_is_asked_again(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    floor.counter.cancels_refused = True
    answer = await skip(floor)
    assert answer.cancelled is not None
    assert answer.cancelled.left == len(await of(floor, Side.BUY))
    floor.counter.cancels_refused = False
    await floor.live(floor.clock.at + 3 * MINUTE)
    assert await states(floor, Side.BUY) == {S.CANCELLED}


async def test_no_cancel_is_asked_after_the_close(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    floor.counter.always_list = List.SILENT
    floor.counter.cancels_refused = True
    await skip(floor)
    await floor.live(TABLE.session.close - SECOND)
    asked = len(floor.counter.cancelled)
    await floor.live(TABLE.session.close + 20 * MINUTE)
    assert len(floor.counter.cancelled) == asked


async def test_an_absent_order_of_a_called_back_round_is_not_sent_again(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    floor.counter.script = deque([Say.ACCEPT, Say.ACCEPT, Say.UNKNOWN_LOST])
    await floor.live(TABLE.send_from + 15 * MINUTE)
    (absent,) = [order for order in await floor.orders() if order.state is S.ABSENT]
    await skip(floor)
    with pytest.raises(Refusal) as caught:
        await floor.bus.ask(ResendOrder(slot=absent.slot.key, by=ALICE))
    assert caught.value.why is Why.ROUND_CALLED_BACK


async def test_a_skip_by_a_used_button_cancels_nothing(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    tap = await floor.taps.offer(4242, "skip", expires_at=None)
    assert await floor.taps.use(tap, floor.clock.at)
    with pytest.raises(Refusal) as caught:
        await skip(floor, tap=tap)
    assert caught.value.why is Why.TAP_USED
    assert floor.counter.cancelled == []


async def test_a_skip_taken_back_sends_new_orders_and_revives_none(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    first = await of(floor, Side.BUY)
    await skip(floor)
    assert await restore(floor) == len(first)
    await floor.live(TABLE.verify_at)
    buys = await of(floor, Side.BUY)
    assert [order.state for order in buys].count(S.OPEN) == len(first)
    fresh = [order for order in buys if order.state is S.OPEN]
    assert {order.slot.attempt for order in fresh} == {2}
    assert sorted((o.slot.price, o.slot.quantity) for o in fresh) == sorted(
        (o.slot.price, o.slot.quantity) for o in first
    )
    sent = [event.slot for event in await floor.all(OrderSent)]
    assert len(sent) == len(set(sent)), "no slot was sent twice"
    await floor.live(TABLE.settle_again_at)
    (settled,) = await floor.all(RoundSettled)
    assert settled.bought > 0


async def test_an_order_that_may_still_stand_gets_no_successor(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    floor.counter.cancels_refused = True
    await skip(floor)
    with pytest.raises(Refusal) as caught:
        await restore(floor)
    assert caught.value.why is Why.CANCEL_PENDING


async def test_nothing_is_sent_anew_once_it_is_too_late_or_stopped_or_another_plan_was_shown(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    round_ = await floor.round()
    with pytest.raises(Refusal) as caught:
        await restore(floor)
    assert caught.value.why is Why.NOT_SKIPPED
    await skip(floor)
    with pytest.raises(Refusal) as caught:
        await floor.bus.ask(RestoreRound(round_id=round_.round_id, digest="0" * 16, by=ALICE))
    assert caught.value.why is Why.ROUND_CHANGED
    await floor.owner.stop(Stop(cancel=False, by=ALICE))
    with pytest.raises(Refusal) as caught:
        await restore(floor)
    assert caught.value.why is Why.STOPPED
    floor.clock.at = TABLE.deadline
    with pytest.raises(Refusal) as caught:
        await restore(floor)
    assert caught.value.why is Why.ROUND_TOO_LATE
    assert {slot.attempt for slot in floor.counter.placed} == {1}


async def test_a_pause_that_ends_lets_no_called_back_order_out(floor: Floor) -> None:
    """What a pause had held back is planned again by its end, and read to be called back."""
    await floor.begin()
    await floor.look(TABLE.propose_at)
    await floor.owner.pause(Pause(everything=False, by=ALICE))
    await floor.live(TABLE.send_from + MINUTE)
    assert {order.detail for order in await of(floor, Side.BUY)} == {"paused"}
    await skip(floor)
    await floor.owner.resume(Resume(by=ALICE))
    await floor.live(TABLE.deadline)
    assert {slot.side for slot in floor.counter.placed} == {Side.SELL}
    assert {order.detail for order in await of(floor, Side.BUY)} == {SKIPPED}


async def test_a_round_that_waits_is_void_and_needs_no_cancel(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    assert await skip(floor) == SkipAnswer(void=True)
    assert (await floor.round()).state is RoundState.SKIPPED
    assert await refused(floor) is Why.ROUND_DECIDED
