"""The control room: everything behind the socket, joined; opened and closed by the bot."""

import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path

import structlog

from bot.bus import Bus
from bot.clock import Clock
from bot.control.acts import Tools
from bot.control.confirming import Confirming
from bot.control.desk import ControlDesk
from bot.control.happenings import Happenings
from bot.control.logins import Logins
from bot.control.server import ControlServer
from bot.control.socket_path import NAME
from bot.storage.chat import ChatStore
from bot.storage.panel_sessions import PanelSessions
from bot.storage.people import People
from bot.storage.views import Views

Listen = Callable[[Path], socket.socket | None]
"""Bind the socket of a MUHAN_HOME; None in a world that has no sockets."""

log = structlog.get_logger(__name__)


class ControlRoom:
    """Joined when it is made; answers while it is open.

    `clock` is market time, `wall` the machine's; `address` is where people open the dashboard.
    `gate_open` and `next_orders` are the bot's word.
    """

    def __init__(
        self,
        *,
        home: Path,
        bus: Bus,
        views: Views,
        people: People,
        sessions: PanelSessions,
        store: ChatStore,
        clock: Clock,
        wall: Clock,
        version: str,
        venue: str,
        address: str,
        gate_open: Callable[[], bool],
        next_orders: Callable[[], datetime],
    ) -> None:
        self._path = home / NAME
        happenings = Happenings(views, clock, wall)
        logins = Logins(sessions, people, wall, address=address)
        logins.register(bus)
        happenings.subscribe(bus)
        desk = ControlDesk(
            bus=bus,
            views=views,
            clock=clock,
            version=version,
            venue=venue,
            gate_open=gate_open,
            next_orders=next_orders,
            happenings=happenings,
        )
        tools = Tools(bus=bus, views=views, venue=venue)
        self._server = ControlServer(desk, logins, Confirming(tools, store, wall))

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
        await self._server.start(bound)
        try:
            yield
        finally:
            await self._server.stop()
            self._path.unlink(missing_ok=True)
