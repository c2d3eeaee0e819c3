"""Ways to look at what an option changes: each plans or books a day under the given answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from strategy import versions
from strategy.compounding import next_cycle
from strategy.cycle import settle
from strategy.model import Cycle, Fill, Leg, Market, Plan
from tests.strategy.states import (
    TUESDAY,
    D,
    full,
    holding,
    in_quarter,
    in_reverse,
    leg,
    legs_of,
    market,
    of,
    owning,
)

FORTY = market("40")
FIVE = market("30", "30", "30", "30", "30")
Look = Callable[[str, dict[str, Any]], object]
StateOf = Callable[[Cycle], Cycle]


def _plan(state: Cycle, known: Market = FORTY) -> Plan:
    return versions.plan(state, known)


def _held(method: str, given: dict[str, Any], quantity: int = 100, average: str = "40") -> Cycle:
    base = of(method, **given)
    if method in ("1.0", "4.0"):
        return holding(quantity, average, "10", "15000", base)
    return owning(base, quantity, average)


def price(wanted: Leg, **state: Any) -> Look:
    return lambda method, given: str(leg(_plan(_held(method, given, **state)), wanted).price)


def first_buy(method: str, given: dict[str, Any]) -> object:
    order = _plan(of(method, **given)).orders[0]
    return str(order.price), order.quantity


def rungs(method: str, given: dict[str, Any]) -> object:
    plan = _plan(of(method, **given))
    return [str(order.price) for order in plan.orders if order.leg is Leg.LADDER]


def dearest_buy(close: str) -> Look:
    def look(method: str, given: dict[str, Any]) -> object:
        highest = _plan(_held(method, given), market(close)).orders[0]
        return highest.leg.value, str(highest.price)

    return look


def turn_at(average: str) -> Look:
    return lambda method, given: _held(method, given, 100, average).turn


def shares(*wanted: Leg) -> Look:
    def look(method: str, given: dict[str, Any]) -> object:
        plan = _plan(_held(method, given, average="39.71"))
        return [leg(plan, each).quantity for each in wanted]

    return look


def quarter_of(quantity: int) -> Look:
    def look(method: str, given: dict[str, Any]) -> object:
        plan = _plan(_held(method, given, quantity))
        return [order.quantity for order in plan.orders if order.leg is Leg.QUARTER]

    return look


def phase_of(state: StateOf, known: Market = FORTY) -> Look:
    return lambda method, given: _plan(state(of(method, **given)), known).cycle.phase.value


def orders_of(state: StateOf, known: Market = FORTY) -> Look:
    return lambda method, given: legs_of(_plan(state(of(method, **given)), known))


def line(method: str, given: dict[str, Any]) -> object:
    state = in_quarter(of(method, **given), 300, "49", "3900", step=1)
    return str(_plan(state).star_price)


def unit_of_rounds(method: str, given: dict[str, Any]) -> object:
    return _plan(in_quarter(of(method, **given), 300, "49", "3900", step=1)).unit


def turn_after(wanted: Leg, part: int | None = None, *, reverse: bool = False) -> Look:
    def look(method: str, given: dict[str, Any]) -> object:
        base = of(method, **given)
        state = in_reverse(200, "98", "30", "7000", base) if reverse else _held(method, given, 102)
        plan = _plan(state, FIVE if reverse else FORTY)
        order = leg(plan, wanted)
        fill = Fill(order=order, quantity=part or order.quantity, price=D(46))
        return settle(plan, [fill], TUESDAY).cycle.turn

    return look


def unit_at_a_sale(method: str, given: dict[str, Any]) -> object:
    plan = _plan(_held(method, given, 80, "50"), market("50"))
    quarter, target = leg(plan, Leg.QUARTER), leg(plan, Leg.TARGET)
    sold = settle(plan, [full(quarter, "70")], TUESDAY).cycle
    ended = settle(plan, [full(quarter, "70"), full(target)], TUESDAY).cycle
    return sold.unit, ended.unit


def next_principal(method: str, given: dict[str, Any]) -> object:
    ended = replace(of(method, **given), principal=D(21000), cash=D(23000), started=TUESDAY)
    after = next_cycle(ended, TUESDAY.replace(year=TUESDAY.year + 1))
    return after.principal, after.reserve


def fees(method: str, given: dict[str, Any]) -> object:
    plan = _plan(_held(method, given))
    bought = settle(plan, [full(leg(plan, Leg.STAR), "40")], TUESDAY)
    sold = settle(plan, [full(leg(plan, Leg.TARGET))], TUESDAY)
    return str(bought.fees), str(sold.fees)


def sized(method: str, given: dict[str, Any]) -> object:
    # 500.5 buys 11 shares at 45.10, unless 1 % of it is kept for the commission.
    base = replace(of(method, fee_percent=D(1), **given), cash=D(20020))
    return _plan(base, market("40.27")).orders[0].quantity


def phase_after_a_dearer_average(method: str, given: dict[str, Any]) -> object:
    state = in_reverse(100, "40", "30", "5000", of(method, **given), day=4)
    closes = market("30", "30", "30", "30", "34.50")
    return _plan(replace(state, average_before=D(42)), closes).cycle.phase.value
