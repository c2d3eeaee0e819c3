"""Daily bars from KIS: the past at the start, then each session's close twice.

Once some minutes after the close, as KIS shows it first, and once it is official: after noon in
Seoul. What is not there yet is asked for again.
"""

from datetime import date, datetime, timedelta

import structlog

from bot.clock import Clock
from bot.paper.complaints import Complaints
from kis.errors import ReadError
from kis.models import DailyBar, Exchange
from kis.quotations import Quotations
from kis.simulator.live.exchange import LiveExchange
from kis.simulator.live.market import corrected_at
from kis.simulator.model import Bar

log = structlog.get_logger(__name__)

PAST = timedelta(days=380)
AFTER_THE_CLOSE = timedelta(minutes=5)
AFTER_NOON = timedelta(minutes=2)
AGAIN = timedelta(minutes=2)

Stage = tuple[date, bool]


class DailyBars:
    """Look at the clock, and ask for the bars that should be there by now."""

    def __init__(self, quotations: Quotations, exchange: LiveExchange, clock: Clock) -> None:
        self._quotations = quotations
        self._exchange = exchange
        self._clock = clock
        self._complaints = Complaints()
        self._have: dict[str, Stage | None] = {}
        self._not_before: dict[str, datetime] = {}

    async def look(self, symbols: dict[str, Exchange]) -> None:
        """Bring in what is due for every symbol."""
        for symbol, exchange in symbols.items():
            now = self._clock.now()
            stage = self._stage(now)
            seen = symbol in self._have
            if seen and self._have[symbol] == stage:
                continue
            if self._not_before.get(symbol, now) > now:
                continue
            self._not_before[symbol] = now + AGAIN
            try:
                bars = await self._ask(symbol, exchange, whole=not seen)
            except ReadError as error:
                self._complaints.about("no daily bars", symbol, str(error))
                continue
            self._complaints.over("no daily bars", symbol)
            self._exchange.bars(symbol, [_bar(bar) for bar in bars], asked_at=now)
            there = stage is None or any(bar.day == stage[0] for bar in bars)
            self._have[symbol] = stage if there else None

    def _stage(self, now: datetime) -> Stage | None:
        """Name the newest session that is over, and whether its close should be official."""
        session = self._exchange.timetable.latest_started(now)
        if session is not None and now < session.close + AFTER_THE_CLOSE:
            session = self._exchange.timetable.latest_started(session.open - timedelta(seconds=1))
        if session is None:
            return None
        return session.day, now >= corrected_at(session.day) + AFTER_NOON

    async def _ask(self, symbol: str, exchange: Exchange, *, whole: bool) -> list[DailyBar]:
        prices = self._quotations.prices
        if not whole:
            return await prices.daily(symbol, exchange, adjusted=False)
        today = self._exchange.today
        listing = await prices.history(symbol, exchange, today - PAST, today)
        if not listing.complete:
            log.warning("the past is not whole", symbol=symbol, reason=listing.reason)
        return list(listing.rows)


def _bar(row: DailyBar) -> Bar:
    return Bar(row.day, row.open, row.high, row.low, row.close, row.volume)
