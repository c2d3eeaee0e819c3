"""A forum chat that is told what happens, a topic for each symbol; nothing is decided there.

It follows the outbox by itself, at a group's pace: whatever goes wrong with it, no letter to a
person waits. Who is in a group is not the bot's to know, so amounts are hidden as for a viewer.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
)

from bot.charts.model import Draw
from bot.clock import Clock
from bot.events import Event
from bot.storage.chat import ChatStore
from bot.storage.failing import StorageFailing
from bot.storage.forum_store import ForumStore
from bot.storage.outbox import Letter
from bot.storage.views import RoundView, Views
from bot.telegram.card import round_card
from bot.telegram.drawing import drawn
from bot.telegram.markup import lines
from bot.telegram.message import Message
from bot.telegram.pacing import Pace
from bot.telegram.postman import tag
from bot.telegram.readers import Readers
from bot.telegram.sending import Sender

LONGEST_DELAY = 60.0
NO_TOPIC = ("message thread not found", "topic_deleted", "topic_closed")

log = structlog.get_logger(__name__)


@dataclass(kw_only=True)
class Forum:
    """Bring every letter to the forum, in order; one that it refuses is passed over."""

    bot: Bot
    notes: ForumStore
    store: ChatStore
    views: Views
    readers: Readers
    sender: Sender
    pace: Pace
    draw: Draw
    wall: Clock
    venue: str
    _wake: asyncio.Event = field(default_factory=asyncio.Event)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def chat_id(self) -> int:
        """The group's numeric id."""
        return self.notes.chat_id

    def wake(self, _event: Event) -> None:
        """Look for letters soon: something happened."""
        self._idle.clear()
        self._wake.set()

    async def drained(self) -> None:
        """Wait until the forum has every letter."""
        self._idle.clear()
        self._wake.set()
        await self._idle.wait()

    async def run(self) -> None:
        """Follow until cancelled."""
        begun = False
        while True:
            self._wake.clear()
            try:
                if not begun:
                    await self.notes.begin()
                    begun = True
                letters = await self.notes.following()
                await self._bring(letters)
            except StorageFailing as failing:
                log.error("the forum waits for the disk", reason=failing.reason)  # noqa: TRY400 - the trace would say no more
                await self.wall.sleep(LONGEST_DELAY)
                continue
            if not letters and not self._wake.is_set():
                self._idle.set()
                await self._wake.wait()

    async def _bring(self, letters: list[Letter]) -> None:
        """Bring a batch: cards once each after a run that only changes them."""
        writer = self.readers.letters(self.chat_id)
        changed: dict[str, None] = {}
        for number, letter in enumerate(letters):
            round_id = await writer.round_of(letter)
            if round_id is not None:
                changed[round_id] = None
            messages = await writer.messages(letter, letters[number + 1 :])
            if messages or number + 1 == len(letters):
                for each in changed:
                    await self._try(lambda each=each: self._card(each))  # type: ignore[misc]  # bound now
                changed.clear()
            for part, message in enumerate(messages, start=1):
                tagged = replace(message, html=tag(message.html, letter.id, part))
                await self._try(
                    lambda tagged=tagged, letter=letter, round_id=round_id: self._post(  # type: ignore[misc]  # bound now
                        tagged, letter, round_id
                    )
                )
            if messages or number + 1 == len(letters):
                await self.notes.passed(letter.id)

    async def _try(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do a piece of work until it is done, or until the forum refuses it for good."""
        delay = 1.0
        while True:
            try:
                await self.pace.turn(self.chat_id)
                await work()
            except TelegramRetryAfter as error:
                await self.wall.sleep(error.retry_after)
            except (TelegramForbiddenError, TelegramNotFound, TelegramBadRequest) as error:
                log.warning("the forum does not take this", why=error.message)
                return
            except (TelegramAPIError, ClientDecodeError) as error:
                log.warning("the forum does not answer", error=type(error).__name__)
                await self.wall.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)
            else:
                return

    async def _card(self, round_id: str) -> None:
        view = await self.views.round(round_id)
        if view is None:
            return
        html = round_card(self.readers.words(self.chat_id), view, venue=self.venue)
        there = await self.store.card(round_id, self.chat_id)
        if there is not None and await self.sender.edit(self.chat_id, there, html):
            return
        thread = await self._topic(_symbol(view))
        posted = await self._in_topic(
            _symbol(view),
            thread,
            lambda topic: self.sender.post(self.chat_id, html, silent=True, thread=topic),
        )
        await self.store.remember_card(round_id, self.chat_id, posted)

    async def _post(self, message: Message, letter: Letter, round_id: str | None) -> None:
        words = self.readers.words(self.chat_id)
        asks = words.say("결정은 봇과의 대화에서 합니다.") if message.asks else None
        html = lines(message.html, asks)
        symbol = await self._symbol_of(letter, round_id)
        reply_to = await self.store.card(round_id, self.chat_id) if round_id else None
        language = self.readers.language(self.chat_id)
        png = await drawn(self.draw, message.picture, language=language, amounts=False)

        async def send(topic: int | None) -> int:
            if png is None:
                return await self.sender.post(
                    self.chat_id, html, silent=True, reply_to=reply_to, thread=topic
                )
            return await self.sender.photo(
                self.chat_id, png, html, silent=True, reply_to=reply_to, thread=topic
            )

        await self._in_topic(symbol, await self._topic(symbol), send)

    async def _in_topic(
        self, symbol: str, topic: int | None, send: Callable[[int | None], Awaitable[int]]
    ) -> int:
        """Send into a topic; one that somebody deleted is made anew, once."""
        try:
            return await send(topic)
        except TelegramBadRequest as error:
            if topic is None or not any(gone in error.message.lower() for gone in NO_TOPIC):
                raise
            await self.notes.forget_topic(symbol)
            return await send(await self._topic(symbol))

    async def _topic(self, symbol: str) -> int | None:
        """Find or make a symbol's topic; what is about no symbol stands in the general one."""
        if not symbol:
            return None
        known = await self.notes.topic(symbol)
        if known is not None:
            return known
        try:
            made = await self.bot.create_forum_topic(self.chat_id, symbol)
        except TelegramBadRequest as error:
            # A group without topics, or a bot that may not make them: told all the same.
            log.warning("the forum has no topic for a symbol", symbol=symbol, why=error.message)
            return None
        await self.notes.remember_topic(symbol, made.message_thread_id)
        return made.message_thread_id

    async def _symbol_of(self, letter: Letter, round_id: str | None) -> str:
        if round_id is not None and (view := await self.views.round(round_id)) is not None:
            return _symbol(view)
        told = getattr(letter.event, "symbol", "")
        if told:
            return str(told)
        cycle_id = getattr(letter.event, "cycle_id", None)
        cycle = await self.views.cycle(cycle_id) if isinstance(cycle_id, int) else None
        return cycle.symbol if cycle else ""


def _symbol(view: RoundView) -> str:
    return view.plan.cycle.rules.symbol if view.plan else ""
