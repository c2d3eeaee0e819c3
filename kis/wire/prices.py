"""Questions about prices."""

from datetime import date, datetime

from kis.models import NEW_YORK, Exchange
from kis.wire.codes import QUOTE_EXCHANGE

MINUTE_ROWS = 120


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


def minutes_query(
    symbol: str, exchange: Exchange, minutes: int, before: datetime | None
) -> dict[str, str]:
    """Ask for 120 minute bars: the newest, or those up to `before` (New York time)."""
    key = "" if before is None else before.astimezone(NEW_YORK).strftime("%Y%m%d%H%M%S")
    return {
        **quote_query(symbol, exchange),
        "NMIN": str(minutes),
        # KIS's page: a next page is asked for with the day before included.
        "PINC": "1",
        "NEXT": "1" if key else "",
        "NREC": str(MINUTE_ROWS),
        "FILL": "",
        "KEYB": key,
    }


def domestic_query(code: str) -> dict[str, str]:
    """Ask for a KRX symbol; J is the KRX itself (not the ATS, not both)."""
    return {"FID_COND_MRKT_DIV_CODE": "J", "FID_INPUT_ISCD": code}
