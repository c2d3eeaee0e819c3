"""From the broker's rows to the method's fills: totals per order, merged over attempts."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from bot.events import Event, FillBooked, OrderClosed
from bot.storage.views import OrderView
from bot.trading.model import OrderState
from bot.trading.orders import closing_state
from bot.trading.ports import BrokerOrder
from strategy.model import Fill, OrderType, Plan

_EVER_AT_THE_BROKER = (
    OrderState.OPEN,
    OrderState.PARTIAL,
    OrderState.EXPIRED,
    OrderState.CANCELLED,
    OrderState.CLOSED_PARTIAL,
    OrderState.REJECTED_LATE,
)


def news(order: OrderView, row: BrokerOrder) -> list[Event]:
    """List what a broker's row tells of one of our orders that is not booked yet.

    Fills are totals that only grow: the same fill twice is one fill.
    """
    if order.state not in _EVER_AT_THE_BROKER:
        return []
    events: list[Event] = []
    grew = row.filled > order.filled
    if grew:
        events.append(FillBooked(slot=order.slot.key, quantity=row.filled, price=row.filled_price))
    # A row that shows less than is booked already does not take a fill back.
    total = replace(row, filled=max(row.filled, order.filled))
    ended = closing_state(total, cancel_asked=order.cancel_asked is not None)
    live = order.state in (OrderState.OPEN, OrderState.PARTIAL)
    if ended is not None and (live or grew):
        events.append(OrderClosed(slot=order.slot.key, state=ended, reason=row.refusal))
    return events


def fills(plan: Plan, orders: Iterable[OrderView]) -> tuple[Fill, ...]:
    """Collect a day's fills per order of the plan; attempts at one order are one fill."""
    return merged(
        plan,
        (
            (order.slot.index, order.filled, order.fill_price)
            for order in orders
            if order.filled and order.fill_price is not None
        ),
    )


def merged(plan: Plan, parts: Iterable[tuple[int, int, Decimal]]) -> tuple[Fill, ...]:
    """Merge (index in the plan, shares, mean price in USD) into one fill per order of the plan."""
    totals: dict[int, tuple[int, Decimal]] = {}
    for index, filled, price in parts:
        quantity, amount = totals.get(index, (0, Decimal(0)))
        totals[index] = (quantity + filled, amount + price * filled)
    return tuple(
        Fill(order=plan.orders[index], quantity=quantity, price=amount / quantity)
        for index, (quantity, amount) in sorted(totals.items())
    )


def auction_price(orders: Iterable[OrderView]) -> Decimal | None:
    """Read the session's official close off our own LOC or MOC fill; None when there is none.

    An imitation traded before the close, at a price of its own.
    """
    prices = {
        order.slot.index: order.fill_price
        for order in orders
        if order.filled and order.as_sent.type is not OrderType.LIMIT
    }
    return prices[min(prices)] if prices else None
