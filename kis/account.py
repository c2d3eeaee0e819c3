"""What the account holds and can buy."""

from decimal import Decimal

from kis.answers import account as answers
from kis.answers.fields import text
from kis.errors import KisBadAnswer
from kis.models import BuyingPower, Credentials, Exchange, Holding, Listing
from kis.reads import Question, Reader, collect, rows_of
from kis.tr_ids import TrIds
from kis.wire import account as wire
from kis.wire.codes import BALANCE, BUYING_POWER, ORDER_EXCHANGE, WHOLE_US


class Account:
    """Questions about holdings and money."""

    def __init__(self, reader: Reader, credentials: Credentials, ids: TrIds, *, mock: bool) -> None:
        self._reader = reader
        self._credentials = credentials
        self._ids = ids
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
            blank=lambda row: not text(row, "ovrs_pdno"),
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
        reply = await self._reader.ask(question)
        # 모의투자 was seen to answer with output1 once.
        name = "output" if "output" in (reply.body or {}) else "output1"
        rows = rows_of(reply, name)
        if len(rows) != 1:
            raise KisBadAnswer("buying power came in other than one row")
        return answers.buying_power(rows[0])
