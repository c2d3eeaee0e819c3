"""Where "now" comes from: the machine's clock, or in venue demo the simulator's.

Nothing else in the program asks for the time. Market time decides what is due; chat time-outs run
on the machine's clock in every venue.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

import aiohttp
import structlog

NEW_YORK = ZoneInfo("America/New_York")
SEOUL = ZoneInfo("Asia/Seoul")

log = structlog.get_logger(__name__)


class Clock(Protocol):
    """Tell market time (aware, UTC) and wait on it."""

    def now(self) -> datetime: ...

    async def sleep(self, seconds: float) -> None: ...

    async def sleep_until(
        self, at: datetime, *, hold: str | None = None, nudge: asyncio.Event | None = None
    ) -> None:
        """Return at `at`, or when `nudge` is set.

        `hold` says why a simulated clock should stand still meanwhile.
        """

    @contextmanager
    def working(self) -> Iterator[None]:
        """Mark that work is being done: a simulated clock stands still meanwhile."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251 - the one place that asks the machine

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def sleep_until(
        self, at: datetime, *, hold: str | None = None, nudge: asyncio.Event | None = None
    ) -> None:
        del hold
        left = max(0.0, (at - self.now()).total_seconds())
        try:
            await asyncio.wait_for((nudge or asyncio.Event()).wait(), left)
        except TimeoutError:
            return

    @contextmanager
    def working(self) -> Iterator[None]:
        yield


_depth: ContextVar[int] = ContextVar("working_depth", default=0)


class SimulatorClock:
    """The simulator's market time: jumps while everybody waits, stands still while one works.

    `run` keeps one long poll at the simulator open whenever nothing is being worked on; a sleeper
    that is woken counts as work until it has marked its own.
    """

    def __init__(self, base_url: str, *, party: str = "bot") -> None:
        self._url = f"{base_url.rstrip('/')}/simulator/clock"
        self._party = party
        self._now: datetime | None = None
        self._busy = 0
        self._sleepers: dict[asyncio.Event, tuple[datetime, str | None]] = {}
        self._changed = asyncio.Event()
        self._http: aiohttp.ClientSession | None = None
        self._poll_scope: asyncio.Timeout | None = None
        self._leaving = False
        self.over = False

    def now(self) -> datetime:
        if self._now is None:
            raise RuntimeError("the simulator's clock has not been read yet: call start() first")
        return self._now

    async def start(self) -> None:
        """Read the time, and have it stand still until we wait.

        Raises aiohttp.ClientError when no simulator answers.
        """
        await self.read()
        if self._http is not None:
            body = {"party": self._party, "until": self.now().isoformat(), "timeout": 0}
            async with self._http.post(f"{self._url}/wait", json=body) as answer:
                self._read(await answer.json())

    async def read(self) -> None:
        """Read the time once. Raises aiohttp.ClientError when no simulator answers."""
        self._http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        async with self._http.get(self._url) as answer:
            self._read(await answer.json())

    async def stop(self) -> None:
        """Say goodbye, so that time may go on without us."""
        if self._http is None:
            return
        self._leaving = True
        self._change()
        try:
            async with self._http.delete(f"{self._url}/parties/{self._party}"):
                pass
        except (aiohttp.ClientError, TimeoutError):
            log.info("the simulator was gone before us")
        await self.close()

    async def close(self) -> None:
        """Close the connection without a word: for those who only read the time."""
        if self._http is not None:
            await self._http.close()

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self.now() + timedelta(seconds=seconds))

    async def sleep_until(
        self, at: datetime, *, hold: str | None = None, nudge: asyncio.Event | None = None
    ) -> None:
        woken = nudge or asyncio.Event()
        if at <= self.now() or woken.is_set():
            return
        self._sleepers[woken] = (at, hold)
        inside = _depth.get() > 0
        self._busy -= inside
        self._change()
        try:
            await woken.wait()
        finally:
            if self._sleepers.pop(woken, None) is None:
                # Woken by the clock, which counted us as busy; outside of any work that ends here.
                self._busy -= not inside
            else:
                self._busy += inside
            self._change()

    @contextmanager
    def working(self) -> Iterator[None]:
        token = _depth.set(_depth.get() + 1)
        self._busy += 1
        self._change()
        try:
            yield
        finally:
            self._busy -= 1
            _depth.reset(token)
            self._change()

    async def run(self) -> None:
        """Keep the simulator told what we wait for, until `stop`."""
        while not self._leaving:
            self._changed.clear()
            if self._busy > 0 or not self._sleepers:
                await self._changed.wait()
                continue
            await self._wait_once()

    async def _wait_once(self) -> None:
        if self._http is None:
            raise RuntimeError("the simulator's clock was not started")
        until = min(at for at, _ in self._sleepers.values())
        holds = [hold for _, hold in self._sleepers.values() if hold]
        body: dict[str, object] = {
            "party": self._party,
            "until": until.isoformat(),
            "hold": holds[0] if holds else None,
            "timeout": 25,
        }
        try:
            async with asyncio.timeout(None) as self._poll_scope:
                await self._poll(self._http, body)
        except TimeoutError:
            return  # interrupted by a change, or a poll that took too long: look again
        except aiohttp.ClientError as error:
            log.warning("the simulator's clock does not answer", reason=repr(error))
            await asyncio.sleep(1)
        finally:
            self._poll_scope = None

    def _change(self) -> None:
        """Have `run` look again at once, withdrawing a wait that is on its way."""
        self._changed.set()
        if self._poll_scope is not None and not self._poll_scope.expired():
            self._poll_scope.reschedule(asyncio.get_running_loop().time())

    async def _poll(self, http: aiohttp.ClientSession, body: dict[str, object]) -> None:
        async with http.post(f"{self._url}/wait", json=body) as answer:
            self._read(await answer.json())
        now = self.now()
        for woken, (at, _) in tuple(self._sleepers.items()):
            if at <= now:
                del self._sleepers[woken]
                self._busy += 1
                woken.set()

    def _read(self, answer: dict[str, object]) -> None:
        self._now = datetime.fromisoformat(str(answer["now"])).astimezone(UTC)
        self.over = bool(answer.get("last_session_over", False))
