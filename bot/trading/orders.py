"""The life of an order: which state may follow which, and how an unknown one is recognised.

Rules of recognition: `safety.md` section 2. There is no client order number at KIS, so an order is
known by what only it can be: the same symbol, side, quantity and price (as it was sent: a limit
order that stands for a LOC has a price of its own), a number that was not listed just before
sending, not owned by another of our orders, sent through the API, and a time near ours.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from decimal import Decimal

from bot.storage.views import OrderView
from bot.trading.model import OrderState
from bot.trading.ports import BrokerOrder

S = OrderState

# No state is deaf to a fill: late evidence may still come for an order that was given up.
TRANSITIONS: dict[OrderState, frozenset[OrderState]] = {
    S.PLANNED: frozenset({S.WITHHELD, S.SENT}),
    S.WITHHELD: frozenset({S.OPEN, S.PARTIAL}),
    S.SENT: frozenset({S.PLANNED, S.SENT, S.OPEN, S.REFUSED, S.UNKNOWN, S.ABSENT, S.AMBIGUOUS}),
    S.UNKNOWN: frozenset({S.OPEN, S.ABSENT, S.AMBIGUOUS}),
    S.OPEN: frozenset(
        {S.PARTIAL, S.FILLED, S.CLOSED_PARTIAL, S.EXPIRED, S.CANCELLED, S.REJECTED_LATE}
    ),
    S.PARTIAL: frozenset({S.PARTIAL, S.FILLED, S.CLOSED_PARTIAL, S.CANCELLED}),
    S.ABSENT: frozenset({S.OPEN}),
    S.AMBIGUOUS: frozenset({S.OPEN, S.ABSENT}),
    S.FILLED: frozenset(),
    S.CLOSED_PARTIAL: frozenset({S.PARTIAL}),
    S.EXPIRED: frozenset({S.PARTIAL}),
    S.CANCELLED: frozenset({S.PARTIAL}),
    S.REFUSED: frozenset({S.OPEN}),
    S.REJECTED_LATE: frozenset({S.PARTIAL}),
}

# How the rehearsal room (venue paper) says that it did not see what became of an order.
UNSEEN = ("feed gap", "no official close came", "split ")

EARLIEST = timedelta(seconds=-60)
LATEST = timedelta(minutes=10)


def may_follow(before: OrderState, after: OrderState) -> bool:
    return after in TRANSITIONS[before]


def candidates(
    order: OrderView, listed: Iterable[BrokerOrder], owned: Collection[str]
) -> tuple[BrokerOrder, ...]:
    """List the broker's orders that may be an unanswered one of ours.

    `owned` holds the order numbers of the session that other slots of ours have.
    """
    return tuple(
        row
        for row in listed
        if not row.is_cancel
        and row.by_api
        and row.order_number not in order.baseline
        and row.order_number not in owned
        and row.symbol == order.slot.symbol
        and row.side is order.slot.side
        and row.quantity == order.slot.quantity
        and row.price == (order.as_sent.price or Decimal(0))
        and _near(order, row)
    )


def _near(order: OrderView, row: BrokerOrder) -> bool:
    if row.ordered_at is None or order.sent_at is None:
        return True
    return EARLIEST <= row.ordered_at - order.sent_at <= LATEST


def closing_state(row: BrokerOrder, *, cancel_asked: bool) -> OrderState | None:
    """Say how an order ended by its row; None while it still stands."""
    if not row.done:
        return None
    if row.filled >= row.quantity:
        return S.FILLED
    if row.filled > 0:
        return S.CLOSED_PARTIAL
    if cancel_asked:
        return S.CANCELLED
    if row.refusal and "장종료" not in row.refusal and not unseen(row.refusal):
        return S.REJECTED_LATE
    return S.EXPIRED


def unseen(reason: str) -> bool:
    """Tell whether an order ended unfilled because the rehearsal room could not see its end."""
    return any(words in reason for words in UNSEEN)
