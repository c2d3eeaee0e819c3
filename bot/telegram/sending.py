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
from aiogram.types import (
    BufferedInputFile,
    InlineKeyboardMarkup,
    ReplyKeyboardMarkup,
    ReplyParameters,
)

from bot.telegram.markup import Html, without_markup
from bot.telegram.split import split, units
from bot.telegram.veil import veiled

Answer = TypeVar("Answer")
Sleep = Callable[[float], Awaitable[None]]
Keyboard = InlineKeyboardMarkup | ReplyKeyboardMarkup
Keys = TypeVar("Keys", bound=Keyboard | None)
Bind = Callable[[InlineKeyboardMarkup, int], Awaitable[None]]

# What may pass by itself: the network, Telegram's own trouble, a proxy's page instead of an answer.
PASSING = (TelegramNetworkError, TelegramServerError, ClientDecodeError)
TRIES = 5
LONGEST_CAPTION = 1024
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
    """Post and edit messages; whatever Telegram refuses is the caller's to handle.

    What leaves for a chat that `hides` names passes the veil; `bind` hears of every keyboard and
    the message that it stands under.
    """

    def __init__(
        self,
        bot: Bot,
        sleep: Sleep,
        *,
        hides: Callable[[int], bool] = lambda _: False,
        bind: Bind | None = None,
    ) -> None:
        self._bot = bot
        self._sleep = sleep
        self._hides = hides
        self._bind = bind

    async def post(
        self,
        chat_id: int,
        html: str,
        *,
        keyboard: Keyboard | None = None,
        silent: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> int:
        """Send HTML in as many messages as it needs; answer the last one's id (it has the buttons).

        Raises the errors of aiogram's Bot API calls.
        """
        pieces = split(self._shown(chat_id, html))
        message_id = 0
        for number, piece in enumerate(pieces, start=1):
            message_id = await self._post(
                chat_id,
                piece,
                keyboard if number == len(pieces) else None,
                _reply(reply_to) if number == 1 else None,
                silent=silent,
                thread=thread,
            )
        return await self._bound(keyboard, message_id)

    async def _bound(self, keyboard: Keyboard | None, message_id: int) -> int:
        if self._bind is not None and isinstance(keyboard, InlineKeyboardMarkup):
            await self._bind(keyboard, message_id)
        return message_id

    def _keys(self, chat_id: int, keyboard: Keys) -> Keys:
        if not isinstance(keyboard, InlineKeyboardMarkup) or not self._hides(chat_id):
            return keyboard
        rows = [
            [key.model_copy(update={"text": str(veiled(Html(key.text)))}) for key in row]
            for row in keyboard.inline_keyboard
        ]
        return keyboard.model_copy(update={"inline_keyboard": rows})

    def _shown(self, chat_id: int, html: str) -> str:
        return veiled(Html(html)) if self._hides(chat_id) else html

    async def _post(
        self,
        chat_id: int,
        html: str,
        keyboard: Keyboard | None,
        reply: ReplyParameters | None,
        *,
        silent: bool,
        thread: int | None,
    ) -> int:
        async def send(text: str, mode: ParseMode | None) -> int:
            message = await self._bot.send_message(
                chat_id,
                text,
                parse_mode=mode,
                reply_markup=self._keys(chat_id, keyboard),
                reply_parameters=reply,
                disable_notification=silent,
                message_thread_id=thread,
            )
            return message.message_id

        return await _with_or_without_markup(send, html)

    async def photo(
        self,
        chat_id: int,
        png: bytes,
        html: str,
        *,
        keyboard: InlineKeyboardMarkup | None = None,
        silent: bool = False,
        reply_to: int | None = None,
        thread: int | None = None,
    ) -> int:
        """Send a picture with HTML below it; a text too long for a caption follows as a message.

        Answers the id of the message that has the buttons. Raises the errors of aiogram's calls.
        """
        shown = self._shown(chat_id, html)
        fits = units(without_markup(shown)) <= LONGEST_CAPTION

        async def send(text: str, mode: ParseMode | None) -> int:
            message = await self._bot.send_photo(
                chat_id,
                BufferedInputFile(png, "picture.png"),
                caption=text if fits else None,
                parse_mode=mode if fits else None,
                reply_markup=self._keys(chat_id, keyboard) if fits else None,
                reply_parameters=_reply(reply_to),
                disable_notification=silent,
                message_thread_id=thread,
            )
            return message.message_id

        sent = await _with_or_without_markup(send, shown)
        if fits:
            return await self._bound(keyboard, sent)
        return await self.post(
            chat_id, html, keyboard=keyboard, silent=True, reply_to=sent, thread=thread
        )

    async def document(
        self,
        chat_id: int,
        name: str,
        data: bytes,
        html: str,
        *,
        keyboard: InlineKeyboardMarkup | None = None,
        reply_to: int | None = None,
    ) -> int:
        """Send a file with HTML below it; a text too long for a caption follows as a message.

        Answers the id of the message that has the buttons. Raises the errors of aiogram's calls.
        """
        shown = self._shown(chat_id, html)
        fits = units(without_markup(shown)) <= LONGEST_CAPTION

        async def send(text: str, mode: ParseMode | None) -> int:
            message = await self._bot.send_document(
                chat_id,
                BufferedInputFile(data, name),
                caption=text if fits else None,
                parse_mode=mode if fits else None,
                reply_markup=self._keys(chat_id, keyboard) if fits else None,
                reply_parameters=_reply(reply_to),
            )
            return message.message_id

        sent = await _with_or_without_markup(send, shown)
        if fits:
            return await self._bound(keyboard, sent)
        return await self.post(chat_id, html, keyboard=keyboard, silent=True, reply_to=sent)

    async def erase(self, chat_id: int, message_id: int) -> bool:
        """Delete a message; answer False where Telegram does not let it go (too old, gone)."""
        try:
            await self._bot.delete_message(chat_id, message_id)
        except TelegramBadRequest as error:
            log.warning("a message could not be deleted", why=error.message)
            return False
        return True

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
                reply_markup=self._keys(chat_id, keyboard),
            )
            return True

        try:
            await _with_or_without_markup(change, split(self._shown(chat_id, html))[0])
        except TelegramBadRequest as error:
            said = error.message.lower()
            if UNCHANGED in said:
                return True
            if any(gone in said for gone in GONE):
                return False
            raise
        await self._bound(keyboard, message_id)
        return True

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


def _reply(message_id: int | None) -> ReplyParameters | None:
    if not message_id:
        return None
    return ReplyParameters(message_id=message_id, allow_sending_without_reply=True)


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
