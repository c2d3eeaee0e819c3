"""KIS's charts: dailyprice by the day, week and month, and minute bars."""

from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from kis.simulator.desks.protocol import OK, Answer, Call, answered, change_sign
from kis.simulator.desks.shown import Shown, day_of, invalid, rate_text
from kis.simulator.market import Print
from kis.simulator.model import NEW_YORK, SEOUL, ZERO, Bar, Session

DAILY_ROWS = 100
MINUTE_ROWS = 120
# KIS's page: the next page can be asked for about a month back.
MINUTES_KEPT = timedelta(days=31)
PLACES = Decimal("0.0001")
Minute = tuple[datetime, Session, list[Print]]


class Charts:
    """Bars of what the market has shown."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown
        self._exchange = shown.exchange

    def daily(self, call: Call) -> Answer:
        """Answer dailyprice: at most 100 finished sessions, newest first.

        The newest close is the last regular trade until noon in Seoul, then the official one.
        MODP 1 brings bars from before a split to the height of today.
        """
        symbol = self._shown.symbol(call)
        until = day_of(call["BYMD"]) or self._exchange.today
        unit = call["GUBN"]
        latest = 0 if unit in {"1", "2"} else DAILY_ROWS + 2
        bars = self._shown.closed_bars(symbol, until, latest)
        if call["MODP"] == "1":
            bars = [self._adjusted(symbol, bar) for bar in bars]
        bars = _grouped(bars, unit)
        rows = []
        for index in range(len(bars) - 1, max(len(bars) - 1 - DAILY_ROWS, -1), -1):
            previous = bars[index - 1].close if index else None
            rows.append(_daily_row(bars[index], previous))
        head = {"rsym": self._shown.rsym(symbol), "zdiv": "4", "nrec": str(len(rows))}
        return Answer(answered(OK, output1=head, output2=rows))

    def minutes(self, call: Call) -> Answer:
        """Answer inquire-time-itemchartprice: bars of the market's trades, newest first.

        A bar is stamped with its start in New York; a minute without a trade has none. KEYB gives
        the latest stamp wanted. Before its end the newest bar is what it is so far.
        """
        symbol = self._shown.symbol(call)
        size = _number(call["NMIN"], 1, 24 * 60)
        wanted = min(_number(call["NREC"] or str(MINUTE_ROWS), 1, 9999), MINUTE_ROWS)
        until = _stamp(call["KEYB"]) if call["NEXT"] == "1" else None
        found = self._minute_bars(
            symbol, size, until, wanted + 1, today_only=call["PINC"] == "0" and until is None
        )
        rows = [_minute_row(bar) for bar in found[:wanted]]
        session = found[0][1] if found else self._shown.exchange.timetable.sessions[0]
        head = {
            "rsym": self._shown.rsym(symbol),
            "zdiv": "4",
            "stim": f"{session.open.astimezone(NEW_YORK):%H%M%S}",
            "etim": f"{session.close.astimezone(NEW_YORK):%H%M%S}",
            "sktm": f"{session.open.astimezone(SEOUL):%H%M%S}",
            "ektm": f"{session.close.astimezone(SEOUL):%H%M%S}",
            "next": "1" if len(found) > wanted else "0",
            "more": "0",
            "nrec": str(len(rows)),
        }
        return Answer(answered(OK, output1=head, output2=rows))

    def _minute_bars(
        self, symbol: str, size: int, until: datetime | None, enough: int, *, today_only: bool
    ) -> list[Minute]:
        now = self._exchange.now
        started = [one for one in self._exchange.timetable.sessions if one.open <= now]
        bars: list[Minute] = []
        for session in reversed(started[-1:] if today_only else started):
            if len(bars) >= enough or session.close < now - MINUTES_KEPT:
                break
            grouped: dict[datetime, list[Print]] = {}
            for trade in self._shown.prints(symbol, session.day):
                place = (trade.at - session.open) // timedelta(minutes=size)
                grouped.setdefault(session.open + place * timedelta(minutes=size), []).append(trade)
            bars.extend(
                (start, session, trades)
                for start, trades in sorted(grouped.items(), reverse=True)
                if until is None or start <= until
            )
        return bars[:enough]

    def _adjusted(self, symbol: str, bar: Bar) -> Bar:
        ratio = self._exchange.market.ratio(symbol, bar.day, self._exchange.today)
        if ratio == 1:
            return bar
        opening, high, low, close = (
            (price * ratio.numerator / ratio.denominator).quantize(PLACES)
            for price in (bar.open, bar.high, bar.low, bar.close)
        )
        return Bar(bar.day, opening, high, low, close, int(bar.volume / ratio))


def _number(text: str, least: int, most: int) -> int:
    if not (text.isascii() and text.isdigit() and least <= int(text[:9]) <= most):
        raise invalid()
    return int(text[:9])


def _stamp(text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), "%Y%m%d%H%M%S").replace(tzinfo=NEW_YORK)
    except ValueError:
        raise invalid() from None


def _minute_row(bar: Minute) -> dict[str, str]:
    start, session, trades = bar
    local, seoul = start.astimezone(NEW_YORK), start.astimezone(SEOUL)
    prices = [trade.price for trade in trades]
    return {
        "tymd": f"{session.day:%Y%m%d}",
        "xymd": f"{local:%Y%m%d}",
        "xhms": f"{local:%H%M%S}",
        "kymd": f"{seoul:%Y%m%d}",
        "khms": f"{seoul:%H%M%S}",
        "open": f"{prices[0]:.4f}",
        "high": f"{max(prices):.4f}",
        "low": f"{min(prices):.4f}",
        "last": f"{prices[-1]:.4f}",
        "evol": str(sum(trade.volume for trade in trades)),
        "eamt": f"{sum((trade.price * trade.volume for trade in trades), ZERO):.0f}",
    }


def _grouped(bars: list[Bar], unit: str) -> list[Bar]:
    """Join daily bars to weeks (1) or months (2), each dated by its last day."""
    if unit not in {"1", "2"}:
        return bars
    groups: dict[tuple[int, int], Bar] = {}
    for bar in bars:
        key = bar.day.isocalendar()[:2] if unit == "1" else (bar.day.year, bar.day.month)
        first = groups.get(key)
        groups[key] = (
            bar
            if first is None
            else Bar(
                bar.day,
                first.open,
                max(first.high, bar.high),
                min(first.low, bar.low),
                bar.close,
                first.volume + bar.volume,
            )
        )
    return list(groups.values())


def _daily_row(bar: Bar, previous: Decimal | None) -> dict[str, str]:
    base = bar.open if previous is None else previous
    difference = bar.close - base
    half = (bar.close * PLACES).quantize(PLACES, ROUND_DOWN)
    return {
        "xymd": f"{bar.day:%Y%m%d}",
        "clos": f"{bar.close:.4f}",
        "sign": change_sign(difference),
        "diff": f"{abs(difference):.4f}",
        "rate": rate_text(difference, base),
        "open": f"{bar.open:.4f}",
        "high": f"{bar.high:.4f}",
        "low": f"{bar.low:.4f}",
        "tvol": str(bar.volume),
        "tamt": f"{bar.close * bar.volume:.0f}",
        "pbid": f"{max(bar.close - half, ZERO):.4f}",
        "vbid": "100",
        "pask": f"{bar.close + half:.4f}",
        "vask": "100",
    }
