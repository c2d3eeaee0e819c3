"""KIS's price side alone: what a price feed may ask, and nothing that touches an account.

The module imports neither `kis.orders` nor `kis.account`, and an import contract keeps it so: a
program that is given this instead of `Kis` has no call that could send an order.
"""

from collections.abc import Awaitable, Callable, Iterable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from kis import tr_ids
from kis.announcements import Announcements
from kis.auth import Tokens
from kis.calendar import Calendar
from kis.environment import Environment
from kis.http_wire import HttpWire
from kis.models import Credentials, Exchange
from kis.prices import Prices
from kis.reads import Reader
from kis.stream import Stream
from kis.streams import Streams
from kis.symbols import Symbols
from kis.transport import Line

# KIS's price calls take no account; the client's words want one that reads like one.
NOBODY = "00000000-00"


class Quotations:
    """Prices, symbols, announcements, the calendar and the trades of one app key, read only.

    The arguments are those of `Kis`, without an account: none is known here.
    """

    def __init__(
        self,
        environment: Environment,
        *,
        app_key: str,
        app_secret: str,
        now: Callable[[], datetime],
        sleep: Callable[[float], Awaitable[None]],
        token_file: Path,
        read_timeout: float = 10.0,
    ) -> None:
        self._credentials = Credentials(
            app_key=app_key, app_secret=app_secret, account=NOBODY, hts_id=""
        )
        self._line = Line(
            environment,
            HttpWire(environment.rest_url),
            read_timeout=read_timeout,
            order_timeout=read_timeout,
        )
        self._line.hide(app_key, app_secret)
        self._tokens = Tokens(
            environment, self._credentials, self._line, now=now, sleep=sleep, file=token_file
        )
        self._streams = Streams(
            environment,
            self._credentials,
            approval_key=self._tokens.approval_key,
            now=now,
            sleep=sleep,
            clean=self._line.clean,
        )
        ids = tr_ids.of(mock=environment.mock)
        reader = Reader(self._line, self._tokens, self._credentials)
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

    def stream(
        self,
        symbols: Iterable[tuple[str, Exchange]],
        *,
        silence: float = 90.0,
        shared: Path | None = None,
    ) -> AbstractAsyncContextManager[Stream]:
        """Open the websocket for trades of these symbols, as `Kis.stream` does; no notices."""
        return self._streams.open(symbols=symbols, silence=silence, shared=shared)
