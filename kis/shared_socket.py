"""One websocket a key on this machine: the first process keeps it, the others go through that one.

KIS takes one session a key. So the process that gets the lock opens it, and serves KIS's own
protocol on a unix socket beside the lock; every process, the owner too, connects there as if it
were KIS. When the owner ends, even killed, the next that reconnects gets the lock.
"""

import asyncio
import hashlib
import os
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Protocol

from websockets.asyncio.client import unix_connect

from kis.shared_socket_hub import Hub
from kis.shared_socket_lock import OwnersLock
from kis.stream_connection import Connection, Dialled, Party, wire_log

LONGEST_PATH = 100
PATIENCE = 2
_NO_KEY = "shared"  # the owner registers with its own approval key
_LARGEST_MESSAGE = 1 << 20
_CLOSE_TIMEOUT = 2


class Connect(Protocol):
    """Makes a party's connection to KIS, with so much patience for a key in use."""

    def __call__(self, party: Party, *, patience: int) -> Connection: ...


class SharedSocket:
    """The way of one process to the machine's one websocket for a key.

    `folder` is made private (0700). Raises ValueError when its path is too long for a socket's.
    """

    def __init__(
        self,
        folder: Path,
        *,
        url: str,
        app_key: str,
        connect: Connect,
        now: Callable[[], datetime],
    ) -> None:
        fingerprint = hashlib.sha256(f"{url}\n{app_key}".encode()).hexdigest()[:16]
        self.path = folder / f"kis-{fingerprint}.sock"
        if len(os.fsencode(self.path)) > LONGEST_PATH:
            raise ValueError("the folder's path is too long for a unix socket")
        self._lock = OwnersLock(folder / f"kis-{fingerprint}.lock", now)
        self._connect = connect
        self._claimed = asyncio.Event()
        self._listening = asyncio.Event()

    async def dial(self) -> Dialled:
        """Find the socket, and become its owner when there is none. Raises OSError."""
        if not self._lock.held and self._lock.take():
            self._claimed.set()
        if self._lock.held:
            await self._listening.wait()
        opening = unix_connect(
            str(self.path),
            "ws://localhost/tryitout",
            ping_interval=None,
            compression=None,
            max_size=_LARGEST_MESSAGE,
            close_timeout=_CLOSE_TIMEOUT,
            logger=wire_log,
        )
        return Dialled(opening=opening, key=_NO_KEY)

    async def run(self) -> None:
        """Serve the others whenever this process owns the websocket."""
        try:
            while True:
                await self._claimed.wait()
                await self._own()
        finally:
            self._lock.free()

    async def _own(self) -> None:
        # The socket file of an owner that was killed is in nobody's way: asyncio replaces it.
        hub = Hub(partial(self._connect, patience=PATIENCE if self._lock.unsettled else 0))
        try:
            await hub.serve(self.path, self._listening)
        finally:
            self._claimed.clear()
            self._listening.clear()
            self.path.unlink(missing_ok=True)
            self._lock.free()
