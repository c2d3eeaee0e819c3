"""Figures of the checker: prices in cents, money and T in parts of 1e-12, ratios exact."""

from fractions import Fraction

ONE = 10**12
CENT = 10**10
HALF = Fraction(1, 2)


def nearest(value: Fraction | int) -> int:
    """Round half-even to a whole number (of 1e-12, when the value counts those)."""
    return round(value)


def half_up(value: Fraction) -> int:
    return (value + HALF).__floor__()


def cents(money: Fraction | int) -> int:
    """Round money half-up to cents, after its half-even rounding to 12 decimals."""
    return (nearest(money) + CENT // 2) // CENT


def whole_cents(money: Fraction | int) -> int:
    """Round money down to cents, after its half-even rounding to 12 decimals."""
    return nearest(money) // CENT


def shares(budget: Fraction | int, price: int) -> int:
    """Count the shares that a budget (of 1e-12) buys at a price (cents); none at or under zero."""
    if budget <= 0 or price <= 0:
        return 0
    return nearest(Fraction(budget) * ONE / (price * CENT)) // ONE


def scaled(price: int, percent: Fraction) -> Fraction:
    """Move a price (cents) by a percentage; the answer is money (of 1e-12), exact."""
    return price * CENT * (1 + percent / 100)


def turn_from_cost(quantity: int, average: int, unit: int) -> int:
    """Count T from what is held: to 9 decimals half-even, then up to the second decimal."""
    if quantity == 0:
        return 0
    ninth = nearest(Fraction(quantity * average * 10**9, unit))
    return -(-ninth // 10**7) * CENT
