"""Would this order have been filled on this daily bar, and at what price? (method.md 2.7)."""

from decimal import Decimal

from strategy.errors import StrategyError
from strategy.model import Bar, Fill, Order, OrderType, Plan, Side


def fill_price(order: Order, bar: Bar) -> Decimal | None:
    """Give the price (USD) an order is filled at on a session's bar, None when it is not.

    LOC and MOC trade at the close; a limit order trades at its limit when the session's range
    reaches it, and at the open when the session opens beyond it.
    """
    kind, limit, close = order.type, order.price, bar.close
    if kind is OrderType.MOC:
        return close
    if limit is None:
        raise StrategyError(f"a {kind} order needs a price")
    buys = order.side is Side.BUY
    if kind is OrderType.LOC:
        return close if (close <= limit if buys else close >= limit) else None
    if buys:
        return min(limit, bar.open) if bar.low <= limit else None
    return max(limit, bar.open) if bar.high >= limit else None


def fills(plan: Plan, bar: Bar) -> tuple[Fill, ...]:
    """Fill a plan's orders on a session's bar, each whole or not at all."""
    found: list[Fill] = []
    for order in plan.orders:
        price = fill_price(order, bar)
        if price is not None:
            found.append(Fill(order=order, quantity=order.quantity, price=price))
    return tuple(found)
