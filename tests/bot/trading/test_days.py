"""Whole days: approval and silence, settlement, sessions missed, when to look again."""

from collections import deque
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.commands import ApproveRound, Resume, SkipRound, Stop
from bot.events import (
    FillBooked,
    LedgerMismatched,
    OrderClosed,
    ReminderDue,
    RoundLapsed,
    RoundMissed,
    RoundProposed,
    RoundSettled,
    RoundVerified,
)
from bot.trading.model import Approval, OrderState, RoundState
from bot.trading.refusal import Refusal, Why
from strategy.model import OrderType
from tests.bot.trading.counter import List, Say
from tests.bot.trading.floor import (
    ALICE,
    CALENDAR,
    DAY,
    HALF_DAY,
    NEXT,
    Floor,
    holding,
    table_of,
)

TABLE = table_of(DAY)
S = OrderState


async def approve(floor: Floor, **more: str) -> None:
    round_ = await floor.round()
    chosen = {"round_id": round_.round_id, "digest": round_.digest} | more
    await floor.owner.approve(
        ApproveRound(
            round_id=chosen["round_id"],
            digest=chosen["digest"],
            by=ALICE,
            tap=chosen.get("tap"),
        )
    )


async def refused(floor: Floor, **more: str) -> Why:
    with pytest.raises(Refusal) as caught:
        await approve(floor, **more)
    return caught.value.why


async def test_approvals_that_do_not_hold_are_refused(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    tap = await floor.taps.offer(4242, "approve", expires_at=None)
    assert await floor.taps.use(tap, floor.clock.at)
    assert await refused(floor, tap=tap) is Why.TAP_USED
    assert await refused(floor, digest="0" * 16) is Why.ROUND_CHANGED
    assert await refused(floor, round_id="2026-10-07.9") is Why.ROUND_UNKNOWN
    assert (await floor.round()).state is RoundState.PROPOSED
    await approve(floor)
    assert await refused(floor) is Why.ROUND_DECIDED


async def test_a_refused_approval_does_not_use_the_tap_up(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    tap = await floor.taps.offer(4242, "approve", expires_at=None)
    assert await refused(floor, tap=tap, digest="0" * 16) is Why.ROUND_CHANGED
    await approve(floor, tap=tap)
    assert (await floor.round()).state is RoundState.APPROVED


async def test_a_tap_at_the_deadline_is_too_late(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    floor.clock.at = TABLE.deadline
    assert await refused(floor) is Why.ROUND_TOO_LATE


async def test_a_stopped_bot_takes_no_approval(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await floor.owner.stop(Stop(cancel=False, by=ALICE))
    assert await refused(floor) is Why.STOPPED


async def test_an_approved_round_may_be_skipped_before_sending_and_sends_nothing(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await approve(floor)
    round_ = await floor.round()
    await floor.bus.ask(SkipRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))
    await floor.live(TABLE.settle_again_at)
    assert floor.counter.placed == []
    assert await floor.cycle() == holding()


@pytest.mark.parametrize("day", [DAY, HALF_DAY])
async def test_each_reminder_comes_once_and_the_deadline_moves_with_the_close(
    floor: Floor, day: object
) -> None:
    table = table_of(DAY if day == DAY else HALF_DAY)
    floor.clock.at = table.propose_at - timedelta(minutes=5)
    await floor.begin(approval=Approval.CONFIRM)
    await floor.live(table.deadline)
    close = table.session.close
    seen = [(e.at, e.event) for e in await floor.entries() if isinstance(e.event, ReminderDue)]
    assert [(at, reminder.minutes) for at, reminder in seen] == [
        (close - timedelta(minutes=30 + minutes), minutes) for minutes in (60, 20, 5)
    ]
    lapsed = [e for e in await floor.entries() if isinstance(e.event, RoundLapsed)]
    assert [entry.at for entry in lapsed] == [close - timedelta(minutes=30)]
    assert await floor.cycle() == holding()
    assert floor.counter.placed == []


async def test_a_stop_silences_the_reminders_and_going_on_tells_the_minutes_left(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    await floor.owner.stop(Stop(cancel=False, by=ALICE))
    await floor.live(TABLE.reminders[1] + timedelta(minutes=3))
    assert not [e for e in await floor.entries() if isinstance(e.event, ReminderDue)]
    await floor.bus.ask(Resume(by=ALICE))
    await floor.live(TABLE.deadline)
    told = [e.event.minutes for e in await floor.entries() if isinstance(e.event, ReminderDue)]
    assert told == [17, 5]


async def test_an_open_approval_holds_a_simulated_clock_and_a_decided_round_does_not(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    wake = await floor.look(TABLE.propose_at)
    assert (wake.hold, wake.at) == ("approval", TABLE.reminders[0])
    await approve(floor)
    wake = await floor.look()
    assert (wake.hold, wake.at) == (None, TABLE.send_from)


async def test_a_plan_without_orders_asks_for_no_tap_and_holds_no_clock(floor: Floor) -> None:
    await floor.begin(holding(quantity=0), approval=Approval.CONFIRM)
    floor.counter.default_close = Decimal(9000)
    wake = await floor.look(TABLE.propose_at)
    assert (await floor.round()).plan is not None
    assert (wake.hold, wake.at) == (None, TABLE.send_from)
    await floor.live(TABLE.settle_at)
    assert (await floor.round()).state is RoundState.SETTLED


async def test_the_day_wakes_at_each_of_its_instants(floor: Floor) -> None:
    await floor.begin()
    wakes = [TABLE.propose_at - timedelta(minutes=5)]
    while wakes[-1] < TABLE.settle_at:
        wakes.append((await floor.look(wakes[-1])).at)
    assert wakes[1:] == [TABLE.propose_at, TABLE.send_from, TABLE.verify_at, TABLE.settle_at]
    assert (await floor.look(TABLE.settle_at)).at == table_of(NEXT).propose_at


async def test_sessions_that_passed_are_told_one_by_one(floor: Floor) -> None:
    await floor.begin()
    await floor.look(table_of(NEXT + timedelta(days=4)).propose_at)  # Monday, 12 October
    missed = [event.session for event in await floor.all(RoundMissed)]
    assert missed == [one.day for one in CALENDAR.between(DAY, NEXT + timedelta(days=1))]
    assert [event.session.isoformat() for event in await floor.all(RoundProposed)] == ["2026-10-12"]


async def test_no_round_is_planned_while_an_earlier_one_is_not_settled(floor: Floor) -> None:
    """The ledger lacks that day's fills: a plan from it would sell and buy the wrong numbers."""
    await floor.begin()
    await floor.live(TABLE.verify_at)
    floor.counter.always_list = List.INCOMPLETE
    third = table_of(NEXT + timedelta(days=1))
    await floor.live(third.send_from)
    assert [event.session for event in await floor.all(RoundProposed)] == [DAY]
    missed = [(event.session, event.reason) for event in await floor.all(RoundMissed)]
    assert missed == [(NEXT, "unsettled")]
    floor.counter.always_list = List.COMPLETE
    await floor.live(third.settle_again_at)
    settled = await floor.all(RoundSettled)
    assert [event.session for event in settled] == [DAY, third.session.day]
    assert settled[1].before.sessions == settled[0].after.sessions
    assert (await floor.cycle()).quantity == floor.counter.holdings["TQQQ"]
    assert await floor.all(LedgerMismatched) == []


async def test_a_round_lapses_on_time_while_another_symbols_close_is_unknown(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.look(TABLE.propose_at)
    floor.counter.bars_known = False
    await floor.begin(holding(symbol="SOXL"), approval=Approval.CONFIRM, cycle_id=2)
    await floor.live(TABLE.deadline)
    assert [event.round_id for event in await floor.all(RoundLapsed)] == ["2026-10-07.1"]
    assert [event.minutes for event in await floor.all(ReminderDue)] == [60, 20, 5]


@pytest.mark.fault(31)
async def test_fills_are_totals_that_only_grow(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    target = next(o for o in await floor.orders() if o.slot.type is OrderType.LIMIT)
    number = target.order_number or ""
    for quantity, price in ((3, "58.00"), (3, "58.00"), (7, "58.50"), (5, "58.00")):
        floor.counter.fill(number, quantity, price)
        await floor.trading.settler.book(DAY)
    booked = [event for event in await floor.all(FillBooked) if event.slot == target.slot.key]
    assert [(event.quantity, str(event.price)) for event in booked] == [(3, "58.00"), (7, "58.50")]


@pytest.mark.parametrize(
    ("filled", "refusal", "state"),
    [
        (0, "장종료", S.EXPIRED),
        (0, "증거금 부족", S.REJECTED_LATE),
        (4, "장종료", S.CLOSED_PARTIAL),
        (30, "", S.FILLED),
    ],
)
async def test_an_order_ends_as_its_row_says(
    floor: Floor, filled: int, refusal: str, state: OrderState
) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    target = next(o for o in await floor.orders() if o.slot.type is OrderType.LIMIT)
    assert target.slot.quantity == 30
    number = target.order_number or ""
    if filled:
        floor.counter.fill(number, filled, "57.50")
    floor.counter.end(number, refusal)
    await floor.trading.settler.book(DAY)
    await floor.trading.settler.book(DAY)
    after = await floor.views.order(target.slot.key)
    assert after is not None
    assert (after.state, after.filled) == (state, filled)
    assert len(await floor.all(OrderClosed)) == 1


async def test_a_fill_that_shows_after_an_order_ended_is_booked_still(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    order = (await floor.orders())[0]
    floor.counter.end(order.order_number or "", "장종료")
    await floor.trading.settler.book(DAY)
    floor.counter.fill(order.order_number or "", 2, "57.50", done=True)
    await floor.trading.settler.book(DAY)
    after = await floor.views.order(order.slot.key)
    assert after is not None
    assert (after.state, after.filled) == (S.CLOSED_PARTIAL, 2)


@pytest.mark.fault(22)
async def test_an_order_that_just_went_out_is_looked_for_again_before_it_is_missing(
    floor: Floor,
) -> None:
    """KIS's list may lag the acceptance by 20 seconds, and an order may go out at the look."""
    floor.counter.lag = timedelta(seconds=20)
    await floor.begin()
    floor.counter.script = deque([Say.OUTSIDE_HOURS])
    await floor.live(TABLE.verify_at + timedelta(minutes=3))
    (verified,) = await floor.all(RoundVerified)
    assert verified.missing == ()


async def test_an_order_that_is_listed_no_more_is_missing(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at - timedelta(minutes=1))
    gone = floor.counter.posted.pop()
    await floor.live(TABLE.verify_at)
    (verified,) = await floor.all(RoundVerified)
    assert verified.missing == (gone.slot,)


async def test_stop_with_cancel_counts_what_is_asked_and_what_is_gone(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.verify_at)
    live = len(await floor.orders())
    answer = await floor.owner.stop(Stop(cancel=True, by=ALICE))
    assert (answer.asked, answer.confirmed) == (live, live)
    assert set(await floor.states()) == {S.CANCELLED}
    await floor.owner.resume(Resume(by=ALICE))
    await floor.live(TABLE.settle_at)
    assert (await floor.round()).state is RoundState.SETTLED


async def test_settlement_waits_for_the_brokers_quantity_until_forty_minutes_after_the_close(
    floor: Floor,
) -> None:
    await floor.begin()
    floor.counter.closes[DAY] = Decimal(48)
    await floor.live(TABLE.settle_at - timedelta(seconds=1))
    floor.counter.quantity_lag = 3
    await floor.live(TABLE.settle_again_at - timedelta(seconds=1))
    assert await floor.all(RoundSettled) == []
    floor.counter.quantity_lag = 0
    await floor.live(TABLE.settle_again_at)
    assert len(await floor.all(RoundSettled)) == 1
    assert await floor.all(LedgerMismatched) == []


async def test_an_unanswered_order_blocks_settlement_until_it_is_known(floor: Floor) -> None:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    plan = (await floor.round()).plan
    assert plan is not None
    last = len(plan.orders) - 1
    floor.counter.before_place = lambda slot: (
        floor.counter.script.append(Say.UNKNOWN_ACCEPTED) if slot.index == last else None
    )
    await floor.live(TABLE.settle_at)
    assert len(await floor.all(RoundSettled)) == 1
    assert (await floor.cycle()).quantity == floor.counter.holdings["TQQQ"]
