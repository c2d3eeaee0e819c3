"""What imitated orders did beside what real LOC and MOC would have done at the official close.

Pure numbers over a round; money is USD. A real one fills whole or not at all at the close, by the
method's own rule (`strategy.matching`); what the owner held back is held back in both worlds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.storage.views import OrderView, RoundView
from bot.trading.model import OrderState
from strategy.cycle import settle
from strategy.matching import fill_price
from strategy.model import ZERO, Bar, Cycle, Fill, Leg, Order, OrderType, Plan, Side

_LIMIT = OrderType.LIMIT

HELD_BACK = frozenset({"stopped", "killed", "consent", "held", "paused", "round", "resting"})
"""Reasons that would have held a real LOC or MOC back as well."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One LOC or MOC of the plan: `filled` shares at `price`, and what a real one would have."""

    leg: Leg
    side: Side
    quantity: int
    filled: int
    price: Decimal | None
    real: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A session's imitations beside the real ones.

    `better` is what the shares that filled in both worlds cost less, or brought more, than at the
    close; `after` is the cycle that real orders would have left. `provisional`: KIS may still
    correct the close.
    """

    close: Decimal
    provisional: bool
    orders: tuple[Compared, ...]
    better: Decimal
    after: Cycle

    @property
    def differing(self) -> tuple[Compared, ...]:
        return tuple(order for order in self.orders if order.filled != order.real)


def compare(view: RoundView) -> Comparison | None:
    """Hold a settled round's imitations against its close; None where there is nothing to hold."""
    settled = view.settlement
    if not view.emulated or view.plan is None or settled is None:
        return None
    close = view.official_close or settled.close
    plan = view.plan
    closing = [index for index, order in enumerate(plan.orders) if order.type is not _LIMIT]
    if close is None or not closing:
        return None
    orders = tuple(_compared(view, plan.orders[index], index, close) for index in closing)
    return Comparison(
        close=close,
        provisional=view.official_close is None,
        orders=orders,
        better=sum((_better(order, close) for order in orders), ZERO),
        after=settle(plan, _real_fills(plan, view, close), view.session).cycle,
    )


def _compared(view: RoundView, order: Order, index: int, close: Decimal) -> Compared:
    tries = [each for each in view.orders if each.slot.index == index]
    filled, price = _filled(tries)
    real = _would_fill(order, tries, close, view.session)
    return Compared(
        leg=order.leg,
        side=order.side,
        quantity=order.quantity,
        filled=filled,
        price=price,
        real=order.quantity if real else 0,
    )


def _filled(tries: Iterable[OrderView]) -> tuple[int, Decimal | None]:
    parts = [(each.filled, each.fill_price or ZERO) for each in tries if each.filled]
    quantity = sum(part for part, _ in parts)
    if not quantity:
        return 0, None
    return quantity, sum((part * price for part, price in parts), ZERO) / quantity


def _would_fill(order: Order, tries: Iterable[OrderView], close: Decimal, day: date) -> bool:
    bar = Bar(day=day, open=close, high=close, low=close, close=close)
    return not any(_held_back(each) for each in tries) and fill_price(order, bar) is not None


def _held_back(order: OrderView) -> bool:
    reasons = {reason.partition(" ")[0] for reason in order.detail.split("; ")}
    return order.state is OrderState.WITHHELD and bool(reasons & HELD_BACK)


def _better(order: Compared, close: Decimal) -> Decimal:
    if order.price is None:
        return ZERO
    gained = close - order.price if order.side is Side.BUY else order.price - close
    return gained * min(order.filled, order.real)


def _real_fills(plan: Plan, view: RoundView, close: Decimal) -> tuple[Fill, ...]:
    """Give the day's fills with real orders: limits as they were, the rest at the close."""
    fills: list[Fill] = []
    for index, order in enumerate(plan.orders):
        tries = [each for each in view.orders if each.slot.index == index]
        filled, price = _filled(tries)
        if order.type is _LIMIT:
            if price is not None:
                fills.append(Fill(order=order, quantity=filled, price=price))
        elif _would_fill(order, tries, close, view.session):
            fills.append(Fill(order=order, quantity=order.quantity, price=close))
    return tuple(fills)
