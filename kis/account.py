"""What the account holds, can buy, and has made of its trades."""

from datetime import date
from decimal import Decimal

from kis.answers import account as answers
from kis.errors import KisBadAnswer
from kis.models import (
    BuyingPower,
    Credentials,
    Exchange,
    Holding,
    Listing,
    Margin,
    PresentBalance,
    Profits,
    SettledHolding,
    Transaction,
)
from kis.reads import MANY_PAGES, Question, Reader, collect, naming
from kis.tr_ids import TrIds, offered
from kis.wire import account as wire
from kis.wire.codes import (
    BALANCE,
    BUYING_POWER,
    MARGINS,
    ORDER_EXCHANGE,
    PRESENT,
    PROFITS,
    SETTLED,
    TRANSACTIONS,
    WHOLE_US,
)


class Account:
    """Questions about holdings and money."""

    def __init__(self, reader: Reader, credentials: Credentials, ids: TrIds, *, mock: bool) -> None:
        self._reader = reader
        self._credentials = credentials
        self._ids = ids
        self._mock = mock
        # On real accounts NASD is the whole of the US; 모의투자 answers exchange by exchange.
        self._exchanges = tuple(ORDER_EXCHANGE.values()) if mock else (WHOLE_US,)

    async def holdings(self) -> Listing[Holding]:
        """List the shares held, once per symbol.

        Raises KisUnavailable, KisBadAnswer or KisAuthError when the first page fails. A symbol
        that is listed twice with different quantities makes the listing incomplete.
        """
        rows: list[dict[str, object]] = []
        complete, reason = True, ""
        for code in self._exchanges:
            query = wire.balance_query(self._credentials, code)
            question = Question(tr_id=self._ids.balance, path=BALANCE, query=query)
            found = await self._reader.rows(question, "output1")
            rows += found.rows
            complete, reason = complete and found.complete, reason or found.reason
        clashes: list[Holding] = []

        def once(known: Holding, again: Holding) -> Holding:
            if known.quantity != again.quantity:
                clashes.append(again)
            return known

        listing = collect(
            Listing(rows=tuple(rows), complete=complete, reason=reason),
            blank=answers.blank,
            read=answers.holding,
            key=lambda holding: holding.symbol,
            later=once,
        )
        if clashes and not listing.reason:
            reason = f"{clashes[0].symbol} is listed with two quantities"
            return Listing(rows=listing.rows, complete=False, reason=reason)
        return listing

    async def buying_power(self, symbol: str, exchange: Exchange, price: Decimal) -> BuyingPower:
        """Ask what can be bought of a symbol at a price in USD (0 asks for the money alone).

        Raises KisUnavailable, KisBadAnswer or KisAuthError.
        """
        query = wire.buying_power_query(self._credentials, symbol, exchange, price)
        question = Question(tr_id=self._ids.buying_power, path=BUYING_POWER, query=query)
        # 모의투자 was seen to answer with output1 once.
        return await self._reader.row(question, "output", answers.buying_power, otherwise="output1")

    async def present(self) -> PresentBalance:
        """Ask for the balance by execution: holdings, cash by currency, totals in KRW.

        Raises KisUnavailable, KisBadAnswer or KisAuthError when the first page fails.
        """
        query = wire.present_query(self._credentials)
        question = Question(tr_id=self._ids.present, path=PRESENT, query=query)
        names = ("output3",) if self._mock else ("output1", "output2", "output3")
        tables = await self._reader.tables(question, *names, width=None)
        with naming(question):
            totals = answers.krw_totals(_last(tables.rows["output3"]))
        if self._mock:
            return PresentBalance(holdings=None, cash=None, totals_krw=totals)
        return PresentBalance(
            holdings=collect(
                tables.listing("output1"),
                blank=answers.blank,
                read=answers.present_holding,
            ),
            cash=collect(
                tables.listing("output2"),
                blank=answers.blank,
                read=answers.currency_cash,
            ),
            totals_krw=totals,
        )

    async def settled(self, day: date) -> Listing[SettledHolding]:
        """List the shares held by settlement on a date in Seoul.

        Raises KisNotOffered at 모의투자; KisUnavailable, KisBadAnswer or KisAuthError otherwise.
        """
        query = wire.settled_query(self._credentials, day)
        question = Question(
            tr_id=offered(self._ids.settled, "balance by settlement"), path=SETTLED, query=query
        )
        return collect(
            await self._reader.rows(question, "output1", width=None),
            blank=answers.blank,
            read=answers.settled_holding,
        )

    async def profits(self, start: date, end: date, symbol: str = "") -> Profits:
        """Ask what the sales from `start` to `end` (US dates) made, of one symbol or of all.

        Raises KisNotOffered at 모의투자; KisUnavailable, KisBadAnswer or KisAuthError when the
        first page fails. Source: domain/kis.md 6.8.
        """
        query = wire.profits_query(self._credentials, start, end, symbol)
        question = Question(
            tr_id=offered(self._ids.profits, "profits of a period"), path=PROFITS, query=query
        )
        tables = await self._reader.tables(question, "output1", "output2", most_pages=MANY_PAGES)
        with naming(question):
            totals = [row for row in tables.rows["output2"] if not answers.blank(row)]
            sums = answers.profit_totals(totals[-1]) if totals else None
        rows = collect(
            tables.listing("output1"),
            blank=answers.blank,
            read=answers.realized_profit,
            # One row a day and symbol: the same row again is the same row.
            key=lambda profit: profit,
        )
        return Profits(rows=rows, totals=sums)

    async def transactions(self, start: date, end: date, symbol: str = "") -> Listing[Transaction]:
        """List the trades that KIS entered from `start` to `end`, with their fees.

        Two equal trades of a day are two. Raises KisNotOffered at 모의투자; KisUnavailable,
        KisBadAnswer or KisAuthError when the first page fails. Source: domain/kis.md 6.8.
        """
        query = wire.transactions_query(self._credentials, start, end, symbol)
        question = Question(
            tr_id=offered(self._ids.transactions, "list of trades"), path=TRANSACTIONS, query=query
        )
        return collect(
            await self._reader.rows(question, "output1", width="100", most_pages=MANY_PAGES),
            blank=answers.blank,
            read=answers.transaction,
        )

    async def margins(self) -> Listing[Margin]:
        """List the margin by currency, with KIS's own figure for 통합증거금.

        Raises KisNotOffered at 모의투자; KisUnavailable, KisBadAnswer or KisAuthError otherwise.
        """
        query = wire.margins_query(self._credentials)
        question = Question(
            tr_id=offered(self._ids.margins, "margins by currency"), path=MARGINS, query=query
        )
        return collect(
            await self._reader.rows(question, "output", width=None),
            blank=answers.blank,
            read=answers.margin,
            key=lambda margin: (margin.country, margin.currency),
        )


def _last(rows: list[dict[str, object]]) -> dict[str, object]:
    if not rows:
        raise KisBadAnswer("no totals came")
    return rows[-1]
