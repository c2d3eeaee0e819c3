"""Killed at each crash point of the order journal (safety.md, section 4(c)), row by row."""

from collections import deque
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from bot.commands import ApproveRound
from bot.events import (
    Event,
    FillBooked,
    LedgerMismatched,
    OrderAbsent,
    OrderAccepted,
    OrderRefused,
    OrderSent,
    OrderUnknown,
    RoundApproved,
    RoundMissed,
    RoundProposed,
    RoundSettled,
)
from bot.storage.outbox import Outbox
from bot.trading.model import Approval, OrderState
from bot.trading.refusal import Refusal, Why
from tests.bot.trading.counter import Counter, Say
from tests.bot.trading.floor import ALICE, DAY, Floor, Killed, on_floor, table_of

TABLE = table_of(DAY)
S = OrderState
QUIET, MINUTE = timedelta(minutes=10), timedelta(minutes=1)
Step = Callable[[str, Sequence[Event]], None]


def at(moment: str, kind: type[Event] | None = None) -> Step:
    """Strike once: "inside" or "after" a transaction with such an event, or at a "post"."""
    struck: list[bool] = []

    def step(now: str, events: Sequence[Event]) -> None:
        fits = kind is None or any(isinstance(event, kind) for event in events)
        if now == moment and fits and not struck:
            struck.append(True)
            raise Killed

    return step


async def dies(
    path: Path,
    counter: Counter,
    step: Step,
    *,
    until: timedelta = 5 * MINUTE,
    says: Sequence[Say] = (),
    approval: Approval = Approval.AUTO,
) -> None:
    """Live the evening until the blow; a second later another process may start."""
    async with on_floor(path, counter) as floor:
        await floor.begin(approval=approval)
    counter.script = deque(says)
    counter.step = step
    with pytest.raises(Killed):
        async with on_floor(path, counter) as floor:
            await floor.live(TABLE.send_from + until)
    counter.clock.at += timedelta(seconds=1)


async def well(floor: Floor) -> None:
    """After the evening: each slot stands once at the broker, or its absence was told."""
    await floor.live(TABLE.send_from + 3 * QUIET)
    slots = [each.slot for each in floor.counter.posted]
    assert len(slots) == len(set(slots))
    told = {event.slot for event in await floor.all(OrderAbsent)}
    assert {order.slot.key for order in await floor.orders()} == set(slots) | told
    assert S.PLANNED not in await floor.states()


async def first_state(floor: Floor) -> OrderState:
    return (await floor.orders())[0].state


async def test_before_the_plan_is_written_the_evening_is_planned_anew_in_time(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("inside", RoundProposed))
    async with on_floor(path, counter) as floor:
        assert await floor.all(RoundProposed) == []
        await well(floor)
        assert len(await floor.all(RoundProposed)) == 1


async def test_before_the_plan_is_written_and_too_late_the_session_is_told_as_missed(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("inside", RoundProposed))
    counter.clock.at = TABLE.deadline
    async with on_floor(path, counter) as floor:
        await floor.look()
        assert [event.session for event in await floor.all(RoundMissed)] == [DAY]
        assert counter.placed == []


async def test_after_the_plan_the_round_goes_on(tmp_path: Path, counter: Counter) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("after", RoundApproved))
    async with on_floor(path, counter) as floor:
        assert set(await floor.states()) == {S.PLANNED}
        await well(floor)
        assert set(await floor.states()) == {S.OPEN}


async def test_after_the_plan_and_past_the_window_nothing_goes_out(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("after", RoundApproved))
    counter.clock.at = TABLE.deadline
    async with on_floor(path, counter) as floor:
        await floor.look()
        assert counter.placed == []
        assert set(await floor.states()) == {S.WITHHELD}


async def test_inside_the_transaction_that_writes_sent_the_order_is_planned_still(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("inside", OrderSent))
    assert counter.placed == []
    async with on_floor(path, counter) as floor:
        assert await first_state(floor) is S.PLANNED
        await well(floor)
        assert set(await floor.states()) == {S.OPEN}


@pytest.mark.fault(1)
@pytest.mark.parametrize("moment", ["after", "post"])
async def test_after_sent_and_before_the_post_it_is_absent_after_the_quiet_period_and_told(
    tmp_path: Path, counter: Counter, moment: str
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at(moment, OrderSent if moment == "after" else None))
    began = counter.clock.at
    async with on_floor(path, counter) as floor:
        assert [event.reason for event in await floor.all(OrderUnknown)] == ["restart"]
        await floor.live(began + QUIET - timedelta(seconds=1))
        assert await first_state(floor) is S.UNKNOWN
        await well(floor)
        (absent,) = await floor.all(OrderAbsent)
        assert absent.may_resend


@pytest.mark.fault(3, 4)
@pytest.mark.parametrize("seconds", [5, 25, 300])
async def test_in_flight_the_order_is_adopted_when_it_shows(
    tmp_path: Path, counter: Counter, seconds: int
) -> None:
    path = tmp_path / "state"
    counter.late = timedelta(seconds=seconds)
    await dies(path, counter, at("answer"), says=[Say.UNKNOWN_LATE])
    async with on_floor(path, counter) as floor:
        await well(floor)
        assert set(await floor.states()) == {S.OPEN}
        assert await floor.all(OrderAbsent) == []


@pytest.mark.fault(2)
async def test_the_answer_came_and_was_not_written_the_order_is_adopted(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("inside", OrderAccepted))
    async with on_floor(path, counter) as floor:
        assert [event.adopted for event in await floor.all(OrderAccepted)] == [True]
        await well(floor)


@pytest.mark.fault(10)
async def test_a_refusal_that_was_not_written_ends_as_absent_and_is_told(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("inside", OrderRefused), says=[Say.REFUSE])
    async with on_floor(path, counter) as floor:
        await well(floor)
        assert await first_state(floor) is S.ABSENT
        assert await floor.all(OrderRefused) == []


async def test_after_open_the_rest_follows(tmp_path: Path, counter: Counter) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("after", OrderAccepted))
    async with on_floor(path, counter) as floor:
        await well(floor)
        assert set(await floor.states()) == {S.OPEN}


@pytest.mark.fault(55)
async def test_killed_while_it_is_looked_up_again_and_again(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    await dies(path, counter, at("inside", OrderAccepted))
    for step in (at("after", OrderUnknown), at("inside", OrderAccepted), at("after")):
        counter.step = step
        with pytest.raises(Killed):
            async with on_floor(path, counter) as floor:
                await floor.look()
        counter.clock.at += timedelta(seconds=1)
    async with on_floor(path, counter) as floor:
        assert len(await floor.all(OrderUnknown)) == 1
        await well(floor)


@pytest.mark.parametrize("kind", [FillBooked, RoundSettled])
@pytest.mark.parametrize("moment", ["inside", "after"])
async def test_a_fill_that_was_seen_is_in_the_ledger_once(
    tmp_path: Path, counter: Counter, kind: type[Event], moment: str
) -> None:
    path = tmp_path / "state"
    counter.closes[DAY] = counter.default_close - 1
    until = TABLE.settle_again_at - TABLE.send_from
    await dies(path, counter, at(moment, kind), until=until)
    async with on_floor(path, counter) as floor:
        await floor.live(TABLE.settle_again_at)
        assert len(await floor.all(RoundSettled)) == 1
        assert (await floor.cycle()).quantity == counter.holdings["TQQQ"] > 40
        assert await floor.all(LedgerMismatched) == []


async def test_the_report_is_written_with_the_ledger_and_waits_for_the_chat(
    tmp_path: Path, counter: Counter
) -> None:
    path = tmp_path / "state"
    until = TABLE.settle_again_at - TABLE.send_from
    await dies(path, counter, at("after", RoundSettled), until=until)
    async with on_floor(path, counter) as floor:
        letters = await Outbox(floor.database).waiting(counter.clock.now(), limit=1000)
        assert any(isinstance(letter.event, RoundSettled) for letter in letters)


async def approve(floor: Floor, tap: str) -> None:
    round_ = await floor.round()
    await floor.owner.approve(
        ApproveRound(round_id=round_.round_id, digest=round_.digest, by=ALICE, tap=tap)
    )


@pytest.mark.parametrize("moment", ["inside", "after"])
async def test_a_tap_is_used_with_its_effect_or_not_at_all(
    tmp_path: Path, counter: Counter, moment: str
) -> None:
    """Before its transaction ends the press can be made again; after it the round goes out."""
    path = tmp_path / "state"
    async with on_floor(path, counter) as floor:
        await floor.begin(approval=Approval.CONFIRM)
        await floor.look(TABLE.propose_at)
        tap = await floor.taps.offer(ALICE.user_id or 0, "approve", expires_at=None)
    counter.step = at(moment, RoundApproved)
    with pytest.raises(Killed):
        async with on_floor(path, counter) as floor:
            await approve(floor, tap)
    async with on_floor(path, counter) as floor:
        if moment == "inside":
            await approve(floor, tap)
        else:
            with pytest.raises(Refusal) as refused:
                await approve(floor, tap)
            assert refused.value.why is Why.TAP_USED
        await floor.live(TABLE.send_from)
        assert set(await floor.states()) == {S.OPEN}
