"""Figures of a run: returns, growth a year, drawdown; Decimal throughout, percent to 4 decimals."""

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal

from strategy.model import ZERO
from strategy.price import HUNDRED, plain

DAYS_A_YEAR = Decimal("365.25")
_FOUR_DECIMALS = Decimal("0.0001")
MOST = Decimal("1E12")
"""Percent a year beyond which a figure says nothing."""
_RUIN = Decimal(-100)


def percent(value: Decimal) -> Decimal:
    """Round a percentage half-even to 4 decimals, without needless zeros."""
    return plain(value.quantize(_FOUR_DECIMALS, ROUND_HALF_EVEN))


def return_percent(first: Decimal, last: Decimal) -> Decimal:
    """Give the change from one value to another in percent of the first; 0 where that is 0."""
    return percent((last - first) * HUNDRED / first) if first else ZERO


def cagr_percent(first: Decimal, last: Decimal, days: int) -> Decimal:
    """Give the growth in percent a year over so many calendar days (365.25 to the year).

    Computed with Decimal's own ln and exp. 0 over no time at all; -100 when nothing is left; a few
    wild days grow by no more than MOST a year.
    """
    if last <= 0:
        return _RUIN
    if days <= 0 or first <= 0:
        return ZERO
    yearly = ((last / first).ln() * DAYS_A_YEAR / days).exp()
    return percent(min((yearly - 1) * HUNDRED, MOST))


def max_drawdown_percent(equities: Iterable[Decimal]) -> Decimal:
    """Give the deepest fall of the equity (USD, oldest first) from a high before it, in percent."""
    peak, deepest = ZERO, ZERO
    for equity in equities:
        peak = max(peak, equity)
        if peak > 0:
            deepest = max(deepest, (peak - equity) / peak)
    return percent(deepest * HUNDRED)
