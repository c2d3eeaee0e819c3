"""Prices over REST: the last one, and a hundred days of bars."""

from datetime import date

from kis.answers import prices as answers
from kis.errors import KisBadAnswer
from kis.models import DailyBar, Exchange, Quote
from kis.reads import Question, Reader, rows_of
from kis.tr_ids import TrIds
from kis.wire import prices as wire
from kis.wire.codes import DAILY, PRICE


class Prices:
    """Questions about prices. KIS's US prices are Nasdaq's own, corrected by noon in Seoul."""

    def __init__(self, reader: Reader, ids: TrIds) -> None:
        self._reader = reader
        self._ids = ids

    async def quote(self, symbol: str, exchange: Exchange) -> Quote:
        """Ask for the last price and the previous close, in USD.

        Raises KisUnavailable, KisBadAnswer (an unknown symbol is a row of blanks) or
        KisAuthError.
        """
        query = wire.quote_query(symbol, exchange)
        question = Question(tr_id=self._ids.quote, path=PRICE, query=query)
        rows = rows_of(await self._reader.ask(question), "output")
        if len(rows) != 1:
            raise KisBadAnswer("a quote came in other than one row")
        return answers.quote(rows[0], symbol, exchange)

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
        query = wire.daily_query(symbol, exchange, until, adjusted=adjusted)
        question = Question(tr_id=self._ids.daily, path=DAILY, query=query)
        rows = rows_of(await self._reader.ask(question), "output2")
        bars: dict[date, DailyBar] = {}
        for row in rows:
            if not answers.untraded_bar(row):
                bar = answers.daily_bar(row)
                if bars.setdefault(bar.day, bar) != bar:
                    raise KisBadAnswer("two different bars of one day")
        return [bars[day] for day in sorted(bars)]
