"""A past for the chat's tests: rounds as the method played them, journalled as they would be."""

from collections.abc import Sequence

from bot.events import (
    CycleStarted,
    Event,
    FillBooked,
    OrderAccepted,
    OrderClosed,
    OrderSent,
    RoundApproved,
    RoundProposed,
    RoundSubmitted,
)
from bot.storage.views import RoundView
from bot.trading.model import STARTUP, Approval, OrderState
from strategy.model import Market
from tests.bot.telegram.conftest import House
from tests.bot.telegram.samples import DEADLINE


async def journalled(house: House, rounds: Sequence[RoundView], *, begin: bool = True) -> None:
    """Write a run's beginning and its rounds into the journal, and let their letters be posted."""
    first = rounds[0].settlement
    assert first is not None
    begun = CycleStarted(
        cycle_id=first.cycle_id, cycle=first.before, approval=Approval.AUTO, by=STARTUP
    )
    async with house.service.journal.recording(house.market.now()) as recording:
        for event in [
            *([begun] if begin else []),
            *(event for each in rounds for event in events_of(each)),
        ]:
            await recording.record(event)
    await house.settle()


def events_of(view: RoundView) -> list[Event]:
    """Give a settled round's own events, in their order."""
    assert view.plan is not None
    assert view.settlement is not None
    proposed = RoundProposed(
        round_id=view.round_id,
        cycle_id=view.cycle_id,
        session=view.session,
        plan=view.plan,
        market=Market(closes=()),
        digest="d",
        approval=Approval.AUTO,
        deadline=DEADLINE,
    )
    slots = tuple(order.slot for order in view.orders)
    approved = RoundApproved(round_id=view.round_id, slots=slots, by=STARTUP)
    orders = [
        event
        for order in view.orders
        if order.fill_price is not None
        for event in (
            OrderSent(slot=order.slot.key, tries=1, baseline=()),
            OrderAccepted(slot=order.slot.key, order_number=order.slot.key),
            FillBooked(slot=order.slot.key, quantity=order.filled, price=order.fill_price),
            OrderClosed(slot=order.slot.key, state=OrderState.FILLED, reason=""),
        )
    ]
    submitted = RoundSubmitted(round_id=view.round_id)
    return [proposed, approved, *orders, submitted, view.settlement]
