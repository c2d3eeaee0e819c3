"""The symbols of a live market: what it began with, and what was asked for since."""

from kis.simulator.store import Store

EXCHANGES = frozenset({"NASD", "NYSE", "AMEX"})


class LiveSymbols(dict[str, str]):
    """Symbols and their exchanges; one that was added comes back after a restart.

    `asked` are those that somebody asked for, `wanted` those of them whose exchange is to be found.
    """

    def __init__(self, store: Store, first: dict[str, str]) -> None:
        super().__init__()
        self.asked: set[str] = set()
        self.wanted: set[str] = set()
        self._store = store
        for row in store.kept("symbol"):
            self[row["symbol"]] = row["exchange"]
        for symbol, exchange in first.items():
            self.add(symbol, exchange)

    def want(self, symbol: str) -> None:
        """Ask for a symbol whose exchange the feed has to find. Raises ValueError for no ticker."""
        _check(symbol)
        self.asked.add(symbol)
        if symbol not in self:
            self.wanted.add(symbol)

    def add(self, symbol: str, exchange: str) -> None:
        """Have one more symbol. Raises ValueError for a word that is no ticker or no exchange."""
        if exchange not in EXCHANGES:
            raise ValueError(f"{symbol} is on NASD, NYSE or AMEX, not on {exchange}")
        _check(symbol)
        self.wanted.discard(symbol)
        if self.get(symbol) != exchange:
            self[symbol] = exchange
            self._store.keep("symbol", symbol, {"symbol": symbol, "exchange": exchange})


def _check(symbol: str) -> None:
    if not (symbol.isascii() and symbol.replace(".", "").isalnum() and symbol.isupper()):
        raise ValueError(f"{symbol!r} is no ticker")
