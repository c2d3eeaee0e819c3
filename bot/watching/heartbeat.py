"""A sign of life for somebody else to miss: a URL that is called, or a second chat that is written.

A bot cannot tell of its own death. What it sends proves that the schedule looks, that the broker
answered the last question and that letters to the owner move; it proves nothing about the orders.
In a chat only a person can miss it; a monitor (healthchecks and the like) does it by itself.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import aiohttp
import structlog

from bot.clock import Clock
from bot.events import LawBroken, TradingResumed
from bot.storage.failing import StorageFailing
from bot.storage.outbox import Outbox
from bot.trading.desk import Desk

EVERY = timedelta(minutes=5)
LOOKS_BY = timedelta(minutes=3)
LETTERS_BY = timedelta(minutes=15)
PATIENCE = aiohttp.ClientTimeout(total=10)

log = structlog.get_logger(__name__)


class Pulse:
    """What is known of the bot's health; it answers with what is wrong, in codes.

    A simulator that owns the time lets it stand still while somebody has to decide.
    """

    def __init__(
        self, desk: Desk, outbox: Outbox, wall: Clock, *, stands_still: bool = False
    ) -> None:
        self._stands_still = stands_still
        self._desk = desk
        self._outbox = outbox
        self._wall = wall
        self._looked = wall.now()

    async def look(self) -> None:
        """Note that the schedule has come round: the last step of every look."""
        self._looked = self._wall.now()

    def silence(self) -> timedelta:
        """Say how long ago the schedule last came round.

        Nothing can be told of a schedule that `stands_still` with a simulator's time.
        """
        if self._stands_still:
            return timedelta()
        return self._wall.now() - self._looked

    async def wrong(self) -> tuple[str, ...]:
        """List what is wrong now; empty while schedule, broker and letters move."""
        now, found = self._wall.now(), list(self._desk.holds.reasons)
        if self.silence() > LOOKS_BY:
            found.append("schedule")
        if self._desk.trouble:
            found.append("broker")
        try:
            oldest = await self._outbox.oldest()
            stopped = await self._desk.journal.latest_of(LawBroken, TradingResumed)
        except StorageFailing:
            found.append("disk")
        else:
            if oldest is not None and now - oldest > LETTERS_BY:
                found.append("letters")
            if isinstance(stopped, LawBroken):  # the owner's own /stop is no trouble
                found.append("law")
        return tuple(dict.fromkeys(found))


class Heartbeat:
    """Send the sign every five minutes, and a cry instead of it when something is wrong.

    `url` gets a GET, and with `/fail` behind it when something is wrong; `write` is told the
    instant and what is wrong, for the second chat. Neither ever holds anything up.
    """

    def __init__(
        self,
        pulse: Pulse,
        wall: Clock,
        *,
        url: str = "",
        write: Callable[[datetime, tuple[str, ...]], Awaitable[None]] | None = None,
    ) -> None:
        self._pulse = pulse
        self._wall = wall
        self._url = url.rstrip("/")
        self._write = write

    async def run(self) -> None:
        """Beat until cancelled."""
        while True:
            await self._wall.sleep(EVERY.total_seconds())
            await self.beat()

    async def beat(self) -> None:
        """Send one sign."""
        wrong = await self._pulse.wrong()
        if self._url:
            await self._call(f"{self._url}/fail" if wrong else self._url)
        if self._write is not None:
            await self._write(self._wall.now(), wrong)

    async def _call(self, url: str) -> None:
        try:
            async with (
                aiohttp.ClientSession(timeout=PATIENCE) as http,
                http.get(url, allow_redirects=False) as answer,
            ):
                if answer.status >= 300:  # one that points elsewhere has heard nothing either
                    log.warning("the heartbeat was refused", status=answer.status)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            # The error's own words hold the address, and that is the monitor's key.
            log.warning("the heartbeat did not get through", error=type(error).__name__)
