"""The websocket side: sessions, subscriptions, pings and what is pushed."""

import asyncio
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from aiohttp import WSMsgType, web

from kis.simulator import frames
from kis.simulator.config import SimulatorConfig
from kis.simulator.exchange import Exchange
from kis.simulator.happenings import Accepted, Executed, Happening, Refused, Traded
from kis.simulator.protocol import change_sign
from kis.simulator.quotes import Quotes, rate_text
from kis.simulator.tokens import Tokens

REGISTRATIONS = 41
FLUSH_SECONDS = 1.0
SUBSCRIBED = ("OPSP0000", "SUBSCRIBE SUCCESS")
UNSUBSCRIBED = ("OPSP0001", "UNSUBSCRIBE SUCCESS")
ALREADY = ("OPSP0002", "ALREADY IN SUBSCRIBE")
NOT_FOUND = ("OPSP0003", "UNSUBSCRIBE ERROR(not found!)")
TOO_MANY = ("OPSP0008", "MAX SUBSCRIBE OVER")
NO_APPROVAL = ("OPSP0011", "invalid approval : NOT FOUND")
WRONG_ID = ("OPSP8991", "invalid tr_id : NOT FOUND")
WRONG_KEY = ("OPSP8993", "invalid tr_key : NOT FOUND")
IN_USE = ("OPSP8996", "ALREADY IN USE appkey")
WRONG_TYPE = ("OPSP8997", "invalid tr_type : NOT FOUND")
NOT_JSON = ("OPSP9991", "JSON PARSING ERROR")


@dataclass(eq=False, slots=True)
class Connection:
    """One websocket: its subscriptions with their keys, and what waits to be sent."""

    subscriptions: dict[tuple[str, str], frames.Keys] = field(default_factory=dict)
    outbox: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    bound: bool = False


class DroppedError(Exception):
    """The server hangs up without a word, as KIS does over a wrong HTS ID."""


class Streams:
    """All open websockets of the simulator."""

    def __init__(
        self,
        config: SimulatorConfig,
        symbols: Mapping[str, str],
        exchange: Exchange,
        tokens: Tokens,
        quotes: Quotes,
    ) -> None:
        self._config = config
        self._symbols = symbols
        self._exchange = exchange
        self._tokens = tokens
        self._quotes = quotes
        self._connections: set[Connection] = set()
        self._sockets: set[web.WebSocketResponse] = set()
        exchange.listeners.append(self._publish)

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Serve one websocket until either side ends it."""
        socket = web.WebSocketResponse(autoping=True, max_msg_size=1 << 20)
        await socket.prepare(request)
        connection = Connection()
        self._connections.add(connection)
        self._sockets.add(socket)
        try:
            async with asyncio.TaskGroup() as group:
                helpers = [
                    group.create_task(self._send(socket, connection)),
                    group.create_task(self._ping(connection)),
                ]
                try:
                    await self._read(socket, connection)
                except DroppedError:
                    if request.transport is not None:
                        request.transport.abort()
                for helper in helpers:
                    helper.cancel()
        finally:
            self._connections.discard(connection)
            self._sockets.discard(socket)
        return socket

    async def close(self) -> None:
        """Say goodbye to every websocket."""
        for socket in list(self._sockets):
            await socket.close()

    async def flush(self) -> None:
        """Wait until everything pushed so far has been written, one second at most."""
        for connection in list(self._connections):
            try:
                async with asyncio.timeout(FLUSH_SECONDS):
                    await connection.outbox.join()
            except TimeoutError:
                continue

    # -- one connection ---------------------------------------------------------------------

    async def _read(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            answer = self._answer(str(message.data), connection)
            if answer is None:
                continue
            connection.outbox.put_nowait(answer)
            if IN_USE[0] in answer:
                await connection.outbox.join()
                await socket.close()

    async def _send(self, socket: web.WebSocketResponse, connection: Connection) -> None:
        while True:
            text = await connection.outbox.get()
            try:
                await socket.send_str(text)
            except ConnectionError:
                self._connections.discard(connection)
            finally:
                connection.outbox.task_done()

    async def _ping(self, connection: Connection) -> None:
        while True:
            await asyncio.sleep(self._config.pingpong_seconds)
            connection.outbox.put_nowait(frames.ping(self._exchange.now))

    def _answer(self, text: str, connection: Connection) -> str | None:
        try:
            raw: Any = json.loads(text)
            header = raw["header"]
            if header.get("tr_id") == "PINGPONG":
                return None
            wanted = raw["body"]["input"]
            tr_id, tr_key = str(wanted["tr_id"]), str(wanted["tr_key"])
            approval, tr_type = str(header["approval_key"]), str(header["tr_type"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return frames.reply("(null)", "", "9", NOT_JSON, None)
        if not self._tokens.approved(approval):
            return frames.reply(tr_id, tr_key, "9", NO_APPROVAL, None)
        if not connection.bound and any(other.bound for other in self._connections):
            return frames.reply("(null)", "", "9", IN_USE, None)
        connection.bound = True
        register = {"1": self._subscribe, "2": self._unsubscribe}.get(tr_type)
        if register is None:
            return frames.reply(tr_id, tr_key, "9", WRONG_TYPE, None)
        return register(connection, tr_id, tr_key)

    def _subscribe(self, connection: Connection, tr_id: str, tr_key: str) -> str:
        if tr_id not in {*frames.NOTICES, frames.TRADES}:
            return frames.reply(tr_id, tr_key, "9", WRONG_ID, None)
        if tr_id in frames.NOTICES and tr_key != self._config.hts_id:
            raise DroppedError(tr_key)
        if tr_id == frames.TRADES and self._symbol(tr_key) is None:
            return frames.reply(tr_id, tr_key, "9", WRONG_KEY, None)
        if (tr_id, tr_key) in connection.subscriptions:
            return frames.reply(tr_id, tr_key, "1", ALREADY, None)
        if len(connection.subscriptions) >= REGISTRATIONS:
            return frames.reply(tr_id, tr_key, "1", TOO_MANY, None)
        keys = frames.Keys(secrets.token_hex(16), secrets.token_hex(8))
        connection.subscriptions[tr_id, tr_key] = keys
        return frames.reply(tr_id, tr_key, "0", SUBSCRIBED, keys)

    @staticmethod
    def _unsubscribe(connection: Connection, tr_id: str, tr_key: str) -> str:
        keys = connection.subscriptions.pop((tr_id, tr_key), None)
        if keys is None:
            return frames.reply(tr_id, tr_key, "1", NOT_FOUND, None)
        return frames.reply(tr_id, tr_key, "0", UNSUBSCRIBED, keys)

    def _symbol(self, tr_key: str) -> str | None:
        symbol = tr_key[4:]
        return symbol if symbol in self._symbols and self._quotes.rsym(symbol) == tr_key else None

    # -- what is pushed ---------------------------------------------------------------------

    def _publish(self, happening: Happening) -> None:
        if not self._connections:
            return
        match happening:
            case Traded(symbol, at, _, volume):
                self._push_trade(symbol, at, volume)
            case Executed(order, fill):
                self._push_notice(
                    frames.notice(
                        self._config.hts_id, self._config.account, order, fill, refused=False
                    )
                )
            case Accepted(order) | Refused(order):
                refused = isinstance(happening, Refused)
                self._push_notice(
                    frames.notice(
                        self._config.hts_id, self._config.account, order, None, refused=refused
                    )
                )

    def _subscribers(self, *tr_ids: str) -> Iterator[tuple[Connection, str, str, frames.Keys]]:
        for connection in self._connections:
            for (tr_id, tr_key), keys in connection.subscriptions.items():
                if tr_id in tr_ids:
                    yield connection, tr_id, tr_key, keys

    def _push_notice(self, payload: str) -> None:
        for connection, tr_id, _, keys in self._subscribers(*frames.NOTICES):
            connection.outbox.put_nowait(frames.notice_frame(tr_id, payload, keys))

    def _push_trade(self, symbol: str, at: datetime, volume: int) -> None:
        rsym = self._quotes.rsym(symbol)
        readers = [c for c, _, key, _ in self._subscribers(frames.TRADES) if key == rsym]
        if not readers:
            return
        seen, base = self._quotes.so_far(symbol)
        difference = seen.close - base
        tape = frames.Tape(
            rsym=rsym,
            symbol=symbol,
            open=seen.open,
            high=seen.high,
            low=seen.low,
            last=seen.close,
            sign=change_sign(difference),
            difference=abs(difference),
            rate=rate_text(difference, base),
            volume=volume,
            total_volume=seen.volume,
        )
        for connection in readers:
            connection.outbox.put_nowait(frames.trade_frame(frames.trade(at, tape)))
