"""How an unanswered order of ours is recognised, and how an order ended.

Rules of recognition: `safety.md` section 2. There is no client order number at KIS, so an order is
known by what only it can be: the same symbol, side, quantity and price (as it was sent: a limit
order that stands for a LOC has a price of its own), a number that was not listed just before
sending, not owned by another of our orders, sent through the API, and a time near ours. Two of ours
never look for the same one at once: an unresolved order keeps its symbol waiting.
"""

from collections.abc import Collection, Iterable
from datetime import timedelta
from decimal import Decimal

from bot.storage.views import OrderView
from bot.trading.life import TRANSITIONS as TRANSITIONS  # noqa: PLC0414 - the table has its own file
from bot.trading.life import may_follow as may_follow  # noqa: PLC0414 - as above
from bot.trading.model import OrderState
from bot.trading.ports import BrokerOrder

S = OrderState

# How the rehearsal room (venue paper) says that it did not see what became of an order.
UNSEEN = ("feed gap", "no official close came", "split ")

EARLIEST = timedelta(seconds=-60)
LATEST = timedelta(minutes=10)
_DIED_AT_THE_CLOSE = "장종료"


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
    if _DIED_AT_THE_CLOSE in row.refusal:
        return S.EXPIRED  # whoever asked to cancel it came too late, or not through
    if row.refusal and not unseen(row.refusal):
        return S.REJECTED_LATE  # the exchange was quicker than a cancel on its way
    return S.CANCELLED if cancel_asked else S.EXPIRED


def unseen(reason: str) -> bool:
    """Tell whether an order ended unfilled because the rehearsal room could not see its end."""
    return any(words in reason for words in UNSEEN)
