"""What every handler is handed, and the few things that all of them do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from bot.bus import Bus
from bot.clock import Clock
from bot.nursery import Nursery
from bot.storage.chat import ChatStore
from bot.storage.views import Views
from bot.telegram.cards import Cards
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html
from bot.telegram.sending import Sender
from bot.telegram.taps import Button, Taps
from bot.trading.model import Actor

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """The chat's own tools. `clock` is market time, `wall` the machine's.

    `next_event` says when orders go out next (aware); None when the program does not tell.
    """

    bot: Bot
    words: Words
    bus: Bus
    views: Views
    store: ChatStore
    cards: Cards
    sender: Sender
    taps: Taps
    clock: Clock
    wall: Clock
    nursery: Nursery
    venue: str
    account_hint: str
    next_event: Callable[[], datetime | None]

    async def say(
        self,
        chat_id: int,
        html: Html,
        rows: Sequence[Sequence[Button]] = (),
        *,
        valid_for: timedelta | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Answer somebody who waits; the buttons are theirs alone."""
        keyboard = await self.taps.keyboard(chat_id, rows, valid_for=valid_for) if rows else None
        return await self.sender.patiently(
            lambda: self.sender.post(chat_id, html, keyboard=keyboard, reply_to=reply_to)
        )

    async def receipt(self, chat_id: int, message_id: int, html: Html) -> None:
        """Turn a message with buttons into what became of it."""
        done = await self.sender.patiently(lambda: self.sender.edit(chat_id, message_id, html))
        if not done:
            await self.say(chat_id, html)

    async def refresh(self, round_id: str, chat_id: int) -> int | None:
        return await self.sender.patiently(lambda: self.cards.refresh(round_id, chat_id))

    def acknowledge(self, query_id: str) -> None:
        """Stop the button's hourglass at once; the tap counts whether or not that succeeds."""
        self.nursery.start(self._acknowledge(query_id), name="answer tap")

    async def _acknowledge(self, query_id: str) -> None:
        try:
            await self.bot.answer_callback_query(query_id, request_timeout=10)
        except (TelegramAPIError, ClientDecodeError) as error:
            log.info("a tap could not be acknowledged", error=type(error).__name__)


def owner(user_id: int) -> Actor:
    return Actor(kind="owner", user_id=user_id)
