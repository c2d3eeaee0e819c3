"""Amounts as people read them, in chat and dashboard: $1,234.56, +$12.00, 18.8%, 3 orders."""

from decimal import ROUND_HALF_UP, Decimal

_CENT = Decimal("0.01")
_TENTH = Decimal("0.1")


def money(amount: Decimal) -> str:
    """Write USD to the cent: $1,234.56, and -$1,234.56 below zero."""
    cents = amount.quantize(_CENT, ROUND_HALF_UP)
    return f"{'-' if cents < 0 else ''}${abs(cents):,.2f}"


def gain(amount: Decimal) -> str:
    """Write USD with its sign: +$412.55, -$188.20, $0.00."""
    cents = amount.quantize(_CENT, ROUND_HALF_UP)
    return f"+{money(cents)}" if cents > 0 else money(cents)


def won(amount: Decimal) -> str:
    """Write whole KRW: ₩1,672,000, and -₩1,672,000 below zero."""
    whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return f"{'-' if whole < 0 else ''}₩{abs(whole):,}"


def won_gain(amount: Decimal) -> str:
    """Write whole KRW with their sign: +₩572,600, -₩1,000, ₩0."""
    whole = amount.quantize(Decimal(1), ROUND_HALF_UP)
    return f"+{won(whole)}" if whole > 0 else won(whole)


def turn(value: Decimal) -> str:
    """Write T: two decimals."""
    return f"{value.quantize(_CENT, ROUND_HALF_UP):.2f}"


def counted(count: int, noun: str) -> str:
    """Write a number of things in English: 1 order, 2 orders, 1,234 rows."""
    return f"{count:,} {noun if count == 1 else noun + 's'}"


def percent(value: Decimal) -> str:
    """Write percent with one decimal: 18.8%."""
    return f"{value.quantize(_TENTH, ROUND_HALF_UP):.1f}%"


def signed(value: Decimal) -> str:
    """Write a number with its sign and two decimals: +12.50, -2.00."""
    return f"{value.quantize(_CENT, ROUND_HALF_UP):+.2f}"
