"""The web server: Streamlit's own application behind our door, on this machine's loopback."""

import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from starlette.middleware import Middleware
from streamlit import config
from streamlit.web.server.starlette import App

from bot.clock import Clock
from bot.dashboard.door import Door
from bot.dashboard.entrance import Entrance
from bot.dashboard.house import House, open_house
from bot.errors import MuhanError

SCRIPT = Path(__file__).parent / "script" / "look.py"

COLOURS = {
    "theme.primaryColor": "#0f766e",
    "theme.baseRadius": "medium",
    "theme.font": "sans-serif",
}


class AddressTaken(MuhanError):
    """The dashboard's address cannot be listened on."""


def serve(
    house: House,
    *,
    address: str,
    port: int,
    hosts: frozenset[str],
    clock: Clock,
    secure: bool,
    listening: Callable[[int], None],
) -> None:
    """Serve the dashboard until SIGTERM or SIGINT; `listening` is told the port once it answers.

    `hosts` are the names that requests may come by, `secure` whether browsers come by https.
    Raises AddressTaken.
    """
    _refuse_taken(address, port)
    # The server shuts down in order first, and hands the signal on to whoever had it before.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    open_house(house)
    entrance = Entrance(house.control, house.doorkeeper, clock, secure=secure)

    @asynccontextmanager
    async def lifespan(_app: App) -> AsyncIterator[None]:
        listening(int(config.get_option("server.port")))
        yield

    app = App(
        SCRIPT,
        lifespan=lifespan,
        routes=entrance.routes(),
        middleware=[Middleware(Door, doorkeeper=house.doorkeeper, hosts=hosts)],
    )
    try:
        app.run(config=_options(address, port, hosts))
    finally:
        house.reading.close()


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


def _options(address: str, port: int, hosts: frozenset[str]) -> dict[str, Any]:
    """Say how Streamlit is to behave; a config file of somebody's changes none of it."""
    return {
        "server.address": address,
        "server.port": port,
        "server.headless": True,
        "server.allowedHosts": sorted(hosts),
        "server.enableCORS": True,
        "server.enableXsrfProtection": True,
        "server.enableStaticServing": False,
        "server.fileWatcherType": "none",
        "server.runOnSave": False,
        "server.maxUploadSize": 1,
        "browser.gatherUsageStats": False,
        "client.showErrorDetails": "none",
        "client.toolbarMode": "minimal",
        "global.developmentMode": False,
        "logger.hideWelcomeMessage": True,
        "logger.level": "warning",
        "runner.magicEnabled": False,
        **COLOURS,
    }


def _refuse_taken(address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            raise AddressTaken(
                f"{address}:{port}에서 기다릴 수 없습니다 ({error.strerror}): 다른 프로그램이 쓰고 "
                "있으면 --port로 다른 번호를 적어 주세요.",
                f"{address}:{port} cannot be listened on ({error.strerror}): if another program "
                "has it, name another port with --port.",
            ) from None
