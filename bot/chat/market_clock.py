"""The market's clock for the page: forwarded, so that the page talks to one origin only."""

import asyncio
from collections.abc import AsyncIterator

import aiohttp
from aiohttp import web

from bot.chat.config import ChatConfig
from bot.chat.owner_routes import read_object

GOALS = frozenset({"session", "open", "close"})
LONGEST_DAY = 600.0  # seconds of real time that a step of the market may take


class MarketClock:
    """Forward GET /chat/clock and POST /chat/next-day to the simulator's control address."""

    def __init__(self, config: ChatConfig) -> None:
        self._url = config.links.get("clock")
        self._moving = asyncio.Lock()
        self._session: aiohttp.ClientSession | None = None

    def add_to(self, app: web.Application) -> None:
        app.cleanup_ctx.append(self._open)
        app.router.add_get("/chat/clock", self._read)
        app.router.add_post("/chat/next-day", self._move)

    async def _open(self, _app: web.Application) -> AsyncIterator[None]:
        timeout = aiohttp.ClientTimeout(total=LONGEST_DAY)
        async with aiohttp.ClientSession(timeout=timeout) as self._session:
            yield

    async def _read(self, _request: web.Request) -> web.Response:
        return await self._forward("GET", None)

    async def _move(self, request: web.Request) -> web.Response:
        goal = (await read_object(request)).get("to", "session")
        if goal not in GOALS:
            return web.json_response({"error": "to is session, open or close"}, status=400)
        if self._moving.locked():
            return web.json_response({"error": "the market is on its way already"}, status=409)
        async with self._moving:
            return await self._forward("POST", {"to": goal})

    async def _forward(self, method: str, body: dict[str, str] | None) -> web.Response:
        if self._url is None or self._session is None:
            return web.json_response({"error": "no market is connected"}, status=404)
        try:
            async with self._session.request(method, self._url, json=body) as answer:
                data = await answer.read()
        except (aiohttp.ClientError, TimeoutError):
            return web.json_response({"error": "the market does not answer"}, status=502)
        return web.Response(body=data, status=answer.status, content_type="application/json")
