"""Questions about prices."""

from datetime import date

from kis.models import Exchange
from kis.wire.codes import QUOTE_EXCHANGE


def quote_query(symbol: str, exchange: Exchange) -> dict[str, str]:
    return {"AUTH": "", "EXCD": QUOTE_EXCHANGE[exchange], "SYMB": symbol}


def daily_query(
    symbol: str, exchange: Exchange, until: date | None, *, adjusted: bool
) -> dict[str, str]:
    return {
        **quote_query(symbol, exchange),
        "GUBN": "0",
        "BYMD": "" if until is None else until.strftime("%Y%m%d"),
        "MODP": "1" if adjusted else "0",
    }
