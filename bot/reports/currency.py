"""The rate's part of gains in won, apart from the price's: of what is held, and of what was sold.

All in KRW. What a gain in dollars comes to at the rate of buying is the price's part; the rest is
the rate's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.tax import Books, Gain, Lot
from strategy.model import ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A gain in won: the price's part and the rate's."""

    price: Decimal
    rate: Decimal


def of_held(books: Books, closes: Mapping[str, Decimal], rate: Decimal) -> Parts | None:
    """Part the unrealized gain of what is held at the last closes (USD) and a rate.

    None where nothing is held of which a close is known.
    """
    parts = [
        _parted(lots, closes[symbol], rate)
        for symbol, lots in books.lots.items()
        if lots and symbol in closes
    ]
    if not parts:
        return None
    return Parts(
        price=sum((part.price for part in parts), ZERO),
        rate=sum((part.rate for part in parts), ZERO),
    )


def of_sold(gains: Iterable[Gain]) -> Parts | None:
    """Part the realized gain of sales; None where there is none."""
    sold = tuple(gains)
    if not sold:
        return None
    currency = sum((gain.currency_krw for gain in sold), ZERO)
    whole = sum((gain.profit_krw for gain in sold), ZERO)
    return Parts(price=whole - currency, rate=currency)


def _parted(lots: Sequence[Lot], price: Decimal, rate: Decimal) -> Parts:
    value = price * sum(lot.quantity for lot in lots)
    cost = sum((lot.cost for lot in lots), ZERO)
    cost_krw = sum((lot.cost_krw for lot in lots), ZERO)
    bought_at = cost_krw / cost if cost else rate
    return Parts(price=(value - cost) * bought_at, rate=value * (rate - bought_at))
