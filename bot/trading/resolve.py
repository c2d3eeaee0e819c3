"""Find out what became of orders without an answer: adopt, ask, or say they were not seen.

Silence alone proves nothing. An order is called absent after the quiet period, counted from the
last of: sent, restart, failed listing, and two complete listings without it (settled.md, "Unknown
outcomes"). Nothing is sent here.
"""

from datetime import datetime

from bot.events import Event, OrderAbsent, OrderAccepted, OrderAmbiguous, OrderUnknown
from bot.storage.views import UNRESOLVED, OrderView
from bot.timetable import Timetable
from bot.trading.desk import Desk
from bot.trading.model import OrderState
from bot.trading.orders import candidates
from bot.trading.ports import BrokerOrder, BrokerSilent, OrderList


class Resolver:
    """Watch unresolved orders until each one has an answer."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._quiet_since: dict[str, datetime] = {}
        self._misses: dict[str, list[datetime]] = {}

    async def resolve(self, order: OrderView, table: Timetable) -> None:
        """Look an unresolved order up once and record what is known. Raises BrokerSilent."""
        if order.state is OrderState.SENT:
            # A process died between "sent" and the answer; from here on it is plainly unknown.
            async with self._desk.recording() as recording:
                await recording.record(OrderUnknown(slot=order.slot.key, reason="restart"))
        try:
            listed = await self._desk.broker.orders(order.session)
        except BrokerSilent:
            self._failed(order)
            raise
        if not listed.complete:
            self._failed(order)
            return
        event = await self._verdict(order, listed, table)
        if event is not None:
            self._misses.pop(order.slot.key, None)
            async with self._desk.recording() as recording:
                await recording.record(event)

    async def adopt_late(self, order: OrderView, listed: OrderList) -> None:
        """Take up an order that had been given up, when a listing shows it after all.

        What may as well be another's that still has no answer is left to that one: imitations go
        out at one price, and then several look alike.
        """
        found = candidates(order, listed.orders, await self._owned(order))
        if len(found) == 1 and not await self._claimed(order, found[0]):
            async with self._desk.recording() as recording:
                await recording.record(
                    OrderAccepted(
                        slot=order.slot.key, order_number=found[0].order_number, adopted=True
                    )
                )

    async def stands_already(self, order: OrderView, listed: OrderList) -> bool:
        """Tell whether an earlier attempt that was given up shows up after all; take it up."""
        for other in await self._desk.views.orders_of_session(order.session):
            same = other.round_id == order.round_id and other.slot.index == order.slot.index
            if not same or other.slot.key == order.slot.key:
                continue
            if other.order_number is not None:
                return True  # found since the owner asked for another one
            if other.state is OrderState.ABSENT and candidates(
                other, listed.orders, await self._owned(other)
            ):
                await self.adopt_late(other, listed)
                return True
        return False

    async def _verdict(self, order: OrderView, listed: OrderList, table: Timetable) -> Event | None:
        found = candidates(order, listed.orders, await self._owned(order))
        slot = order.slot.key
        if len(found) == 1:
            return OrderAccepted(slot=slot, order_number=found[0].order_number, adopted=True)
        if found:
            if order.state is OrderState.AMBIGUOUS:
                return None
            return OrderAmbiguous(slot=slot, candidates=tuple(row.order_number for row in found))
        now = self._desk.clock.now()
        misses = self._misses.setdefault(slot, [])
        misses.append(now)
        quiet_over = now - self._quiet_from(order) >= self._desk.patience.quiet
        if not quiet_over or len(misses) < 2:
            return None
        last_call = table.deadline - self._desk.patience.no_resend_before_deadline
        return OrderAbsent(slot=slot, may_resend=now < last_call)

    def _failed(self, order: OrderView) -> None:
        self._quiet_since[order.slot.key] = self._desk.clock.now()
        self._misses.pop(order.slot.key, None)

    def _quiet_from(self, order: OrderView) -> datetime:
        instants = [self._desk.started]
        if order.sent_at is not None:
            instants.append(order.sent_at)
        if order.slot.key in self._quiet_since:
            instants.append(self._quiet_since[order.slot.key])
        return max(instants)

    async def _claimed(self, order: OrderView, row: BrokerOrder) -> bool:
        """Tell whether a row may be an order of ours that is still being looked for."""
        return any(
            other.slot.key != order.slot.key
            and other.session == order.session
            and candidates(other, [row], ())
            for other in await self._desk.views.orders_in(*UNRESOLVED)
        )

    async def _owned(self, order: OrderView) -> set[str]:
        others = await self._desk.views.orders_of_session(order.session)
        return {
            other.order_number
            for other in others
            if other.order_number is not None and other.slot.key != order.slot.key
        }
