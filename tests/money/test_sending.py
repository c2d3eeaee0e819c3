"""The money path: what is journalled before what is sent, and what is never sent again."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import ApproveRound, Pause, ResendOrder, Resume, SkipRound, Stop
from bot.trading.model import CONSOLE, Approval, OrderState, RoundState, Slot, round_id
from bot.trading.ports import Accepted, GatewayRefused, NotSent, PlaceAnswer, Refused
from bot.trading.refusal import Refusal, Why
from tests.money.floor import (
    SESSION,
    Counter,
    Floor,
    lose_the_answer,
    lose_the_order,
    open_floor,
)

ROUND = round_id(1, SESSION)
QUIET = timedelta(minutes=10)


async def test_an_order_is_durably_sent_before_the_counter_hears_of_it(tmp_path: Path) -> None:
    seen: list[str] = []
    async with open_floor(tmp_path) as floor:
        floor.counter.watch = lambda slot: seen.append(floor.states()[slot.key])
        await floor.propose()
        await floor.send()
        assert len(floor.counter.placed) == 4
    assert seen == ["sent"] * 4


async def test_nothing_reaches_the_counter_when_the_journal_cannot_be_written(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        await floor.look(floor.table.send_from - timedelta(minutes=1))
        async with floor.journal.recording(floor.clock.now()) as recording:
            await recording.transaction.execute(
                "CREATE TRIGGER full BEFORE INSERT ON journal WHEN NEW.type = 'OrderSent'"
                " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        with pytest.raises(sqlite3.IntegrityError, match="disk full"):
            await floor.send()
        assert floor.counter.placed == []


async def test_a_stop_between_two_orders_lets_no_further_order_out(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:

        def stop_after_the_first(counter: Counter, slot: Slot) -> PlaceAnswer:
            # As a tap in the chat does: the flag is written by another connection.
            with sqlite3.connect(floor.path) as other:
                other.execute("INSERT INTO preference VALUES ('trading', 'stopped')")
            other.close()
            return Accepted(order_number=counter.take(slot))

        floor.counter.script = [stop_after_the_first]
        await floor.propose()
        await floor.send()
        assert len(floor.counter.placed) == 1
        states = list(floor.states().values())
    assert sorted(states) == ["open", "withheld", "withheld", "withheld"]


async def test_a_pause_holds_buys_back_and_a_resume_lets_the_next_round_go(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.bus.ask(Pause(everything=False, by=CONSOLE))
        await floor.propose()
        await floor.send()
        assert floor.counter.placed == []
        assert set(floor.states().values()) == {"withheld"}
        await floor.bus.ask(Resume(by=CONSOLE))
        assert await floor.views.trading() == "running"


@pytest.mark.fault(2)
async def test_an_order_without_an_answer_is_unknown_and_adopted_from_the_listing(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.script = [lose_the_answer]
        await floor.propose()
        await floor.send()
        assert len(floor.counter.placed) == 1
        first = floor.counter.placed[0].key
        assert floor.states()[first] == "unknown"
        await floor.look(floor.clock.now() + timedelta(seconds=30))
        assert floor.states()[first] == "open"
        keys = [slot.key for slot in floor.counter.placed]
    assert len(keys) == len(set(keys)) == 4


@pytest.mark.fault(40)
async def test_a_twin_order_by_hand_from_before_is_never_taken_for_ours(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        floor.counter.script = [lose_the_order]
        # The twin stands before our order is sent: it belongs to the baseline.
        await _plan_only(floor)
        planned = await floor.views.orders_in(OrderState.PLANNED)
        floor.clock.at = floor.table.send_from - timedelta(seconds=30)
        floor.counter.take(planned[0].slot)
        await floor.send()
        await floor.look(floor.clock.now() + QUIET)
        await floor.look(floor.clock.now() + timedelta(minutes=1))
        assert floor.states()[planned[0].slot.key] == "absent"


async def _plan_only(floor: Floor) -> None:
    """Approve the round while the hour to send has not come."""
    view = await floor.views.round(ROUND)
    assert view is not None
    await floor.bus.ask(ApproveRound(round_id=ROUND, digest=view.digest, by=CONSOLE))


@pytest.mark.fault(40)
async def test_two_orders_that_may_be_ours_are_a_question_for_the_owner(tmp_path: Path) -> None:
    def twice(counter: Counter, slot: Slot) -> PlaceAnswer:
        counter.take(slot)
        return lose_the_answer(counter, slot)

    async with open_floor(tmp_path) as floor:
        floor.counter.script = [twice]
        await floor.propose()
        await floor.send()
        await floor.look(floor.clock.now() + timedelta(seconds=30))
        first = floor.counter.placed[0].key
        assert floor.states()[first] == "ambiguous"
        await floor.look(floor.clock.now() + timedelta(hours=1))
        assert len(floor.counter.placed) == 1


@pytest.mark.fault(1)
async def test_absence_is_believed_only_after_the_quiet_period_and_two_complete_listings(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.script = [lose_the_order]
        await floor.propose()
        await floor.send()
        first, sent = floor.counter.placed[0].key, floor.clock.now()
        await floor.look(sent + QUIET - timedelta(seconds=1))
        assert floor.states()[first] == "unknown"
        floor.counter.complete = False
        await floor.look(sent + QUIET)
        assert floor.states()[first] == "unknown"
        floor.counter.complete = True
        await floor.look(sent + QUIET + timedelta(minutes=1))
        assert floor.states()[first] == "unknown", "a failed listing begins the quiet period anew"
        await floor.look(sent + QUIET * 2)
        assert floor.states()[first] == "absent"
        assert [slot.key for slot in floor.counter.placed].count(first) == 1


@pytest.mark.fault(22)
async def test_one_listing_without_an_order_does_not_make_it_absent(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.script = [lose_the_order]
        await floor.propose()
        await floor.send()
        first = floor.counter.placed[0].key
        await floor.look(floor.clock.now() + QUIET * 2)
        assert floor.states()[first] == "unknown"
        await floor.look(floor.clock.now() + timedelta(seconds=30))
        assert floor.states()[first] == "absent"


@pytest.mark.fault(4)
async def test_the_quiet_period_counts_anew_after_a_restart(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.script = [lose_the_order]
        await floor.propose()
        await floor.send()
        counter, first = floor.counter, floor.counter.placed[0].key
    counter.clock.at += QUIET
    async with open_floor(tmp_path, counter=counter, began=True) as floor:
        await floor.look()
        await floor.look(floor.clock.now() + timedelta(minutes=1))
        assert floor.states()[first] == "unknown"
        await floor.look(floor.clock.now() + QUIET)
        assert floor.states()[first] == "absent"


async def test_an_absent_order_goes_out_again_only_by_the_owners_tap_and_as_a_new_slot(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.script = [lose_the_order]
        await floor.propose()
        await floor.send()
        first = floor.counter.placed[0].key
        await floor.look(floor.clock.now() + QUIET)
        wake = await floor.look(floor.clock.now() + timedelta(minutes=1))
        assert floor.states()[first] == "absent"
        assert wake.hold == "resend"
        await floor.look(floor.clock.now() + timedelta(minutes=30))
        assert [slot.key for slot in floor.counter.placed].count(first) == 1
        await floor.bus.ask(ResendOrder(slot=first, by=CONSOLE))
        await floor.look()
        again = floor.counter.placed[-1]
        assert again.key != first
        assert again.attempt == 2
        with pytest.raises(Refusal) as refusal:
            await floor.bus.ask(ResendOrder(slot=first, by=CONSOLE))
        assert refusal.value.why is Why.ORDER_NOT_ABSENT


async def test_near_the_cut_off_an_order_that_is_not_seen_is_told_without_a_way_to_send_it(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        floor.counter.script = [lose_the_order]
        await floor.propose()
        await floor.look(floor.table.deadline - timedelta(minutes=20))
        first = floor.counter.placed[0].key
        await floor.look(floor.clock.now() + QUIET)
        await floor.look(floor.clock.now() + timedelta(minutes=1))
        order = await floor.views.order(first)
        assert order is not None
        assert (order.state, order.may_resend) == (OrderState.UNKNOWN_TOLD, False)
        with pytest.raises(Refusal):
            await floor.bus.ask(ResendOrder(slot=first, by=CONSOLE))


@pytest.mark.fault(11)
async def test_a_refusal_of_the_gateway_is_tried_three_times_and_then_told(tmp_path: Path) -> None:
    def busy(_counter: Counter, _slot: Slot) -> PlaceAnswer:
        return GatewayRefused(code="EGW00201", message="too many calls")

    async with open_floor(tmp_path) as floor:
        floor.counter.script = [busy] * 100
        await floor.propose()
        await floor.send()
        for _ in range(10):
            await floor.look(floor.clock.now() + timedelta(minutes=1))
        keys = [slot.key for slot in floor.counter.placed]
        assert {key: keys.count(key) for key in keys} == dict.fromkeys(floor.states(), 3)
        assert set(floor.states().values()) == {"refused"}


async def test_an_order_that_never_left_is_planned_again_and_sent_later(tmp_path: Path) -> None:
    def no_line(_counter: Counter, _slot: Slot) -> PlaceAnswer:
        return NotSent(reason="connection refused")

    async with open_floor(tmp_path) as floor:
        floor.counter.script = [no_line]
        await floor.propose()
        await floor.send()
        first = floor.counter.placed[0].key
        assert floor.states()[first] == "planned"
        await floor.look(floor.clock.now() + timedelta(minutes=1))
        assert set(floor.states().values()) == {"open"}


async def test_a_loc_refused_for_the_hour_before_the_open_waits_for_five_minutes_after_it(
    tmp_path: Path,
) -> None:
    def closed(_counter: Counter, _slot: Slot) -> PlaceAnswer:
        return Refused(code="APBK0918", message="장운영시간이 아닙니다", outside_hours=True)

    async with open_floor(tmp_path) as floor:
        floor.counter.script = [closed] * 4
        await floor.propose()
        await floor.send()
        assert set(floor.states().values()) == {"planned"}
        await floor.look(floor.table.verify_at - timedelta(minutes=1))
        assert len(floor.counter.placed) == 4
        await floor.look(floor.table.verify_at)
        assert set(floor.states().values()) == {"open"}


async def test_looking_again_finds_nothing_left_to_do(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        await floor.send()
        before = await floor.names()
        await floor.look()
        await floor.look()
        assert await floor.names() == before


async def test_an_untapped_round_lapses_at_its_deadline_and_leaves_the_ledger_alone(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path, approval=Approval.CONFIRM) as floor:
        await floor.propose()
        before = (await floor.views.cycles())[0].cycle
        wake = await floor.look(floor.table.send_from)
        assert wake.hold == "approval"
        for reminder in floor.table.reminders:
            await floor.look(reminder)
        await floor.look(floor.table.deadline)
        view = await floor.views.round(ROUND)
        assert view is not None
        assert view.state is RoundState.LAPSED
        assert floor.counter.placed == []
        assert (await floor.views.cycles())[0].cycle == before
        assert (await floor.names()).count("ReminderDue") == 3


async def test_a_round_is_approved_once_as_it_was_shown(tmp_path: Path) -> None:
    async with open_floor(tmp_path, approval=Approval.CONFIRM) as floor:
        await floor.propose()
        view = await floor.views.round(ROUND)
        assert view is not None
        asked = ApproveRound(round_id=ROUND, digest=view.digest, by=CONSOLE)
        with pytest.raises(Refusal) as changed:
            await floor.bus.ask(ApproveRound(round_id=ROUND, digest="0" * 16, by=CONSOLE))
        await floor.bus.ask(asked)
        with pytest.raises(Refusal) as twice:
            await floor.bus.ask(asked)
        await floor.send()
        assert [each.value.why for each in (changed, twice)] == [
            Why.ROUND_CHANGED,
            Why.ROUND_DECIDED,
        ]
        assert len(floor.counter.placed) == 4


async def test_a_tap_after_the_deadline_sends_nothing(tmp_path: Path) -> None:
    async with open_floor(tmp_path, approval=Approval.CONFIRM) as floor:
        await floor.propose()
        view = await floor.views.round(ROUND)
        assert view is not None
        floor.clock.at = floor.table.deadline
        with pytest.raises(Refusal) as refusal:
            await floor.bus.ask(ApproveRound(round_id=ROUND, digest=view.digest, by=CONSOLE))
        assert refusal.value.why is Why.ROUND_TOO_LATE


async def test_a_skipped_round_sends_nothing(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        view = await floor.views.round(ROUND)
        assert view is not None
        await floor.bus.ask(SkipRound(round_id=ROUND, digest=view.digest, by=CONSOLE))
        await floor.send()
        assert floor.counter.placed == []


async def test_an_alert_round_is_shown_and_never_sent(tmp_path: Path) -> None:
    async with open_floor(tmp_path, approval=Approval.ALERT) as floor:
        await floor.propose()
        await floor.send()
        await floor.look(floor.table.deadline)
        assert floor.counter.placed == []
        assert "RoundProposed" in await floor.names()


async def test_stop_with_cancel_cancels_our_open_orders_and_says_how_many_are_gone(
    tmp_path: Path,
) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        await floor.send()
        answer = await floor.bus.ask(Stop(cancel=True, by=CONSOLE))
        assert (answer.asked, answer.confirmed) == (4, 4)
        assert set(floor.states().values()) == {"cancelled"}


async def test_nothing_is_sent_while_the_gate_is_shut(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        floor.trading.desk.gate_open = False
        await floor.propose()
        await floor.send()
        assert floor.counter.placed == []


async def test_nothing_is_sent_in_the_hours_of_the_brokers_change_of_day(tmp_path: Path) -> None:
    async with open_floor(tmp_path) as floor:
        await floor.propose()
        wake = await floor.look(floor.table.quiet_from)
        assert floor.counter.placed == []
        assert wake.at == floor.table.quiet_until
        await floor.look(floor.table.quiet_until)
        assert len(floor.counter.placed) == 4
