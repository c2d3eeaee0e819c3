"""A session planned anew: a skip taken back before sending, and an order now."""

import sqlite3
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import (
    ApproveRound,
    NowPreview,
    OrderNow,
    PlanAgain,
    PreviewNow,
    SkipRound,
    Stop,
)
from bot.events import OrderSent, RoundApproved, RoundProposed, RoundSettled
from bot.trading.model import REPLANNED, Approval, OrderState, RoundState
from bot.trading.refusal import Refusal, Why
from tests.bot.trading.counter import Counter, List
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, on_floor, table_of

TABLE = table_of(DAY)
MINUTE = timedelta(minutes=1)
S = OrderState


async def skip(floor: Floor) -> None:
    round_ = await floor.round()
    await floor.bus.ask(SkipRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))


async def approve(floor: Floor) -> None:
    round_ = await floor.round()
    await floor.bus.ask(ApproveRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))


async def again(floor: Floor, day: date = DAY) -> None:
    await floor.bus.ask(PlanAgain(round_id=f"{day.isoformat()}.1", by=ALICE))


async def shown(floor: Floor) -> NowPreview:
    (only,) = await floor.bus.ask(PreviewNow())
    return only


async def order_now(floor: Floor, **more: str) -> None:
    now = await shown(floor)
    await floor.bus.ask(
        OrderNow(
            cycle_id=1,
            session=now.session,
            digest=more.get("digest", now.digest),
            by=ALICE,
            tap=more.get("tap"),
        )
    )


async def why(floor: Floor, *, now: bool = True) -> Why:
    with pytest.raises(Refusal) as caught:
        await (order_now(floor) if now else again(floor))
    return caught.value.why


async def test_a_skip_taken_back_is_a_new_plan_that_waits_for_its_own_tap(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await approve(floor)
    await skip(floor)
    await again(floor)
    assert (await floor.round()).state is RoundState.PROPOSED
    assert (await floor.round()).orders == ()
    await floor.live(TABLE.send_from + MINUTE)
    assert floor.counter.placed == [], "the first approval let nothing of the second plan out"
    await approve(floor)
    await floor.live(TABLE.send_from + 2 * MINUTE)
    assert {slot.attempt for slot in floor.counter.placed} == {2}
    old = [order for order in await floor.orders() if order.slot.attempt == 1]
    assert {(order.state, order.detail) for order in old} == {(S.WITHHELD, REPLANNED)}
    sent = [event.slot for event in await floor.all(OrderSent)]
    assert len(sent) == len(set(sent)) == len(floor.counter.placed)
    await floor.live(TABLE.settle_again_at)
    (settled,) = await floor.all(RoundSettled)
    assert settled.after == await floor.cycle()
    assert settled.bought > 0


async def test_an_automatic_round_goes_by_itself_after_a_skip_was_taken_back(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    await skip(floor)
    await again(floor)
    await floor.live(TABLE.send_from + MINUTE)
    assert floor.counter.placed != []


async def test_only_a_skipped_round_is_planned_again_and_only_in_time(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    assert await why(floor, now=False) is Why.NOT_SKIPPED
    await skip(floor)
    floor.clock.at = TABLE.deadline
    assert await why(floor, now=False) is Why.ROUND_TOO_LATE
    floor.clock.at = table_of(NEXT).propose_at
    assert await why(floor, now=False) is Why.ROUND_TOO_LATE
    assert len(await floor.all(RoundProposed)) == 1


async def test_an_order_now_sends_a_skipped_session_as_it_was_shown(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await skip(floor)
    await order_now(floor)
    await floor.live(TABLE.send_from + MINUTE)
    assert len(floor.counter.placed) == len((await floor.round()).orders)
    (approved,) = await floor.all(RoundApproved)
    assert approved.by == ALICE


async def test_an_order_now_plans_what_the_evening_could_not(floor: Floor) -> None:
    """No bars before eight; the owner does not wait for the next look."""
    await floor.begin(approval=Approval.CONFIRM)
    floor.counter.bars_known = False
    await floor.look(TABLE.propose_at)
    now = await shown(floor)
    assert (now.state, now.plan) == (None, None)
    assert now.reason.startswith("broker ")
    assert await why(floor) is Why.CANNOT_PLAN
    floor.counter.bars_known = True
    await order_now(floor)
    await floor.live(TABLE.send_from + MINUTE)
    assert floor.counter.placed != []


async def test_an_order_now_by_an_old_preview_is_refused(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await skip(floor)
    old = (await shown(floor)).digest
    floor.counter.closes[floor.trading.desk.calendar.previous(DAY).day] = Decimal(40)
    with pytest.raises(Refusal) as caught:
        await order_now(floor, digest=old)
    assert caught.value.why is Why.ROUND_CHANGED
    assert (await floor.round()).state is RoundState.SKIPPED


async def test_an_order_now_is_refused_by_the_hour_the_mode_the_stop_and_the_account(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.ALERT)
    floor.clock.at = TABLE.propose_at - MINUTE
    assert await why(floor) is Why.TOO_EARLY
    floor.clock.at = TABLE.deadline
    assert await why(floor) is Why.ROUND_TOO_LATE
    floor.clock.at = TABLE.propose_at
    assert await why(floor) is Why.ALERT_ONLY
    assert await floor.all(RoundProposed) == []


async def test_a_stopped_bot_and_shares_that_differ_order_nothing_now(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await skip(floor)
    await floor.owner.stop(Stop(cancel=False, by=ALICE))
    assert await why(floor) is Why.STOPPED
    floor.counter.holdings["TQQQ"] -= 3
    assert (await shown(floor)).reason == "shares_differ"
    assert await why(floor) is Why.CANNOT_PLAN
    floor.counter.always_list = List.SILENT
    assert await why(floor) is Why.CANNOT_PLAN


async def test_a_round_that_goes_already_is_not_ordered_twice(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from + MINUTE)
    placed = len(floor.counter.placed)
    now = await shown(floor)
    assert now.state is RoundState.WORKING
    assert await why(floor) is Why.ROUND_GOING
    await floor.live(TABLE.deadline)
    assert len(floor.counter.placed) == placed


async def test_an_order_now_by_a_used_button_sends_nothing(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await skip(floor)
    tap = await floor.taps.offer(4242, "now", expires_at=None)
    assert await floor.taps.use(tap, floor.clock.at)
    with pytest.raises(Refusal) as caught:
        await order_now(floor, tap=tap)
    assert caught.value.why is Why.TAP_USED
    assert (await floor.round()).state is RoundState.SKIPPED


async def test_an_approval_lets_no_alert_only_round_out(floor: Floor) -> None:
    await floor.begin(holding(), approval=Approval.ALERT)
    await floor.look(TABLE.propose_at)
    with pytest.raises(Refusal) as caught:
        await approve(floor)
    assert caught.value.why is Why.ALERT_ONLY


async def test_a_plan_anew_does_not_double_what_an_older_copy_of_the_file_forgot(
    tmp_path: Path, counter: Counter
) -> None:
    """The copy was made after the tap and before the orders; they stand at the broker already."""
    path, kept = tmp_path / "muhan.sqlite3", tmp_path / "kept.sqlite3"
    async with on_floor(path, counter) as floor:
        await floor.begin(approval=Approval.CONFIRM)
        await floor.look(TABLE.propose_at)
        await approve(floor)
        with sqlite3.connect(path) as live, sqlite3.connect(kept) as copy:
            live.backup(copy)
        await floor.live(TABLE.send_from + MINUTE)
        out = [slot.key for slot in counter.placed]
    assert out
    counter.clock.at += MINUTE
    async with on_floor(kept, counter) as floor:
        await skip(floor)
        await again(floor)
        await approve(floor)
        await floor.live(TABLE.send_from + 10 * MINUTE)
        assert [slot.key for slot in counter.placed] == out
        fresh = [order for order in await floor.orders() if order.slot.attempt == 2]
        assert {(order.state, order.detail) for order in fresh} == {(S.WITHHELD, "stood_before")}
        counter.placed.clear()  # they are of the newer file: this one has no "sent" of them
