"""When to look again: the earliest instant at which journal and clock make something due."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.commands import Wake
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, OrderView, RoundView
from bot.timetable import Timetable, timetable
from bot.trading.desk import Desk
from bot.trading.model import (
    GOING_OUT,
    UNSETTLED,
    Approval,
    OrderState,
    RoundState,
    Unattended,
)


class Waking:
    """Read off the journal when the next look is due; it does nothing else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def next_wake(self, retry: list[datetime]) -> Wake:
        """Answer the next look, and what a simulated clock should stand still for until then."""
        now = self._desk.clock.now()
        at = list(retry)
        hold: str | None = None
        unresolved = await self._desk.views.orders_in(*UNRESOLVED)
        if unresolved:
            asked = all(order.state is OrderState.AMBIGUOUS for order in unresolved)
            hold = "question" if asked else None
            at.append(now + (self._desk.patience.asked if asked else self._until(unresolved, now)))
        at += await self._imitations(now)
        for round_ in await self._desk.views.rounds_in(*UNSETTLED):
            table = self._desk.table(round_.session)
            at += self._instants(round_, table, now)
            if not _waits_for_a_tap(round_) or now >= table.deadline:
                continue
            view = await self._desk.views.cycle(round_.cycle_id)
            if view is None or view.unattended is Unattended.NOTHING:
                hold = "approval"
            elif now < table.unattended_at:
                at.append(table.unattended_at)
        if await self._resend_offered(now):
            hold = "resend"
        session = self._desk.calendar.current_or_next(now)
        if timetable(session).propose_at <= now:
            deadline = timetable(session).deadline
            if now < deadline and await self._lacks_round(session.day):
                # That it is missing is told before, and that it was missed then.
                reminders = timetable(session).reminders
                at += [deadline, *(point for point in reminders if point > now)]
            session = self._desk.calendar.following(session.day)
        at.append(timetable(session).propose_at)
        return Wake(at=min(at), hold=hold)

    def _until(self, unresolved: Sequence[OrderView], now: datetime) -> timedelta:
        """Say when to look for orders again: often while they may still turn up, then rarely."""
        patience = self._desk.patience
        since = [self._desk.started, *(order.sent_at for order in unresolved if order.sent_at)]
        fresh = now - max(since) < 2 * patience.quiet
        return patience.look_again if fresh else patience.soon

    async def _lacks_round(self, session: date) -> bool:
        """Tell whether a cycle has no round of a session: held back, or not planned yet."""
        latest = [
            await self._desk.views.latest_round(view.cycle_id)
            for view in await self._desk.views.cycles()
        ]
        return any(round_ is None or round_.session < session for round_ in latest)

    async def _resend_offered(self, now: datetime) -> bool:
        before = self._desk.patience.no_resend_before_deadline
        absent = await self._desk.views.orders_in(OrderState.ABSENT)
        return any(
            order.may_resend and now < self._desk.table(order.session).deadline - before
            for order in absent
        )

    async def _imitations(self, now: datetime) -> list[datetime]:
        """Give the next instants of the imitations: their first minute, their last, the tries."""
        if self._desk.emulation is None:
            return []
        soon = now + self._desk.emulation.look_again
        points: list[datetime] = []
        for round_ in await self._desk.views.rounds_in(*GOING_OUT):
            table = self._desk.table(round_.session)
            mine = [order for order in round_.orders if self._desk.emulates(order.slot)]
            planned = [order for order in mine if order.state is OrderState.PLANNED]
            unsure = [order for order in mine if order.state in UNRESOLVED]
            standing = [order for order in mine if order.state in AT_THE_BROKER]
            if planned and now < table.emulate_from:
                points.append(table.emulate_from)
            elif now < table.emulate_until and (planned or unsure):
                points.append(min(max([soon, *_first_retry(planned)]), table.emulate_until))
            elif now < table.emulate_until and standing:
                points.append(table.emulate_until)
            elif now < table.session.close and (standing or unsure):
                points.append(soon)
        return points

    def _instants(self, round_: RoundView, table: Timetable, now: datetime) -> list[datetime]:
        soon = now + self._desk.patience.retry
        if round_.state is RoundState.PROPOSED:
            points = [table.deadline]
            if round_.approval is Approval.CONFIRM and round_.plan and round_.plan.orders:
                points += table.reminders
            elif round_.approval is not Approval.ALERT:
                points += [table.send_from, table.quiet_until]
                if table.may_send(now):
                    points.append(soon)  # something holds it back: it is looked at again
            return [point for point in points if point > now]
        unsent = [order for order in round_.orders if order.state is OrderState.PLANNED]
        later = [order for order in unsent if self._desk.emulates(order.slot)]
        unsent = [order for order in unsent if order not in later]
        waiting = bool(unsent) or (round_.state is not RoundState.WORKING and not later)
        points = []
        if waiting:
            opens = self._desk.opens(table)
            chance = table.next_chance(max([now, opens, *_first_retry(unsent)]))
            points.append(max(table.deadline if chance is None else chance, soon))
        points += self._cancels(round_, now)
        if not round_.verified and any(order.state in AT_THE_BROKER for order in round_.orders):
            points.append(table.verify_at)
        if table.foresee_at is not None and round_.foreseen is None:
            points.append(table.foresee_at)
        points += [table.settle_at, table.settle_again_at]
        ahead = [point for point in points if point > now]
        return ahead or [now + timedelta(minutes=5)]

    def _cancels(self, round_: RoundView, now: datetime) -> list[datetime]:
        """Say when to ask again for what was called back and stands still."""
        standing = [
            order
            for order in round_.orders
            if order.slot.side in round_.called_back and order.state in AT_THE_BROKER
        ]
        return [now + self._desk.patience.soon] if standing else []


def _waits_for_a_tap(round_: RoundView) -> bool:
    proposed = round_.state is RoundState.PROPOSED and round_.approval is Approval.CONFIRM
    return proposed and round_.plan is not None and bool(round_.plan.orders)


def _first_retry(orders: list[OrderView]) -> list[datetime]:
    """Answer the earliest retry time when every unsent order has one to wait for."""
    times = [order.retry_at for order in orders if order.retry_at is not None]
    return [min(times)] if times and len(times) == len(orders) else []
