"""Asking Telegram for updates: one decoded at a time, handled in order, confirmed when handled.

A malformed update is counted, confirmed and skipped. /stop and /pause pass whatever is waiting.
Pending updates are never dropped: one is confirmed only when it and all before it are handled.
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
from bot.telegram.sending import Sleep

WANTED = ["message", "callback_query"]
LONGEST_POLL = 25
LOOK_AGAIN = 1.0
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
    """Poll until cancelled; `handle` gets updates in order, urgent ones in a lane of their own."""

    def __init__(
        self,
        *,
        bot: Bot,
        store: ChatStore,
        handle: Callable[[Update], Awaitable[None]],
        urgent: Callable[[Update], Awaitable[bool]],
        nursery: Nursery,
        sleep: Sleep,
    ) -> None:
        self._bot = bot
        self._store = store
        self._handle = handle
        self._urgent = urgent
        self._nursery = nursery
        self._sleep = sleep
        self._next = 0
        self._known: set[int] = set()
        self._open: set[int] = set()
        self._lanes: tuple[asyncio.Queue[Update], asyncio.Queue[Update]] = (
            asyncio.Queue(),
            asyncio.Queue(),
        )
        self._idle = asyncio.Event()
        self._idle.set()
        self.first_poll_done = asyncio.Event()
        self.malformed = 0

    async def run(self) -> None:
        """Poll until cancelled. Raises TelegramUnauthorizedError when the token is not valid."""
        lanes = [
            self._nursery.start(self._work(lane), name=f"telegram lane {name}")
            for name, lane in zip(("ordered", "urgent"), self._lanes, strict=True)
        ]
        try:
            await self._poll_for_ever()
        finally:
            for lane in lanes:
                lane.cancel()

    async def _poll_for_ever(self) -> None:
        delay = FIRST_DELAY
        while True:
            try:
                updates = await self._ask()
            except TelegramUnauthorizedError:
                log.error("Telegram does not know this token: check TELEGRAM_BOT_TOKEN")  # noqa: TRY400 - the trace would say no more
                raise
            except TelegramRetryAfter as error:
                await self._sleep(error.retry_after)
                continue
            except (TelegramAPIError, ClientDecodeError) as error:
                if delay == FIRST_DELAY:
                    self._tell(error)
                await self._sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)
                continue
            if delay != FIRST_DELAY:
                log.info("Telegram answers again")
                delay = FIRST_DELAY
            self.first_poll_done.set()
            stuck = await self._take(updates)
            if self._open:
                await self._until_idle()
            elif stuck:
                await self._sleep(LONGEST_DELAY)

    def _tell(self, error: Exception) -> None:
        if isinstance(error, TelegramConflictError):
            log.error("another program polls with this bot token, or the token was stolen")
        else:
            log.warning("Telegram does not answer; asking again", error=type(error).__name__)

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

    async def _take(self, updates: list[Any]) -> bool:
        """Put new updates into their lanes; True when nothing came that can be confirmed."""
        confirmable = not updates
        for raw in updates:
            update_id = raw.get("update_id") if isinstance(raw, dict) else None
            if not isinstance(update_id, int):
                self._malformed(None)
                continue
            confirmable = True
            self._next = max(self._next, update_id + 1)
            if update_id in self._known:
                continue
            self._known.add(update_id)
            try:
                update = Update.model_validate(raw, context={"bot": self._bot})
            except ValidationError:
                self._malformed(update_id)
                continue
            if not await self._store.seen(update_id):
                self._open.add(update_id)
                self._idle.clear()
                self._lanes[await self._urgent(update)].put_nowait(update)
        self._known = {known for known in self._known if known > self._next - 1000}
        return not confirmable

    def _malformed(self, update_id: int | None) -> None:
        self.malformed += 1
        log.warning("malformed update skipped", update=update_id, count=self.malformed)

    async def _work(self, lane: asyncio.Queue[Update]) -> None:
        while True:
            update = await lane.get()
            try:
                await self._handle(update)
                await self._store.first_sight(update.update_id)
            finally:
                self._open.discard(update.update_id)
                if not self._open:
                    self._idle.set()

    async def _until_idle(self) -> None:
        """Wait for the lanes, but look for a /stop behind something slow every second."""
        try:
            async with asyncio.timeout(LOOK_AGAIN):
                await self._idle.wait()
        except TimeoutError:
            return
