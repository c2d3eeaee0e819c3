"""Splits that KIS announces: told on their first evening; no plan comes before they are booked.

Shares and price that look like a split by themselves are `reconcile`'s to see.
"""

from collections.abc import Iterable
from datetime import date, timedelta

from bot.events import SplitAnnounced
from bot.trading.desk import Desk
from bot.trading.ports import Announced

AROUND = timedelta(days=7)
_SATURDAY = 5


class SplitWatch:
    """Ask once an evening, symbol by symbol."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def look(self, session: date) -> None:
        """Tell of the splits whose first session has come. Raises BrokerSilent."""
        symbols: dict[str, date] = {}
        for view in await self._desk.views.cycles():
            started = view.started_at.date()
            symbols[view.symbol] = min(symbols.get(view.symbol, started), started)
        for symbol, started in symbols.items():
            rights = await self._desk.broker.announced(symbol, session - AROUND, session + AROUND)
            split = first_of(rights)
            if split is None or not started <= split.first_session <= session:
                continue
            if await self._desk.views.account.told_of_split(symbol, split.first_session):
                continue
            async with self._desk.recording() as recording:
                await recording.record(split)


def first_of(rights: Iterable[Announced]) -> SplitAnnounced | None:
    """Read one split off the announcements; KIS repeats it with other dates.

    Its last weekday in Seoul is the first session at the new shares (`kis.models.Right`).
    """
    weekdays = [
        right for right in rights if right.split is not None and right.day.weekday() < _SATURDAY
    ]
    if not weekdays:
        return None
    last = max(weekdays, key=lambda right: right.day)
    if last.split is None:
        return None
    return SplitAnnounced(symbol=last.symbol, split=last.split, first_session=last.day)
