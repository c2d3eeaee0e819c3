"""The stream of one account: trades, books and notices as they come, and what was missed.

One session a key in the whole installation: a second one is told OPSP8996, and then this one
stops and says so instead of hammering. Items are hints: listings confirm them. The rooms:
stream_connection (the socket), stream_desk (registrations), stream_gaps, stream_shelf (the queue).
"""

import asyncio
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Self
from urllib.parse import urlsplit

from kis import frames, tr_ids
from kis.environment import Environment
from kis.models import (
    Credentials,
    DomesticTrade,
    Exchange,
    Feed,
    StreamState,
    StreamStateKind,
    Trade,
)
from kis.shared_socket import SharedSocket
from kis.stream_connection import (
    REGISTER,
    RELEASE,
    Connection,
    End,
    Party,
    Registration,
)
from kis.stream_desk import MOST_SUBSCRIPTIONS, Desk, NotOfferedHere, Subject
from kis.stream_gaps import DayVolumes, Interruptions
from kis.stream_shelf import Item, Shelf

__all__ = ["MOST_SUBSCRIPTIONS", "Item", "Stream", "open_stream", "socket_url"]

_log = logging.getLogger(__name__)


class Stream:
    """Trades, books, notices, gaps and states of the connection, by `async for`.

    `dropped` counts malformed records by TR id, `foreign` notices about other accounts of the same
    HTS id, `unasked` prices of symbols that are not watched (any more).
    """

    def __init__(
        self,
        environment: Environment,
        credentials: Credentials,
        *,
        connect: Callable[[Party], Connection],
        now: Callable[[], datetime],
        clean: Callable[[str], str],
    ) -> None:
        self.foreign = 0
        self.unasked = 0
        self._cano = credentials.cano
        self._now = now
        self._clean = clean
        self._reader = frames.FrameReader(now)
        self._desk = Desk(tr_ids.of(mock=environment.mock))
        self._shelf = Shelf()
        self._volumes = DayVolumes()
        self._interruptions = Interruptions()
        self._last_state: StreamState | None = None
        self._connection = connect(self)

    @property
    def dropped(self) -> Counter[str]:
        return self._reader.malformed

    @property
    def malformed(self) -> int:
        """How many records were dropped in all."""
        return self._reader.malformed.total()

    @property
    def overflowed(self) -> int:
        """How many prices nobody fetched in time; gaps stand in their places."""
        return self._shelf.overflowed

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Item:
        item = await self._shelf.take()
        if item is None:
            raise StopAsyncIteration
        return item

    async def watch(self, symbol: str, exchange: Exchange | None, feed: Feed = Feed.TRADES) -> None:
        """Watch a US symbol, or with no exchange a KRX one, now and after every reconnect.

        Raises ValueError beyond KIS's 41 subscriptions.
        """
        registration = self.want(symbol, exchange, feed)
        if registration is not None:
            self._connection.ask(REGISTER, registration)

    async def release(
        self, symbol: str, exchange: Exchange | None, feed: Feed = Feed.TRADES
    ) -> None:
        """Watch it no more. What is on its way already is not given any more either."""
        registration = self._desk.of_symbol(symbol, exchange, feed)
        if self._desk.drop(registration):
            if feed is Feed.TRADES:
                self._volumes.pop(symbol, None)
            self._interruptions.end(registration, self._now())
            self._connection.ask(RELEASE, registration)

    def want(self, symbol: str, exchange: Exchange | None, feed: Feed) -> Registration | None:
        """Note what is to be watched; None when it is already, or not offered (and told)."""
        try:
            registration = self._desk.of_symbol(symbol, exchange, feed)
        except NotOfferedHere as reason:
            self._declined(str(reason))
            return None
        if not self._desk.want(registration, Subject(feed, symbol)):
            return None
        if feed is Feed.TRADES:
            self._volumes[symbol] = None
        return registration

    def want_notices(self, hts_id: str, *, domestic: bool = False) -> None:
        if not hts_id:
            self._declined("fill notices need the HTS id")
            return
        us, krx = self._desk.of_notices(hts_id)
        self._desk.want(krx if domestic else us, Subject(Feed.NOTICES, hts_id))

    async def run(self) -> None:
        """Stay connected until KIS refuses it for good."""
        await self._connection.run()

    # -- what the connection tells -----------------------------------------------------------

    def registrations(self) -> tuple[Registration, ...]:
        return tuple(self._desk.wanted)

    def connected(self) -> None:
        self._tell(StreamStateKind.CONNECTED, "")

    def data(self, text: str) -> None:
        volumes = self._volumes
        for told in self._reader.read(text):
            if not isinstance(told, Trade | DomesticTrade):
                self._other(told)
                continue
            symbol = told.symbol
            if symbol not in volumes:
                self.unasked += 1
                continue
            if self._interruptions:
                self._resumed(self._interruptions.of(Feed.TRADES, symbol))
            last = volumes[symbol]
            volumes[symbol] = told
            if last is not None and told.day_volume - told.quantity != last.day_volume:
                jump = volumes.jump(last, told)
                if jump is not None:
                    self._shelf.put_jump(jump)
            self._shelf.put_price(told)

    def answered(self, control: frames.Control, text: str, *, fine: bool) -> None:
        del text
        if not fine:
            words = self._clean(f"{control.code} {control.message}".strip())
            self._declined(f"{control.tr_id} {self._clean(control.tr_key)}: {words}")
            return
        if control.frame_key is not None:
            self._reader.keys[control.tr_id] = control.frame_key
        registration = (control.tr_id, control.tr_key)
        if registration in self._desk.wanted:
            self._resumed(registration)

    def pinged(self, text: str) -> None:
        """A ping is a sign of life and nothing else."""

    def unreadable(self) -> None:
        self._reader.malformed[frames.UNREADABLE] += 1
        _log.warning("a message from KIS's websocket could not be read")

    def closed(self, end: End, quiet: float) -> None:
        self._reader.keys.clear()
        wanted = self._desk.wanted
        lost = [(taken, wanted[taken]) for taken in self._desk.taken]
        # What came after the last message that was heard, may not have reached us.
        start = self._now() - timedelta(seconds=quiet)
        self._interruptions.begin(lost, start, end.reason)
        self._desk.taken.clear()
        self._tell(StreamStateKind.DISCONNECTED, end.reason)

    def refused(self, end: End) -> None:
        self._tell(StreamStateKind.REFUSED, end.reason)
        self._shelf.end()

    # -- putting it on the shelf -------------------------------------------------------------

    def _other(self, told: frames.Told) -> None:
        if isinstance(told, frames.AccountNotice):
            if told.account.startswith(self._cano):
                if self._interruptions:
                    self._resumed(self._interruptions.of(Feed.NOTICES, ""))
                self._shelf.put(told.notice)
            else:
                self.foreign += 1
        elif self._desk.watches(Feed.BOOKS, told.symbol):
            if self._interruptions:
                self._resumed(self._interruptions.of(Feed.BOOKS, told.symbol))
            self._shelf.put_price(told)
        else:
            self.unasked += 1

    def _resumed(self, registration: Registration | None) -> None:
        if registration is None:
            return
        # What comes is taken, even before KIS's answer: lost again, it is a gap again.
        self._desk.taken.add(registration)
        gap = self._interruptions.end(registration, self._now())
        if gap is not None:
            self._shelf.put(gap)

    def _declined(self, reason: str) -> None:
        self._tell(StreamStateKind.SUBSCRIPTION_REFUSED, reason)

    def _tell(self, kind: StreamStateKind, reason: str) -> None:
        state = StreamState(kind=kind, reason=reason)
        if state != self._last_state:
            self._last_state = state
            self._shelf.put(state)


@asynccontextmanager
async def open_stream(stream: Stream, shared: SharedSocket | None) -> AsyncGenerator[Stream]:
    """Run a stream for as long as the block lasts. The block's own exception comes out bare."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(stream.run())]
            if shared is not None:
                tasks.append(group.create_task(shared.run()))
            try:
                yield stream
            finally:
                for task in tasks:
                    task.cancel()
    except BaseExceptionGroup as errors:
        if len(errors.exceptions) != 1:
            raise
        error = errors.exceptions[0]
        raise error from error.__cause__


def socket_url(url: str) -> str:
    """Add KIS's path where an address names the server alone."""
    return url if urlsplit(url).path not in {"", "/"} else url.rstrip("/") + "/tryitout"
