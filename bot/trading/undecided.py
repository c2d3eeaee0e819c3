"""Rounds that nobody has let go yet: their owner is reminded, and at the cut-off they lapse."""

from collections.abc import Callable
from datetime import date, datetime
from math import ceil

from bot.events import ReminderDue, RoundDelayed, RoundLapsed
from bot.storage.standing import standing_of
from bot.storage.views import CycleView, RoundView
from bot.storage.watch_projections import round_delayed, told_already
from bot.timetable import Timetable
from bot.trading.desk import Desk
from bot.trading.model import UNSETTLED, Approval, RoundState, round_id
from bot.trading.why import why_lapsed

TOLD_BEFORE = frozenset({"held", "hand_sale", "split", "unsettled"})
"""Reasons that the owner was asked about when they arose: once a night is enough for these."""


class Undecided:
    """Look at the rounds that are proposed; nothing is sent here."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def lapse(self) -> None:
        """Let go by what was not agreed to before its cut-off, and say why."""
        desk = self._desk
        for round_ in await desk.views.rounds_in(RoundState.PROPOSED):
            late = desk.surely() >= desk.table(round_.session).deadline
            if late or desk.closed(round_.session):
                reason = await why_lapsed(desk, round_)
                async with desk.recording() as recording:
                    _, _, state = await standing_of(recording.transaction, round_.round_id)
                    if state is RoundState.PROPOSED:  # a tap may have come at the last moment
                        await recording.record(RoundLapsed(round_id=round_.round_id, reason=reason))

    async def remind(self) -> None:
        """Remind of what waits for a tap, at the instants before the cut-off.

        Not while trading is stopped: the tap would be refused. When it goes on, what was due is
        told with the minutes that are left.
        """
        if await self._desk.views.trading() in ("stopped", "killed"):
            return
        now = self._desk.clock.now()
        for round_ in await self._desk.views.rounds_in(RoundState.PROPOSED):
            table = self._desk.table(round_.session)
            if round_.approval is Approval.CONFIRM and now < table.deadline:
                await self._remind_of(round_, table, now)

    async def warn(self, why: Callable[[CycleView, date], str]) -> None:
        """Tell, as the cut-off comes near, of cycles whose session has no round at all.

        `why` knows what kept the evening from planning it.
        """
        desk, now = self._desk, self._desk.clock.now()
        session = desk.calendar.current_or_next(now).day
        table = desk.table(session)
        passed = [at for at in table.reminders if at <= now < table.deadline]
        if not passed:
            return
        for view in await desk.views.cycles():
            latest = await desk.views.latest_round(view.cycle_id)
            begun = view.first_session is None or view.first_session <= session
            if view.rests or not begun or (latest and latest.session >= session):
                continue
            waits = latest is not None and latest.state in UNSETTLED
            reason = "unsettled" if waits else why(view, session)
            at = passed[0] if reason in TOLD_BEFORE else passed[-1]
            minutes = int((table.deadline - at).total_seconds() // 60)
            await self._missing(round_id(view.cycle_id, session), minutes, reason)

    async def _missing(self, identity: str, minutes: int, reason: str) -> None:
        async with self._desk.recording() as recording:
            key = round_delayed(identity, minutes)
            if not await told_already(recording.transaction, key):
                await recording.record(
                    RoundDelayed(
                        round_id=identity, minutes=minutes, missing=None, reasons=(reason,)
                    )
                )

    async def _remind_of(self, round_: RoundView, table: Timetable, now: datetime) -> None:
        passed = [at for at in table.reminders if at <= now]
        if not passed:
            return
        due = int((table.deadline - passed[-1]).total_seconds() // 60)
        if round_.reminded is None or round_.reminded > due:
            minutes = min(due, ceil((table.deadline - now).total_seconds() / 60))
            async with self._desk.recording() as recording:
                await recording.record(ReminderDue(round_id=round_.round_id, minutes=minutes))
