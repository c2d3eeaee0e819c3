"""At which price an order executes, if at all: the open, a regular trade, the closing auction."""

from decimal import Decimal

from kis.simulator.model import Order, OrderType, Side


def at_the_open(order: Order, opening: Decimal) -> Decimal | None:
    """Give the opening price to orders that it satisfies; LOC and MOC wait."""
    if order.type.at_the_close:
        return None
    return opening if _satisfied(order, opening) else None


def at_a_trade(order: Order, price: Decimal) -> Decimal | None:
    """Give a resting limit order its own limit when a regular trade reaches or crosses it."""
    if order.type is not OrderType.LIMIT:
        return None
    return order.price if _satisfied(order, price) else None


def on_arrival(order: Order, last: Decimal) -> Decimal | None:
    """Give a limit order that arrives through the market the market's price."""
    if order.type is not OrderType.LIMIT:
        return None
    return last if _satisfied(order, last) else None


def at_the_close(order: Order, official: Decimal) -> Decimal | None:
    """Give LOC and MOC orders the official close where it satisfies them."""
    if not order.type.at_the_close:
        return None
    return official if _satisfied(order, official) else None


def _satisfied(order: Order, price: Decimal) -> bool:
    if not order.type.has_limit:
        return True
    return price <= order.price if order.side is Side.BUY else price >= order.price
