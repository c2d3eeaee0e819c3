"""Kis: everything that may be asked of KIS, as one async context manager."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Self

from kis import tr_ids
from kis.account import Account
from kis.announcements import Announcements
from kis.auth import Tokens
from kis.calendar import Calendar
from kis.environment import Environment
from kis.http_wire import HttpWire
from kis.models import Credentials, Exchange
from kis.orders import Orders
from kis.prices import Prices
from kis.reads import Reader
from kis.server_clock import ServerClock
from kis.stream import Stream
from kis.streams import Streams
from kis.symbols import Symbols
from kis.transport import Line, Wire


class Kis:
    """The counter of one account.

    `now` gives aware instants; `sleep` is asked to wait in seconds (the token's minute, the
    websocket's back-off). `token_file` keeps the access token, readable by the owner alone. The
    time limits are in seconds. `jitter` gives figures from 0 to 1 that spread the websocket's
    tries to come back. `gateway_refusals_are_definite=False` calls the gateway's refusals of an
    order (its rate, its token) unknown too: that it stands before the order system is inferred.
    `wire` carries the requests: HTTP to the environment's address when none is handed in.
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        token_file: Path,
        read_timeout: float = 10.0,
        order_timeout: float = 15.0,
        gateway_refusals_are_definite: bool = True,
        jitter: Callable[[], float] | None = None,
        wire: Wire | None = None,
    ) -> None:
        self.environment = environment
        self._credentials = credentials
        self.server_clock = ServerClock(now, lambda: asyncio.get_running_loop().time())
        self._line = Line(
            environment,
            wire or HttpWire(environment.rest_url),
            read_timeout=read_timeout,
            order_timeout=order_timeout,
            heard=self.server_clock.heard,
        )
        self._line.hide(credentials.app_key, credentials.app_secret, credentials.cano)
        self._tokens = Tokens(
            environment, credentials, self._line, now=now, sleep=sleep, file=token_file
        )
        self._streams = Streams(
            environment,
            credentials,
            approval_key=self._tokens.approval_key,
            now=now,
            sleep=sleep,
            clean=self._line.clean,
            jitter=jitter,
        )
        ids = tr_ids.of(mock=environment.mock)
        reader = Reader(self._line, self._tokens, credentials)
        self.orders = Orders(
            self._line,
            self._tokens,
            reader,
            credentials,
            ids,
            now=now,
            mock=environment.mock,
            gateway_refusals_are_definite=gateway_refusals_are_definite,
        )
        self.account = Account(reader, credentials, ids, mock=environment.mock)
        self.prices = Prices(reader, ids, now=now)
        self.calendar = Calendar(reader, ids)
        self.symbols = Symbols(reader, ids)
        self.announcements = Announcements(reader, ids)

    async def __aenter__(self) -> Self:
        await self._line.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._line.__aexit__(kind, error, trace)

    @property
    def token_expires_at(self) -> datetime | None:
        """When the access token ends (aware); None while there is none."""
        return self._tokens.expires_at

    async def check_keys(self) -> None:
        """See whether KIS accepts app key and secret, by a call that issues no access token.

        Raises KisAuthError, KisUnavailable or KisBadAnswer.
        """
        await self._tokens.approval_key()

    async def ensure_token(self, valid_for: timedelta) -> None:
        """See to it that the access token lives so long, before an order is journalled as sent.

        Raises KisAuthError, KisUnavailable or KisBadAnswer. May wait a minute (EGW00133).
        """
        await self._tokens.get(valid_for)

    def stream(
        self,
        *,
        symbols: Iterable[tuple[str, Exchange | None]] = (),
        books: Iterable[tuple[str, Exchange | None]] = (),
        notices: bool = True,
        domestic_notices: bool = False,
        silence: float = 90.0,
        shared: Path | None = None,
    ) -> AbstractAsyncContextManager[Stream]:
        """Open the websocket: `async with kis.stream(...) as stream: async for item in stream`.

        `symbols` are watched for trades, `books` for quotes; no exchange means a KRX symbol.
        Items are trades, books, notices, StreamGap (what was missed) and StreamState. It reconnects
        by itself until KIS refuses it (a second session on the key, or bad keys): then StreamState
        REFUSED is the last item. `silence` is the number of seconds without any message that means
        dead. 모의투자 has no overseas quotes there: a symbol is answered with SUBSCRIPTION_REFUSED.
        With `shared`, a private folder, all processes of this machine use one websocket a key.
        Raises ValueError beyond 41 registrations.
        """
        return self._streams.open(
            symbols=symbols,
            books=books,
            notices=notices,
            domestic_notices=domestic_notices,
            silence=silence,
            shared=shared,
        )
