"""The laws kept while the bot runs: each event as it is written, a broken one stops trading."""

import structlog

from bot.events import Event, LawBroken
from bot.storage.journal import Journal
from bot.trading.desk import Desk
from bot.trading.holds import Hold
from bot.watching.tally import Broken, Tally

log = structlog.get_logger(__name__)


class Laws:
    """Feed the tally, hold orders at once when a law is broken, and journal the stop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._found: list[Broken] = []
        self.tally = Tally()

    async def recall(self, journal: Journal) -> None:
        """Count the journal as it stands; what it broke before and was told is not told again."""
        found = [each for entry in await journal.entries() for each in self.tally.feed(entry.event)]
        for broken in found:
            if (broken.law, broken.subject) not in self.tally.told:
                self.broken(broken)

    def heard(self, event: Event) -> None:
        """Count an event that has just become durable."""
        for broken in self.tally.feed(event):
            self.broken(broken)

    def broken(self, broken: Broken) -> None:
        """Let no further order go out for a law that does not hold; `tell` journals it."""
        log.error("a law is broken", law=broken.law, on=broken.subject, detail=broken.detail)
        self._found.append(broken)
        self._desk.holds.put(Hold.LAW, broken.law)

    async def tell(self) -> None:
        """Journal what was found: from then on trading is stopped until the owner resumes it."""
        if not self._found:
            return
        found = {(each.law, each.subject): each for each in self._found}
        async with self._desk.recording() as recording:
            for each in found.values():
                event = LawBroken(law=each.law, subject=each.subject, detail=each.detail)
                await recording.record(event)
        self._found.clear()
        self._desk.holds.lift(Hold.LAW)
