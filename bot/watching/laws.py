"""The laws kept while the bot runs: each event as it is written, a broken one stops trading."""

import structlog

from bot.events import Event, LawBroken
from bot.trading.desk import Desk
from bot.trading.holds import Hold
from bot.watching.tally import Broken, Tally

log = structlog.get_logger(__name__)


class Laws:
    """Feed the tally, hold orders at once when a law is broken, and journal the stop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._found: list[Broken] = []
        self._next = 1
        self._waiting: dict[int, Event] = {}
        self.tally = Tally()

    async def catch_up(self) -> None:
        """Count what others wrote into the journal: the console's commands, a process before.

        A write that failed and is there all the same comes to light here too. What was broken and
        told before is not told again.
        """
        journal = self._desk.journal
        if await journal.last_seq() < self._next:
            return
        found: list[Broken] = []
        async for page in journal.pages(after=self._next - 1):
            for entry in page:
                if entry.seq < self._next:
                    continue  # heard while the page was read
                found += self.tally.feed(entry.event)
                self._waiting.pop(entry.seq, None)
                self._next = entry.seq + 1
        for broken in found:
            self.broken(broken)

    def turned_wrong(self, told: str) -> bool:
        """Stop for a change of an order's state that the table of transitions does not know."""
        subject, _, detail = told.partition(": ")
        self.broken(Broken(law="turn", subject=subject, detail=detail))
        return True

    def heard(self, seq: int, event: Event) -> None:
        """Count an event that has just become durable; one behind a gap waits for `catch_up`."""
        if seq >= self._next:
            self._waiting[seq] = event
        while self._next in self._waiting:
            for broken in self.tally.feed(self._waiting.pop(self._next)):
                self.broken(broken)
            self._next += 1

    def broken(self, broken: Broken) -> None:
        """Let no further order go out for a law that does not hold; `tell` journals it."""
        log.error("a law is broken", law=broken.law, on=broken.subject, detail=broken.detail)
        if (broken.law, broken.subject) in self.tally.told:
            return  # the owner knows and went on
        self._found.append(broken)
        self._desk.holds.put(Hold.LAW, broken.law)

    async def tell(self) -> None:
        """Journal what was found: from then on trading is stopped until the owner resumes it."""
        await self.catch_up()
        if not self._found:
            return
        found = {(each.law, each.subject): each for each in self._found}
        async with self._desk.recording() as recording:
            for each in found.values():
                event = LawBroken(law=each.law, subject=each.subject, detail=each.detail)
                await recording.record(event)
        self._found.clear()
        self._desk.holds.lift(Hold.LAW)
