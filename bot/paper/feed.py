"""The price feed: what happens at KIS goes into the room's exchange, as it is seen.

Trades come over the websocket and alone fill orders. Prices are asked for where no trade came,
daily bars after the close and after noon in Seoul, splits a few times a day.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from bot.clock import NEW_YORK, Clock
from bot.nursery import Nursery
from bot.paper.complaints import Complaints
from bot.paper.daily import DailyBars
from bot.paper.rights import SplitWatch
from kis.errors import ReadError
from kis.models import (
    Exchange,
    MarketHours,
    StreamGap,
    StreamState,
    StreamStateKind,
    Trade,
)
from kis.quotations import Quotations
from kis.simulator.live.exchange import LiveExchange
from kis.simulator.live.rules import Tick
from kis.simulator.live.symbols import LiveSymbols
from kis.simulator.model import Phase
from kis.stream import Item, Stream

log = structlog.get_logger(__name__)

SILENT = "no message"
QUIET = timedelta(seconds=30)
A_MOMENT = timedelta(seconds=1)
OUTSIDE = "outside the band"
TOLD_AFTER = timedelta(minutes=5)
# KIS lets go of an old session within minutes, and blocks those who hammer it.
AFTER_A_REFUSAL = timedelta(minutes=10)
HOURS = {
    MarketHours.PRE: Phase.PRE,
    MarketHours.REGULAR: Phase.REGULAR,
    MarketHours.AFTER: Phase.AFTER,
}
EXCHANGES = {"NASD": Exchange.NASDAQ, "NYSE": Exchange.NYSE, "AMEX": Exchange.AMEX}
CODES = {exchange: code for code, exchange in EXCHANGES.items()}

Tell = Callable[[str, str], None]


class FeedFailed(Exception):
    """Something in the feed raised what it should not; the log has it."""


class Feed:
    """Follow KIS for an exchange until cancelled; `tell` hears of trouble and of its end.

    `sockets` is the folder by which this machine's processes share one websocket a key.
    """

    def __init__(
        self,
        quotations: Quotations,
        exchange: LiveExchange,
        symbols: LiveSymbols,
        *,
        clock: Clock,
        beat: timedelta,
        tell: Tell,
        sockets: Path | None = None,
    ) -> None:
        self._quotations = quotations
        self._sockets = sockets
        self._exchange = exchange
        self._symbols = symbols
        self._clock = clock
        self._beat = beat
        self._tell = tell
        self._complaints = Complaints()
        self._daily = DailyBars(quotations, exchange, clock)
        self._splits = SplitWatch(quotations, exchange, clock)
        self._stream: Stream | None = None
        self._watched: set[str] = set()
        self._connected = False
        self._heard_at: datetime | None = None
        self._ticked: dict[str, datetime] = {}
        self._troubled = False

    async def run(self, loaded: Callable[[], None]) -> None:
        """Bring in the past, say so, then follow. Raises FeedFailed."""
        async with Nursery() as nursery:
            nursery.start(self._keep_time(loaded), name="prices")
            nursery.start(self._follow(), name="trades")
            await nursery.failed.wait()
        raise FeedFailed("the price feed failed; the log says why")

    # -- asking -----------------------------------------------------------------------------

    async def _keep_time(self, loaded: Callable[[], None]) -> None:
        with self._clock.working():
            while True:
                await self._find_wanted()
                symbols = {name: EXCHANGES[code] for name, code in self._symbols.items()}
                await self._watch(symbols)
                await self._daily.look(symbols)
                loaded()
                await self._show_prices(symbols)
                await self._splits.look(symbols)
                self._look_at_the_feed()
                await self._clock.sleep(self._beat.total_seconds())

    async def _find_wanted(self) -> None:
        """Find where the symbols are listed that were asked for without an exchange."""
        for symbol in sorted(self._symbols.wanted):
            try:
                exchange = await self._quotations.symbols.exchange(symbol)
            except ReadError as error:
                self._complaints.about("a symbol was not found", symbol, str(error))
                continue
            self._symbols.add(symbol, CODES[exchange])

    async def _watch(self, symbols: dict[str, Exchange]) -> None:
        """Subscribe to what was asked for since the last look."""
        if self._stream is None:
            return
        for symbol, exchange in symbols.items():
            if symbol not in self._watched:
                self._watched.add(symbol)
                await self._stream.watch(symbol, exchange)
                if self._connected:
                    self._exchange.feed_up([symbol])

    async def _show_prices(self, symbols: dict[str, Exchange]) -> None:
        """Ask for the price where no trade came of late; before a first one, at any hour."""
        now = self._clock.now()
        trading = self._exchange.timetable.session_at(now) is not None
        for symbol, exchange in symbols.items():
            ticked = self._ticked.get(symbol)
            fresh = ticked is not None and now - ticked < QUIET
            if fresh or not (trading or self._exchange.last_trade(symbol) is None):
                continue
            try:
                quote = await self._quotations.prices.quote(symbol, exchange)
            except ReadError as error:
                self._complaints.about("no price", symbol, str(error))
                continue
            self._complaints.over("no price", symbol)
            if quote.last > 0:
                self._exchange.price(symbol, quote.last)

    def _look_at_the_feed(self) -> None:
        """Tell of a feed that has been gone for minutes while the market trades."""
        now = self._clock.now()
        if self._exchange.timetable.session_at(now) is None or self._troubled:
            return
        for symbol in sorted(self._symbols.asked & self._symbols.keys()):
            if self._exchange.coverage.covered(symbol):
                continue
            since, reason = self._exchange.coverage.since(symbol)
            if now - since >= TOLD_AFTER:
                self._trouble(f"{symbol}: {reason}, {since.astimezone(NEW_YORK):%H:%M} NY")
                return

    def _trouble(self, reason: str) -> None:
        if not self._troubled:
            self._troubled = True
            self._tell("troubled", reason)

    # -- following --------------------------------------------------------------------------

    async def _follow(self) -> None:
        while True:
            symbols = {name: EXCHANGES[code] for name, code in self._symbols.items()}
            reason = "ended"
            async with self._quotations.stream(symbols.items(), shared=self._sockets) as stream:
                self._stream, self._watched = stream, set(symbols)
                async for item in stream:
                    if isinstance(item, StreamState) and item.kind is StreamStateKind.REFUSED:
                        reason = item.reason
                    self._take(item)
            self._stream = None
            self._down(reason)
            self._trouble(reason)
            await self._clock.sleep(AFTER_A_REFUSAL.total_seconds())

    def _take(self, item: Item) -> None:
        match item:
            case Trade():
                self._heard_at = self._clock.now()
                self._take_trade(item, self._heard_at)
            case StreamGap(symbols=symbols) if symbols:
                known = [symbol for symbol in symbols if symbol in self._symbols]
                self._exchange.feed_gap(known, item.start, item.end, item.reason)
            case StreamState(kind=StreamStateKind.CONNECTED):
                self._connected = True
                self._exchange.feed_up(self._watched)
                if self._troubled:
                    self._troubled = False
                    self._tell("returned", "")
            case StreamState(kind=StreamStateKind.SUBSCRIPTION_REFUSED):
                log.warning("a subscription was refused", reason=item.reason)
                refused = named_in(item.reason, self._watched)
                self._exchange.feed_down(refused or self._watched, item.reason)
            case StreamState():
                self._down(item.reason)
            case _:
                pass

    def _take_trade(self, trade: Trade, now: datetime) -> None:
        """Hand a trade on; one that cannot be believed is a gap, and the price is asked for anew.

        Trades come over plain text (safety.md section 0.9): whoever is on the way may tell any.
        """
        if self._exchange.believes(trade.symbol, trade.price):
            self._ticked[trade.symbol] = now
            self._exchange.trades([_tick(trade)])
            return
        self._ticked.pop(trade.symbol, None)
        log.warning("a trade outside the band", symbol=trade.symbol, price=str(trade.price))
        self._exchange.feed_gap([trade.symbol], now, now + A_MOMENT, OUTSIDE)

    def _down(self, reason: str) -> None:
        self._connected = False
        # A socket that died without a word was deaf since its last trade, not since it was missed.
        since = self._heard_at if SILENT in reason else None
        self._exchange.feed_down(self._watched, reason, since=since)


def _tick(trade: Trade) -> Tick:
    return Tick(
        symbol=trade.symbol,
        at=trade.at,
        price=trade.price,
        volume=trade.quantity,
        hours=None if trade.hours is None else HOURS[trade.hours],
    )


def named_in(reason: str, symbols: Iterable[str]) -> list[str]:
    """Give the symbols whose registration a refusal names, as in `HDFSCNT0 DAMSSOXL: OPSP8992`."""
    return [one for one in symbols if re.search(rf"\b[DR][A-Z]{{3}}{re.escape(one)}:", reason)]
