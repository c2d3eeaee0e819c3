"""The bot's side of the rehearsal room: start it, start it again when it dies, end it with us."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from bot.paper.errors import closed, died_silently, failed
from bot.paper.keys import room_keys, write_for_the_owner
from bot.paper.order_form import OrderForm
from bot.settings import NAMES, Settings

log = structlog.get_logger(__name__)

READY_WITHIN = 60.0
ENDED_WITHIN = 5.0
FIRST_DELAY = 1.0
LONGEST_DELAY = 60.0
STEADY = 300.0
ADDRESS_NAME = "paper-room.json"

Tell = Callable[[str], Awaitable[None]]


async def _log_only(reason: str) -> None:
    log.warning("the rehearsal room", reason=reason)


async def _say_nothing() -> None:
    return


class Keeper:
    """Keep one rehearsal room open; `troubled` and `returned` are called with what the owner hears.

    The room keeps its port over a restart, so that the bot's own client finds it again.
    """

    def __init__(self, form: OrderForm, home: Path) -> None:
        self.troubled: Tell = _log_only
        self.returned: Callable[[], Awaitable[None]] = _say_nothing
        self._form = form
        self._home = home
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False
        self._troubled = False
        self.address = ""

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Open the room. Raises RoomFailed with its last words."""
        self._process = await self._spawn()
        told = await self._first_line(self._process)
        if "listening" not in told:
            await self._kill()
            raise failed(str(told["refused"])) if "refused" in told else died_silently()
        self.address = str(told["listening"])
        self._note()

    async def run(self) -> None:
        """Hear what the room says, and open it again whenever it ends, until `stop`."""
        delay = FIRST_DELAY
        loop = asyncio.get_running_loop()
        while True:
            opened = loop.time()
            await self._hear()
            if self._stopping:
                return
            code = None if self._process is None else self._process.returncode
            delay = FIRST_DELAY if loop.time() - opened >= STEADY else delay
            await self._trouble(f"the rehearsal room ended ({code}); it is opened again")
            while not await self._reopened():
                await asyncio.sleep(delay)
                delay = min(delay * 2, LONGEST_DELAY)
            await self._return()

    def leave(self) -> None:
        """Expect the room's end: a service manager tells both processes to stop at once."""
        self._stopping = True

    async def stop(self) -> None:
        """End the room within seconds; nobody opens it again."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(ENDED_WITHIN):
                await process.wait()
        except TimeoutError:
            await self._kill()

    # -- inside -----------------------------------------------------------------------------

    async def _reopened(self) -> bool:
        """Open the room once more; answer whether there is nothing left to try."""
        if self._stopping:
            return True
        port = int(self.address.rpartition(":")[2])
        self._process = await self._spawn(port)
        told = await self._first_line(self._process)
        if "listening" in told:
            return True
        log.warning("the rehearsal room does not open", reason=told.get("refused", "-"))
        await self._kill()
        return False

    async def _spawn(self, port: int = 0) -> asyncio.subprocess.Process:
        """Start the child without our settings in its environment: it needs no account."""
        ours = set(NAMES)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot.paper",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={name: value for name, value in os.environ.items() if name not in ours},
            start_new_session=True,
        )
        if process.stdin is not None:
            with suppress(ConnectionError):
                process.stdin.write(self._form.on(port).line())
                await process.stdin.drain()
        return process

    @staticmethod
    async def _first_line(process: asyncio.subprocess.Process) -> dict[str, Any]:
        """Read until the room says that it is open, or why not; empty when it says neither."""
        try:
            async with asyncio.timeout(READY_WITHIN):
                while process.stdout is not None:
                    line = await process.stdout.readline()
                    if not line:
                        return {}
                    told: dict[str, Any] = json.loads(line)
                    if "state" not in told:
                        return told
        except (TimeoutError, ValueError):
            pass
        return {}

    async def _hear(self) -> None:
        """Pass on what the room says until it ends."""
        process = self._process
        while process is not None and process.stdout is not None:
            line = await process.stdout.readline()
            if not line:
                await process.wait()
                return
            try:
                told: dict[str, Any] = json.loads(line)
            except ValueError:
                continue
            if told.get("state") == "troubled":
                await self._trouble(str(told.get("reason", "")))
            elif told.get("state") == "returned":
                await self._return()

    async def _trouble(self, reason: str) -> None:
        if not self._troubled:
            self._troubled = True
            await self.troubled(reason)

    async def _return(self) -> None:
        if self._troubled and not self._stopping:
            self._troubled = False
            await self.returned()

    async def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()

    def _note(self) -> None:
        """Write down where the room is, for console commands."""
        write_for_the_owner(self._home / ADDRESS_NAME, json.dumps({"listening": self.address}))


def in_the_room(settings: Settings, address: str = "") -> Settings:
    """Give the settings by which the bot finds its rehearsal room: made-up keys, our simulator.

    Without an address the one that a running bot has noted is taken. Raises RoomClosed.
    """
    if not address:
        try:
            noted = json.loads((settings.muhan_home / ADDRESS_NAME).read_text(encoding="utf-8"))
            address = str(noted["listening"])
        except (OSError, ValueError, KeyError):
            raise closed() from None
    keys = room_keys(settings.muhan_home)
    return settings.model_copy(
        update={
            "kis_app_key": type(settings.kis_app_key)(keys.app_key),
            "kis_app_secret": type(settings.kis_app_secret)(keys.app_secret),
            "kis_account": keys.account,
            "kis_hts_id": keys.hts_id,
            "kis_rest_url": address,
            "kis_websocket_url": address.replace("http", "ws", 1),
        }
    )
