"""Rounds that nobody has let go yet: their owner is reminded, and at the cut-off they lapse."""

from datetime import datetime

from bot.events import ReminderDue, RoundLapsed
from bot.storage.standing import standing_of
from bot.storage.views import RoundView
from bot.timetable import Timetable
from bot.trading.desk import Desk
from bot.trading.model import Approval, RoundState
from bot.trading.why import why_lapsed


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
        """Remind of what waits for a tap, at the instants before the cut-off."""
        now = self._desk.clock.now()
        for round_ in await self._desk.views.rounds_in(RoundState.PROPOSED):
            table = self._desk.table(round_.session)
            if round_.approval is Approval.CONFIRM and now < table.deadline:
                await self._remind_of(round_, table, now)

    async def _remind_of(self, round_: RoundView, table: Timetable, now: datetime) -> None:
        passed = [at for at in table.reminders if at <= now]
        if not passed:
            return
        minutes = int((table.deadline - passed[-1]).total_seconds() // 60)
        if round_.reminded is None or round_.reminded > minutes:
            async with self._desk.recording() as recording:
                await recording.record(ReminderDue(round_id=round_.round_id, minutes=minutes))
