"""Cycles and bars that the tests of the book begin from."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from strategy import cycle, versions
from strategy.model import Bar, Cycle, Fill, Leg, Market, Order, Phase, Plan

D = Decimal
TUESDAY = date(2026, 10, 6)


def fresh(symbol: str = "TQQQ", splits: int = 40, principal: str = "20000", **over: Any) -> Cycle:
    return cycle.start(versions.rules("4.0", symbol, splits, **over), D(principal))


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


def in_reverse(
    quantity: int, average: str, turn: str, cash: str, base: Cycle | None = None, *, day: int = 2
) -> Cycle:
    return holding(quantity, average, turn, cash, base, phase=Phase.REVERSE, reverse_day=day)


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


def bar(close: str, *, high: str | None = None, low: str | None = None, day: date = TUESDAY) -> Bar:
    at = D(close)
    return Bar(day=day, open=at, high=D(high or close), low=D(low or close), close=at)


def series(closes: list[str], first: date = TUESDAY) -> list[Bar]:
    return [bar(close, day=first + timedelta(days=i)) for i, close in enumerate(closes)]
