"""The last sale: the regular trade that a quote shows at an instant."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from kis.simulator.market import Market
from kis.simulator.model import NEW_YORK, cents
from kis.simulator.timetable import Timetable


def last_sale(
    market: Market, timetable: Timetable, symbol: str, now: datetime
) -> tuple[date, Decimal] | None:
    """Give the last regular trade (USD) and its session's day; None before the first bar.

    From the pre-market of a split's day on the price stands at the new height.
    """
    found = _as_traded(market, timetable, symbol, now)
    running = timetable.session_at(now)
    if found is None or running is None:
        return found
    ratio = market.ratio(symbol, found[0], running.day)
    return found[0], cents(found[1] * ratio.numerator / ratio.denominator)


def _as_traded(
    market: Market, timetable: Timetable, symbol: str, now: datetime
) -> tuple[date, Decimal] | None:
    session = timetable.latest_started(now)
    if session is not None and market.bar(symbol, session.day) is not None:
        done = [trade for trade in market.path(symbol, session) if trade.at <= now]
        return session.day, done[-1].price
    yesterday = now.astimezone(NEW_YORK).date() - timedelta(days=1)
    earlier = market.days_until(symbol, yesterday)
    if not earlier:
        return None
    return earlier[-1], market.last_regular(symbol, earlier[-1])
