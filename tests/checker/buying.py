"""Buy orders of the checker: two halves, rungs for a fall, and the fold under the broker's band."""

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from tests.checker.figures import CENT, cents, scaled, shares, whole_cents


class Order(NamedTuple):
    """An order: `price` in cents (0 for MOC), `halves` the half units of T that a buy adds.

    `keep` is what a sale leaves of T. `name` is buy, rung, deep (a buy of the reverse or quarter
    phase), quarter, target, moc or part (a sale of the reverse phase).
    """

    name: str
    kind: str
    price: int
    quantity: int
    halves: int = 0
    keep: Fraction = Fraction(1)

    @property
    def buys(self) -> bool:
        return self.name in {"buy", "rung", "deep"}


def whole(budget: Fraction | int, price: int, name: str = "buy") -> list[Order]:
    """Spend all at one price: a whole unit of T."""
    quantity = shares(budget, price)
    return [Order(name, "LOC", price, quantity, 2)] if quantity else []


def pair(budget: Fraction | int, one: int, other: int) -> list[Order]:
    """Spend half at the dearer price and the rest at the cheaper, never more than all of it."""
    dear, cheap = max(one, other), min(one, other)
    half = shares(Fraction(budget) / 2, dear)
    if dear == cheap or half == 0:
        return whole(budget, cheap)
    rest = shares(budget, cheap) - half
    legs = [Order("buy", "LOC", dear, half, 1)]
    return [*legs, Order("buy", "LOC", cheap, rest, 1)] if rest > 0 else legs


def with_rungs(budget: Fraction | int, legs: list[Order], count: int) -> list[Order]:
    """Add `count` single shares under the lowest leg, each refilling the budget when reached."""
    if not legs:
        return legs
    bought, last = sum(leg.quantity for leg in legs), min(leg.price for leg in legs)
    rungs: list[Order] = []
    while len(rungs) < count:
        bought += 1
        price = whole_cents(Fraction(budget) / bought)
        if price <= 0:
            break
        if price < last:
            rungs.append(Order("rung", "LOC", price, 1))
            last = price
    return [*legs, *rungs]


def folded(
    orders: Sequence[Order], reference: int, band: Fraction, cap_percent: Fraction
) -> list[Order]:
    """Collapse what the broker would refuse as too far above the last close into one line."""
    if not orders or max(o.price for o in orders) * CENT <= scaled(reference, band):
        return list(orders)
    cap = cents(scaled(reference, cap_percent))
    high = [order for order in orders if order.price >= cap]
    low = [order for order in orders if order.price < cap]
    if not high:
        return low
    deep = any(order.name == "deep" for order in high)
    line = Order(
        "deep" if deep else "buy",
        "LOC",
        cap,
        sum(order.quantity for order in high),
        sum(order.halves for order in high),
    )
    return [line, *low]
