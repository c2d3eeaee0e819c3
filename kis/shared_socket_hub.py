"""The owner's side of a shared websocket: many guests on a unix socket, one connection to KIS.

A guest is answered as KIS would: acknowledgements with their keys, refusals, pings, frames of the
TR ids it registered. Registrations are counted by guests and over all; a guest that reads too
slowly is told so and dropped, and holds up nobody.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from websockets.asyncio.server import ServerConnection, unix_serve
from websockets.exceptions import ConnectionClosed

from kis import frames
from kis.stream_connection import REGISTER, RELEASE, Connection, End, Party, Registration, wire_log
from kis.stream_desk import MOST_SUBSCRIPTIONS

MOST_WAITING = 20_000
SLOW = "read too slowly"
LOST = "the connection to KIS was lost"
_GOING_AWAY, _TRY_LATER = 1001, 1013
_CLOSE_TIMEOUT = 2
_LONGEST_REASON = 123

_log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class _Guest:
    """One process on the unix socket, and what waits to be sent to it."""

    registered: dict[Registration, None] = field(default_factory=dict)
    tr_ids: set[str] = field(default_factory=set)
    waiting: deque[str] = field(default_factory=deque)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    left: asyncio.Event = field(default_factory=asyncio.Event)
    leaving: bool = False
    code: int = _GOING_AWAY
    reason: str = ""

    def put(self, text: str) -> bool:
        """Add a message; False when too many wait."""
        if len(self.waiting) >= MOST_WAITING:
            return False
        self.waiting.append(text)
        self.news.set()
        return True

    def farewell(self, reason: str) -> None:
        """Send what waits, and then goodbye."""
        self.leaving, self.reason = True, reason
        self.news.set()


@dataclass(slots=True)
class _Entry:
    guests: set[_Guest] = field(default_factory=set)
    answer: str = ""


class Hub:
    """Serves guests for as long as KIS lets the owner be connected."""

    def __init__(self, connect: Callable[[Party], Connection]) -> None:
        self.slow = 0
        self._entries: dict[Registration, _Entry] = {}
        self._guests: set[_Guest] = set()
        self._connection = connect(self)

    async def serve(self, path: Path, listening: asyncio.Event) -> None:
        """Listen at a path until KIS refuses the connection for good; guests are told why."""
        async with unix_serve(
            self._serve,
            str(path),
            ping_interval=None,
            compression=None,
            close_timeout=_CLOSE_TIMEOUT,
            logger=wire_log,
        ):
            path.chmod(0o600)
            listening.set()
            try:
                await self._connection.run()
                await self._say_goodbye()
            finally:
                # A guest that does not read would hold up the closing of the server.
                for guest in self._guests:
                    guest.left.set()

    async def _say_goodbye(self) -> None:
        for guest in self._guests:
            guest.farewell("refused by KIS")
        with suppress(TimeoutError):
            async with asyncio.timeout(_CLOSE_TIMEOUT):
                for guest in tuple(self._guests):
                    await guest.left.wait()

    # -- what KIS says -----------------------------------------------------------------------

    def registrations(self) -> tuple[Registration, ...]:
        return tuple(self._entries)

    def connected(self) -> None:
        """Guests hear of it by the answers to what they registered."""

    def data(self, text: str) -> None:
        tr_id = text[2:10]
        for guest in tuple(self._guests):
            if tr_id in guest.tr_ids:
                self._send(guest, text)

    def answered(self, control: frames.Control, text: str, *, fine: bool) -> None:
        entry = self._entries.get((control.tr_id, control.tr_key))
        if entry is None:
            return  # the answer to a release
        for guest in tuple(entry.guests):
            self._send(guest, text)
        if fine:
            entry.answer = text
            return
        del self._entries[control.tr_id, control.tr_key]
        for guest in entry.guests:
            guest.registered.pop((control.tr_id, control.tr_key), None)

    def pinged(self, text: str) -> None:
        for guest in tuple(self._guests):
            self._send(guest, text)

    def unreadable(self) -> None:
        _log.warning("a message from KIS's websocket could not be read")

    def closed(self, end: End, quiet: float) -> None:
        del quiet
        for entry in self._entries.values():
            entry.answer = ""
        for guest in self._guests:
            guest.farewell(f"{LOST}: {end.reason}")

    def refused(self, end: End) -> None:
        text = end.text or _answer(("(null)", ""), "9", "OPSP0010", end.reason)
        for guest in tuple(self._guests):
            self._send(guest, text)

    # -- what guests say ---------------------------------------------------------------------

    async def _serve(self, socket: ServerConnection) -> None:
        guest = _Guest()
        self._guests.add(guest)
        try:
            async with asyncio.TaskGroup() as group:
                tasks = [
                    group.create_task(self._write(socket, guest)),
                    group.create_task(self._read(socket, guest)),
                ]
                await guest.left.wait()
                for task in tasks:
                    task.cancel()
        finally:
            self._guests.discard(guest)
            for registration in tuple(guest.registered):
                self._forget(guest, registration)
        # A close frame holds so many bytes and no more, and Korean takes three for a letter.
        reason = guest.reason.encode()[:_LONGEST_REASON].decode(errors="ignore")
        await socket.close(guest.code, reason)

    async def _write(self, socket: ServerConnection, guest: _Guest) -> None:
        try:
            while True:
                while guest.waiting:
                    await socket.send(guest.waiting.popleft())
                if guest.leaving:
                    break
                guest.news.clear()
                await guest.news.wait()
        except ConnectionClosed:
            pass
        guest.left.set()

    async def _read(self, socket: ServerConnection, guest: _Guest) -> None:
        try:
            async for message in socket:
                self._asked(guest, message)
        except ConnectionClosed:
            pass
        guest.left.set()

    def _asked(self, guest: _Guest, message: str | bytes) -> None:
        try:
            asked: Any = json.loads(message)
            if asked["header"].get("tr_id") == frames.PINGPONG:
                return
            wanted = asked["body"]["input"]
            registration = str(wanted["tr_id"]), str(wanted["tr_key"])
            kind = str(asked["header"]["tr_type"])
        except (ValueError, KeyError, TypeError, AttributeError):
            self._send(guest, _answer(("(null)", ""), "9", "OPSP9991", "JSON PARSING ERROR"))
            return
        if kind == REGISTER:
            self._register(guest, registration)
        elif kind == RELEASE:
            known = registration in guest.registered
            self._forget(guest, registration)
            code, words = ("OPSP0001", "UNSUBSCRIBE SUCCESS") if known else _NOT_FOUND
            self._send(guest, _answer(registration, "0" if known else "1", code, words))
        else:
            self._send(guest, _answer(registration, "9", "OPSP8997", "invalid tr_type : NOT FOUND"))

    def _register(self, guest: _Guest, registration: Registration) -> None:
        entry = self._entries.get(registration)
        if entry is None:
            if len(self._entries) >= MOST_SUBSCRIPTIONS:
                self._send(guest, _answer(registration, "1", "OPSP0008", "MAX SUBSCRIBE OVER"))
                return
            entry = self._entries[registration] = _Entry()
            self._connection.ask(REGISTER, registration)
        entry.guests.add(guest)
        guest.registered[registration] = None
        guest.tr_ids.add(registration[0])
        if entry.answer:
            self._send(guest, entry.answer)

    def _forget(self, guest: _Guest, registration: Registration) -> None:
        guest.registered.pop(registration, None)
        guest.tr_ids = {tr_id for tr_id, _ in guest.registered}
        entry = self._entries.get(registration)
        if entry is None:
            return
        entry.guests.discard(guest)
        if not entry.guests:
            del self._entries[registration]
            self._connection.ask(RELEASE, registration)

    def _send(self, guest: _Guest, text: str) -> None:
        # What came after a break is not for who has not heard of the break yet.
        if guest.leaving or guest.left.is_set() or guest.put(text):
            return
        self.slow += 1
        _log.warning("a process read the shared websocket too slowly, and was dropped")
        guest.code, guest.reason = _TRY_LATER, SLOW
        guest.left.set()


_NOT_FOUND = ("OPSP0003", "UNSUBSCRIBE ERROR(not found!)")


def _answer(registration: Registration, result: str, code: str, words: str) -> str:
    header = {"tr_id": registration[0], "tr_key": registration[1], "encrypt": "N"}
    body = {"rt_cd": result, "msg_cd": code, "msg1": words}
    return json.dumps({"header": header, "body": body}, ensure_ascii=False)
