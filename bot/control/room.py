"""The control room: everything behind the socket, joined; opened and closed by the bot."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.clock import Clock
from bot.control.acts import Tools
from bot.control.confirming import Confirming
from bot.control.desk import ControlDesk
from bot.control.happenings import Happenings
from bot.control.logins import Logins
from bot.control.refusals import Both
from bot.control.socket_path import NAME
from bot.nursery import Nursery
from bot.storage.chat import ChatStore
from bot.storage.panel_sessions import PanelSessions
from bot.storage.people import People
from bot.trading.desk import Desk

if TYPE_CHECKING:
    from bot.control.server import ControlServer

Listen = Callable[[Path], socket.socket | None]
"""Bind the socket of a MUHAN_HOME; None in a world that has no sockets."""

log = structlog.get_logger(__name__)


class ControlRoom:
    """Joined when it is made; answers while it is open.

    `wall` is the machine's clock; `address` is where people open the dashboard. `doing` and
    `next_orders` are the bot's word.
    """

    def __init__(
        self,
        *,
        home: Path,
        desk: Desk,
        people: People,
        sessions: PanelSessions,
        store: ChatStore,
        wall: Clock,
        version: str,
        venue: str,
        address: str,
        doing: Callable[[], Both],
        next_orders: Callable[[], datetime],
    ) -> None:
        self._path = home / NAME
        happenings = Happenings(desk.views, desk.clock, wall)
        logins = Logins(desk.recording, sessions, people, wall, address=address)
        logins.register(desk.bus)
        happenings.subscribe(desk.bus)
        self._desk = ControlDesk(
            bus=desk.bus,
            views=desk.views,
            clock=desk.clock,
            version=version,
            venue=venue,
            gate_open=lambda: desk.gate_open,
            doing=doing,
            next_orders=next_orders,
            happenings=happenings,
        )
        tools = Tools(bus=desk.bus, views=desk.views, venue=venue)
        self._logins = logins
        self._confirming = Confirming(tools, store, wall)
        self._server: ControlServer | None = None

    @asynccontextmanager
    async def open(self, listen: Listen) -> AsyncIterator[None]:
        """Answer while the block lasts; answers on their way are given before it ends.

        A socket that cannot be had keeps no order back: the log says so, and there is no dashboard.
        """
        try:
            bound = listen(self._path.parent)
        except OSError as error:
            log.error("no control socket, so no dashboard", why=error.strerror)  # noqa: TRY400 - the trace would say no more
            bound = None
        if bound is None:
            yield
            return
        bound.listen()
        try:
            async with Nursery() as nursery:
                nursery.start(self._answer(bound), name="control")
                yield
        finally:
            if self._server is not None:
                await self._server.stop()
            bound.close()
            self._path.unlink(missing_ok=True)

    async def _answer(self, bound: socket.socket) -> None:
        """Wait for the first caller: a bot whom nobody asks holds no HTTP server in memory."""
        called, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_reader(bound, called.set)
        try:
            await called.wait()
        finally:
            loop.remove_reader(bound)
        from bot.control.server import ControlServer  # noqa: PLC0415 - only who is asked needs it

        self._server = ControlServer(self._desk, self._logins, self._confirming)
        await self._server.start(bound)
