"""Market time: who waits for it, and what moves it.

A party is idle from the arrival of its wait until the wait is answered; time moves only while
every registered party is idle.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from kis.simulator.config import Pace, PaceKind
from kis.simulator.exchange import Exchange
from kis.simulator.parties import ClockRefusalError, Party, PartyBusyError, Woken, iso

TICK_SECONDS = 0.05
DAY_SECONDS = 86400.0


class Clock:
    """Moves an exchange through time for the parties that wait on it."""

    def __init__(
        self,
        exchange: Exchange,
        pace: Pace,
        *,
        patience: float = 60.0,
        flush: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._exchange = exchange
        self._timetable = exchange.timetable
        self._patience = patience
        self._flush = flush
        self._lock = asyncio.Lock()
        self._change = asyncio.Event()
        self._closing = False
        self.pace = pace
        self.parties: dict[str, Party] = {}

    @property
    def now(self) -> datetime:
        return self._exchange.now

    @property
    def last_session_over(self) -> bool:
        return self._timetable.next_close(self.now) is None

    def described(self) -> dict[str, object]:
        """Give the clock's state as the control surface shows it."""
        session = self._timetable.session_at(self.now)
        following = self._timetable.next_open(self.now)
        return {
            "now": iso(self.now),
            "session": None if session is None else session.day.isoformat(),
            "phase": self._exchange.phase.value,
            "next_session": None
            if following is None
            else {
                "day": following.day.isoformat(),
                "open": iso(following.open),
                "close": iso(following.close),
            },
            "last_session_over": self.last_session_over,
            "parties": [party.described() for party in self.parties.values()],
            "pace": self.pace.described(),
        }

    # -- the parties ------------------------------------------------------------------------

    async def wait(
        self, name: str, until: datetime | None, hold: str | None, seconds: float
    ) -> Woken:
        """Wait as a party until simulated time reaches `until`, or `seconds` pass on the wall.

        The first wait registers the party; a second one replaces the first.
        """
        loop = asyncio.get_running_loop()
        party = self.parties.setdefault(name, Party(name, loop.time()))
        if party.waiter is not None and not party.waiter.done():
            party.waiter.set_result(Woken.REPLACED)
        party.until, party.hold, party.waiter = until, hold, None
        if until is not None and until <= self.now:
            self._changed()
            return Woken.DUE
        waiter: asyncio.Future[Woken] = loop.create_future()
        party.waiter = waiter
        self._changed()
        try:
            async with asyncio.timeout(seconds):
                return await waiter
        except TimeoutError:
            return Woken.TIMED_OUT
        finally:
            if party.waiter is waiter:
                party.busy_since = loop.time()
                party.waiter = None
                self._changed()

    def unregister(self, name: str) -> bool:
        """Forget a party; time no longer waits for it."""
        party = self.parties.pop(name, None)
        if party is None:
            return False
        if party.waiter is not None and not party.waiter.done():
            party.waiter.set_result(Woken.REPLACED)
        self._changed()
        return True

    def set_pace(self, pace: Pace) -> None:
        """Change who moves time. Raises ClockRefusalError for live mode's pace."""
        if pace.kind is PaceKind.WALL:
            raise ClockRefusalError("Only live mode follows the wall clock.")
        self.pace = pace
        self._changed()

    def close(self) -> None:
        """Answer every pending wait, so that the server can end."""
        self._closing = True
        for party in self.parties.values():
            if party.waiter is not None and not party.waiter.done():
                party.waiter.set_result(Woken.CLOSING)
        self._changed()

    # -- moving by call ---------------------------------------------------------------------

    def target(self, to: str) -> datetime:
        """Read where a caller wants to go: session, open, close or an ISO instant with offset.

        Raises ClockRefusalError with the sentence to answer.
        """
        if to in {"session", "open", "close"}:
            following = self._following(to)
            if following is None:
                raise ClockRefusalError(f"No {to} is left: the last known session is over.")
            return following
        try:
            instant = datetime.fromisoformat(to)
        except ValueError:
            raise ClockRefusalError(
                f"{to!r} is neither session, open, close nor an ISO time."
            ) from None
        if instant.tzinfo is None:
            raise ClockRefusalError(f"{to} needs an offset, as 2026-10-07T09:30-04:00.")
        return instant.astimezone(UTC)

    def _following(self, to: str) -> datetime | None:
        if to == "session":
            return self._timetable.next_pre_market(self.now)
        if to == "open":
            session = self._timetable.next_open(self.now)
            return None if session is None else session.open
        session = self._timetable.next_close(self.now)
        return None if session is None else session.close

    async def move(self, to: str) -> None:
        """Move to an instant, stopping for every party on the way; return when all wait again.

        Raises ClockRefusalError when the instant lies behind or past the last known session, and
        PartyBusyError when a party does not come back.
        """
        try:
            async with self._lock:
                await self._move(self.target(to))
        finally:
            self._changed()

    async def _move(self, target: datetime) -> None:
        if target < self.now:
            raise ClockRefusalError(f"Time does not go back: it is {iso(self.now)} already.")
        if target > self._timetable.horizon:
            raise ClockRefusalError(
                f"{iso(target)} is past the last known session, {self._timetable.sessions[-1].day}."
            )
        while True:
            await self._settle()
            if self.now >= target:
                return
            await self._step(target)

    async def _settle(self) -> None:
        """Return when every party is idle."""
        loop = asyncio.get_running_loop()
        while not self._closing:
            busy = [party for party in self.parties.values() if not party.idle]
            if not busy:
                return
            first = min(busy, key=lambda party: party.busy_since)
            left = first.busy_since + self._patience - loop.time()
            if left <= 0:
                raise PartyBusyError(
                    f"The party {first.name} has not waited for {self._patience:g} seconds; "
                    f"time stands at {iso(self.now)}."
                )
            await self._changed_within(left)

    async def _step(self, target: datetime) -> None:
        """Go to the target or the first party's instant before it, and wake who is due."""
        stops = [p.until for p in self.parties.values() if p.until and p.until > self.now]
        self._exchange.advance(max(self.now, min([target, *stops])))
        if self._flush is not None:
            await self._flush()
        self._wake_due()

    def _wake_due(self) -> None:
        for party in self.parties.values():
            due = party.until is not None and party.until <= self.now
            if due and party.waiter is not None and not party.waiter.done():
                party.waiter.set_result(Woken.DUE)
                party.busy_since = asyncio.get_running_loop().time()

    # -- moving by itself -------------------------------------------------------------------

    async def run(self) -> None:
        """Move time as the pace says, until the clock is closed."""
        while not self._closing:
            match self.pace.kind:
                case PaceKind.MANUAL:
                    await self._changed_within(None)
                case PaceKind.FLOW:
                    await self._flow()
                case PaceKind.JUMP:
                    await self._jump()
                case PaceKind.WALL:
                    raise ClockRefusalError("Only live mode follows the wall clock.")

    def _free(self) -> bool:
        """Tell whether automatic pace may move: everybody idle, no approval open."""
        return (
            not self._closing
            and not self._lock.locked()
            and all(party.idle and party.hold is None for party in self.parties.values())
        )

    async def _flow(self) -> None:
        loop = asyncio.get_running_loop()
        before = loop.time()
        while self.pace.kind is PaceKind.FLOW and not self._closing:
            if not self._free() or self.now >= self._timetable.horizon:
                await self._changed_within(None if self.parties else TICK_SECONDS)
                before = loop.time()
                continue
            await asyncio.sleep(TICK_SECONDS)
            after = loop.time()
            passed, before = timedelta(seconds=(after - before) * self.pace.speed), after
            if self._free():
                async with self._lock:
                    await self._step(min(self.now + passed, self._timetable.horizon))

    def _next_stop(self) -> datetime | None:
        """Give the earliest instant that a party waits for, when time may jump to it."""
        if not self.parties or not self._free():
            return None
        stops = [party.until for party in self.parties.values() if party.until is not None]
        if not stops or min(stops) > self._timetable.horizon:
            return None
        return min(stops)

    async def _jump(self) -> None:
        loop = asyncio.get_running_loop()
        plan: tuple[datetime, datetime] | None = None
        starts = 0.0
        while self.pace.kind is PaceKind.JUMP and not self._closing:
            stop = self._next_stop()
            if stop is None:
                await self._changed_within(None)
                continue
            if plan != (self.now, stop):
                plan = (self.now, stop)
                starts = loop.time() + self._pause(stop - self.now)
            left = starts - loop.time()
            if left > 0:
                await self._changed_within(left)
                continue
            async with self._lock:
                await self._step(stop)

    def _pause(self, gap: timedelta) -> float:
        seconds = self.pace.seconds_per_day
        return min(seconds * gap.total_seconds() / DAY_SECONDS, seconds / 2)

    # -- changes ----------------------------------------------------------------------------

    def _changed(self) -> None:
        change, self._change = self._change, asyncio.Event()
        change.set()

    async def _changed_within(self, seconds: float | None) -> None:
        change = self._change
        try:
            async with asyncio.timeout(seconds):
                await change.wait()
        except TimeoutError:
            return
