"""When to look again: the earliest instant at which journal and clock make something due."""

from datetime import datetime, timedelta

from bot.commands import Wake
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, OrderView, RoundView
from bot.timetable import Timetable, timetable
from bot.trading.desk import Desk
from bot.trading.model import UNSETTLED, Approval, OrderState, RoundState


class Waking:
    """Read off the journal when the next look is due; it does nothing else."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def next_wake(self, retry: list[datetime]) -> Wake:
        """Answer the next look, and what a simulated clock should stand still for until then."""
        now = self._desk.clock.now()
        at = list(retry)
        hold: str | None = None
        if await self._desk.views.orders_in(*UNRESOLVED):
            at.append(now + self._desk.patience.look_again)
        for round_ in await self._desk.views.rounds_in(*UNSETTLED):
            table = self._desk.table(round_.session)
            at += self._instants(round_, table, now)
            if (
                round_.state is RoundState.PROPOSED
                and round_.approval is Approval.CONFIRM
                and round_.plan is not None
                and round_.plan.orders
                and now < table.deadline
            ):
                hold = "approval"
        if await self._resend_offered(now):
            hold = "resend"
        session = self._desk.calendar.current_or_next(now)
        if timetable(session).propose_at <= now:
            session = self._desk.calendar.following(session.day)
        at.append(timetable(session).propose_at)
        return Wake(at=min(at), hold=hold)

    async def _resend_offered(self, now: datetime) -> bool:
        before = self._desk.patience.no_resend_before_deadline
        absent = await self._desk.views.orders_in(OrderState.ABSENT)
        return any(
            order.may_resend and now < self._desk.table(order.session).deadline - before
            for order in absent
        )

    def _instants(self, round_: RoundView, table: Timetable, now: datetime) -> list[datetime]:
        soon = now + self._desk.patience.retry
        if round_.state is RoundState.PROPOSED:
            points = [table.deadline]
            if round_.approval is Approval.CONFIRM and round_.plan and round_.plan.orders:
                points += table.reminders
            elif round_.approval is not Approval.ALERT:
                points += [table.send_from, table.quiet_until]
            return [point for point in points if point > now]
        unsent = [order for order in round_.orders if order.state is OrderState.PLANNED]
        waiting = bool(unsent) or round_.state is not RoundState.WORKING
        points = []
        if waiting:
            chance = table.next_chance(max([now, *_first_retry(unsent)]))
            points.append(max(table.deadline if chance is None else chance, soon))
        if not round_.verified and any(order.state in AT_THE_BROKER for order in round_.orders):
            points.append(table.verify_at)
        points += [table.settle_at, table.settle_again_at]
        ahead = [point for point in points if point > now]
        return ahead or [now + timedelta(minutes=5)]


def _first_retry(orders: list[OrderView]) -> list[datetime]:
    """Answer the earliest retry time when every unsent order has one to wait for."""
    times = [order.retry_at for order in orders if order.retry_at is not None]
    return [min(times)] if times and len(times) == len(orders) else []
