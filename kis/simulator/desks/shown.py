"""What the market has shown by now, under the names that KIS gives it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kis.simulator.desks.protocol import (
    DAYTIME_CODES,
    NO_SYMBOL,
    QUOTE_CODES,
    Call,
    KisRefusalError,
)
from kis.simulator.exchange import Exchange
from kis.simulator.market import Print
from kis.simulator.model import SEOUL, Bar

CORRECTED_AT = time(12, 0)
# Days and weeks are counted from a date; at the calendar's own ends that would fail.
CENTURIES = range(1900, 2200)
INVALID = ("OPSQ2001", "ERROR : INPUT INVALID_CHECK")


class Shown:
    """Prices, volumes and bars up to the exchange's instant; what is not known is refused."""

    def __init__(self, exchange: Exchange, symbols: Mapping[str, str]) -> None:
        self.exchange = exchange
        self.symbols = symbols

    def symbol(self, call: Call) -> str:
        """Find the symbol that SYMB names on the exchange of EXCD, by night or by day."""
        symbol, asked = call["SYMB"].strip(), call["EXCD"].strip()
        exchange = self.symbols.get(symbol, "")
        if not asked or asked not in {QUOTE_CODES.get(exchange), DAYTIME_CODES.get(exchange)}:
            raise KisRefusalError(*NO_SYMBOL)
        return symbol

    def rsym(self, symbol: str) -> str:
        return f"D{QUOTE_CODES[self.symbols[symbol]]}{symbol}"

    def traded(self, symbol: str) -> tuple[date, Decimal]:
        """Give the last regular trade and its session's day."""
        traded = self.exchange.last_trade(symbol)
        if traded is None:
            raise KisRefusalError(*NO_SYMBOL)
        return traded

    def base(self, symbol: str) -> tuple[Decimal, int]:
        """Give the previous close and its volume; a session's own comes from its pre-market."""
        day, last = self.traded(symbol)
        session = self.exchange.timetable.session_at(self.exchange.now)
        bars = self.closed_bars(symbol, day, latest=3)
        shown = day
        if session is not None and session.day > day:
            shown = session.day
        else:
            bars = [bar for bar in bars if bar.day < day]
        if not bars:
            return last, 0
        ratio = self.exchange.market.ratio(symbol, bars[-1].day, shown)
        close = bars[-1].close * ratio.numerator / ratio.denominator
        return close.quantize(Decimal("0.0001")), bars[-1].volume

    def prints(self, symbol: str, day: date) -> list[Print]:
        """Give a session's regular trades so far; none on a day without a session."""
        session = self.exchange.timetable.by_day.get(day)
        if session is None:
            return []
        path = self.exchange.market.path(symbol, session)
        return [trade for trade in path if trade.at <= self.exchange.now]

    def seen(self, symbol: str, day: date) -> Bar:
        """Give a day's bar as far as its trades have shown it."""
        bar = self.exchange.market.bar(symbol, day)
        if bar is None:
            raise KisRefusalError(*NO_SYMBOL)
        done = self.prints(symbol, day)
        if not done:
            return bar
        prices = [trade.price for trade in done]
        volume = sum(trade.volume for trade in done)
        return Bar(day, bar.open, max(prices), min(prices), prices[-1], volume)

    def closed_bars(self, symbol: str, until: date, latest: int = 0) -> list[Bar]:
        """Give finished sessions' bars as KIS shows them now; `latest` looks at the last few."""
        market, now = self.exchange.market, self.exchange.now
        bars = []
        for day in market.days_until(symbol, min(until, self.exchange.today))[-latest:]:
            bar = market.bar(symbol, day)
            session = self.exchange.timetable.by_day.get(day)
            if bar is None or (session is not None and session.close > now):
                continue
            if session is not None and now < corrected(day):
                last = market.last_regular(symbol, day)
                bar = Bar(day, bar.open, bar.high, bar.low, last, bar.volume)
            bars.append(bar)
        return bars


def corrected(day: date) -> datetime:
    """Give the instant from which a session's official close stands in dailyprice."""
    return datetime.combine(day + timedelta(days=1), CORRECTED_AT, SEOUL)


def rate_text(difference: Decimal, base: Decimal) -> str:
    """Give a change in percent as KIS writes it: a sign, or a blank at 0."""
    rate = f"{difference / base * 100:+.2f}" if base else "+0.00"
    return " 0.00" if rate in {"+0.00", "-0.00"} else rate


def day_of(text: str) -> date | None:
    """Read a date as KIS writes it, None where it is blank; raises KIS's refusal."""
    if not text.strip():
        return None
    try:
        day = datetime.strptime(text.strip(), "%Y%m%d").replace(tzinfo=SEOUL).date()
    except ValueError:
        raise invalid() from None
    if day.year not in CENTURIES:
        raise invalid()
    return day


def invalid() -> KisRefusalError:
    """Give KIS's refusal of a field whose value makes no sense."""
    return KisRefusalError(*INVALID, rt_cd="2")
