"""One message out: split when long, without markup when that was refused, patient for replies."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

import structlog
from aiogram import Bot
from aiogram.enums import ParseMode
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import InlineKeyboardMarkup, ReplyParameters

from bot.telegram.markup import without_markup
from bot.telegram.split import split

Answer = TypeVar("Answer")
Sleep = Callable[[float], Awaitable[None]]

# What may pass by itself: the network, Telegram's own trouble, a proxy's page instead of an answer.
PASSING = (TelegramNetworkError, TelegramServerError, ClientDecodeError)
TRIES = 5
MARKUP_REFUSED = "can't parse entities"
UNCHANGED = "message is not modified"
GONE = (
    "message to edit not found",
    "message can't be edited",
    "message identifier is not specified",
    "there is no text in the message to edit",
    "message_id_invalid",
)

log = structlog.get_logger(__name__)


class Sender:
    """Post and edit messages; whatever Telegram refuses is the caller's to handle."""

    def __init__(self, bot: Bot, sleep: Sleep) -> None:
        self._bot = bot
        self._sleep = sleep

    async def post(
        self,
        chat_id: int,
        html: str,
        *,
        keyboard: InlineKeyboardMarkup | None = None,
        silent: bool = False,
        reply_to: int | None = None,
    ) -> int:
        """Send HTML in as many messages as it needs; answer the last one's id (it has the buttons).

        Raises the errors of aiogram's Bot API calls.
        """
        pieces = split(html)
        message_id = 0
        for number, piece in enumerate(pieces, start=1):
            last = number == len(pieces)
            reply = (
                ReplyParameters(message_id=reply_to, allow_sending_without_reply=True)
                if reply_to and number == 1
                else None
            )
            message_id = await self._post(
                chat_id, piece, keyboard if last else None, reply, silent=silent
            )
        return message_id

    async def _post(
        self,
        chat_id: int,
        html: str,
        keyboard: InlineKeyboardMarkup | None,
        reply: ReplyParameters | None,
        *,
        silent: bool,
    ) -> int:
        async def send(text: str, mode: ParseMode | None) -> int:
            message = await self._bot.send_message(
                chat_id,
                text,
                parse_mode=mode,
                reply_markup=keyboard,
                reply_parameters=reply,
                disable_notification=silent,
            )
            return message.message_id

        return await _with_or_without_markup(send, html)

    async def edit(
        self,
        chat_id: int,
        message_id: int,
        html: str,
        *,
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> bool:
        """Replace a message's text and buttons; answer False when there is nothing to edit.

        An edit that changes nothing counts as done. What does not fit into one message is cut.
        """

        async def change(text: str, mode: ParseMode | None) -> bool:
            await self._bot.edit_message_text(
                text,
                chat_id=chat_id,
                message_id=message_id,
                parse_mode=mode,
                reply_markup=keyboard,
            )
            return True

        try:
            return await _with_or_without_markup(change, split(html)[0])
        except TelegramBadRequest as error:
            said = error.message.lower()
            if UNCHANGED in said:
                return True
            if any(gone in said for gone in GONE):
                return False
            raise

    async def patiently(self, call: Callable[[], Awaitable[Answer]]) -> Answer:
        """Make a call for somebody who waits: again after retry_after and after passing trouble.

        Raises what the last of five tries raised.
        """
        delay = 1.0
        for _ in range(TRIES - 1):
            try:
                return await call()
            except TelegramRetryAfter as error:
                await self._sleep(error.retry_after)
            except PASSING as error:
                log.warning("the chat did not answer", error=type(error).__name__, delay=delay)
                await self._sleep(delay)
                delay *= 2
        return await call()


async def _with_or_without_markup(
    send: Callable[[str, ParseMode | None], Awaitable[Answer]], html: str
) -> Answer:
    try:
        return await send(html, ParseMode.HTML)
    except TelegramBadRequest as error:
        if MARKUP_REFUSED not in error.message.lower():
            raise
        log.warning("the chat refused our markup; sent as plain text", why=error.message)
        return await send(without_markup(html), None)
