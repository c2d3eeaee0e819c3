"""What the account's money is worth: fixed rates, amounts as KIS writes them, what is unsettled."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal

from kis.simulator.exchange import Exchange
from kis.simulator.model import CENT, SEOUL, ZERO, Fill, Side

EXCHANGE_RATE = Decimal("1390.50")
# 모의투자 was seen to hold back one percent for fees and exchange.
MOCK_SHARE = Decimal("0.99")


def down(amount: Decimal) -> str:
    """Write USD cut to the cent."""
    return str(amount.quantize(CENT, ROUND_DOWN))


def percent(part: Decimal, whole: Decimal) -> Decimal:
    return part / whole * 100 if whole else ZERO


def total(fills: Iterable[Fill]) -> Decimal:
    """Give the USD that fills come to, fees outside."""
    return sum((fill.amount for fill in fills), ZERO)


def settled_on(exchange: Exchange, day: date) -> date:
    """Give the settlement date of a trade: the session after it."""
    return exchange.timetable.following(day)


def unsettled(exchange: Exchange, side: Side) -> list[Fill]:
    """Give the reported fills of a side whose settlement date is still to come, by Seoul's date."""
    today = exchange.now.astimezone(SEOUL).date()
    fills = []
    for fill in reversed(exchange.fills):
        # In Seoul a New York settlement counts from the next date.
        if settled_on(exchange, fill.day) + timedelta(days=1) <= today:
            break
        if fill.side is side and fill.reported:
            fills.append(fill)
    return fills
