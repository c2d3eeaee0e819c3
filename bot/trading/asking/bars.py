"""Daily bars of the past for whoever wants to know; read in pages, and kept for the day."""

from datetime import date

from bot.bus import Bus
from bot.commands.asking import AskBars
from bot.trading.desk import Desk
from bot.trading.ports import BrokerSilent
from bot.trading.refusal import Refusal, Why
from strategy.model import Bar

PAGE = 100
"""Bars that KIS gives in one answer at the most."""


class PastBars:
    """Answer `AskBars`. What was read for a session is not read again for it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._read: dict[str, tuple[date, int, tuple[Bar, ...]]] = {}

    def register(self, bus: Bus) -> None:
        bus.handle(AskBars, self.bars)

    async def bars(self, command: AskBars) -> tuple[Bar, ...]:
        """Give the bars. Raises Refusal."""
        desk = self._desk
        coming = desk.calendar.current_or_next(desk.clock.now()).day
        day, count, known = self._read.get(command.symbol, (date.min, 0, ()))
        if day == coming and count >= command.count:
            return known[-command.count :]
        try:
            found = await self._pages(command, coming)
        except BrokerSilent as silence:
            raise Refusal(Why.BROKER_SILENT, reason=str(silence)) from silence
        self._read[command.symbol] = (coming, command.count, found)
        return found

    async def _pages(self, command: AskBars, coming: date) -> tuple[Bar, ...]:
        found: list[Bar] = []
        before = coming
        while len(found) < command.count:
            wanted = min(PAGE, command.count - len(found))
            page = await self._desk.broker.bars(command.symbol, before=before, count=wanted)
            if not page:
                break
            found = [*page, *found]
            before = page[0].day
        return tuple(found)
