"""The websocket: subscribe, answer pings, decrypt, reconnect; items as they come.

One session a key in the whole installation: a second one is told OPSP8996, and then this one
stops and says so instead of hammering. Items are hints: listings confirm them, and nothing that
was missed while disconnected comes again. Source: domain/kis.md sections 3 and 7.
"""

import asyncio
import json
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from kis import frames, tr_ids
from kis.environment import Environment
from kis.errors import KisAuthError, ReadError
from kis.models import (
    Credentials,
    Exchange,
    ExecutionNotice,
    StreamState,
    StreamStateKind,
    Trade,
)
from kis.wire.codes import QUOTE_EXCHANGE

Item = Trade | ExecutionNotice | StreamState

MOST_SUBSCRIPTIONS = 41
FIRST_DELAY = 1.0
LONGEST_DELAY = 60.0
STEADY = timedelta(seconds=60)
_BETWEEN_SENDS = 0.1
_MOST_WAITING = 10_000
_LARGEST_MESSAGE = 1 << 20
_CLOSE_TIMEOUT = 2
_FINE = frozenset({"OPSP0000", "OPSP0001", "OPSP0002"})
_FATAL = frozenset({"OPSP0010", "OPSP8996"})
_NEW_KEY_NEEDED = "OPSP0011"

_log = logging.getLogger(__name__)
# The library writes whole messages, approval key and all, at DEBUG.
_wire_log = logging.getLogger("kis.stream.wire")
_wire_log.setLevel(logging.INFO)


@dataclass(frozen=True, kw_only=True, slots=True)
class _End:
    reason: str
    final: bool = False


class Stream:
    """Trades, notices and states of the connection, by `async for`.

    `malformed` counts frames that were dropped, `overflowed` trades that nobody fetched in time,
    `foreign` notices about other accounts of the same HTS id.
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        approval_key: Callable[[], Awaitable[str]],
        *,
        silence: float,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        clean: Callable[[str], str],
    ) -> None:
        self.malformed = 0
        self.overflowed = 0
        self.foreign = 0
        self._url = _socket_url(environment.websocket_url)
        self._ids = tr_ids.of(mock=environment.mock)
        self._cano = credentials.cano
        self._approval_key = approval_key
        self._silence = silence
        self._now = now
        self._sleep = sleep
        self._clean = clean
        self._wanted: dict[tuple[str, str], None] = {}
        self._live: tuple[ClientConnection, str] | None = None
        self._keys: dict[str, frames.FrameKey] = {}
        self._connected_at: datetime | None = None
        self._last_state: StreamState | None = None
        self._items: deque[Item] = deque()
        self._news = asyncio.Event()
        self._ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Item:
        while not self._items:
            if self._ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._items.popleft()

    async def watch(self, symbol: str, exchange: Exchange) -> None:
        """Subscribe to the trades of one more symbol, now and after every reconnect.

        Raises ValueError beyond KIS's 41 subscriptions.
        """
        wanted = self.want_trades(symbol, exchange)
        if wanted is not None and self._live is not None:
            socket, key = self._live
            with suppress(ConnectionClosed):
                await socket.send(_registration(key, *wanted))

    def want_trades(self, symbol: str, exchange: Exchange) -> tuple[str, str] | None:
        tr_key = f"D{QUOTE_EXCHANGE[exchange]}{symbol}"
        if self._ids.trades is None:
            self._declined(f"모의투자 has no overseas quotes on the websocket: {tr_key}")
            return None
        return self._want(self._ids.trades, tr_key)

    def want_notices(self, hts_id: str) -> None:
        if hts_id:
            self._want(self._ids.notices, hts_id)
        else:
            self._declined("fill notices need the HTS id")

    async def run(self) -> None:
        """Stay connected until KIS refuses it for good."""
        delay = FIRST_DELAY
        while True:
            self._connected_at = None
            end = await self._connection()
            self._live = None
            self._keys.clear()
            if end.final:
                self._tell(StreamStateKind.REFUSED, end.reason)
                self._ended = True
                self._news.set()
                return
            self._tell(StreamStateKind.DISCONNECTED, end.reason)
            if self._was_steady():
                delay = FIRST_DELAY
            await self._sleep(delay)
            delay = min(delay * 2, LONGEST_DELAY)

    def _was_steady(self) -> bool:
        return self._connected_at is not None and self._now() - self._connected_at >= STEADY

    async def _connection(self) -> _End:
        try:
            key = await self._approval_key()
        except KisAuthError as error:
            return _End(reason=str(error), final=True)
        except ReadError as error:
            return _End(reason=str(error))
        try:
            async with connect(
                self._url,
                ping_interval=None,  # KIS pings with a text of its own and ignores ours
                compression=None,
                proxy=None,
                max_size=_LARGEST_MESSAGE,
                close_timeout=_CLOSE_TIMEOUT,
                logger=_wire_log,
            ) as socket:
                return await self._converse(socket, key)
        except TimeoutError:
            return _End(reason="no connection in time")
        except (OSError, WebSocketException) as error:
            return _End(reason=f"no connection ({type(error).__name__})")

    async def _converse(self, socket: ClientConnection, key: str) -> _End:
        self._live = (socket, key)
        try:
            for tr_id, tr_key in tuple(self._wanted):
                await socket.send(_registration(key, tr_id, tr_key))
                await self._sleep(_BETWEEN_SENDS)
            while True:
                try:
                    async with asyncio.timeout(self._silence):
                        message = await socket.recv()
                except TimeoutError:
                    return _End(reason=f"no message for {self._silence:g} s")
                end = await self._heard(socket, message)
                if end is not None:
                    return end
        except ConnectionClosed:
            if self._connected_at is None:
                return _End(reason="closed by KIS at once: is the HTS id right?")
            return _End(reason="closed by KIS")

    async def _heard(self, socket: ClientConnection, message: str | bytes) -> _End | None:
        try:
            text = message.decode() if isinstance(message, bytes) else message
            if not text.startswith("{"):
                self._data(text)
                return None
            control = frames.control(text)
        except (frames.FrameError, UnicodeDecodeError) as error:
            self.malformed += 1
            _log.warning("a malformed frame was dropped: %s", type(error).__name__)
            return None
        if control.tr_id == frames.PINGPONG:
            await socket.send(text)
            return None
        return self._answer(control)

    def _answer(self, control: frames.Control) -> _End | None:
        if control.code in _FINE or (control.result == "0" and control.code not in _FATAL):
            if control.frame_key is not None:
                self._keys[control.tr_id] = control.frame_key
            if self._connected_at is None:
                self._connected_at = self._now()
                self._tell(StreamStateKind.CONNECTED, "")
            return None
        words = self._clean(f"{control.code} {control.message}".strip())
        if control.code in _FATAL:
            return _End(reason=words, final=True)
        if control.code == _NEW_KEY_NEEDED:
            return _End(reason=words)
        self._declined(f"{control.tr_id} {self._clean(control.tr_key)}: {words}")
        return None

    def _data(self, text: str) -> None:
        frame = frames.split(text, self._keys)
        if frame.tr_id == self._ids.trades:
            for trade in frames.trades(frame):
                self._put(trade)
        elif frame.tr_id == self._ids.notices:
            for found in frames.notices(frame):
                if found.account.startswith(self._cano):
                    self._put(found.notice)
                else:
                    self.foreign += 1

    def _want(self, tr_id: str, tr_key: str) -> tuple[str, str] | None:
        wanted = (tr_id, tr_key)
        if wanted in self._wanted:
            return None
        if len(self._wanted) >= MOST_SUBSCRIPTIONS:
            raise ValueError(f"KIS takes {MOST_SUBSCRIPTIONS} subscriptions and no more")
        self._wanted[wanted] = None
        return wanted

    def _declined(self, reason: str) -> None:
        self._tell(StreamStateKind.SUBSCRIPTION_REFUSED, reason)

    def _tell(self, kind: StreamStateKind, reason: str) -> None:
        state = StreamState(kind=kind, reason=reason)
        if state != self._last_state:
            self._last_state = state
            self._put(state)

    def _put(self, item: Item) -> None:
        # Prices may be lost when nobody fetches them; notices and states may not.
        if isinstance(item, Trade) and len(self._items) >= _MOST_WAITING:
            self.overflowed += 1
            return
        self._items.append(item)
        self._news.set()


@asynccontextmanager
async def open_stream(
    stream: Stream,
    credentials: Credentials,
    *,
    symbols: Iterable[tuple[str, Exchange]],
    notices: bool,
) -> AsyncGenerator[Stream]:
    """Run a stream for as long as the block lasts. The block's own exception comes out bare."""
    if notices:
        stream.want_notices(credentials.hts_id)
    for symbol, exchange in symbols:
        stream.want_trades(symbol, exchange)
    try:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(stream.run())
            try:
                yield stream
            finally:
                task.cancel()
    except BaseExceptionGroup as errors:
        if len(errors.exceptions) != 1:
            raise
        error = errors.exceptions[0]
        raise error from error.__cause__


def _registration(approval_key: str, tr_id: str, tr_key: str) -> str:
    header = {
        "approval_key": approval_key,
        "custtype": "P",
        "tr_type": "1",
        "content-type": "utf-8",
    }
    return json.dumps({"header": header, "body": {"input": {"tr_id": tr_id, "tr_key": tr_key}}})


def _socket_url(url: str) -> str:
    """Add KIS's path where an address names the server alone."""
    return url if urlsplit(url).path not in {"", "/"} else url.rstrip("/") + "/tryitout"
