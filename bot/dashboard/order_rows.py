"""The orders of a round as rows of a table: what each is for, how much, at what, what became."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from bot.dashboard import vocabulary
from bot.dashboard.shown import Shown
from bot.storage.views import OrderView, RoundView
from bot.trading.model import OrderState
from strategy.model import Leg, OrderType

Row = tuple[str, str, str, str]

TIMED = frozenset(
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
class Line:
    """One order: planned only, or with what became of it. `price` is None for a MOC."""

    leg: Leg
    type: OrderType
    price: Decimal | None
    quantity: int
    order: OrderView | None


def lines(view: RoundView) -> tuple[Line, ...]:
    """Give a round's orders, the highest price first, the ladder's at the end."""
    if view.orders:
        found = [
            Line(
                leg=each.slot.leg,
                type=each.slot.type,
                price=each.slot.price,
                quantity=each.slot.quantity,
                order=each,
            )
            for each in view.orders
        ]
    else:
        found = [
            Line(leg=each.leg, type=each.type, price=each.price, quantity=each.quantity, order=None)
            for each in (view.plan.orders if view.plan else ())
        ]
    return tuple(
        sorted(found, key=lambda line: (line.leg is Leg.LADDER, -(line.price or Decimal(0))))
    )


def row(shown: Shown, line: Line, names: dict[Leg, str]) -> Row:
    """Write one order."""
    price = shown.words.say("종가", "close") if line.price is None else shown.money(line.price)
    state = _state(shown, line.order) if line.order else ""
    return names[line.leg], shown.shares(line.quantity), price, state


def main_rows(shown: Shown, view: RoundView) -> list[Row]:
    """Write every order but the ladder's."""
    names = leg_names(shown)
    return [row(shown, line, names) for line in lines(view) if line.leg is not Leg.LADDER]


def ladder_rows(shown: Shown, view: RoundView) -> list[Row]:
    """Write the ladder's orders."""
    names = leg_names(shown)
    return [row(shown, line, names) for line in lines(view) if line.leg is Leg.LADDER]


def ladder_states(shown: Shown, view: RoundView) -> str:
    """Sum up what became of the ladder: "접수 7 · 체결 1"; "" before any went out."""
    orders = [line.order for line in lines(view) if line.leg is Leg.LADDER and line.order]
    counts = Counter(order.state for order in orders)
    return " · ".join(
        f"{shown.words.of(vocabulary.STATES, state)} {counts[state]}"
        for state in OrderState
        if state in counts
    )


def filled(orders: Sequence[OrderView]) -> int:
    """Count the orders that were filled, wholly or in part."""
    return sum(order.filled > 0 for order in orders)


def leg_names(shown: Shown) -> dict[Leg, str]:
    return {leg: shown.words.both(pair) for leg, pair in vocabulary.LEGS.items()}


def _state(shown: Shown, order: OrderView) -> str:
    state = shown.words.of(vocabulary.STATES, order.state)
    if order.state is OrderState.WITHHELD and order.detail.startswith("not_crossed"):
        return shown.words.say("닿지 않음", "not reached")
    if order.filled and order.fill_price is not None:
        return f"{state} {shown.shares(order.filled)} {shown.money(order.fill_price)}"
    if order.state is OrderState.PLANNED and order.retry_at:
        return f"{state} {shown.clock(order.retry_at)}"
    at = order.answered_at or order.sent_at
    return f"{state} {shown.clock_seconds(at)}" if at and order.state in TIMED else state
