"""The orders of a round as rows of a table: what each is for, how much, at what, what became."""

from collections import Counter
from collections.abc import Sequence

from bot.dashboard import vocabulary
from bot.dashboard.shown import Shown
from bot.reports.order_lines import OrderLine, not_crossed, order_lines, shown_at
from bot.storage.views import OrderView, RoundView
from bot.trading.model import OrderState
from strategy.model import Leg

Row = tuple[str, str, str, str]


def row(shown: Shown, line: OrderLine, names: dict[Leg, str]) -> Row:
    """Write one order."""
    price = shown.words.say("종가", "close") if line.price is None else shown.money(line.price)
    state = _state(shown, line.order) if line.order else ""
    return names[line.leg], shown.shares(line.quantity), price, state


def main_rows(shown: Shown, view: RoundView) -> list[Row]:
    """Write every order but the ladder's."""
    names = leg_names(shown)
    return [row(shown, line, names) for line in _lines(view, ladder=False)]


def ladder_rows(shown: Shown, view: RoundView) -> list[Row]:
    """Write the ladder's orders."""
    names = leg_names(shown)
    return [row(shown, line, names) for line in _lines(view, ladder=True)]


def ladder_states(shown: Shown, view: RoundView) -> str:
    """Sum up what became of the ladder: "접수 7 · 체결 1"; "" before any went out."""
    counts = Counter(line.order.state for line in _lines(view, ladder=True) if line.order)
    return " · ".join(
        f"{shown.words.of(vocabulary.STATES, state)} {counts[state]}"
        for state in OrderState
        if state in counts
    )


def _lines(view: RoundView, *, ladder: bool) -> list[OrderLine]:
    found = order_lines(view.plan, view.orders)
    return [line for line in found if (line.leg is Leg.LADDER) is ladder]


def filled(orders: Sequence[OrderView]) -> int:
    """Count the orders that were filled, wholly or in part."""
    return sum(order.filled > 0 for order in orders)


def leg_names(shown: Shown) -> dict[Leg, str]:
    return {leg: shown.words.both(pair) for leg, pair in vocabulary.LEGS.items()}


def _state(shown: Shown, order: OrderView) -> str:
    state = shown.words.of(vocabulary.STATES, order.state)
    if not_crossed(order):
        return shown.words.say("닿지 않음", "not reached")
    if order.filled and order.fill_price is not None:
        return f"{state} {shown.shares(order.filled)} {shown.money(order.fill_price)}"
    if order.state is OrderState.PLANNED and order.retry_at:
        return f"{state} {shown.clock(order.retry_at)}"
    at = shown_at(order)
    return f"{state} {shown.clock_seconds(at)}" if at else state
