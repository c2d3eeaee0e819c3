"""The control room over the real trading room: a real file, a real socket, the client in a thread.

`wall` and market time are two clocks here, as in a demo: keys and sessions go by the wall's.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import ParamSpec, TypeVar

from bot.commands.panel import OfferPanel
from bot.control.client import ControlClient
from bot.control.errors import ControlRefused
from bot.control.listening import listening
from bot.control.model import Login
from bot.control.room import ControlRoom
from bot.doing import now_doing
from bot.events import Event
from bot.storage.chat import ChatStore
from bot.storage.database import DATABASE_NAME
from bot.storage.panel_sessions import PanelSessions
from bot.storage.people import People, Role
from bot.trading.model import Actor
from bot.trading.safeguards import Safeguards
from tests.bot.trading.counter import Counter, WorldClock
from tests.bot.trading.floor import Floor, on_floor, world

P = ParamSpec("P")
T = TypeVar("T")

OWNER, FRIEND, GUEST = 4242, 5151, 6161
ADDRESS = "http://127.0.0.1:8501"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
BY_OWNER = Actor(kind="dashboard", user_id=OWNER)


NOON = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
"""In Seoul, by the machine's clock."""


@dataclass
class Office:
    """One running bot with its control socket, and a client that asks it."""

    home: Path
    floor: Floor
    people: People
    sessions: PanelSessions
    wall: WorldClock
    client: ControlClient

    async def ask(self, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Ask by the client, as another process does: in a thread, so that the bot can answer."""
        return await asyncio.to_thread(method, *args, **kwargs)

    async def refused(
        self, method: Callable[P, object], /, *args: P.args, **kwargs: P.kwargs
    ) -> ControlRefused:
        """Ask for something that is refused; answer the refusal."""
        try:
            answer = await self.ask(method, *args, **kwargs)
        except ControlRefused as refusal:
            return refusal
        raise AssertionError(f"this was not refused: {answer}")

    async def key(self, user_id: int = OWNER) -> str:
        """Have the chat make a one-time key."""
        offered = await self.floor.bus.ask(OfferPanel(user_id=user_id))
        address, _, key = offered.link.partition("/login#")
        assert address == ADDRESS
        return key

    async def login(self, user_id: int = OWNER) -> Login:
        return await self.ask(self.client.login, await self.key(user_id))

    async def session(self, user_id: int = OWNER) -> str:
        return (await self.login(user_id)).session

    async def let_in(self, user_id: int, role: Role) -> None:
        async with self.floor.database.transaction() as tx:
            await tx.execute(
                "INSERT OR REPLACE INTO person VALUES (?, ?, 'Kim', ?)",
                (user_id, role.name, self.wall.now().isoformat()),
            )
        await self.people.load()

    async def happens(self, *events: Event) -> None:
        """Journal and publish events, as trading does, and wait until they were heard."""
        async with self.floor.trading.desk.recording() as recording:
            for event in events:
                await recording.record(event)
        await self.floor.bus.drained()


@asynccontextmanager
async def office_at(
    home: Path,
    counter: Counter | None = None,
    *,
    wall: WorldClock | None = None,
    real: bool = False,
    secret: str = "",
) -> AsyncIterator[Office]:
    """Open an office on a MUHAN_HOME; a second one on the same is a restart."""
    home.mkdir(parents=True, exist_ok=True)
    wall = wall or WorldClock(NOON)
    async with on_floor(home / DATABASE_NAME, counter or world()) as floor:
        desk = floor.trading.desk
        desk.real = real
        Safeguards(floor.trading, wall=wall, secret=lambda: secret).register(floor.bus)
        people = People(floor.database, owner_id=OWNER, operators=(), language="ko")
        await people.load()
        sessions = PanelSessions(floor.database)
        room = ControlRoom(
            home=home,
            desk=desk,
            people=people,
            sessions=sessions,
            store=ChatStore(floor.database),
            wall=wall,
            version="0.6.0",
            venue="real" if real else "demo",
            address=ADDRESS,
            doing=lambda: now_doing(desk),
            next_orders=lambda: floor.clock.now() + timedelta(hours=1),
        )
        async with room.open(listening):
            yield Office(
                home=home,
                floor=floor,
                people=people,
                sessions=sessions,
                wall=wall,
                client=ControlClient(home),
            )
