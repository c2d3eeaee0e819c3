"""Where a symbol is listed: KIS never takes a ticker without its exchange."""

from collections.abc import Callable
from functools import partial

from kis import codes
from kis.answers import listings as answers
from kis.answers import prices
from kis.answers.fields import Row
from kis.errors import KisBadAnswer, KisUnknownSymbol, ReadRefused
from kis.models import Exchange, SymbolInfo
from kis.reads import Question, Reader, T, naming, rows_of
from kis.tr_ids import TrIds, offered
from kis.wire import listings as wire
from kis.wire.codes import PRICE, SYMBOL_INFO
from kis.wire.prices import quote_query

# "해당종목정보가 없습니다" is what KIS says of a symbol under another exchange's name.
_NO_SUCH_SYMBOL = frozenset({"APBK0656", *codes.NOTHING_FOUND})
_NO_INFORMATION = "종목정보가 없"


class Symbols:
    """Questions about symbols."""

    def __init__(self, reader: Reader, ids: TrIds) -> None:
        self._reader = reader
        self._ids = ids

    async def info(self, symbol: str) -> SymbolInfo:
        """Ask what a symbol is and where it is listed, exchange by exchange.

        A symbol that left one exchange for another is the one that is listed. Raises
        KisUnknownSymbol, KisNotOffered at 모의투자, KisUnavailable, KisBadAnswer or KisAuthError.
        """
        tr_id = offered(self._ids.symbol, "symbol search")
        gone: SymbolInfo | None = None
        for exchange in Exchange:
            query = wire.symbol_query(symbol, exchange)
            question = Question(tr_id=tr_id, path=SYMBOL_INFO, query=query)
            found = await self._known(
                question, answers.blank_symbol, lambda row: answers.symbol_info(row, symbol)
            )
            if found is not None and found.listed:
                return found
            gone = gone or found
        if gone is None:
            raise KisUnknownSymbol(symbol)
        return gone

    async def exchange(self, symbol: str) -> Exchange:
        """Find where a symbol is listed; at 모의투자 by asking each exchange for its price.

        Raises KisUnknownSymbol, KisUnavailable, KisBadAnswer or KisAuthError.
        """
        if self._ids.symbol is not None:
            return (await self.info(symbol)).exchange
        for exchange in Exchange:
            query = quote_query(symbol, exchange)
            question = Question(tr_id=self._ids.quote, path=PRICE, query=query)
            read = partial(prices.quote, symbol=symbol, exchange=exchange)
            if await self._known(question, prices.blank_quote, read):
                return exchange
        raise KisUnknownSymbol(symbol)

    async def _known(
        self, question: Question, blank: Callable[[Row], bool], read: Callable[[Row], T]
    ) -> T | None:
        """Read what KIS says of a symbol; None when it says that there is none, or a blank row."""
        try:
            reply = await self._reader.ask(question)
        except ReadRefused as refused:
            if _unknown(refused):
                return None
            raise
        with naming(question):
            rows = [row for row in rows_of(reply, "output") if not blank(row)]
            if len(rows) > 1:
                raise KisBadAnswer(f"output came in {len(rows)} rows and not in one")
            return read(rows[0]) if rows else None


def _unknown(refused: ReadRefused) -> bool:
    return refused.code in _NO_SUCH_SYMBOL or _NO_INFORMATION in refused.message
