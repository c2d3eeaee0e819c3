"""A whole demo in a test, with an owner who trades in KIS's app and taps in the chat.

Market, chat and bot are processes of their own, over real sockets, as in `muhan demo`.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp

from bot.clock import NEW_YORK
from bot.demo.headless import _Conductor
from bot.demo.stage import Script, Stage
from bot.demo.world import World, seeded
from bot.nursery import Nursery
from bot.sessions import Session
from bot.storage.database import opened
from bot.storage.views import CycleView, Views
from bot.trading.model import Approval
from strategy.versions import rules

SYMBOL = "TQQQ"
SEED = 7
PATIENCE = 60.0


class HandStage:
    """The demo's children, and what its owner does and sees."""

    def __init__(self, stage: Stage, world: World, nursery: Nursery) -> None:
        self._stage = stage
        self._nursery = nursery
        self.sessions: tuple[Session, ...] = world.sessions[1:]
        self._conductor = _Conductor("")
        self._market = ""
        self._chat = ""

    async def begin(self) -> None:
        """Open market and chat before the first evening, then the bot."""
        self._market = await self._stage.open_simulator()
        self._conductor = _Conductor(self._market)
        await self._conductor.register(self.at(0, time(4, 30)))
        self._chat = await self._stage.open_chat()
        await self._stage.open_bot()

    def at(self, number: int, clock: time) -> datetime:
        """Give a New York time of the session with a number from 0."""
        return datetime.combine(self.sessions[number].day, clock, NEW_YORK)

    async def reach(self, until: datetime) -> None:
        """Let market time come to an instant, and stand there."""
        async with asyncio.timeout(PATIENCE):
            await self._conductor.reach(until, self._nursery)

    # -- KIS's own app --------------------------------------------------------------------------

    async def state(self) -> dict[str, Any]:
        return await self._ask("GET", f"{self._market}/simulator/state")

    async def shares(self) -> int:
        """Read how many shares the account truly holds."""
        held = (await self.state())["holdings"]
        return sum(int(row["quantity"]) for row in held if row["symbol"] == SYMBOL)

    async def trade(self, side: str, quantity: int, price: str) -> dict[str, Any]:
        """Place a limit order by hand."""
        body = {
            "symbol": SYMBOL,
            "side": side,
            "type": "LIMIT",
            "quantity": quantity,
            "price": price,
        }
        return await self._ask("POST", f"{self._market}/simulator/orders", body)

    async def cancel(self, number: str) -> None:
        """Cancel an order by hand."""
        await self._ask("DELETE", f"{self._market}/simulator/orders/{number}")

    # -- the chat -------------------------------------------------------------------------------

    async def messages(self) -> list[dict[str, Any]]:
        seen = await self._ask("GET", f"{self._chat}/chat/messages?after=0&timeout=0")
        found: list[dict[str, Any]] = seen["messages"]
        return found

    async def said(self, words: str, count: int = 1) -> dict[str, Any]:
        """Wait until so many messages hold some words; answer the last of them."""
        async with asyncio.timeout(PATIENCE):
            while True:
                found = [each for each in await self.messages() if words in str(each.get("text"))]
                if len(found) >= count:
                    return found[-1]
                await asyncio.sleep(0.05)

    async def press(self, message: dict[str, Any], caption: str) -> None:
        """Tap the button with a caption under a message."""
        rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
        (button,) = [each for row in rows for each in row if each["text"] == caption]
        body = {"message_id": message["id"], "data": button["callback_data"]}
        await self._ask("POST", f"{self._chat}/chat/press", body)

    async def send(self, text: str) -> None:
        await self._ask("POST", f"{self._chat}/chat/send", {"text": text})

    # -- the bot's own file ---------------------------------------------------------------------

    async def cycle(self) -> CycleView:
        async with opened(self._stage.database) as database:
            (view,) = await Views(database).cycles()
        return view

    async def events(self, kind: str) -> list[dict[str, Any]]:
        async with opened(self._stage.database) as database:
            rows = await database.all(
                "SELECT body FROM journal WHERE type = ? ORDER BY seq", (kind,)
            )
        return [json.loads(row["body"]) for row in rows]

    async def until(self, kind: str, found: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Wait until the journal holds an event of a kind that fits."""
        async with asyncio.timeout(PATIENCE):
            while True:
                for event in await self.events(kind):
                    if found(event):
                        return event
                await asyncio.sleep(0.05)

    async def _ask(self, method: str, url: str, body: object = None) -> dict[str, Any]:
        async with aiohttp.ClientSession() as http, http.request(method, url, json=body) as answer:
            told: dict[str, Any] = await answer.json()
            assert answer.status < 300, told
            return told


@asynccontextmanager
async def hand_stage(home: Path) -> AsyncIterator[HandStage]:
    """Set a demo up on a folder and begin it."""
    world = seeded(SEED, SYMBOL)
    script = Script(
        prices=None,
        seed=SEED,
        rules=rules("4.0", symbol=SYMBOL, splits=20),
        principal=Decimal(20000),
        approval=Approval.AUTO,
        first_day=datetime.combine(world.sessions[1].day, time(3), NEW_YORK),
        seconds_per_day=0.0,
        calls_per_second=1000,
    )
    stage = Stage(home, script)
    await stage.prepare(world)
    async with Nursery() as nursery:
        playing = HandStage(stage, world, nursery)
        try:
            await playing.begin()
            yield playing
        finally:
            await stage.close()
