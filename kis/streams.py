"""Opening a stream: what it watches, how it comes back, and whether the machine shares a socket."""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random

from kis.environment import Environment
from kis.models import Credentials, Exchange, Feed
from kis.shared_socket import SharedSocket
from kis.stream import Stream, open_stream, socket_url
from kis.stream_connection import Connection, Dialled, Party, dialled

Symbols = Iterable[tuple[str, Exchange | None]]
"""Symbols and where they are listed; None means KRX."""


class Streams:
    """Opens the streams of one key."""

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        *,
        approval_key: Callable[[], Awaitable[str]],
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        clean: Callable[[str], str],
        jitter: Callable[[], float] | None = None,
    ) -> None:
        self._environment = environment
        self._credentials = credentials
        self._approval_key = approval_key
        self._now = now
        self._sleep = sleep
        self._clean = clean
        # By default no two keys come back at the same instants, and one key does every time.
        self._jitter = jitter or Random(credentials.app_key).random

    def open(
        self,
        *,
        symbols: Symbols = (),
        books: Symbols = (),
        notices: bool = False,
        domestic_notices: bool = False,
        silence: float = 90.0,
        shared: Path | None = None,
    ) -> AbstractAsyncContextManager[Stream]:
        """Open the websocket; see `Kis.stream`. Raises ValueError beyond 41 registrations."""
        connect = partial(self._connection, self._dial, silence)
        room = None
        if shared is not None:
            room = SharedSocket(
                shared,
                url=self._environment.websocket_url,
                app_key=self._credentials.app_key,
                connect=connect,
                now=self._now,
            )
            connect = partial(self._connection, room.dial, silence)
        stream = Stream(
            self._environment,
            self._credentials,
            connect=connect,
            now=self._now,
            clean=self._clean,
        )
        if notices:
            stream.want_notices(self._credentials.hts_id)
        if domestic_notices:
            stream.want_notices(self._credentials.hts_id, domestic=True)
        for symbol, exchange in symbols:
            stream.want(symbol, exchange, Feed.TRADES)
        for symbol, exchange in books:
            stream.want(symbol, exchange, Feed.BOOKS)
        return open_stream(stream, room)

    async def _dial(self) -> Dialled:
        key = await self._approval_key()
        return dialled(socket_url(self._environment.websocket_url), key)

    def _connection(
        self,
        dial: Callable[[], Awaitable[Dialled]],
        silence: float,
        party: Party,
        patience: int = 0,
    ) -> Connection:
        return Connection(
            dial,
            party,
            silence=silence,
            now=self._now,
            sleep=self._sleep,
            jitter=self._jitter,
            clean=self._clean,
            patience=patience,
        )
