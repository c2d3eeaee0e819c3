"""The two clocks of the contract: the wall's, and a simulator's, which moves when it is told to."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import aiohttp

from kis.models import NEW_YORK


class WallClock:
    """The machine's clock, for a venue whose time is not ours to move."""

    @staticmethod
    def now() -> datetime:
        return datetime.now(NEW_YORK)  # noqa: TID251  # KIS's own time is the wall's

    @staticmethod
    async def sleep(seconds: float) -> None:
        await asyncio.sleep(seconds)


@dataclass(kw_only=True)
class Remote:
    """The simulator's control surface: its clock is the client's, and waiting moves it."""

    url: str
    http: aiohttp.ClientSession
    time: datetime = field(default_factory=lambda: datetime.now(NEW_YORK))  # noqa: TID251  # until asked

    async def ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        url = f"{self.url}/simulator/{path}"
        async with self.http.request(method, url, json=body) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status < 400, told
            return told

    async def move(self, to: str) -> None:
        self.time = datetime.fromisoformat((await self.ask("POST", "clock", {"to": to}))["now"])

    async def look(self) -> None:
        self.time = datetime.fromisoformat((await self.ask("GET", "clock"))["now"])

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        await self.move((self.time + timedelta(seconds=seconds)).isoformat())
