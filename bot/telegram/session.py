"""The way to Telegram's server, which keeps of a message that was sent what the program asks for.

Telegram answers every post and edit with the whole message. To read one, pydantic builds the
validator of `Message` and of all that it may hold: 160 ms of a small machine, in the middle of the
first letter, and 3 MiB. The program only wants to know the message's number.
"""

import json
from http import HTTPStatus
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.methods import TelegramMethod
from aiogram.methods.base import Response, TelegramType
from aiogram.types import Message

POSTS = frozenset({"sendMessage", "sendPhoto", "sendDocument", "editMessageText"})


class PlainSession(AiohttpSession):
    """A session without TLS: aiogram's close waits a quarter of a second for TLS to say goodbye."""

    async def close(self) -> None:
        """Close the connections, and be done."""
        if self._session is not None:
            await self._session.close()


class BriefSession(AiohttpSession):
    """A session that tells of a message which was sent or edited its number alone."""

    def check_response(
        self, bot: Bot, method: TelegramMethod[TelegramType], status_code: int, content: str
    ) -> Response[TelegramType]:
        """Read an answer as aiogram does; whatever is no plain success is left to it."""
        if method.__api_method__ in POSTS and status_code == HTTPStatus.OK:
            number = _number(content)
            if number is not None:
                sent: Any = Message.model_construct(message_id=number)
                return Response.model_construct(ok=True, result=sent)
        return super().check_response(bot, method, status_code, content)


def _number(content: str) -> int | None:
    """Find the number of the message in an answer; None where it is not as expected."""
    try:
        answer = json.loads(content)
    except ValueError:
        return None
    result = answer.get("result") if isinstance(answer, dict) and answer.get("ok") is True else None
    number = result.get("message_id") if isinstance(result, dict) else None
    return number if isinstance(number, int) and not isinstance(number, bool) else None


class BriefPlainSession(BriefSession, PlainSession):
    """Both, for a server on this machine."""


def telegram_session(api_url: str | None, *, brief: bool = False) -> AiohttpSession:
    """Open the way to Telegram, or to the Bot API server at `api_url`."""
    secure, plain = (BriefSession, BriefPlainSession) if brief else (AiohttpSession, PlainSession)
    if api_url is None:
        return secure()
    server = TelegramAPIServer.from_base(api_url.rstrip("/"))
    return secure(api=server) if api_url.startswith("https") else plain(api=server)


def brief_session(api_url: str | None) -> AiohttpSession:
    """Open the program's own way to Telegram: of what it sent it asks the number alone."""
    return telegram_session(api_url, brief=True)
