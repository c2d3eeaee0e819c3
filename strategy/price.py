"""Cents and whole shares on Decimal: every rounding the method knows, in one place.

Before any floor, ceiling or rounding to the cent the intermediate value is rounded half-even to
12 decimals, so that a quotient that stands for a whole number (3 x 33.33.. is 100) is that number.
"""

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
HUNDRED = Decimal(100)
_TWELVE_DECIMALS = Decimal("1E-12")
_FOUR_DECIMALS = Decimal("0.0001")
_ONE = Decimal(1)


def plain(value: Decimal) -> Decimal:
    """Strip needless trailing zeros without ever showing an exponent."""
    short = value.normalize()
    return short.quantize(_ONE) if short == short.to_integral_value() else short


def round12(value: Decimal) -> Decimal:
    """Round half-even to 12 decimals; a value with no more than 12 comes back as it is."""
    rounded = value.quantize(_TWELVE_DECIMALS, ROUND_HALF_EVEN)
    return value if rounded == value else plain(rounded)


def round_half_up(value: Decimal, step: Decimal = CENT) -> Decimal:
    """Round to a multiple of a power of ten (the cent), halves away from zero."""
    return value.quantize(_TWELVE_DECIMALS, ROUND_HALF_EVEN).quantize(step, ROUND_HALF_UP)


def floor_cent(value: Decimal) -> Decimal:
    """Cut to the cent downwards (USD)."""
    return value.quantize(_TWELVE_DECIMALS, ROUND_HALF_EVEN).quantize(CENT, ROUND_FLOOR)


def raised(price: Decimal, percent: Decimal) -> Decimal:
    """Raise a price (USD) by so many percent (negative lowers it), unrounded."""
    return price * (HUNDRED + percent) / HUNDRED


def whole_shares(budget: Decimal, price: Decimal) -> int:
    """Count the whole shares that a budget (USD) buys at a price (USD); never below zero."""
    if budget <= 0 or price <= 0:
        return 0
    return int((budget / price).quantize(_TWELVE_DECIMALS, ROUND_HALF_EVEN))


def shown(value: Decimal) -> str:
    """Write a figure for a sentence: at most four decimals, no needless zeros."""
    return str(plain(round_half_up(value, _FOUR_DECIMALS)))
