"""The commission of an order's fills."""

from decimal import Decimal

from strategy.price import HUNDRED, round_half_up


def fee(amount: Decimal, percent: Decimal) -> Decimal:
    """Charge a rate (percent) on an order's filled total of the day (USD), half-up to the cent.

    The fee stands outside the average and outside sizing (method.md 2.9).
    """
    return round_half_up(amount * percent / HUNDRED)
