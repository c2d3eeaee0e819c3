"""Would this order have been filled on this daily bar, and at what price? (method.md 2.7)."""

from decimal import Decimal

from strategy.errors import StrategyError
from strategy.model import Bar, Fill, Order, OrderType, Plan, Side


def fill_price(order: Order, bar: Bar) -> Decimal | None:
    """Give the price (USD) an order is filled at on a session's bar, None when it is not.

    LOC and MOC trade at the close; a limit order trades at its limit when the session's range
    reaches it, and at the open when the session opens beyond it.
    """
    if order.type is OrderType.MOC:
        return bar.close
    limit = order.price
    if limit is None:
        raise StrategyError(f"a {order.type} order needs a price")
    buys = order.side is Side.BUY
    if order.type is OrderType.LOC:
        reached = bar.close <= limit if buys else bar.close >= limit
        return bar.close if reached else None
    if buys:
        return min(limit, bar.open) if bar.low <= limit else None
    return max(limit, bar.open) if bar.high >= limit else None


def fills(plan: Plan, bar: Bar) -> tuple[Fill, ...]:
    """Fill a plan's orders on a session's bar, each whole or not at all."""
    return tuple(
        Fill(order=order, quantity=order.quantity, price=price)
        for order in plan.orders
        if (price := fill_price(order, bar)) is not None
    )
