"""What silence means: nothing, the sells, or all of a round, ten minutes before its cut-off."""

from datetime import timedelta

import pytest

from bot.commands import ApproveRound, Pause, SetUnattended, SkipRound, Stop
from bot.events import (
    RoundApproved,
    RoundDelayed,
    RoundLapsed,
    RoundMissed,
    UnattendedApplied,
    UnattendedSet,
)
from bot.trading.holds import Hold
from bot.trading.model import SCHEDULE, Approval, RoundState, Unattended
from bot.trading.refusal import Refusal, Why
from strategy.model import Side
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, table_of

TABLE = table_of(DAY)
SECOND = timedelta(seconds=1)


async def choose(floor: Floor, choice: Unattended, cycle_id: int = 1) -> None:
    await floor.bus.ask(SetUnattended(cycle_id=cycle_id, choice=choice, by=ALICE))


async def begin(floor: Floor, choice: Unattended, *, approval: Approval = Approval.CONFIRM) -> None:
    await floor.begin(approval=approval)
    await choose(floor, choice)


async def test_nothing_goes_out_by_default(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []
    assert [event.reason for event in await floor.all(RoundLapsed)] == ["no_tap"]


@pytest.mark.parametrize(
    ("choice", "sides"),
    [(Unattended.SELLS, {Side.SELL}), (Unattended.ALL, {Side.BUY, Side.SELL})],
)
async def test_the_choice_is_carried_out_ten_minutes_before_the_cut_off(
    floor: Floor, choice: Unattended, sides: set[Side]
) -> None:
    await begin(floor, choice)
    await floor.live(TABLE.deadline - timedelta(minutes=10) - SECOND)
    assert floor.counter.placed == []
    await floor.live(TABLE.deadline)
    assert {slot.side for slot in floor.counter.placed} == sides
    (applied,) = await floor.all(UnattendedApplied)
    assert applied.choice is choice
    (approved,) = await floor.all(RoundApproved)
    assert approved.by == SCHEDULE
    assert await floor.all(RoundLapsed) == []
    assert (await floor.round()).let_go is choice


async def test_a_tap_before_it_decides_alone(floor: Floor) -> None:
    await begin(floor, Unattended.SELLS)
    await floor.look(TABLE.propose_at)
    round_ = await floor.round()
    await floor.bus.ask(ApproveRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))
    await floor.live(TABLE.deadline)
    assert {slot.side for slot in floor.counter.placed} == {Side.BUY, Side.SELL}
    assert await floor.all(UnattendedApplied) == []


async def test_a_skipped_round_stays_skipped(floor: Floor) -> None:
    await begin(floor, Unattended.ALL)
    await floor.look(TABLE.propose_at)
    round_ = await floor.round()
    await floor.bus.ask(SkipRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []


async def test_a_round_without_sells_lapses_where_only_sells_may_go(floor: Floor) -> None:
    await floor.begin(holding(quantity=0), approval=Approval.CONFIRM)
    await choose(floor, Unattended.SELLS)
    await floor.live(TABLE.deadline)
    assert [event.reason for event in await floor.all(RoundLapsed)] == ["no_tap"]
    assert await floor.all(UnattendedApplied) == []


async def test_an_alert_only_cycle_sends_nothing_whatever_was_chosen(floor: Floor) -> None:
    await begin(floor, Unattended.ALL, approval=Approval.ALERT)
    await floor.live(TABLE.unattended_at)
    await floor.look(TABLE.deadline - timedelta(minutes=5))
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []


async def test_a_stopped_bot_lets_nothing_go(floor: Floor) -> None:
    await begin(floor, Unattended.ALL)
    await floor.look(TABLE.propose_at)
    await floor.owner.stop(Stop(cancel=False, by=ALICE))
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []
    assert await floor.all(UnattendedApplied) == []


@pytest.mark.parametrize("choice", [Unattended.SELLS, Unattended.ALL])
async def test_a_pause_of_the_buys_holds_no_sale_back(floor: Floor, choice: Unattended) -> None:
    await begin(floor, choice)
    await floor.look(TABLE.propose_at)
    await floor.owner.pause(Pause(everything=False, by=ALICE))
    await floor.live(TABLE.deadline)
    assert {slot.side for slot in floor.counter.placed} == {Side.SELL}


async def test_a_pause_of_everything_lets_nothing_go(floor: Floor) -> None:
    await begin(floor, Unattended.ALL)
    await floor.look(TABLE.propose_at)
    await floor.owner.pause(Pause(everything=True, by=ALICE))
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []
    assert await floor.all(UnattendedApplied) == []


async def test_what_holds_all_orders_back_holds_this_too(floor: Floor) -> None:
    await begin(floor, Unattended.ALL)
    await floor.look(TABLE.propose_at)
    floor.trading.desk.holds.put(Hold.CHAT)
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []
    assert await floor.all(UnattendedApplied) == []


async def test_a_choice_may_be_made_while_the_round_waits_and_taken_back(floor: Floor) -> None:
    await floor.begin(approval=Approval.CONFIRM)
    await floor.live(TABLE.deadline - timedelta(minutes=30))
    await choose(floor, Unattended.ALL)
    await choose(floor, Unattended.NOTHING)
    await floor.live(TABLE.deadline)
    assert floor.counter.placed == []
    assert (await floor.round()).state is RoundState.LAPSED
    await choose(floor, Unattended.ALL)
    await floor.live(table_of(NEXT).deadline)
    assert floor.counter.placed != []
    assert len(await floor.all(UnattendedSet)) == 3


async def test_a_choice_for_no_cycle_is_refused(floor: Floor) -> None:
    with pytest.raises(Refusal) as caught:
        await choose(floor, Unattended.ALL, cycle_id=7)
    assert caught.value.why is Why.CYCLE_UNKNOWN


async def test_a_simulated_clock_does_not_wait_for_a_tap_that_silence_replaces(
    floor: Floor,
) -> None:
    await begin(floor, Unattended.SELLS)
    wake = await floor.look(TABLE.propose_at)
    assert wake.hold is None


async def test_a_session_without_a_round_is_told_three_times_before_its_cut_off(
    floor: Floor,
) -> None:
    floor.counter.bars_known = False
    await floor.begin()
    await floor.live(TABLE.deadline)
    told = [event for event in await floor.all(RoundDelayed) if event.missing is None]
    assert [event.minutes for event in told] == [60, 20, 5]
    assert all(event.reasons[0].startswith("broker no official close") for event in told)
    assert len(await floor.all(RoundMissed)) == 1


async def test_what_waits_for_the_owners_word_is_told_once_a_night(floor: Floor) -> None:
    await floor.begin()
    floor.counter.holdings["TQQQ"] -= 3
    await floor.live(TABLE.deadline)
    told = [event for event in await floor.all(RoundDelayed) if event.missing is None]
    assert [(event.minutes, event.reasons) for event in told] == [(60, ("held",))]


async def test_a_round_that_is_there_is_not_told_as_missing(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.deadline)
    assert [event for event in await floor.all(RoundDelayed) if event.missing is None] == []
