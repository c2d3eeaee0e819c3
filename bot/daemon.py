"""`muhan run` as a service: signals, what systemd is told, settings read anew.

    starting ──► READY=1 ──► WATCHDOG=1 while the loop, the schedule and the movers live
       ▲                        │ SIGHUP: RELOADING=1, the settings anew, an orderly end, a start
       └────────────────────────┘ SIGTERM, SIGINT: STOPPING=1, an orderly end
                                  movers fail: an end with status 1; systemd starts it again

New settings are taken by ending in order and starting again inside this process, under the same
lock: start-up is recovery, so there is one way to take settings and it is the rehearsed one.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack, closing
from datetime import timedelta
from enum import Enum, auto

import structlog

from bot.app import Running, running
from bot.doing import RELOADING, STARTING, STOPPING, Line, now_doing
from bot.errors import MuhanError, SettingsError
from bot.instance import only_instance
from bot.logs import watch_loop
from bot.moving import refuse_moved
from bot.nursery import Nursery
from bot.settings import Settings
from bot.systemd import ServiceManager

LONGEST_BEAT = timedelta(seconds=10)
EXTENSION = timedelta(seconds=60)
LONGEST_START = timedelta(minutes=30)
"""A start that takes longer hangs: no more time is asked for, and systemd ends it."""
TELL = 5.0
"""Seconds: a chat that does not answer may not hold up an end that is asked for meanwhile."""
LOOKS_BY = timedelta(minutes=15)
"""One look may send a whole round at a call a second while KIS is slow; this is far beyond it."""

HOME_MOVED = (
    "MUHAN_HOME은 켜져 있는 동안 바꿀 수 없습니다: 봇을 끄고 다시 시작해 주세요.",
    "MUHAN_HOME cannot be changed while the bot runs: stop it and start it again.",
)

log = structlog.get_logger(__name__)


class End(Enum):
    """Why a life of the bot ended."""

    ASKED = auto()
    FAILED = auto()
    RELOAD = auto()


async def run(settings: Settings, *, again: Callable[[], Settings], as_json: bool = False) -> bool:
    """Run the bot until SIGTERM or SIGINT; answer whether that was why it ended.

    When what moves the day fails, the bot ends instead of standing still in silence: the service
    manager starts it again, and start-up is recovery. `again` reads the settings anew on SIGHUP.
    Raises MuhanError when it must not start.
    """
    watch_loop(asyncio.get_running_loop())
    with only_instance(settings.muhan_home):
        refuse_moved(settings.muhan_home)
        with closing(ServiceManager()) as manager:
            async with Nursery() as nursery:
                daemon = _Daemon(settings, again, manager, as_json=as_json)
                daemon.listen(nursery)
                well = await daemon.live()
    log.info("stopped", well=well)
    return well


class _Daemon:
    def __init__(
        self,
        settings: Settings,
        again: Callable[[], Settings],
        manager: ServiceManager,
        *,
        as_json: bool,
    ) -> None:
        self._settings = settings
        self._again = again
        self._as_json = as_json
        self._manager = manager
        self._woken = asyncio.Event()
        self._stop = self._reload = self._failed = False
        self._start: asyncio.Timeout | None = None
        self._bot: Running | None = None
        self._next: Settings | None = None
        self._before: Settings | None = None
        self._unread: MuhanError | None = None
        self._spent = timedelta()
        self._told: Line | None = None

    def listen(self, nursery: Nursery) -> None:
        """Hear the signals, and tell the service manager where there is one."""
        if self._manager.listens:
            nursery.start(self.keep_telling(), name="service manager")
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._asked_to_stop)
        # A hang-up is a wish for new settings, unless it was the terminal that went away.
        hung_up = self._asked_to_stop if os.isatty(0) else self._asked_to_reload
        loop.add_signal_handler(signal.SIGHUP, hung_up)

    def _asked_to_stop(self) -> None:
        self._stop = True
        self._manager.stopping()
        self._say(STOPPING)
        self._woken.set()
        if self._start is not None and not self._start.expired():
            self._start.reschedule(asyncio.get_running_loop().time())

    def _asked_to_reload(self) -> None:
        self._reload = True
        self._woken.set()

    def _has_failed(self) -> None:
        self._failed = True
        self._woken.set()

    async def live(self) -> bool:
        """Live until somebody asks for the end or the movers fail; answer whether it was asked."""
        while True:
            try:
                end = await self._life()
            except MuhanError as error:
                if self._before is None:
                    raise
                log.error("the new settings do not start", why=error.english)  # noqa: TRY400 - the sentence says it
                self._settings, self._before, self._unread = self._before, None, error
                continue
            if end is not End.RELOAD or self._next is None:
                return end is End.ASKED
            self._before, self._settings = self._settings, self._next

    async def _life(self) -> End:
        """Start with the settings as they are, and live until there is a reason to end."""
        async with AsyncExitStack() as stack:
            self._spent = timedelta()
            self._say(STARTING)
            stack.callback(self._forget)
            try:
                async with asyncio.timeout(0 if self._stop else None) as self._start:
                    started = running(
                        self._settings, on_ready=self._is_ready, on_failure=self._has_failed
                    )
                    self._bot = await stack.enter_async_context(started)
            except TimeoutError:
                if not self._stop:
                    raise
            finally:
                self._start = None
            return await self._until_the_end()

    def _forget(self) -> None:
        self._bot = None

    def _is_ready(self) -> None:
        self._before = None  # these settings have proved that they start
        self._manager.ready()
        if self._as_json:
            sys.stdout.write(json.dumps({"ready": True}) + "\n")
            sys.stdout.flush()
            self._as_json = False

    async def _until_the_end(self) -> End:
        while True:
            if self._failed:
                return End.FAILED
            if self._stop:
                return End.ASKED
            if self._reload:
                self._reload = False
                if self._reads_anew():
                    return End.RELOAD
            await self._complain()
            self._tell()
            await self._woken.wait()
            self._woken.clear()

    def _reads_anew(self) -> bool:
        """Tell whether there are new settings to start with."""
        self._manager.reloading()
        self._say(RELOADING)
        try:
            self._next = self._again()
            if self._next.muhan_home != self._settings.muhan_home:
                raise SettingsError(*HOME_MOVED)
        except MuhanError as error:
            log.error("the settings stay as they were", why=error.english)  # noqa: TRY400 - the sentence says it
            self._next, self._unread = None, error
        if self._next == self._settings:
            log.info("the settings say nothing new")
            self._next = None
        if self._next is None:
            self._manager.ready()
        return self._next is not None

    async def _complain(self) -> None:
        """Tell the owner in the chat why his new settings are not in force."""
        unread, self._unread = self._unread, None
        if unread is None or self._bot is None:
            return
        try:
            async with asyncio.timeout(TELL):
                await self._bot.tell_unread(unread)
        except TimeoutError:
            log.warning("the chat was not told that the settings stay")

    async def keep_telling(self) -> None:
        """Beat while the bot lives: the loop by doing this at all, the rest by its own signs."""
        waits = self._manager.watchdog
        every = LONGEST_BEAT if waits is None else min(LONGEST_BEAT, waits / 3)
        while True:
            self._tell()
            await asyncio.sleep(every.total_seconds())
            self._spent += every

    def _tell(self) -> None:
        bot = self._bot
        if bot is None or self._start is not None:
            if self._spent <= LONGEST_START and not self._stop:
                self._manager.extend(EXTENSION)
                self._manager.alive()
            return
        if lives(bot.silence(), failed=bot.failed.is_set()):
            self._manager.alive()
        if not self._stop:
            self._say(now_doing(bot.desk))

    def _say(self, line: Line) -> None:
        if line != self._told:
            self._told = line
            self._manager.status(line[self._settings.muhan_language.value == "en"])


def lives(silence: timedelta, *, failed: bool) -> bool:
    """Tell whether schedule and movers go on; that the loop does is proved by asking.

    `silence` is how long the schedule has not come round.
    """
    return silence <= LOOKS_BY and not failed
