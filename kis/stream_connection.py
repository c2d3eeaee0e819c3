"""One websocket to KIS, again and again: back-off, registrations, pings, silence, refusals.

KIS takes one session a key and blocks who hammers it: so registrations are spaced, tries are
spread by a growing wait with jitter, and a key that is in use elsewhere ends it all.
Source: domain/kis.md sections 3 and 7.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from kis import codes, frames
from kis.errors import KisAuthError, ReadError

Registration = tuple[str, str]
"""A TR id and its key."""

FIRST_DELAY = 1.0
LONGEST_DELAY = 60.0
MOST_JITTER = 0.5
STEADY = timedelta(seconds=60)
HASTY_ENDS = 3
IN_USE = "OPSP8996"
IN_USE_WAIT = 91.0
BETWEEN_SENDS = 0.1
REGISTER, RELEASE = "1", "2"

HUNG_UP = "closed by KIS at once: is the HTS id right?"
HUNG_UP_AGAIN = "closed by KIS at once, again and again: it does so when the HTS id is wrong"
_LARGEST_MESSAGE = 1 << 20
_CLOSE_TIMEOUT = 2

_log = logging.getLogger(__name__)
# The library writes whole messages, approval key and all, at DEBUG.
wire_log = logging.getLogger("kis.stream.wire")
wire_log.setLevel(logging.INFO)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dialled:
    """A connection that is about to be opened, and the approval key to register with."""

    opening: connect
    key: str


@dataclass(frozen=True, kw_only=True, slots=True)
class End:
    """Why a connection ended; `text` is KIS's own message, when one ended it."""

    reason: str
    final: bool = False
    code: str = ""
    text: str = ""


class Party(Protocol):
    """Who is on the line: called for everything that comes, and never awaited."""

    def registrations(self) -> Iterable[Registration]: ...
    def connected(self) -> None: ...
    def data(self, text: str) -> None: ...
    def answered(self, control: frames.Control, text: str, *, fine: bool) -> None: ...
    def pinged(self, text: str) -> None: ...
    def unreadable(self) -> None: ...
    def closed(self, end: End, quiet: float) -> None: ...
    def refused(self, end: End) -> None: ...


class Connection:
    """Keeps a party connected until KIS refuses it for good.

    `patience` is how often a key in use is waited out: the old session of a process that was
    killed is released after a minute or so.
    """

    def __init__(
        self,
        dial: Callable[[], Awaitable[Dialled]],
        party: Party,
        *,
        silence: float,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        jitter: Callable[[], float],
        clean: Callable[[str], str],
        patience: int = 0,
    ) -> None:
        self._dial = dial
        self._party = party
        self._silence = silence
        self._now = now
        self._sleep = sleep
        self._jitter = jitter
        self._clean = clean
        self._patience = patience
        self._outbox: asyncio.Queue[tuple[str, Registration]] | None = None
        self._confirmed_at: datetime | None = None
        self._heard_at = 0.0
        self._hasty = 0

    def ask(self, kind: str, registration: Registration) -> None:
        """Register or release now, when connected; a new connection registers everything."""
        if self._outbox is not None:
            self._outbox.put_nowait((kind, registration))

    async def run(self) -> None:
        """Stay connected; return when KIS refuses it for good."""
        delay = FIRST_DELAY
        while True:
            self._confirmed_at = None
            end = await self._once()
            self._outbox = None
            if end.final and not (end.code == IN_USE and self._patience):
                self._party.refused(end)
                return
            self._party.closed(end, asyncio.get_running_loop().time() - self._heard_at)
            if self._was_steady():
                delay = FIRST_DELAY
            await self._sleep(self._wait(end, delay))
            delay = min(delay * 2, LONGEST_DELAY)

    def _wait(self, end: End, delay: float) -> float:
        if end.code == IN_USE:
            self._patience -= 1
            return IN_USE_WAIT
        wait = LONGEST_DELAY if self._hasty >= HASTY_ENDS else delay
        return wait * (1 + MOST_JITTER * self._jitter())

    def _was_steady(self) -> bool:
        return self._confirmed_at is not None and self._now() - self._confirmed_at >= STEADY

    async def _once(self) -> End:
        self._heard_at = asyncio.get_running_loop().time()
        try:
            call = await self._dial()
            async with call.opening as socket:
                return await self._converse(socket, call.key)
        except KisAuthError as error:
            return End(reason=str(error), final=True)
        except ReadError as error:
            return End(reason=str(error))
        except TimeoutError:
            return End(reason="no connection in time")
        except (OSError, WebSocketException) as error:
            return End(reason=f"no connection ({type(error).__name__})")

    async def _converse(self, socket: ClientConnection, key: str) -> End:
        outbox = self._outbox = asyncio.Queue()
        for registration in self._party.registrations():
            outbox.put_nowait((REGISTER, registration))
        async with asyncio.TaskGroup() as group:
            writer = group.create_task(self._write(socket, key, outbox))
            end = await self._listen(socket)
            writer.cancel()
        return end

    async def _write(
        self, socket: ClientConnection, key: str, outbox: asyncio.Queue[tuple[str, Registration]]
    ) -> None:
        with suppress(ConnectionClosed):  # the listener hears of it too, and ends the connection
            while True:
                kind, registration = await outbox.get()
                await socket.send(request(key, kind, registration))
                await self._sleep(BETWEEN_SENDS)

    async def _listen(self, socket: ClientConnection) -> End:
        time = asyncio.get_running_loop().time
        self._heard_at = time()
        try:
            while True:
                try:
                    # Set anew when it strikes, not with each message: those come by the thousand.
                    async with asyncio.timeout_at(self._heard_at + self._silence):
                        return await self._hear(socket, time)
                except TimeoutError:
                    if time() - self._heard_at >= self._silence:
                        return End(reason=f"no message for {self._silence:g} s")
        except ConnectionClosed as closed:
            return self._hung_up(closed)

    async def _hear(self, socket: ClientConnection, time: Callable[[], float]) -> End:
        while True:
            message = await socket.recv()
            self._heard_at = time()
            if isinstance(message, str) and not message.startswith("{"):
                self._party.data(message)
                continue
            end = await self._message(socket, message)
            if end is not None:
                return end

    async def _message(self, socket: ClientConnection, message: str | bytes) -> End | None:
        try:
            text = message.decode() if isinstance(message, bytes) else message
            if not text.startswith("{"):
                self._party.data(text)
                return None
            control = frames.control(text)
        except (frames.FrameError, UnicodeDecodeError):
            self._party.unreadable()
            return None
        if control.tr_id == frames.PINGPONG:
            await socket.send(text)
            self._party.pinged(text)
            return None
        return self._answer(control, text)

    def _answer(self, control: frames.Control, text: str) -> End | None:
        code = control.code
        words = self._clean(f"{code} {control.message}".strip())
        if code in codes.STREAM_FATAL:
            return End(reason=words, final=True, code=code, text=text)
        if code in codes.STREAM_NEW_KEY:
            return End(reason=words, code=code)
        fine = code in codes.STREAM_FINE or control.result == "0"
        if fine and self._confirmed_at is None:
            self._confirmed_at = self._now()
            self._hasty = 0
            self._party.connected()
        self._party.answered(control, text, fine=fine)
        return None

    def _hung_up(self, closed: ConnectionClosed) -> End:
        told = closed.rcvd.reason if closed.rcvd is not None else ""
        if self._confirmed_at is None and not told:
            self._hasty += 1
            return End(reason=HUNG_UP_AGAIN if self._hasty >= HASTY_ENDS else HUNG_UP)
        return End(reason=self._clean(told) or "closed by KIS")


def dialled(url: str, key: str) -> Dialled:
    """Give a websocket to KIS that is yet to be opened."""
    opening = connect(
        url,
        ping_interval=None,  # KIS pings with a text of its own and ignores ours
        compression=None,
        proxy=None,
        max_size=_LARGEST_MESSAGE,
        close_timeout=_CLOSE_TIMEOUT,
        logger=wire_log,
    )
    return Dialled(opening=opening, key=key)


def request(approval_key: str, kind: str, registration: Registration) -> str:
    """Word a registration or a release as KIS reads it."""
    tr_id, tr_key = registration
    header = {
        "approval_key": approval_key,
        "custtype": "P",
        "tr_type": kind,
        "content-type": "utf-8",
    }
    return json.dumps({"header": header, "body": {"input": {"tr_id": tr_id, "tr_key": tr_key}}})
