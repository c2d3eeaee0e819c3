"""Asking Telegram for updates: one decoded at a time, handled in order, confirmed when handled.

A malformed update is counted, confirmed and skipped. /stop and /pause wait behind nothing, not even
behind one another: whoever answers may have to wait an hour for Telegram. Pending updates are never
dropped: one is confirmed only when it and all before it are handled.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.methods import TelegramMethod
from aiogram.types import Update
from pydantic import ValidationError

from bot.nursery import Nursery
from bot.storage.chat import ChatStore
from bot.storage.failing import StorageFailing
from bot.telegram.contest import Contest
from bot.telegram.sending import Sleep

WANTED = ["message", "callback_query"]
LONGEST_POLL = 25
LOOK_AGAIN, LONGEST_LOOK = 1.0, 5.0
FIRST_DELAY, LONGEST_DELAY = 1.0, 30.0

log = structlog.get_logger(__name__)


class GetRawUpdates(TelegramMethod[list[Any]]):
    """getUpdates, its answer left as JSON: aiogram's own fails as a whole for one bad update."""

    __returning__ = list[Any]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int | None = None
    allowed_updates: list[str] | None = None


class Polling:
    """Poll until cancelled; `handle` gets updates in order, urgent ones at once."""

    def __init__(
        self,
        *,
        bot: Bot,
        store: ChatStore,
        handle: Callable[[Update], Awaitable[None]],
        urgent: Callable[[Update], Awaitable[bool]],
        contest: Contest,
        sleep: Sleep,
    ) -> None:
        self._bot = bot
        self._store = store
        self._handle = handle
        self._urgent = urgent
        self._contest = contest
        self._sleep = sleep
        self._next = 0
        self._look = LOOK_AGAIN
        self._known: set[int] = set()
        self._open: set[int] = set()
        self._ordered: asyncio.Queue[Update] = asyncio.Queue()
        # Of its own: telling of an error can fail too, and one update ends nothing else.
        self._updates = Nursery()
        self._idle = asyncio.Event()
        self._idle.set()
        self.first_poll_done = asyncio.Event()
        self.malformed = 0

    async def run(self) -> None:
        """Poll until cancelled."""
        async with self._updates:
            self._updates.start(self._work(), name="telegram lane")
            await self._poll_for_ever()

    def _start(self, update: Update) -> asyncio.Task[None]:
        return self._updates.start(self._one(update), name=f"telegram update {update.update_id}")

    async def _poll_for_ever(self) -> None:
        delay = FIRST_DELAY
        while True:
            try:
                updates = await self._ask()
            except TelegramUnauthorizedError:
                await self._contest.revoked()
                await self._sleep(LONGEST_DELAY)
                continue
            except TelegramRetryAfter as error:
                await self._sleep(error.retry_after)
                continue
            except (TelegramAPIError, ClientDecodeError) as error:
                if isinstance(error, TelegramConflictError):
                    await self._contest.met()
                elif delay == FIRST_DELAY:
                    name = type(error).__name__
                    log.warning("Telegram does not answer; asking again", error=name)
                await self._sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)
                continue
            if delay != FIRST_DELAY:
                log.info("Telegram answers again")
                delay = FIRST_DELAY
            self.first_poll_done.set()
            await self._contest.undisturbed()
            stuck = await self._taken(updates)
            if self._open:
                await self._until_idle()
            elif stuck:
                await self._sleep(LONGEST_DELAY)

    async def _ask(self) -> list[Any]:
        # The first answer must not wait for somebody to write: start-up waits for it.
        first = not self.first_poll_done.is_set()
        wait = 0 if self._open or first else LONGEST_POLL
        ask = GetRawUpdates(
            offset=min(self._open, default=self._next) or None,
            timeout=wait,
            allowed_updates=WANTED,
        )
        return await self._bot(ask, request_timeout=wait + 20)

    async def _taken(self, updates: list[Any]) -> bool:
        """Take new updates on; True when polling on at once would bring the same again."""
        try:
            return await self._take(updates)
        except StorageFailing as failing:
            log.error("updates wait for the disk", reason=failing.reason)  # noqa: TRY400 - the trace would say no more
            return True

    async def _take(self, updates: list[Any]) -> bool:
        confirmable = not updates
        for raw in updates:
            update_id = raw.get("update_id") if isinstance(raw, dict) else None
            if not isinstance(update_id, int):
                self._malformed(None)
                continue
            confirmable = True
            if update_id not in self._known:
                await self._take_one(update_id, raw)
            self._known.add(update_id)
            self._next = max(self._next, update_id + 1)
        self._known = {known for known in self._known if known > self._next - 1000}
        return not confirmable

    async def _take_one(self, update_id: int, raw: dict[str, Any]) -> None:
        """Put an update where it is handled. Raises StorageFailing, and then it was not."""
        try:
            update = Update.model_validate(raw, context={"bot": self._bot})
        except ValidationError:
            self._malformed(update_id)
            return
        if await self._store.seen(update_id):
            return
        urgent = await self._urgent(update)
        self._open.add(update_id)
        self._idle.clear()
        if urgent:
            self._start(update)
        else:
            self._ordered.put_nowait(update)

    def _malformed(self, update_id: int | None) -> None:
        self.malformed += 1
        log.warning("malformed update skipped", update=update_id, count=self.malformed)

    async def _work(self) -> None:
        while True:
            await asyncio.wait({self._start(await self._ordered.get())})

    async def _one(self, update: Update) -> None:
        try:
            await self._handle(update)
            await self._store.first_sight(update.update_id)
        except StorageFailing as failing:
            # Handled as far as it could be, and answered; a press is used up in the file or not.
            log.error("an update could not be noted", reason=failing.reason)  # noqa: TRY400 - the same
        finally:
            self._open.discard(update.update_id)
            if not self._open:
                self._idle.set()

    async def _until_idle(self) -> None:
        """Wait for what is being handled, but look soon for a /stop behind something slow."""
        try:
            async with asyncio.timeout(self._look):
                await self._idle.wait()
                self._look = LOOK_AGAIN
        except TimeoutError:
            self._look = min(self._look * 1.2, LONGEST_LOOK)
