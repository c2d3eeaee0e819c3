"""How a market is worded on a command line."""

from collections.abc import Iterable
from datetime import date

from kis.simulator.config import KNOWN_EXCHANGES
from kis.simulator.model import Split


def read_listings(words: Iterable[str]) -> dict[str, str]:
    """Read tickers with or without their exchange: AAAA, SOXL, BBBB:AMEX. Raises ValueError."""
    listings = {}
    for word in words:
        symbol, _, exchange = word.strip().upper().partition(":")
        if not symbol.isascii() or not symbol.replace(".", "").isalnum():
            raise ValueError(f"{word!r} is not a ticker")
        listings[symbol] = exchange or KNOWN_EXCHANGES.get(symbol, "NASD")
        if listings[symbol] not in {"NASD", "NYSE", "AMEX"}:
            raise ValueError(f"{symbol} is on NASD, NYSE or AMEX, not on {exchange}")
    return listings


def read_split(word: str) -> Split:
    """Read a split worded SYMBOL:YYYY-MM-DD:NEW:OLD, as TQQQ:2027-01-15:2:1. Raises ValueError."""
    try:
        symbol, day, new, old = word.strip().upper().split(":")
        return Split(symbol, date.fromisoformat(day), int(new), int(old))
    except ValueError as error:
        raise ValueError(
            f"a split is worded SYMBOL:YYYY-MM-DD:NEW:OLD, as TQQQ:2027-01-15:2:1, not {word!r}"
        ) from error
