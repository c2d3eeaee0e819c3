"""Cycles and bars that the tests of the book begin from."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from strategy import cycle, versions
from strategy.model import Bar, Counting, Cycle, Fill, Leg, Market, Order, Phase, Plan
from strategy.turn import from_cost

D = Decimal
TUESDAY = date(2026, 10, 6)
OWN_SPLITS = {"1.0": 40, "2.1": 40, "2.2": 40, "3.0": 20, "4.0": 40}


def fresh(
    symbol: str = "TQQQ",
    splits: int = 40,
    principal: str = "20000",
    *,
    method: str = "4.0",
    **over: Any,
) -> Cycle:
    return cycle.start(versions.rules(method, symbol, splits, **over), D(principal))


def of(method: str, principal: str = "20000", symbol: str = "TQQQ", **over: Any) -> Cycle:
    """Begin a cycle of a version with the splits that its author names."""
    return fresh(symbol, OWN_SPLITS[method], principal, method=method, **over)


def holding(
    quantity: int, average: str, turn: str, cash: str, base: Cycle | None = None, **over: Any
) -> Cycle:
    return replace(
        base or fresh(),
        quantity=quantity,
        average=D(average),
        turn=D(turn),
        cash=D(cash),
        **over,
    )


def owning(base: Cycle, quantity: int, average: str, cash: str | None = None, **over: Any) -> Cycle:
    """Hold shares that were bought from the principal, T coming from their cost."""
    assert base.rules.counting is Counting.COST
    left = base.cash - quantity * D(average) if cash is None else D(cash)
    return replace(
        base,
        quantity=quantity,
        average=D(average),
        average_before=D(average),
        turn=from_cost(base.rules, base.unit, quantity, D(average)),
        cash=left,
        **over,
    )


def in_reverse(
    quantity: int, average: str, turn: str, cash: str, base: Cycle | None = None, *, day: int = 2
) -> Cycle:
    return holding(quantity, average, turn, cash, base, phase=Phase.REVERSE, reverse_day=day)


def in_quarter(
    base: Cycle, quantity: int, average: str, cash: str, *, step: int, unit: str = "0"
) -> Cycle:
    return owning(
        base,
        quantity,
        average,
        cash,
        phase=Phase.QUARTER,
        quarter_round=step,
        quarter_unit=D(unit),
        exhausted=True,
    )


def market(*closes: str) -> Market:
    return Market(closes=tuple(map(D, closes)))


def leg(plan: Plan, wanted: Leg) -> Order:
    (found,) = [order for order in plan.orders if order.leg is wanted]
    return found


def full(order: Order, price: str | None = None) -> Fill:
    at = D(price) if price is not None else order.price
    assert at is not None
    return Fill(order=order, quantity=order.quantity, price=at)


def lines(plan: Plan) -> list[tuple[str, str, int]]:
    return [(o.leg.value, str(o.price), o.quantity) for o in plan.orders]


def legs_of(plan: Plan) -> list[str]:
    return [order.leg.value for order in plan.orders]


def codes(plan: Plan) -> list[tuple[str, str]]:
    """Name what the plan leaves out, and why."""
    return [(skip.leg.value, skip.why.code.value) for skip in plan.skips]


def bar(close: str, *, high: str | None = None, low: str | None = None, day: date = TUESDAY) -> Bar:
    at = D(close)
    return Bar(day=day, open=at, high=D(high or close), low=D(low or close), close=at)


def series(closes: list[str], first: date = TUESDAY) -> list[Bar]:
    return [bar(close, day=first + timedelta(days=i)) for i, close in enumerate(closes)]
