"""The trading day, sequenced: what is due is decided from journal and clock, never from a timer.

`run_due` may be called at any time and any number of times; a second call finds nothing left to do.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta

import structlog

from bot.bus import Bus
from bot.commands import BookFills, RunDue, Wake
from bot.events import OrderWithheld, ReminderDue, RoundApproved, RoundLapsed, RoundSubmitted
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, CycleView, OrderView, RoundView
from bot.timetable import Timetable, timetable
from bot.trading.desk import Desk
from bot.trading.model import SCHEDULE, Approval, OrderState, RoundState
from bot.trading.ports import BrokerSilent
from bot.trading.prepare import Preparer
from bot.trading.resolve import Resolver
from bot.trading.rounds import slots
from bot.trading.settle import Settler
from bot.trading.submit import Submitter

log = structlog.get_logger(__name__)

GOING_OUT = (RoundState.APPROVED, RoundState.SUBMITTING, RoundState.WORKING)
UNSETTLED = (RoundState.PROPOSED, *GOING_OUT)


class Trading:
    """Run the days of every cycle of the account."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.resolver = Resolver(desk)
        self.preparer = Preparer(desk)
        self.submitter = Submitter(desk, self.resolver)
        self.settler = Settler(desk, self.resolver)
        self.account = asyncio.Lock()

    def register(self, bus: Bus) -> None:
        bus.handle(RunDue, self.run_due)
        bus.handle(BookFills, self.book_fills)

    async def book_fills(self, command: BookFills) -> None:
        """Book fills between the open and the settlement, when a round is at the broker."""
        del command
        async with self.account:
            for round_ in await self.desk.views.rounds_in(RoundState.WORKING):
                try:
                    await self.settler.book(round_.session)
                except BrokerSilent as silence:
                    log.info("fill notice not followed up", reason=str(silence))

    async def run_due(self, command: RunDue) -> Wake:
        """Do everything that is due now; answer when to look again."""
        del command
        async with self.account:
            retry: list[datetime] = []
            for step in (
                self._resolve,
                self._settle,
                self._lapse,
                self._begin,
                self._remind,
                self._send,
                self._verify,
            ):
                again = await self._patiently(step)
                if again is not None:
                    retry.append(again)
            return await self._next_wake(retry)

    async def _patiently(self, step: Callable[[], Awaitable[None]]) -> datetime | None:
        try:
            await step()
        except BrokerSilent as silence:
            log.warning("broker silent", step=step.__name__, reason=str(silence))
            await self.desk.troubled(str(silence))
            return self.desk.clock.now() + self.desk.patience.retry
        return None

    async def _resolve(self) -> None:
        for order in await self.desk.views.orders_in(*UNRESOLVED):
            await self.resolver.resolve(order, self._table(order.session))
            await self.desk.returned()

    async def _settle(self) -> None:
        now = self.desk.clock.now()
        for round_ in await self.desk.views.rounds_in(*GOING_OUT):
            table = self._table(round_.session)
            if now >= table.deadline:
                await self._withhold_rest(round_)
            if now >= table.settle_at:
                await self.settler.settle(round_, table)
                await self.desk.returned()

    async def _withhold_rest(self, round_: RoundView) -> None:
        unsent = [order for order in round_.orders if order.state is OrderState.PLANNED]
        if not unsent and round_.state is RoundState.WORKING:
            return
        async with self.desk.recording() as recording:
            for order in unsent:
                await recording.record(
                    OrderWithheld(slot=order.slot.key, reasons=("outside_window",))
                )
            if round_.state is not RoundState.WORKING:
                await recording.record(RoundSubmitted(round_id=round_.round_id))

    async def _begin(self) -> None:
        now = self.desk.clock.now()
        unsettled = {open_.cycle_id for open_ in await self.desk.views.rounds_in(*UNSETTLED)}
        for view in await self.desk.views.cycles():
            await self._note_missed(view, now, unsettled=view.cycle_id in unsettled)
            if view.cycle_id in unsettled:
                continue  # its ledger lacks a session's fills: no plan can be made from it
            session = self.desk.calendar.current_or_next(now)
            table = timetable(session)
            if not table.propose_at <= now < table.deadline:
                continue
            latest = await self.desk.views.latest_round(view.cycle_id)
            if latest and latest.session >= session.day:
                continue
            await self.preparer.propose(view, table)
            await self.desk.returned()

    async def _note_missed(self, view: CycleView, now: datetime, *, unsettled: bool) -> None:
        """Say of each session without a round that it was missed; never skip one in silence."""
        latest = await self.desk.views.latest_round(view.cycle_id)
        if latest and latest.state in UNSETTLED and now < self._table(latest.session).deadline:
            return
        if latest:
            session = self.desk.calendar.following(latest.session)
        else:
            session = self.desk.calendar.current_or_next(view.started_at)
            if timetable(session).deadline <= view.started_at:
                session = self.desk.calendar.following(session.day)
        while (table := timetable(session)).deadline <= now:
            why = "unsettled" if unsettled else "not_running"
            await self.preparer.missed(view, session.day, why)
            session = self.desk.calendar.following(table.session.day)

    async def _lapse(self) -> None:
        for round_ in await self.desk.views.rounds_in(RoundState.PROPOSED):
            if self.desk.clock.now() >= self._table(round_.session).deadline:
                reason = "alert" if round_.approval is Approval.ALERT else "no_tap"
                async with self.desk.recording() as recording:
                    await recording.record(RoundLapsed(round_id=round_.round_id, reason=reason))

    async def _remind(self) -> None:
        now = self.desk.clock.now()
        for round_ in await self.desk.views.rounds_in(RoundState.PROPOSED):
            table = self._table(round_.session)
            if round_.approval is Approval.CONFIRM and now < table.deadline:
                await self._remind_of(round_, table, now)

    async def _remind_of(self, round_: RoundView, table: Timetable, now: datetime) -> None:
        passed = [at for at in table.reminders if at <= now]
        if not passed:
            return
        minutes = int((table.deadline - passed[-1]).total_seconds() // 60)
        if round_.reminded is None or round_.reminded > minutes:
            async with self.desk.recording() as recording:
                await recording.record(ReminderDue(round_id=round_.round_id, minutes=minutes))

    async def _send(self) -> None:
        if not self.desk.gate_open:
            return
        now = self.desk.clock.now()
        for round_ in await self.desk.views.rounds_in(RoundState.PROPOSED):
            agreed = round_.approval is Approval.AUTO or (
                round_.approval is Approval.CONFIRM and round_.plan and not round_.plan.orders
            )
            if agreed and round_.plan and self._table(round_.session).may_send(now):
                async with self.desk.recording() as recording:
                    await recording.record(
                        RoundApproved(
                            round_id=round_.round_id,
                            slots=slots(round_.plan, round_.round_id),
                            by=SCHEDULE,
                        )
                    )
        for round_ in await self.desk.views.rounds_in(*GOING_OUT):
            table = self._table(round_.session)
            unsent = any(order.state is OrderState.PLANNED for order in round_.orders)
            if table.may_send(now) and (unsent or round_.state is not RoundState.WORKING):
                await self.submitter.submit(round_, table)
                await self.desk.returned()

    async def _verify(self) -> None:
        now = self.desk.clock.now()
        for round_ in await self.desk.views.rounds_in(RoundState.WORKING):
            table = self._table(round_.session)
            if not round_.verified and table.verify_at <= now < table.session.close:
                await self.settler.verify(round_)
                await self.desk.returned()

    async def _next_wake(self, retry: list[datetime]) -> Wake:
        now = self.desk.clock.now()
        at = list(retry)
        hold: str | None = None
        if await self.desk.views.orders_in(*UNRESOLVED):
            at.append(now + self.desk.patience.look_again)
        for round_ in await self.desk.views.rounds_in(*UNSETTLED):
            table = self._table(round_.session)
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
        session = self.desk.calendar.current_or_next(now)
        if timetable(session).propose_at <= now:
            session = self.desk.calendar.following(session.day)
        at.append(timetable(session).propose_at)
        return Wake(at=min(at), hold=hold)

    async def _resend_offered(self, now: datetime) -> bool:
        before = self.desk.patience.no_resend_before_deadline
        absent = await self.desk.views.orders_in(OrderState.ABSENT)
        return any(
            order.may_resend and now < self._table(order.session).deadline - before
            for order in absent
        )

    def _instants(self, round_: RoundView, table: Timetable, now: datetime) -> list[datetime]:
        soon = now + self.desk.patience.retry
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

    def _table(self, session: date) -> Timetable:
        found = self.desk.calendar.session(session)
        if found is None:
            raise LookupError(f"{session} is not a session of the calendar any more")
        return timetable(found)


def _first_retry(orders: list[OrderView]) -> list[datetime]:
    """Answer the earliest retry time when every unsent order has one to wait for."""
    times = [order.retry_at for order in orders if order.retry_at is not None]
    return [min(times)] if times and len(times) == len(orders) else []
