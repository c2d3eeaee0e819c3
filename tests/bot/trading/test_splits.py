"""Share splits in mid-cycle: shares, averages, closes; every cycle of the symbol at once."""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.commands import PlanAgain, PreviewSplit, Resume, SkipRound, SplitPreview, SplitShares
from bot.events import (
    BrokerTroubled,
    ChangeDropped,
    CycleChanged,
    LedgerMismatched,
    RoundProposed,
    SharesSetAside,
    SplitAgreed,
)
from bot.trading.model import Approval
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from bot.trading.splits import shared
from strategy.changes import ShareSplit
from strategy.model import Bar, Side
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, CALENDAR, DAY, NEXT, Floor, holding, table_of

TABLE = table_of(DAY)
D = Decimal
TWO = ShareSplit(new=2, old=1)


async def look_at(floor: Floor, split: ShareSplit, first: date | None = None) -> SplitPreview:
    return await floor.bus.ask(PreviewSplit(symbol="TQQQ", split=split, first_session=first))


async def tell(floor: Floor, split: ShareSplit, first: date | None = None) -> date:
    preview = await look_at(floor, split, first)
    return await floor.bus.ask(
        SplitShares(
            symbol="TQQQ", split=split, digest=preview.digest, by=ALICE, first_session=first
        )
    )


async def refused(floor: Floor, split: ShareSplit, first: date | None = None) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await tell(floor, split, first)
    return caught.value


def at_the_broker(floor: Floor, split: ShareSplit, first: date) -> None:
    """What a split does at the broker on the morning of its first session."""
    shares = floor.counter.holdings["TQQQ"]
    floor.counter.holdings["TQQQ"] = shares * split.new // split.old
    price = floor.counter.default_close * split.old / split.new
    floor.counter.prices["TQQQ"] = price
    for session in CALENDAR.between(first, first + timedelta(days=10)):
        floor.counter.closes[session.day] = price


async def test_a_split_changes_shares_average_and_closes_before_the_evening_is_planned(
    floor: Floor,
) -> None:
    await floor.begin()
    assert await tell(floor, TWO) == DAY
    at_the_broker(floor, TWO, DAY)
    after = await floor.cycle()
    assert (after.quantity, after.average, after.turn, after.cash) == (80, D(25), D(4), D(8000))
    await floor.live(TABLE.send_from)
    (proposed,) = await floor.all(RoundProposed)
    assert proposed.market.closes == (D(25),) * 5, "the closes are those of the new shares"
    assert proposed.plan.unit == D(500)
    assert {order.quantity for order in proposed.plan.orders if order.side is Side.SELL} == {20, 60}
    assert len(floor.counter.placed) == len(proposed.plan.orders)
    await floor.live(table_of(NEXT).send_from)
    assert await floor.all(LedgerMismatched) == []
    second = (await floor.all(RoundProposed))[1]
    assert second.market.closes == (D(25),) * 5
    await check_ledger(floor.journal, floor.views)


async def test_a_split_that_nobody_told_of_stops_the_symbol_before_it_is_planned(
    floor: Floor,
) -> None:
    await floor.begin()
    at_the_broker(floor, TWO, DAY)
    await floor.live(TABLE.send_from)
    (told,) = await floor.all(LedgerMismatched)
    assert (told.ledger_quantity, told.broker_quantity, told.likely_split) == (40, 80, "2:1")
    assert await floor.all(RoundProposed) == []
    assert floor.counter.placed == []
    assert await tell(floor, TWO) == DAY
    await floor.bus.ask(Resume(by=ALICE))
    await floor.live(TABLE.send_from + timedelta(minutes=2))
    (proposed,) = await floor.all(RoundProposed)
    assert proposed.session == DAY
    assert floor.counter.placed
    await floor.live(TABLE.settle_at)
    assert len(await floor.all(LedgerMismatched)) == 1


async def test_a_difference_is_believed_at_the_second_look(floor: Floor) -> None:
    await floor.begin()
    floor.counter.holdings["TQQQ"] = 39
    for _ in range(3):
        await floor.look(TABLE.propose_at)
    assert await floor.all(LedgerMismatched) == [], "not within the same minute"
    floor.counter.holdings["TQQQ"] = 40
    await floor.look(TABLE.propose_at + timedelta(minutes=1))
    assert len(await floor.all(RoundProposed)) == 1


async def test_a_resume_does_not_talk_the_difference_away(floor: Floor) -> None:
    await floor.begin()
    floor.counter.holdings["TQQQ"] = 39
    await floor.live(TABLE.send_from)
    await floor.bus.ask(Resume(by=ALICE))
    await floor.live(TABLE.send_from + timedelta(minutes=5))
    assert len(await floor.all(LedgerMismatched)) == 2
    assert floor.counter.placed == []


async def test_a_split_that_is_told_ahead_waits_for_its_session(floor: Floor) -> None:
    await floor.begin()
    assert await tell(floor, TWO, NEXT) == NEXT
    assert await floor.cycle() == holding()
    await floor.live(TABLE.settle_at)
    (before,) = await floor.all(RoundProposed)
    assert before.plan.cycle.average == D(50)
    at_the_broker(floor, TWO, NEXT)
    await floor.live(table_of(NEXT).send_from)
    assert [event.session for event in await floor.all(RoundProposed)] == [DAY, NEXT]
    (changed,) = await floor.all(CycleChanged)
    assert (changed.from_session, changed.before.quantity * 2) == (NEXT, changed.after.quantity)
    assert await floor.all(LedgerMismatched) == []


async def test_all_cycles_of_the_symbol_and_what_is_not_ours_split_together(floor: Floor) -> None:
    await floor.begin()
    await floor.begin(holding(quantity=7), cycle_id=2)
    floor.counter.holdings["TQQQ"] += 12
    async with floor.trading.desk.recording() as recording:
        await recording.record(SharesSetAside(symbol="TQQQ", quantity=12, by=ALICE))
    preview = await look_at(floor, TWO)
    assert [one.effect.after.quantity for one in preview.cycles] == [80, 14]
    assert (preview.not_ours_before, preview.not_ours_after) == (12, 24)
    await tell(floor, TWO)
    at_the_broker(floor, TWO, DAY)
    assert ((await floor.cycle()).quantity, (await floor.cycle(2)).quantity) == (80, 14)
    assert await floor.views.set_aside("TQQQ") == 24
    await floor.live(TABLE.settle_at)
    assert await floor.all(LedgerMismatched) == []
    assert len(await floor.all(RoundProposed)) == 2


async def test_no_cycle_of_the_symbol_is_planned_while_a_siblings_round_keeps_the_split_waiting(
    floor: Floor,
) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.look(TABLE.propose_at)
    await floor.begin(cycle_id=2)
    assert await tell(floor, TWO) == DAY, "the second cycle is not planned for DAY yet"
    assert len(await floor.all(SplitAgreed)) == 1
    assert (await floor.look()).at == TABLE.reminders[0], "nothing to tell of before"
    await floor.live(TABLE.deadline - timedelta(minutes=1))
    assert [event.cycle_id for event in await floor.all(RoundProposed)] == [1]
    assert await floor.all(CycleChanged) == []
    await floor.look(TABLE.deadline)
    assert [event.cycle_id for event in await floor.all(CycleChanged)] == [1, 2]


async def test_a_split_told_while_a_cycle_is_planned_keeps_the_plan_from_the_journal(
    floor: Floor, monkeypatch: pytest.MonkeyPatch
) -> None:
    await floor.begin(approval=Approval.ALERT)
    await floor.look(TABLE.propose_at)
    await floor.begin(cycle_id=2)
    asked = Counter.bars

    async def bars(counter: Counter, symbol: str, *, before: date, count: int) -> Sequence[Bar]:
        monkeypatch.setattr(Counter, "bars", asked)
        await tell(floor, TWO)
        return await asked(counter, symbol, before=before, count=count)

    monkeypatch.setattr(Counter, "bars", bars)
    await floor.look()
    assert [event.cycle_id for event in await floor.all(RoundProposed)] == [1]
    assert (await floor.cycle(2)).quantity == 40


async def test_a_split_that_does_something_else_by_now_is_shown_again(floor: Floor) -> None:
    await floor.begin()
    old = await look_at(floor, TWO)
    await floor.begin(cycle_id=2)
    with pytest.raises(Refusal) as caught:
        await floor.bus.ask(SplitShares(symbol="TQQQ", split=TWO, digest=old.digest, by=ALICE))
    assert caught.value.why is Why.CHANGE_DIFFERS


async def test_a_split_told_twice_is_booked_once(floor: Floor) -> None:
    await floor.begin()
    await tell(floor, TWO)
    assert (await refused(floor, TWO)).why is Why.SPLIT_TWICE
    assert (await refused(floor, TWO, NEXT)).why is Why.SPLIT_TWICE


async def test_a_split_that_waits_is_not_told_again(floor: Floor) -> None:
    await floor.begin()
    await tell(floor, TWO, NEXT)
    assert (await refused(floor, TWO, NEXT)).why is Why.SPLIT_TWICE


async def test_a_split_whose_price_was_traded_at_already_is_not_worked_back(floor: Floor) -> None:
    await floor.begin()
    floor.counter.closes[DAY] = D(49)
    await floor.live(TABLE.settle_at)
    refusal = await refused(floor, TWO, DAY)
    assert (refusal.why, refusal.figures["session"]) == (Why.SPLIT_TOO_LATE, DAY.isoformat())


async def test_an_unknown_symbol_and_a_missing_payment_are_refused(floor: Floor) -> None:
    assert (await refused(floor, TWO)).why is Why.SYMBOL_UNKNOWN
    await floor.begin(holding(quantity=43))
    reverse = ShareSplit(new=1, old=5)
    refusal = await refused(floor, reverse)
    assert (refusal.why, refusal.english[:22]) == (Why.CHANGE_REFUSED, "3/5 of a share is left")


async def test_a_split_that_no_longer_divides_when_its_time_comes_is_told(floor: Floor) -> None:
    await floor.begin(holding(quantity=40, ladder=0))
    floor.counter.closes[DAY] = D(52)
    await tell(floor, ShareSplit(new=1, old=5), NEXT)
    await floor.live(TABLE.settle_at)
    shares = (await floor.cycle()).quantity
    assert shares == 44
    (dropped,) = await floor.all(ChangeDropped)
    assert "단주 대금" in dropped.korean
    assert (await floor.cycle()).quantity == shares


async def test_closes_that_do_not_meet_the_price_after_the_split_plan_nothing(
    floor: Floor,
) -> None:
    """Should KIS work the split into its closes by itself, it would be worked in twice."""
    await floor.begin()
    await tell(floor, TWO)
    at_the_broker(floor, TWO, DAY)
    floor.counter.default_close = D(25)
    await floor.live(TABLE.send_from)
    assert await floor.all(RoundProposed) == []
    (told,) = await floor.all(BrokerTroubled)
    assert "do not fit a 2:1 split" in told.reason


@pytest.mark.parametrize(
    ("quantities", "paid", "parts"),
    [
        ((43,), "30", ("30",)),
        ((43, 41), "40", ("30.00", "10.00")),
        ((43, 40, 41), "10", ("7.50", None, "2.50")),
        ((41, 41, 41), "1.00", ("0.33", "0.33", "0.34")),
        ((40, 40), "5", ("5", None)),
        ((43, 41), None, (None, None)),
    ],
)
def test_what_is_paid_in_lieu_goes_to_those_who_lose_a_part(
    quantities: tuple[int, ...], paid: str | None, parts: tuple[str | None, ...]
) -> None:
    split = ShareSplit(new=1, old=5, cash_in_lieu=None if paid is None else D(paid))
    cycles = {n: holding(quantity=each) for n, each in enumerate(quantities, start=1)}
    given = [part.cash_in_lieu for part in shared(split, cycles).values()]
    assert given == [None if part is None else D(part) for part in parts]


async def test_a_skipped_session_is_not_planned_anew_on_the_shares_of_a_later_split(
    floor: Floor,
) -> None:
    """With its round skipped nothing was out, so that the split of the next day was booked."""
    await floor.begin()
    await floor.look(table_of(DAY).propose_at)
    round_ = await floor.round()
    await floor.bus.ask(SkipRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))
    assert await tell(floor, TWO, NEXT) == NEXT
    assert (await floor.cycle()).quantity == 80
    with pytest.raises(Refusal) as caught:
        await floor.bus.ask(PlanAgain(round_id=round_.round_id, by=ALICE))
    assert caught.value.figures == {"reason": "split"}
    assert await floor.all(LedgerMismatched) == []
