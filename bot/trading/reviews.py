"""The end of a week or month: once its last session is settled, that is journalled, and told."""

from datetime import date

from bot.charts.model import Period
from bot.events import PeriodEnded
from bot.reports.periods import Span, before, span_of
from bot.storage.watch_projections import period_ended, told_already
from bot.trading.desk import Desk
from bot.trading.model import UNSETTLED

REVIEWED = (Period.WEEK, Period.MONTH)


class Reviews:
    """Look, after each settlement, whether a week or a month is over."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._looked: date | None = None

    async def look(self) -> None:
        """Record the end of every period that is whole and had a settled session.

        A bot that was off at a period's end tells of it later, as long as the next has not ended.
        """
        desk = self._desk
        coming = desk.calendar.current_or_next(desk.clock.now()).day
        last = desk.calendar.previous(coming).day
        if last == self._looked:
            return
        if any(round_.session <= last for round_ in await desk.views.rounds_in(*UNSETTLED)):
            return
        for period in REVIEWED:
            span = span_of(period, last)
            over = span if coming > span.last else before(span)
            if await desk.views.settled_between(over.first, over.last):
                await self._record(over)
        self._looked = last

    async def _record(self, span: Span) -> None:
        ended = PeriodEnded(period=span.period, first=span.first, last=span.last)
        async with self._desk.recording() as recording:
            if not await told_already(recording.transaction, period_ended(ended)):
                await recording.record(ended)
