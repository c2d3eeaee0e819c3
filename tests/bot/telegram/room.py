"""The chat before the real trading room: real commands, a real file, the tests' own counter."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.addresses import DASHBOARD
from bot.charts.model import Draw
from bot.commands.asking import AskBalance, Balance
from bot.control.logins import Logins
from bot.nursery import Nursery
from bot.runway import Runway
from bot.storage.chat import ChatStore
from bot.storage.outbox import Outbox
from bot.storage.panel_sessions import PanelSessions
from bot.storage.people import People
from bot.telegram.front import TelegramFront, no_pictures
from bot.trading.asking.bars import PastBars
from bot.trading.chat_guard import ChatGuard
from bot.trading.consent import Consent
from bot.trading.ports_money import Purse
from tests.bot.telegram.conftest import MARKET_WALL, OWNER, TOKEN, Chat
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import Floor, on_floor, world


@dataclass
class Room:
    """A trading room with its chat."""

    chat: Chat
    floor: Floor
    front: TelegramFront

    async def settle(self) -> None:
        """Wait until every update is handled and every letter is in the chat."""
        async with asyncio.timeout(60):
            while await self.chat.pending():  # noqa: ASYNC110 - the server is asked, as a page would
                await asyncio.sleep(0.005)
            await self.front.drained()

    async def say(self, text: str) -> dict[str, Any]:
        """Type something once the letters are there; answer with the bot's last message."""
        await self.settle()
        await self.chat.send(text)
        await self.settle()
        return await self.chat.last()

    async def press(self, caption: str) -> dict[str, Any]:
        """Press the latest button of a caption; answer with its message as it stands then."""
        message = await self.chat.having(caption)
        await self.chat.press(caption, message=message)
        await self.settle()
        found = [m for m in await self.chat.messages() if m["id"] == message["id"]]
        return found[0]


def shown(message: dict[str, Any]) -> str:
    """Write a message as a person sees it: the text, and the buttons in brackets."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard", [])
    buttons = [" ".join(f"[{button['text']}]" for button in row) for row in rows]
    return "\n".join([message["text"], *buttons])


async def balance(_: AskBalance) -> Balance:
    """Answer as a broker with 20,000 dollars does."""
    money = Decimal(20_000)
    purse = Purse(orderable=money, integrated=money, cash=money, rate=Decimal(1388))
    runway = Runway(usd=money, per_session=Decimal(0), sessions=0, short_on=None)
    return Balance(at=MARKET_WALL.now(), purse=purse, runway=runway)


@asynccontextmanager
async def room_on(
    chat: Chat,
    path: Path,
    counter: Counter | None = None,
    *,
    venue: str = "demo",
    language: str = "ko",
    draw: Draw = no_pictures,
) -> AsyncIterator[Room]:
    """Open a room; with `venue` real the consent comes before anything begins."""
    async with on_floor(path, counter or world()) as floor, Nursery() as nursery:
        desk = floor.trading.desk
        desk.real = venue == "real"
        PastBars(desk).register(floor.bus)
        Consent(desk).register(floor.bus)
        ChatGuard(desk).register(floor.bus)
        floor.bus.handle(AskBalance, balance)
        people = People(floor.database, owner_id=OWNER, operators=(), language=language)
        await people.load()
        sessions = PanelSessions(floor.database)
        Logins(desk.recording, sessions, people, MARKET_WALL, address=DASHBOARD).register(floor.bus)
        front = TelegramFront(
            token=SecretStr(TOKEN),
            api_url=chat.address,
            people=people,
            language=language,
            bus=floor.bus,
            views=floor.views,
            outbox=Outbox(floor.database),
            chat_store=ChatStore(floor.database),
            clock=floor.clock,
            wall=MARKET_WALL,
            nursery=nursery,
            venue=venue,
            account_hint="****-01",
            draw=draw,
        )
        await front.start()
        await front.first_poll_done.wait()
        yield Room(chat=chat, floor=floor, front=front)
        await front.stop()
