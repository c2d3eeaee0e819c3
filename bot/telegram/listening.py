"""Hear a pairing code without the bot: for the console, while no bot polls."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from aiogram import Bot
from aiogram.enums import ChatType
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramAPIError,
    TelegramConflictError,
    TelegramNotFound,
    TelegramUnauthorizedError,
)
from aiogram.types import Message, Update
from pydantic import SecretStr

from bot.clock import Clock
from bot.errors import MuhanError
from bot.telegram.front import OpenSession
from bot.telegram.polling import WANTED
from bot.telegram.session import telegram_session

PAGE = 100
SECONDS = 20
AGAIN = 2.0


class NotListening(MuhanError):
    """Telegram does not let the console listen with this token."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Heard:
    """Who sent the code, and with which update."""

    user_id: int
    name: str
    update_id: int


class Ear:
    """One bot token's ear."""

    def __init__(self, bot: Bot, wall: Clock) -> None:
        self._bot = bot
        self._wall = wall

    async def username(self) -> str:
        """Ask what the bot is called. Raises NotListening when the token is unknown or offline."""
        try:
            return (await self._bot.get_me(request_timeout=SECONDS)).username or ""
        except (TelegramUnauthorizedError, TelegramNotFound) as error:
            raise NotListening(
                "텔레그램이 이 봇 토큰을 모릅니다: TELEGRAM_BOT_TOKEN을 확인하세요.",
                "Telegram does not know this bot token: check TELEGRAM_BOT_TOKEN.",
            ) from error
        except (TelegramAPIError, ClientDecodeError) as error:
            raise NotListening(
                "텔레그램에 연결할 수 없습니다: 인터넷과 TELEGRAM_API_URL을 확인하세요.",
                "Telegram cannot be reached: look at the Internet and at TELEGRAM_API_URL.",
            ) from error

    async def hear(self, is_code: Callable[[str | None], bool], until: datetime) -> Heard | None:
        """Wait for the code in a private chat, sent and not forwarded; None when nobody came.

        What others wrote stays for the bot: nothing is confirmed but a page that is full.
        """
        offset = None
        while self._wall.now() < until:
            updates = await self._page(offset)
            for update in updates:
                found = _sender(update, is_code)
                if found is not None:
                    return found
            if len(updates) == PAGE:
                offset = updates[-1].update_id + 1
            await self._wall.sleep(AGAIN)
        return None

    async def unhook(self) -> None:
        """Remove a webhook, so that messages come to whoever asks; what waits stays waiting.

        Raises NotListening when Telegram does not do it.
        """
        try:
            await self._bot.delete_webhook(drop_pending_updates=False, request_timeout=SECONDS)
        except (TelegramAPIError, ClientDecodeError) as error:
            raise NotListening(
                "웹훅을 지우지 못했습니다: 인터넷 연결을 보고 다시 해 주세요.",
                "The webhook could not be removed: look at the Internet connection, and try again.",
            ) from error

    async def answer(self, heard: Heard, text: str) -> None:
        """Tell the sender that he was heard; that he cannot be told changes nothing."""
        try:
            await self._bot.send_message(heard.user_id, text, request_timeout=SECONDS)
        except (TelegramAPIError, ClientDecodeError):
            return

    async def forget(self, heard: Heard) -> None:
        """Take the code, and all before it, from what the bot will hear."""
        try:
            await self._bot.get_updates(offset=heard.update_id + 1, limit=1, timeout=0)
        except (TelegramAPIError, ClientDecodeError):
            return

    async def _page(self, offset: int | None) -> list[Update]:
        try:
            return await self._bot.get_updates(
                offset=offset,
                limit=PAGE,
                timeout=SECONDS,
                allowed_updates=WANTED,
                request_timeout=SECONDS * 2,
            )
        except TelegramConflictError as error:
            raise NotListening(
                "다른 곳에서 이 봇이 듣고 있습니다: 그 봇을 끄거나, 그 컴퓨터에서 muhan pair 를 "
                "해 주세요.",
                "This bot is listened to elsewhere: stop that one, or run muhan pair over there.",
            ) from error
        except (TelegramAPIError, ClientDecodeError):
            return []  # the line is down for a moment; there is time


def _sender(update: Update, is_code: Callable[[str | None], bool]) -> Heard | None:
    message = update.message
    if message is None or not is_code(message.text) or not _is_own(message):
        return None
    person = message.from_user
    if person is None or person.is_bot or message.chat.id != person.id:
        return None
    return Heard(user_id=person.id, name=person.full_name, update_id=update.update_id)


def _is_own(message: Message) -> bool:
    return (
        message.chat.type == ChatType.PRIVATE
        and message.forward_origin is None
        and message.via_bot is None
    )


@asynccontextmanager
async def listening(
    token: SecretStr, api_url: str | None, wall: Clock, open_session: OpenSession | None = None
) -> AsyncIterator[Ear]:
    """Open an ear for a token; `api_url` None means Telegram itself."""
    bot = Bot(token.get_secret_value(), session=(open_session or telegram_session)(api_url))
    try:
        yield Ear(bot, wall)
    finally:
        await bot.session.close()
