"""What KIS first shows after the settlement: booked by the same rules, told, and rebuilt."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import ChangeCycle, CorrectRound, PreviewChange
from bot.events import LateFillSeen, LedgerMismatched, RoundCorrected, RoundProposed, RoundSettled
from bot.storage.views import OrderView
from bot.trading.model import OrderState
from bot.trading.recovery import check_ledger
from bot.trading.refusal import Refusal, Why
from strategy.changes import TurnCorrection
from strategy.model import Leg
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, DAY, NEXT, Floor, Killed, on_floor, table_of

pytestmark = pytest.mark.fault(28, 30)
TABLE = table_of(DAY)
AFTER = date(2026, 10, 9)
S = OrderState
D = Decimal
MINUTE = timedelta(minutes=1)


async def settled(floor: Floor) -> OrderView:
    """Live a day in which KIS shows the star leg as unfilled; answer that leg."""
    await floor.begin()
    floor.counter.closes |= {DAY: D(55), NEXT: D(55)}
    floor.counter.prices["TQQQ"] = D(50)
    await floor.live(TABLE.settle_again_at + MINUTE)
    assert len(await floor.all(RoundSettled)) == 1
    return next(order for order in await floor.orders() if order.slot.leg is Leg.STAR)


def show(floor: Floor, order: OrderView, quantity: int | None = None) -> None:
    """Have KIS show the leg as filled after all."""
    assert order.order_number is not None
    floor.counter.fill(
        order.order_number, quantity or order.slot.quantity, str(order.slot.price), done=True
    )


async def test_a_late_fill_is_booked_before_the_next_evening_is_planned(floor: Floor) -> None:
    star = await settled(floor)
    before = await floor.cycle()
    show(floor, star)
    await floor.live(table_of(NEXT).propose_at + 2 * MINUTE)
    (corrected,) = await floor.all(RoundCorrected)
    after = await floor.cycle()
    assert corrected.ledger_before == before
    assert corrected.after == after
    assert after.quantity == before.quantity + star.slot.quantity
    assert after.turn > before.turn, "the leg counts, late or not"
    assert after.sessions == before.sessions
    assert [event.plan.cycle for event in await floor.all(RoundProposed)][-1] == after
    assert await floor.all(LedgerMismatched) == []
    await check_ledger(floor.journal, floor.views)


async def test_the_ledger_is_the_one_that_a_punctual_fill_would_have_left(
    floor: Floor, tmp_path: Path
) -> None:
    star = await settled(floor)
    show(floor, star)
    await floor.live(table_of(NEXT).propose_at + MINUTE)
    twin = Counter(clock=floor.clock, calendar=floor.counter.calendar)
    twin.clock.at = TABLE.propose_at - 5 * MINUTE
    async with on_floor(tmp_path / "punctual", twin) as other:
        await other.begin()
        twin.closes |= {DAY: D(55), NEXT: D(55)}
        twin.prices["TQQQ"] = D(50)
        await other.live(TABLE.verify_at)
        same = next(order for order in await other.orders() if order.slot.leg is Leg.STAR)
        show(other, same)
        await other.live(TABLE.settle_again_at + MINUTE)
        punctual = await other.cycle()
    assert await floor.cycle() == punctual


async def test_the_settlement_that_is_shown_is_the_corrected_one(floor: Floor) -> None:
    star = await settled(floor)
    show(floor, star)
    await floor.live(table_of(NEXT).propose_at + MINUTE)
    round_ = await floor.round()
    assert round_.settlement is not None
    assert round_.settlement.bought == star.slot.quantity
    assert round_.settlement.after == await floor.cycle()


async def test_a_held_symbol_is_free_when_the_late_fill_was_all_that_it_lacked(
    floor: Floor,
) -> None:
    """KIS shows the shares before it shows the execution."""
    await floor.begin()
    floor.counter.closes |= {DAY: D(55), NEXT: D(55)}
    floor.counter.prices["TQQQ"] = D(50)
    await floor.live(TABLE.session.close + MINUTE)
    star = next(order for order in await floor.orders() if order.slot.leg is Leg.STAR)
    floor.counter.holdings["TQQQ"] += star.slot.quantity
    await floor.live(TABLE.settle_again_at + MINUTE)
    assert len(await floor.all(LedgerMismatched)) == 1
    floor.counter.holdings["TQQQ"] -= star.slot.quantity
    show(floor, star)
    await floor.live(table_of(NEXT).send_from + MINUTE)
    view = await floor.views.cycle(1)
    assert view is not None
    assert view.held is None
    assert len(await floor.all(RoundProposed)) == 2


async def late_after_the_next_plan(floor: Floor) -> OrderView:
    star = await settled(floor)
    await floor.live(table_of(NEXT).send_from + MINUTE)
    show(floor, star)
    floor.counter.holdings["TQQQ"] -= star.slot.quantity  # the balance lags too
    await floor.trading.settler.book(DAY)
    await floor.live(floor.clock.at + MINUTE)
    return star


async def test_a_late_fill_behind_a_planned_round_is_told_and_waits_for_the_button(
    floor: Floor,
) -> None:
    star = await late_after_the_next_plan(floor)
    (seen,) = await floor.all(LateFillSeen)
    assert (seen.bought, seen.sold) == (star.slot.quantity, 0)
    command = CorrectRound(round_id=seen.round_id, by=ALICE)
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(command)
    assert refused.value.why is Why.ROUND_OUT
    floor.counter.holdings["TQQQ"] += star.slot.quantity
    await floor.live(table_of(NEXT).settle_again_at + MINUTE)
    before = await floor.cycle()
    await floor.bus.ask(command)
    corrected = await floor.all(RoundCorrected)
    assert [(event.session, event.follows) for event in corrected] == [(DAY, False), (NEXT, True)]
    after = await floor.cycle()
    assert after.quantity == before.quantity + star.slot.quantity
    assert after.turn > before.turn
    await check_ledger(floor.journal, floor.views)
    await floor.live(table_of(AFTER).send_from + MINUTE)
    assert [event.session for event in await floor.all(RoundProposed)] == [DAY, NEXT, AFTER]


async def test_a_corrected_round_can_be_corrected_again(floor: Floor) -> None:
    star = await late_after_the_next_plan(floor)
    floor.counter.holdings["TQQQ"] += star.slot.quantity
    await floor.live(table_of(NEXT).settle_again_at + MINUTE)
    await floor.bus.ask(CorrectRound(round_id=(await floor.round()).round_id, by=ALICE))
    other = next(order for order in await floor.orders(NEXT) if order.slot.leg is Leg.LADDER)
    assert other.state is S.EXPIRED
    show(floor, other)
    await floor.live(table_of(AFTER).propose_at + 2 * MINUTE)
    assert len(await floor.all(RoundCorrected)) == 3
    assert (await floor.cycle()).quantity == floor.counter.holdings["TQQQ"]
    await check_ledger(floor.journal, floor.views)


async def test_a_ledger_that_the_owner_changed_since_is_not_corrected_by_itself(
    floor: Floor,
) -> None:
    star = await settled(floor)
    change = TurnCorrection(turn=D("4.5"))
    shown = await floor.bus.ask(PreviewChange(cycle_id=1, change=change))
    await floor.bus.ask(ChangeCycle(cycle_id=1, change=change, digest=shown.digest, by=ALICE))
    show(floor, star)
    await floor.live(table_of(NEXT).propose_at + 3 * MINUTE)
    assert await floor.all(RoundCorrected) == []
    (seen,) = await floor.all(LateFillSeen)
    with pytest.raises(Refusal) as refused:
        await floor.bus.ask(CorrectRound(round_id=seen.round_id, by=ALICE))
    assert refused.value.why is Why.LEDGER_MOVED
    assert len(await floor.all(LedgerMismatched)) == 1, "nothing is planned on it"


@pytest.mark.parametrize("moment", ["inside", "after"])
@pytest.mark.parametrize("kind", ["FillBooked", "RoundCorrected"])
async def test_a_death_at_the_correction_books_it_once(
    tmp_path: Path, counter: Counter, moment: str, kind: str
) -> None:
    path = tmp_path / "state"
    async with on_floor(path, counter) as floor:
        star = await settled(floor)
        show(floor, star)

    def dies(at: str, events: object) -> None:
        if at == moment and any(type(one).__name__ == kind for one in events):  # type: ignore[attr-defined]
            raise Killed

    counter.step = dies
    with pytest.raises(Killed):
        async with on_floor(path, counter) as floor:
            await floor.live(table_of(NEXT).propose_at + 2 * MINUTE)
    counter.step = lambda _at, _events: None
    async with on_floor(path, counter) as floor:
        await floor.live(table_of(NEXT).propose_at + 5 * MINUTE)
        assert len(await floor.all(RoundCorrected)) == 1
        assert (await floor.cycle()).quantity == counter.holdings["TQQQ"]


async def test_two_attempts_that_both_filled_book_what_was_ordered_and_stop_the_symbol(
    floor: Floor,
) -> None:
    """The lost one and its second sending both stand: the rest is the owner's to look at."""
    star = await settled(floor)
    show(floor, star)
    floor.counter.holdings["TQQQ"] += 1
    await floor.live(table_of(NEXT).send_from + 3 * MINUTE)
    assert len(await floor.all(LedgerMismatched)) == 1
    assert star.state is S.EXPIRED
