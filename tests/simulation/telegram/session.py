"""aiogram's door to the simulated Telegram: a session that hands calls over and waits."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from typing import Any, Protocol

from aiogram import Bot
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.methods.base import TelegramType

from tests.simulation.telegram.server import SimulatedTelegram


class Incarnation(Protocol):
    """The process that a session belongs to; `point` numbers an effect, and may end the process."""

    number: int

    def point(self, name: str) -> None: ...


class SimulatedSession(BaseSession):
    """Hand calls over through the numbered points of a process: before it goes, after it came."""

    def __init__(self, telegram: SimulatedTelegram, process: Incarnation) -> None:
        super().__init__()
        self._telegram = telegram
        self._process = process

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's own signature
    ) -> TelegramType:
        del bot
        name = method.__api_method__
        self._process.point(f"telegram.up {name}")
        answered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        patience = float(self.timeout if timeout is None else timeout)
        self._telegram.call(self._process.number, method, patience, _into(answered))
        outcome = await answered
        self._process.point(f"telegram.down {name}")
        if isinstance(outcome, Exception):
            raise outcome
        return outcome  # type: ignore[no-any-return]  # the world answers in the method's own type

    async def close(self) -> None:
        return None

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""  # the program reads no files from the chat


def _into(answered: asyncio.Future[Any]) -> Callable[[object], None]:
    def answer(outcome: object) -> None:
        if not answered.done():
            answered.set_result(outcome)

    return answer
