"""The orders of a round as lines of a table, for every front end: planned, or what became."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.storage.views import OrderView
from bot.trading.model import OrderState
from strategy.model import Leg, OrderType, Plan

_TIMED = frozenset(
    {
        OrderState.SENT,
        OrderState.UNKNOWN,
        OrderState.OPEN,
        OrderState.PARTIAL,
        OrderState.REFUSED,
        OrderState.WITHHELD,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLine:
    """One order: planned only, or with what became of it. `price` (USD) is None for a MOC."""

    leg: Leg
    type: OrderType
    price: Decimal | None
    quantity: int
    order: OrderView | None = None


def order_lines(plan: Plan | None, orders: Sequence[OrderView] = ()) -> tuple[OrderLine, ...]:
    """Give a round's orders, else its plan's: the highest price first, the ladder's at the end."""
    if orders:
        found = [
            OrderLine(
                leg=order.slot.leg,
                type=order.slot.type,
                price=order.slot.price,
                quantity=order.slot.quantity,
                order=order,
            )
            for order in orders
        ]
    else:
        found = [
            OrderLine(leg=each.leg, type=each.type, price=each.price, quantity=each.quantity)
            for each in (plan.orders if plan else ())
        ]
    return tuple(
        sorted(found, key=lambda line: (line.leg is Leg.LADDER, -(line.price or Decimal(0))))
    )


def not_crossed(order: OrderView) -> bool:
    """Tell whether an imitation did not go out because the market had not reached its price."""
    return order.state is OrderState.WITHHELD and order.detail.startswith("not_crossed")


def shown_at(order: OrderView) -> datetime | None:
    """Give the instant that stands behind an order's state; None for a state that has none."""
    return (order.answered_at or order.sent_at) if order.state in _TIMED else None
