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


BY_HAND = "by_hand"
"""The reason of an order's end when somebody else cancelled it."""

NOT_LISTED = "not_listed"
"""The reason of an order's end when KIS, having numbered it, does not list it the day after."""


def news(order: OrderView, row: BrokerOrder, *, by_hand: bool = False) -> list[Event]:
    """List what a broker's row tells of one of our orders that is not booked yet.

    Fills are totals that only grow: the same fill twice is one fill. `by_hand` when what was left
    of it was cancelled, and not by us.
    """
    if order.state not in _EVER_AT_THE_BROKER:
        return []
    events: list[Event] = []
    grew = row.filled > order.filled
    if grew:
        events.append(FillBooked(slot=order.slot.key, quantity=row.filled, price=row.filled_price))
    # A row that shows less than is booked already does not take a fill back.
    total = row if row.filled >= order.filled else replace(row, filled=order.filled)
    ended = closing_state(total, cancel_asked=order.cancel_asked is not None or by_hand)
    live = order.state in (OrderState.OPEN, OrderState.PARTIAL)
    if ended is not None and (live or grew):
        struck = by_hand and ended is not OrderState.FILLED
        reason = BY_HAND if struck else row.refusal
        events.append(OrderClosed(slot=order.slot.key, state=ended, reason=reason))
    return events


def cancelled_by_others(
    orders: Iterable[OrderView], listed: Iterable[BrokerOrder], *, over: bool
) -> set[str]:
    """Name the slots whose order was cancelled though we did not ask: by hand, or by a program.

    A cancel of it is listed that was not turned away, or it ended without a reason while its
    session is not `over`.
    """
    rows = list(listed)
    struck = {row.original_number for row in rows if row.is_cancel and not row.refusal}
    ended = {
        row.order_number
        for row in rows
        if row.done and row.filled < row.quantity and not row.refusal and not over
    }
    return {
        order.slot.key
        for order in orders
        if order.cancel_asked is None and order.order_number in struck | ended
    }


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
    """Merge (index in the plan, shares, mean price in USD) into one fill per order of the plan.

    Where an order and its second attempt both filled, the plan's order counts and the rest does
    not: the broker then holds more than the ledger, which stops the symbol and is told.
    """
    totals: dict[int, tuple[int, Decimal]] = {}
    for index, filled, price in parts:
        quantity, amount = totals.get(index, (0, Decimal(0)))
        totals[index] = (quantity + filled, amount + price * filled)
    return tuple(
        Fill(
            order=plan.orders[index],
            quantity=min(quantity, plan.orders[index].quantity),
            price=amount / quantity,
        )
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
