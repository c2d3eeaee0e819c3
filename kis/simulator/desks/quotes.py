"""KIS's quotes of one symbol: price and price-detail."""

from collections.abc import Mapping
from decimal import Decimal

from kis.simulator.desks.money import EXCHANGE_RATE
from kis.simulator.desks.protocol import OK, Answer, Call, answered, change_sign
from kis.simulator.desks.quote_fields import DETAIL_FIELDS
from kis.simulator.desks.shown import Shown, rate_text
from kis.simulator.exchange import Exchange
from kis.simulator.model import Bar, Phase


class Quotes:
    """Prices that the market shows at the exchange's instant."""

    def __init__(self, exchange: Exchange, symbols: Mapping[str, str]) -> None:
        self._exchange = exchange
        self._shown = Shown(exchange, symbols)

    def price(self, call: Call) -> Answer:
        """Answer price: the last regular trade against the previous close."""
        symbol = self._shown.symbol(call)
        day, last = self._shown.traded(symbol)
        base, base_volume = self._shown.base(symbol)
        volume = self._shown.seen(symbol, day).volume
        difference = last - base
        output = {
            "rsym": self._shown.rsym(symbol),
            "zdiv": "4",
            "base": f"{base:.4f}",
            "pvol": str(base_volume),
            "last": f"{last:.4f}",
            "sign": change_sign(difference),
            "diff": f"{abs(difference):.4f}",
            "rate": rate_text(difference, base),
            "tvol": str(volume),
            "tamt": f"{last * volume:.0f}",
            "ordy": "매도불가" if self._exchange.phase is Phase.CLOSED else "매수매도가능",
        }
        return Answer(answered(OK, output=output))

    def detail(self, call: Call) -> Answer:
        """Answer price-detail: the day so far, the year's extremes and the exchange rate."""
        symbol = self._shown.symbol(call)
        day, last = self._shown.traded(symbol)
        base, base_volume = self._shown.base(symbol)
        seen = self._shown.seen(symbol, day)
        volume = seen.volume
        year = self._shown.closed_bars(symbol, self._exchange.today, latest=253) or [seen]
        highest = max(year, key=lambda bar: bar.high)
        lowest = min(year, key=lambda bar: bar.low)
        difference = last - base
        output = dict.fromkeys(DETAIL_FIELDS, "") | {
            "rsym": self._shown.rsym(symbol),
            "zdiv": "4",
            "curr": "USD",
            "vnit": "1",
            "open": f"{seen.open:.4f}",
            "high": f"{seen.high:.4f}",
            "low": f"{seen.low:.4f}",
            "last": f"{last:.4f}",
            "base": f"{base:.4f}",
            "pvol": str(base_volume),
            "pamt": f"{base * base_volume:.0f}",
            "h52p": f"{highest.high:.4f}",
            "h52d": f"{highest.day:%Y%m%d}",
            "l52p": f"{lowest.low:.4f}",
            "l52d": f"{lowest.day:%Y%m%d}",
            "t_xprc": f"{last * EXCHANGE_RATE:.0f}",
            "t_xdif": f"{abs(difference) * EXCHANGE_RATE:.0f}",
            "t_xrat": rate_text(difference, base),
            "t_xsgn": change_sign(difference),
            "t_rate": f"{EXCHANGE_RATE:.2f}",
            "p_rate": f"{EXCHANGE_RATE:.2f}",
            "p_xprc": "0",
            "p_xdif": "0",
            "p_xrat": " 0.00",
            "p_xsng": "3",
            "e_ordyn": "매매 가능",
            "e_hogau": "0.0100",
            "e_parp": "0.0000",
            "tvol": str(volume),
            "tamt": f"{last * volume:.0f}",
            "etyp_nm": "ETF",
            # A fund has no earnings; blanks here would stop clients that read every number.
            **dict.fromkeys(("perx", "pbrx", "epsx", "bpsx"), "0.00"),
            **dict.fromkeys(("tomv", "shar", "mcap"), "0"),
            **dict.fromkeys(("uplp", "dnlp"), "0.0000"),
        }
        return Answer(answered(OK, output=output))

    def rsym(self, symbol: str) -> str:
        return self._shown.rsym(symbol)

    def so_far(self, symbol: str) -> tuple[Bar, Decimal]:
        """Give the newest session as its trades have shown it, and its previous close."""
        day, _ = self._shown.traded(symbol)
        return self._shown.seen(symbol, day), self._shown.base(symbol)[0]
