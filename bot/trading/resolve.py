"""Find out what became of orders without an answer: adopt, ask, or say they were not seen.

Silence alone proves nothing. An order is called absent after the quiet period, counted from the
last of: sent, restart, failed listing, and two complete listings without it (settled.md, "Unknown
outcomes"). Within half an hour of the cut-off it is left unknown instead, told; whatever a listing
shows later is believed all the same. Nothing is sent here.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.events import (
    Event,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderLeftUnknown,
    OrderUnknown,
)
from bot.storage.views import OrderView
from bot.timetable import Timetable
from bot.trading.desk import Desk
from bot.trading.life import DOUBTED, UNRESOLVED
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
        order = await self._no_longer_sent(order)
        try:
            listed = await self._desk.broker.orders(order.session)
        except BrokerSilent:
            await self._unseen(order, table)
            raise
        if not listed.complete:
            await self._unseen(order, table)
            return
        event = await self._verdict(order, listed, table)
        if event is not None:
            self._misses.pop(order.slot.key, None)
            await self._record(event)

    async def abandon(self, order: OrderView) -> None:
        """Give up an order of a day that is no session of the calendar any more; it is told."""
        order = await self._no_longer_sent(order)
        why = "ambiguous" if order.state is OrderState.AMBIGUOUS else "no_verdict"
        await self._record(OrderLeftUnknown(slot=order.slot.key, why=why))

    async def adopt_late(self, order: OrderView, listed: OrderList) -> bool:
        """Take up an order that had been given up, when a listing shows it after all.

        What may as well be another's that still has no answer is left to that one: imitations go
        out at one price, and then several look alike. Where several of the broker's orders may be
        it, the owner is asked, unless that was asked before. Answers whether it was taken up.
        """
        others = await self._others(order)
        found = candidates(order, listed.orders, _numbers(others))
        if not found or _claimed(order, found, others, UNRESOLVED):
            return False
        if len(found) == 1 and not _claimed(order, found, others, DOUBTED):
            number = found[0].order_number
            slot = order.slot.key
            await self._record(
                OrderAccepted(slot=slot, order_number=number, adopted=True, given_up=order.state)
            )
            return True
        fresh = {row.order_number for row in found} - set(order.candidates)
        if listed.complete and fresh:
            await self._record(_ambiguous(order, found))
        return False

    async def stands_already(self, order: OrderView, listed: OrderList) -> bool:
        """Tell whether an earlier attempt that was given up shows up after all; take it up."""
        for other in await self._others(order):
            if not _same_order(other, order):
                continue
            if _cancelled_by_us(other):
                continue
            if other.order_number is not None:
                return True  # found since the owner asked for another one
            owned = _numbers(await self._others(other))
            if other.state in DOUBTED and candidates(other, listed.orders, owned):
                await self.adopt_late(other, listed)
                return True
        return False

    async def stood_before(self, order: OrderView, listed: OrderList) -> bool:
        """Tell whether an order that was turned away before seems to stand after all."""
        if not order.tries:
            return False
        return bool(candidates(order, listed.orders, _numbers(await self._others(order))))

    async def _no_longer_sent(self, order: OrderView) -> OrderView:
        """Call an order unknown whose process died between "sent" and the answer."""
        if order.state is not OrderState.SENT:
            return order
        await self._record(OrderUnknown(slot=order.slot.key, reason="restart"))
        return replace(order, state=OrderState.UNKNOWN)

    async def stood_at_the_start(self, order: OrderView, listed: OrderList) -> bool:
        """Tell whether what is to go out for the first time stood there before this process began.

        Only a file that knows less than the account has such an order still as planned: a copy
        that was put back, or one whose log lost its tail.
        """
        others = await self._others(order)
        if order.tries or any(other.sent_at and _same_order(other, order) for other in others):
            return False
        doubted = [other for other in others if other.state in (*UNRESOLVED, *DOUBTED)]
        return any(
            (row.ordered_at is None or row.ordered_at <= self._desk.started)
            and not any(candidates(other, [row], ()) for other in doubted)
            for row in candidates(order, listed.orders, _numbers(others))
        )

    async def _verdict(self, order: OrderView, listed: OrderList, table: Timetable) -> Event | None:
        others = await self._others(order)
        found = candidates(order, listed.orders, _numbers(others))
        alone = len(found) == 1 and not _claimed(order, found, others, (*UNRESOLVED, *DOUBTED))
        if order.state is OrderState.AMBIGUOUS:
            return self._among(order, found, others, table, alone=alone)
        if alone:
            return OrderAccepted(
                slot=order.slot.key, order_number=found[0].order_number, adopted=True
            )
        if found:
            return _ambiguous(order, found)
        return self._absence(order, table)

    def _among(
        self,
        order: OrderView,
        found: Sequence[BrokerOrder],
        others: Sequence[OrderView],
        table: Timetable,
        *,
        alone: bool,
    ) -> Event | None:
        """Say what a look tells of an order with candidates; only what is owned drops out."""
        seen = {row.order_number for row in found}
        left = set(order.candidates) - _numbers(others) | seen
        if alone and left == seen:
            return OrderAccepted(
                slot=order.slot.key, order_number=found[0].order_number, adopted=True
            )
        if seen - set(order.candidates):
            return _ambiguous(order, found)
        if self._desk.clock.now() >= table.settle_again_at:
            return OrderLeftUnknown(slot=order.slot.key, why="ambiguous")
        return None

    def _absence(self, order: OrderView, table: Timetable) -> Event | None:
        now = self._desk.clock.now()
        misses = self._misses.setdefault(order.slot.key, [])
        misses.append(now)
        quiet_over = now - self._quiet_from(order) >= self._desk.patience.quiet
        if not quiet_over or len(misses) < 2:
            return self._overdue(order, table)
        if now < table.deadline - self._desk.patience.no_resend_before_deadline:
            return OrderAbsent(slot=order.slot.key, may_resend=True)
        return OrderLeftUnknown(slot=order.slot.key, why="not_seen")

    def _overdue(self, order: OrderView, table: Timetable) -> Event | None:
        """Give an order up that no listing has decided when none can go out any more."""
        last = table.deadline + self._desk.patience.quiet
        if order.emulated is not None:
            last = table.session.close + self._desk.patience.quiet
        if self._desk.clock.now() < last:
            return None
        return OrderLeftUnknown(slot=order.slot.key, why="no_verdict")

    async def _unseen(self, order: OrderView, table: Timetable) -> None:
        """Count the quiet period anew after a listing that failed."""
        self._quiet_since[order.slot.key] = self._desk.clock.now()
        self._misses.pop(order.slot.key, None)
        event = self._overdue(order, table) if order.state is OrderState.UNKNOWN else None
        if event is not None:
            await self._record(event)

    def _quiet_from(self, order: OrderView) -> datetime:
        instants = [self._desk.started]
        if order.sent_at is not None:
            instants.append(order.sent_at)
        if order.slot.key in self._quiet_since:
            instants.append(self._quiet_since[order.slot.key])
        return max(instants)

    async def _others(self, order: OrderView) -> list[OrderView]:
        """Read the session's other slots."""
        slots = await self._desk.views.orders_of_session(order.session)
        return [other for other in slots if other.slot.key != order.slot.key]

    async def _record(self, event: Event) -> None:
        async with self._desk.recording() as recording:
            await recording.record(event)


def _ambiguous(order: OrderView, found: Sequence[BrokerOrder]) -> OrderAmbiguous:
    return OrderAmbiguous(
        slot=order.slot.key,
        candidates=tuple(row.order_number for row in found),
        ordered_at=tuple(row.ordered_at for row in found),
    )


def _claimed(
    order: OrderView,
    found: Sequence[BrokerOrder],
    others: Sequence[OrderView],
    states: Sequence[OrderState],
) -> bool:
    """Tell whether what was found may be another of ours; attempts at one order are no two."""
    return any(
        other.state in states
        and other.sent_at is not None
        and not _same_order(other, order)
        and candidates(other, found, ())
        for other in others
    )


def _same_order(one: OrderView, other: OrderView) -> bool:
    return one.round_id == other.round_id and one.slot.index == other.slot.index


def _cancelled_by_us(order: OrderView) -> bool:
    """Tell whether the broker showed an attempt as cancelled, without a fill, after we asked."""
    cancelled = order.state is OrderState.CANCELLED and order.cancel_asked is not None
    return cancelled and not order.filled


def _numbers(orders: Sequence[OrderView]) -> set[str]:
    return {order.order_number for order in orders if order.order_number is not None}
