import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiogram import Bot

from bot.chat import ChatConfig, serve
from bot.telegram.session import telegram_session

TOKEN = "42:made-up"
OWNER = 1001


@dataclass(slots=True)
class Clock:
    moment: datetime = datetime(2026, 10, 7, 9, 30, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **step: float) -> None:
        self.moment += timedelta(**step)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chat:
    """A running server with a real aiogram bot on one side and the owner on the other."""

    address: str
    bot: Bot
    http: aiohttp.ClientSession
    clock: Clock = field(default_factory=Clock)

    async def call(self, method: str, **parameters: Any) -> Any:
        url = f"{self.address}/bot{TOKEN}/{method}"
        async with self.http.post(url, json=parameters) as answer:
            return await answer.json()

    async def post(self, path: str, body: Any) -> Any:
        async with self.http.post(f"{self.address}/chat/{path}", json=body) as answer:
            return await answer.json()

    async def say(self, text: str, **more: Any) -> Any:
        return await self.post("send", {"text": text, **more})

    async def until_online(self) -> None:
        """Wait, as the page does, until the bot polls."""
        rev = (await self.look())["rev"]
        assert (await self.look(after=rev, online=0, timeout=10))["online"]

    async def look(self, **query: int) -> Any:
        async with self.http.get(f"{self.address}/chat/messages", params=query) as answer:
            return await answer.json()


@asynccontextmanager
async def running(config: ChatConfig, clock: Clock) -> AsyncIterator[Chat]:
    ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        server = group.create_task(serve(config, now=clock, on_ready=ready.set_result))
        address = (await ready)["listening"]
        session = telegram_session(address)
        async with Bot(TOKEN, session=session) as bot, aiohttp.ClientSession() as http:
            yield Chat(address=address, bot=bot, http=http, clock=clock)
        server.cancel()


@pytest.fixture
def configure(tmp_path: Path) -> Callable[..., ChatConfig]:
    def build(**changes: Any) -> ChatConfig:
        given: dict[str, Any] = {
            "token": TOKEN,
            "owner_id": OWNER,
            "state": tmp_path / "chat.sqlite3",
            **changes,
        }
        return ChatConfig(**given)

    return build


@pytest.fixture
async def chat(configure: Callable[..., ChatConfig]) -> AsyncIterator[Chat]:
    async with running(configure(), Clock()) as chat:
        yield chat
