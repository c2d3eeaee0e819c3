"""The owner's changes: shown first, booked when no round hangs on the cycle, told from when."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import ChangeCycle, ChangePreview, PreviewChange
from bot.events import (
    ChangeAgreed,
    ChangeDropped,
    CycleChanged,
    RoundMissed,
    RoundProposed,
    RoundSettled,
)
from bot.trading.model import Approval, RoundState
from bot.trading.recovery import LedgerBroken, check_ledger
from bot.trading.refusal import Refusal, Why
from strategy.changes import (
    CompoundingChange,
    CycleChange,
    Dividend,
    SeedChange,
    TurnCorrection,
)
from strategy.model import Bar, Compounding
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, holding, on_floor, table_of

TABLE = table_of(DAY)
D = Decimal


async def shown(floor: Floor, change: CycleChange, cycle_id: int = 1) -> ChangePreview:
    return await floor.bus.ask(PreviewChange(cycle_id=cycle_id, change=change))


async def make(floor: Floor, change: CycleChange, **over: str) -> date:
    preview = await shown(floor, change)
    return await floor.bus.ask(
        ChangeCycle(
            cycle_id=1,
            change=change,
            digest=over.get("digest", preview.digest),
            by=ALICE,
            tap=over.get("tap"),
        )
    )


async def why_not(floor: Floor, change: CycleChange, **over: str) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await make(floor, change, **over)
    return caught.value


async def test_a_change_is_shown_with_its_effect_before_it_is_made(floor: Floor) -> None:
    await floor.begin()
    preview = await shown(floor, SeedChange(amount=D(1600)))
    assert (preview.effect.before.unit, preview.effect.after.unit) == (D(500), D(600))
    assert (preview.from_session, preview.waits) == (DAY, False)
    assert preview.turn_from_cost == D(4)
    assert await floor.cycle() == holding()
    assert [type(entry.event).__name__ for entry in await floor.entries()] == ["CycleStarted"]


async def test_a_change_between_rounds_is_in_the_next_plan(floor: Floor) -> None:
    await floor.begin()
    assert await make(floor, SeedChange(amount=D(1600))) == DAY
    assert (await floor.cycle()).cash == D(9600)
    await floor.live(TABLE.propose_at)
    plan = (await floor.round()).plan
    assert plan is not None
    assert plan.unit == D(600)
    (changed,) = await floor.all(CycleChanged)
    assert (changed.before, changed.from_session, changed.by) == (holding(), DAY, ALICE)


@pytest.mark.parametrize(
    "change",
    [
        SeedChange(amount=D(-500)),
        TurnCorrection(turn=D(5)),
        CompoundingChange(compounding=Compounding.YEARLY),
        Dividend(amount=D("12.34")),
    ],
)
async def test_every_change_is_rebuilt_from_the_journal(floor: Floor, change: CycleChange) -> None:
    await floor.begin()
    await make(floor, change)
    assert await floor.cycle() != holding()
    await check_ledger(floor.journal, floor.views)


async def test_a_change_that_the_journal_does_not_explain_stops_the_start(floor: Floor) -> None:
    await floor.begin()
    await make(floor, SeedChange(amount=D(1600)))
    after = await floor.cycle()
    async with floor.trading.desk.recording() as recording:
        await recording.record(
            CycleChanged(
                cycle_id=1,
                change=Dividend(amount=D(5)),
                from_session=DAY,
                before=after,
                after=replace(after, cash=after.cash + 50),
                by=ALICE,
            )
        )
    with pytest.raises(LedgerBroken, match="장부가 기록"):
        await check_ledger(floor.journal, floor.views)
    # Put it right again, for the audit at the end.
    async with floor.database.transaction() as tx:
        await tx.execute("UPDATE cycle SET state = json_set(state, '$.cash', '9605')")
        await tx.execute("UPDATE cycle SET state = json_set(state, '$.realized', '5')")


@pytest.mark.parametrize("approval", [Approval.AUTO, Approval.CONFIRM])
async def test_a_round_that_is_out_is_never_edited_and_the_change_counts_from_the_next(
    floor: Floor, approval: Approval
) -> None:
    await floor.begin(approval=approval)
    await floor.look(TABLE.propose_at)
    if approval is Approval.AUTO:
        await floor.look(TABLE.send_from)
    before = await floor.round()
    assert await make(floor, SeedChange(amount=D(1600))) == NEXT
    assert await floor.cycle() == holding()
    assert (await floor.round()).digest == before.digest
    (waiting,) = await floor.all(ChangeAgreed)
    assert waiting.from_session == NEXT
    await floor.live(TABLE.settle_at - timedelta(minutes=1))
    booked = await floor.all(CycleChanged)
    assert len(booked) == (1 if approval is Approval.CONFIRM else 0), "a lapsed round is over"
    await floor.live(table_of(NEXT).propose_at)
    (changed,) = await floor.all(CycleChanged)
    assert (changed.from_session, changed.change_id) == (NEXT, waiting.change_id)
    following = (await floor.round(NEXT)).plan
    assert following is not None
    assert following.cycle.cash == changed.before.cash + 1600
    assert await floor.views.waiting_changes() == ()


async def test_changes_that_wait_are_booked_in_the_order_in_which_they_were_made(
    floor: Floor,
) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from)
    await make(floor, TurnCorrection(turn=D(10)))
    await make(floor, SeedChange(amount=D(100)))
    await floor.live(TABLE.settle_at)
    kinds = [type(event.change).__name__ for event in await floor.all(CycleChanged)]
    assert kinds == ["TurnCorrection", "SeedChange"]


async def test_a_change_that_no_longer_can_be_is_told_and_changes_nothing(floor: Floor) -> None:
    """8,000 are free before the session; its buys leave less."""
    await floor.begin()
    floor.counter.closes[DAY] = D(49)
    await floor.live(TABLE.send_from)
    await make(floor, SeedChange(amount=D(-8000)))
    await floor.live(TABLE.settle_at)
    (settled,) = await floor.all(RoundSettled)
    assert settled.after.cash < 8000
    (dropped,) = await floor.all(ChangeDropped)
    assert "뺄 수 있는 현금" in dropped.korean
    assert "free to take out" in dropped.english
    assert await floor.cycle() == settled.after
    assert await floor.views.waiting_changes() == ()


async def test_an_effect_that_is_another_by_now_is_shown_again_first(floor: Floor) -> None:
    await floor.begin()
    old = await shown(floor, SeedChange(amount=D(1600)))
    await make(floor, TurnCorrection(turn=D(10)))
    refusal = await why_not(floor, SeedChange(amount=D(1600)), digest=old.digest)
    assert refusal.why is Why.CHANGE_DIFFERS
    other = await why_not(floor, SeedChange(amount=D(1601)), digest=old.digest)
    assert other.why is Why.CHANGE_DIFFERS
    assert (await floor.cycle()).cash == D(8000)


async def test_the_session_is_part_of_what_was_shown(floor: Floor) -> None:
    await floor.begin(approval=Approval.ALERT)
    old = await shown(floor, Dividend(amount=D(5)))
    await floor.look(TABLE.propose_at)
    refusal = await why_not(floor, Dividend(amount=D(5)), digest=old.digest)
    assert refusal.why is Why.CHANGE_DIFFERS


async def test_a_refused_change_says_why_in_the_books_words_and_uses_no_tap_up(
    floor: Floor,
) -> None:
    await floor.begin()
    tap = await floor.taps.offer(4242, "change", expires_at=None)
    refusal = await why_not(floor, TurnCorrection(turn=D(21)), tap=tap)
    assert refusal.why is Why.CHANGE_REFUSED
    assert refusal.sentence("ko").startswith("T는 0보다 크고 20 이하")
    assert refusal.sentence("en").startswith("T lies above 0 and at 20 at most")
    await make(floor, TurnCorrection(turn=D(5)), tap=tap)
    assert (await why_not(floor, TurnCorrection(turn=D(6)), tap=tap)).why is Why.TAP_USED
    with pytest.raises(Refusal) as caught:
        await shown(floor, Dividend(amount=D(5)), cycle_id=9)
    assert caught.value.why is Why.CYCLE_UNKNOWN


async def test_a_change_made_while_the_round_is_planned_is_in_the_round(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The console writes beside the running bot: a plan from the old ledger is thrown away."""
    await floor.begin()
    asked = Counter.bars

    async def bars(counter: Counter, symbol: str, *, before: date, count: int) -> Sequence[Bar]:
        monkeypatch.setattr(Counter, "bars", asked)
        await make(floor, SeedChange(amount=D(1600)))
        return await asked(counter, symbol, before=before, count=count)

    monkeypatch.setattr(Counter, "bars", bars)
    wake = await floor.look(TABLE.propose_at)
    assert await floor.all(RoundProposed) == []
    assert wake.at == TABLE.propose_at + timedelta(minutes=1)
    await floor.look(wake.at)
    assert [event.plan.unit for event in await floor.all(RoundProposed)] == [D(600)]
    await floor.live(TABLE.settle_again_at)
    assert (await floor.cycle()).principal == D(11600)


async def test_a_change_that_waits_survives_a_restart(tmp_path: Path, counter: Counter) -> None:
    path = tmp_path / "state"
    async with on_floor(path, counter) as floor:
        await floor.begin()
        await floor.live(TABLE.send_from)
        await make(floor, SeedChange(amount=D(1600)))
    async with on_floor(path, counter) as floor:
        await floor.live(table_of(NEXT).propose_at)
        assert len(await floor.all(CycleChanged)) == 1
        assert (await floor.round()).state is RoundState.SETTLED
        assert await floor.all(RoundMissed) == []
