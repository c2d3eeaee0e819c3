"""An order that KIS numbered and never lists holds its cycle up until noon, not for ever."""

from datetime import timedelta

from bot.events import LedgerMismatched, OrderClosed, RoundCorrected, RoundMissed, RoundProposed
from bot.trading.fills import NOT_LISTED
from bot.trading.model import OrderState, RoundState
from tests.bot.trading.counter import Posted
from tests.bot.trading.floor import DAY, NEXT, Floor, table_of

TABLE = table_of(DAY)
S = OrderState


async def unlisted(floor: Floor) -> Posted:
    """Have the last order of an evening accepted and never shown."""
    await floor.begin()
    await floor.live(TABLE.send_from)
    return floor.counter.posted.pop()


async def test_it_is_waited_for_until_noon_and_then_ended_told_and_settled(floor: Floor) -> None:
    gone = await unlisted(floor)
    await floor.live(TABLE.closes_final_at - timedelta(minutes=1))
    assert (await floor.round()).state is RoundState.WORKING
    await floor.live(TABLE.closes_final_at + timedelta(minutes=6))
    (ended,) = [event for event in await floor.all(OrderClosed) if event.reason == NOT_LISTED]
    assert (ended.slot, ended.state) == (gone.slot, S.EXPIRED)
    assert (await floor.round()).state is RoundState.SETTLED
    await floor.live(table_of(NEXT).propose_at)
    assert [event.session for event in await floor.all(RoundProposed)] == [DAY, NEXT]
    assert await floor.all(RoundMissed) == []


async def test_what_had_filled_of_it_stays_booked(floor: Floor) -> None:
    await floor.begin()
    await floor.live(TABLE.send_from)
    floor.counter.fill(floor.counter.posted[0].row.order_number, 1, "57.50")
    await floor.live(TABLE.verify_at)
    gone = floor.counter.posted.pop(0)
    await floor.live(TABLE.closes_final_at + timedelta(minutes=6))
    order = await floor.views.order(gone.slot or "")
    assert order is not None
    assert (order.state, order.filled, order.detail) == (S.CLOSED_PARTIAL, 1, NOT_LISTED)
    assert (await floor.round()).state is RoundState.SETTLED


async def test_a_fill_that_is_shown_after_all_is_told_as_a_difference_and_then_booked(
    floor: Floor,
) -> None:
    gone = await unlisted(floor)
    floor.counter.posted.append(gone)
    floor.counter.fill(gone.row.order_number, gone.row.quantity, "49.00")
    filled = floor.counter.posted.pop()
    await floor.live(TABLE.closes_final_at + timedelta(minutes=6))
    assert await floor.all(LedgerMismatched)
    floor.counter.posted.append(filled)
    await floor.live(table_of(NEXT).propose_at)
    (corrected,) = await floor.all(RoundCorrected)
    assert corrected.after.quantity == floor.counter.holdings["TQQQ"]
    view = await floor.views.cycle(1)
    assert view is not None
    assert view.held is None
