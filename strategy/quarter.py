"""The quarter phase of V2.2 and V3.0, the quarter stop-loss (method.md 5 and 6, settled.md).

`Cycle.quarter_round` is the step that is planned next, R being a quarter of the splits:

* 0: the first MOC day sells a quarter at the close and buys nothing;
* 1 to R: a round buys under the line (the average less 10 or 12, 15 or 20 %); it is over when its
  buy filled;
* R + 1: the MOC day after the rounds (or after a round whose budget bought no share);
* R + 2: that day is done; its close at or above the line ends the phase, else round 1 begins anew.

A fill of the quarter LOC or of the target ends the phase on any day.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from strategy import daily, legs
from strategy.legs import WHOLE_UNIT, Star
from strategy.model import (
    ZERO,
    Cycle,
    Fill,
    Leg,
    Order,
    OrderType,
    Phase,
    Plan,
    QuarterBudget,
    Rules,
    Side,
    Skip,
)
from strategy.price import CENT, round12, whole_shares
from strategy.reasons import Reason, ReasonCode
from strategy.turn import counts

FIRST_MOC = 0
FIRST_ROUND = 1
ENDING_LEGS = frozenset({Leg.QUARTER, Leg.TARGET})


def rounds(rules: Rules) -> int:
    """Count the rounds of the phase: a quarter of the splits (10 at 40, 5 at 20)."""
    return rules.splits // 4


def line(cycle: Cycle) -> Star:
    """Give the line of the phase: the average less the exit percent, half-up to the cent."""
    return legs.line(cycle.average, -cycle.rules.reverse_exit_percent)


def advance(cycle: Cycle, previous_close: Decimal) -> Cycle:
    """Decide the phase, the step and the rounds' unit of the session to be planned."""
    if cycle.quantity == 0:
        return daily.at_rest(cycle)
    if cycle.phase is Phase.QUARTER:
        cycle = _after_moc_day(cycle, previous_close)
    if cycle.phase is Phase.QUARTER:
        return _with_unit(cycle)
    if daily.is_exhausted(cycle):
        return replace(cycle, phase=Phase.QUARTER, quarter_round=FIRST_MOC, exhausted=True)
    return cycle


def fresh_unit(cycle: Cycle) -> Decimal:
    """Give the unit (USD) of the rounds: cash shared over them, at most the cycle's unit.

    V3.0 goes on with the same unit instead (`quarter_budget`).
    """
    if cycle.rules.quarter_budget is QuarterBudget.SAME:
        return cycle.unit
    return min(cycle.unit, round12(max(cycle.cash, ZERO) / rounds(cycle.rules)))


def plan(cycle: Cycle, previous_close: Decimal) -> Plan:
    """Make the orders of a day in the quarter phase."""
    if cycle.quarter_round in (FIRST_MOC, rounds(cycle.rules) + 1):
        return _moc_day(cycle)
    return _round(cycle, previous_close)


def follow(cycle: Cycle, plan: Plan, filled: Sequence[Fill]) -> Cycle:
    """Move a booked cycle to the step that its session's fills lead to.

    A session without orders changes nothing.
    """
    if cycle.phase is not Phase.QUARTER or not plan.orders:
        return cycle
    if any(fill.order.leg in ENDING_LEGS for fill in filled):
        return replace(cycle, phase=Phase.NORMAL, quarter_round=0, quarter_unit=ZERO)
    last, step = rounds(cycle.rules), cycle.quarter_round
    if step == FIRST_MOC:
        return replace(cycle, quarter_round=FIRST_ROUND, quarter_unit=ZERO)
    if step > last:
        return replace(cycle, quarter_round=last + 2, quarter_unit=ZERO)
    if not any(order.side is Side.BUY for order in plan.orders):
        return replace(cycle, quarter_round=last + 1)
    bought = any(fill.order.credit > 0 and counts(fill) for fill in filled)
    return replace(cycle, quarter_round=step + 1) if bought else cycle


def _after_moc_day(cycle: Cycle, previous_close: Decimal) -> Cycle:
    if cycle.quarter_round <= rounds(cycle.rules) + 1:
        return cycle
    if previous_close >= line(cycle).price:
        return replace(cycle, phase=Phase.NORMAL, quarter_round=0, quarter_unit=ZERO)
    return replace(cycle, quarter_round=FIRST_ROUND, quarter_unit=ZERO)


def _with_unit(cycle: Cycle) -> Cycle:
    in_rounds = FIRST_ROUND <= cycle.quarter_round <= rounds(cycle.rules)
    if in_rounds and not cycle.quarter_unit:
        return replace(cycle, quarter_unit=fresh_unit(cycle), exhausted=True)
    return cycle if cycle.exhausted else replace(cycle, exhausted=True)


def _moc_day(cycle: Cycle) -> Plan:
    rules, held = cycle.rules, cycle.quantity
    sold = legs.quarter(rules, held)
    why = Reason(ReasonCode.QUARTER_MOC_DAY, (cycle.turn, rules.splits))
    skips = (Skip(leg=Leg.QUARTER_BUY, why=why), *daily.sale_skips(cycle))
    orders: list[Order] = []
    if sold:
        moc = Reason(ReasonCode.QUARTER_MOC, (held, sold))
        orders.append(legs.sale(OrderType.MOC, None, sold, Leg.QUARTER_MOC, moc))
    if held > sold and (rules.target_on_moc_day or not sold):
        orders.append(legs.target(rules, held, sold, cycle.average))
    return _planned(cycle, orders, cycle.unit, None, skips)


def _round(cycle: Cycle, previous_close: Decimal) -> Plan:
    rules = cycle.rules
    spend = daily.budget(cycle, cycle.quarter_unit)
    star = line(cycle)
    under = star.price - CENT
    quantity = whole_shares(spend, under)
    main: list[Order] = []
    skips = daily.sale_skips(cycle)
    if quantity:
        figures = (
            star.price, star.average, star.factor, cycle.quarter_round, spend, under, quantity,
        )  # fmt: skip
        why = Reason(ReasonCode.QUARTER_BUY, figures)
        main.append(legs.loc_buy(under, quantity, Leg.QUARTER_BUY, WHOLE_UNIT, why))
    else:
        why = Reason(ReasonCode.QUARTER_UNIT_TOO_SMALL, (spend, under))
        skips = (Skip(leg=Leg.QUARTER_BUY, why=why), *skips)
    orders = daily.with_ladder(cycle, spend, main, previous_close)
    orders += legs.sells(rules, cycle.quantity, star, ReasonCode.LINE_SALE)
    return _planned(cycle, orders, cycle.quarter_unit, star, skips)


def _planned(
    cycle: Cycle, orders: list[Order], unit: Decimal, star: Star | None, skips: tuple[Skip, ...]
) -> Plan:
    return Plan(
        cycle=cycle,
        orders=tuple(orders),
        unit=unit,
        half=None,
        star_percent=None if star is None else -cycle.rules.reverse_exit_percent,
        star_price=None if star is None else star.price,
        skips=skips,
    )
