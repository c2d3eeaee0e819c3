"""Prices over REST: the last one, the book, and bars back through the years."""

import re
from collections.abc import Callable
from datetime import date, datetime

from kis.answers import prices as answers
from kis.charts import DailyChart, MinuteChart, OnPage
from kis.errors import KisBadAnswer
from kis.models import (
    DailyBar,
    DomesticQuote,
    Exchange,
    Listing,
    MinuteBar,
    OrderBook,
    PriceDetail,
    Quote,
)
from kis.reads import Question, Reader, naming, rows_of
from kis.tr_ids import TrIds, offered
from kis.wire import prices as wire
from kis.wire.codes import BOOK, DETAIL, DOMESTIC_PRICE, PRICE

# Six characters: digits for shares, and a letter among them in newer funds (0000J0).
_DOMESTIC = re.compile(r"[0-9][0-9A-Z]{5}")


class Prices:
    """Questions about prices. KIS's US prices are Nasdaq's own, corrected by noon in Seoul.

    `now` gives aware instants: by it a bar that still runs is told from a finished one.
    """

    def __init__(self, reader: Reader, ids: TrIds, *, now: Callable[[], datetime]) -> None:
        self._reader = reader
        self._ids = ids
        self._now = now

    async def quote(self, symbol: str, exchange: Exchange) -> Quote:
        """Ask for the last price and the previous close, in USD.

        Raises KisUnavailable, KisBadAnswer (an unknown symbol is a row of blanks) or
        KisAuthError.
        """
        query = wire.quote_query(symbol, exchange)
        question = Question(tr_id=self._ids.quote, path=PRICE, query=query)
        return await self._reader.row(
            question, "output", lambda row: answers.quote(row, symbol, exchange)
        )

    async def detail(self, symbol: str, exchange: Exchange) -> PriceDetail:
        """Ask for the day so far (USD), the tick, the year's range and KIS's rate (KRW a USD).

        Raises KisNotOffered at 모의투자, KisUnavailable, KisBadAnswer or KisAuthError.
        """
        query = wire.quote_query(symbol, exchange)
        question = Question(
            tr_id=offered(self._ids.detail, "price detail"), path=DETAIL, query=query
        )
        return await self._reader.row(
            question, "output", lambda row: answers.detail(row, symbol, exchange)
        )

    async def book(self, symbol: str, exchange: Exchange) -> OrderBook:
        """Ask for the ten best bids and asks (USD), those of Nasdaq's own market.

        Raises KisNotOffered at 모의투자, KisUnavailable, KisBadAnswer or KisAuthError.
        """
        query = wire.quote_query(symbol, exchange)
        question = Question(tr_id=offered(self._ids.book, "order book"), path=BOOK, query=query)
        reply = await self._reader.ask(question)
        with naming(question):
            head, levels = rows_of(reply, "output1"), rows_of(reply, "output2")
            if len(head) != 1 or len(levels) != 1:
                raise KisBadAnswer("a book came in other than one row")
            return answers.book(head[0], levels[0], symbol, exchange)

    async def daily(
        self,
        symbol: str,
        exchange: Exchange,
        *,
        until: date | None = None,
        adjusted: bool = True,
    ) -> list[DailyBar]:
        """Ask for up to 100 daily bars, oldest first, the last on `until` (US date) or today.

        `adjusted` takes splits into account. The bar of a running session is among them. Raises
        KisUnavailable, KisBadAnswer (one malformed bar spoils all) or KisAuthError.
        """
        bars = await self._daily(symbol, exchange, adjusted=adjusted).page(until)
        return [bars[day] for day in sorted(bars)]

    async def history(
        self,
        symbol: str,
        exchange: Exchange,
        start: date,
        end: date,
        *,
        adjusted: bool = False,
        on_page: OnPage | None = None,
    ) -> Listing[DailyBar]:
        """List the daily bars from `start` to `end` (US dates), oldest first, prices in USD.

        The bar of a running session is among them; an unknown symbol gives an empty listing.
        `on_page` is told after each page how many days there are and which is the oldest. The
        first page raises KisUnavailable, KisBadAnswer or KisAuthError; what fails later leaves
        the newer days in a listing that is not complete. A day that KIS shows twice and
        differently raises KisBadAnswer.
        """
        if start > end:
            raise ValueError(f"a history from {start} back to {end}")
        return await self._daily(symbol, exchange, adjusted=adjusted).back(start, end, on_page)

    async def minutes(
        self, symbol: str, exchange: Exchange, *, minutes: int, since: datetime
    ) -> Listing[MinuteBar]:
        """List the bars of so many minutes that start at `since` (aware) or later, oldest first.

        KIS keeps about a month, of the regular session: before that the listing is not complete.
        A minute without a trade has no bar; the trades of the closing instant have one of their
        own, which `kis.minute_bars.join` puts into the last. Raises KisNotOffered at 모의투자, and
        on the first page KisUnavailable, KisBadAnswer or KisAuthError.
        """
        if minutes < 1 or since.tzinfo is None:
            raise ValueError(f"bars of {minutes} minutes since {since}")
        chart = MinuteChart(
            reader=self._reader,
            tr_id=offered(self._ids.minutes, "minute chart"),
            symbol=symbol,
            exchange=exchange,
            minutes=minutes,
            now=self._now(),
        )
        return await chart.back(since)

    async def domestic_quote(self, code: str) -> DomesticQuote:
        """Ask for the last price of a KRX symbol such as 005930, in KRW.

        Raises ValueError for what is no KRX code, KisUnavailable, KisBadAnswer or KisAuthError.
        """
        if not _DOMESTIC.fullmatch(code):
            raise ValueError(f"not a KRX code: {code!r}")
        query = wire.domestic_query(code)
        question = Question(tr_id=self._ids.domestic_quote, path=DOMESTIC_PRICE, query=query)
        return await self._reader.row(
            question, "output", lambda row: answers.domestic_quote(row, code)
        )

    def _daily(self, symbol: str, exchange: Exchange, *, adjusted: bool) -> DailyChart:
        return DailyChart(
            reader=self._reader,
            tr_id=self._ids.daily,
            symbol=symbol,
            exchange=exchange,
            adjusted=adjusted,
        )
