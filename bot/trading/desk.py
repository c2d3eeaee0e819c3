"""What every part of trading works with: clock, journal, views, counter, and who is told."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TypeVar

from bot.bus import Bus
from bot.clock import Clock
from bot.events import BrokerReturned, BrokerTroubled, Event
from bot.sessions import Calendar, session_on
from bot.storage.journal import Journal, Recording
from bot.storage.order_projections import WrongTurn
from bot.storage.views import Views
from bot.timetable import DEFAULT_HOURS, Hours, Timetable, timetable
from bot.trading.emulation import Emulation, imitated
from bot.trading.holds import Holds
from bot.trading.limits import Limits
from bot.trading.model import Slot
from bot.trading.ports import Broker, BrokerSilent

Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long trading waits: for answers, for absence to be believed, between tries.

    What stays silent is asked about after `retry`, then ever more rarely: every `soon` at least
    where orders wait for it, every `longest` elsewhere.
    """

    quiet: timedelta = timedelta(minutes=10)
    retry: timedelta = timedelta(minutes=1)
    soon: timedelta = timedelta(minutes=2)
    longest: timedelta = timedelta(minutes=5)
    look_again: timedelta = timedelta(seconds=30)
    asked: timedelta = timedelta(minutes=5)
    gateway_tries: int = 3
    no_resend_before_deadline: timedelta = timedelta(minutes=30)
    resting: timedelta = timedelta(minutes=3)

    def __post_init__(self) -> None:
        if self.quiet < timedelta(seconds=120):
            raise ValueError("the quiet period is never under 120 seconds (settled.md)")


@dataclass(kw_only=True)
class Desk:
    """One per running bot; `started` is when this process began (the quiet period counts it).

    No order is sent while `gate_open` is False: before recovery is done, and while stopping; nor
    while one of the `holds` stands. `ahead` says how far the broker's clock is ahead of ours.
    `hearing` are told of every event of ours with its number, once it is durable.
    `emulation` is there where the venue takes neither LOC nor MOC; `real` where money is real.
    """

    clock: Clock
    journal: Journal
    views: Views
    broker: Broker
    bus: Bus
    calendar: Calendar
    started: datetime
    patience: Patience = field(default_factory=Patience)
    emulation: Emulation | None = None
    real: bool = False
    hours: Hours = DEFAULT_HOURS
    gate_open: bool = False
    limits: Limits = field(default_factory=Limits)
    holds: Holds = field(default_factory=Holds)
    ahead: Callable[[], timedelta | None] = lambda: None
    hearing: list[Callable[[int, Event], None]] = field(default_factory=list)
    _trouble: str = ""
    _heard: bool = False
    _silent: bool = False

    def table(self, session: date) -> Timetable:
        """Lay out the day of a session.

        One that was closed after its round was planned (a day of mourning) has the usual hours:
        what is out by then still has to be settled.
        """
        return timetable(self.calendar.session(session) or session_on(session), self.hours)

    def closed(self, session: date) -> bool:
        """Tell whether a day is no session, as the owner may have written down since."""
        return self.calendar.session(session) is None

    def emulates(self, slot: Slot) -> bool:
        """Tell whether an order goes out as an imitation near the close."""
        return self.emulation is not None and imitated(slot)

    def may_send(self, slot: Slot, table: Timetable) -> bool:
        """Tell whether this is the time for an order."""
        now = self.clock.now()
        if self.emulates(slot):
            return table.may_emulate(now)
        return table.may_send(now) and now >= self.opens(table)

    def opens(self, table: Timetable) -> datetime:
        """Say from when on the venue takes limit orders: 모의투자 takes none before the open.

        It turns them away with 40570000 in the pre-market, as clients saw in May and October 2026.
        """
        return table.send_from if self.emulation is None else table.session.open

    @property
    def trouble(self) -> str:
        """Why the broker cannot be asked, as it was told; "" while it answers."""
        return self._trouble

    def surely(self) -> datetime:
        """Give the earlier of our clock and the broker's: ours alone makes nothing too late."""
        ahead = self.ahead() or timedelta()
        return self.clock.now() + min(ahead, timedelta())

    def too_late(self, slot: Slot, table: Timetable) -> bool:
        """Tell whether an order that has not gone out will not go any more."""
        last = table.emulate_until if self.emulates(slot) else table.deadline
        return self.surely() >= last

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[Recording]:
        """Record events durably in one transaction, then publish them."""
        async with self.journal.recording(self.clock.now()) as recording:
            yield recording
        for seq, event in zip(recording.seqs, recording.events, strict=True):
            for hear in self.hearing:
                hear(seq, event)
            self.bus.publish(event)

    async def troubled(self, reason: str) -> None:
        """Tell once that the broker cannot be asked."""
        self._silent = True
        if not self._trouble:
            self._trouble = reason
            async with self.recording() as recording:
                await recording.record(BrokerTroubled(reason=reason))

    def unheard(self) -> None:
        """Note that something the broker was silent about is not asked yet again."""
        self._silent = True

    def answered(self) -> None:
        """Note that the broker answered about something."""
        self._heard = True

    async def looked(self) -> None:
        """End a look: the broker is back when it answered and was silent about nothing."""
        back = self._heard and not self._silent
        self._heard = self._silent = False
        if self._trouble and back:
            self._trouble = ""
            async with self.recording() as recording:
                await recording.record(BrokerReturned())


async def in_turn(items: Iterable[Item], do: Callable[[Item], Awaitable[Answer]]) -> list[Answer]:
    """Do something for each of several; trouble with one keeps no other from its turn.

    Raises the first WrongTurn, or else the first BrokerSilent, at the end.
    """
    answers: list[Answer] = []
    silence: BrokerSilent | None = None
    wrong: WrongTurn | None = None
    for item in items:
        try:
            answers.append(await do(item))
        except BrokerSilent as heard:
            silence = silence or heard
        except WrongTurn as turn:
            wrong = wrong or turn
    if (trouble := wrong or silence) is not None:
        raise trouble
    return answers
