"""Where a plan's own figures come from: its phase, its unit and its star, a reason each.

What explains a single order or skip stands in its own `why`.
"""

from decimal import Decimal

from strategy import quarter
from strategy.compounding import fixed_unit
from strategy.model import Cycle, Half, Phase, Plan, Side, Sizing
from strategy.price import HUNDRED
from strategy.reasons import Reason, ReasonCode


def basis(plan: Plan) -> tuple[Reason, ...]:
    """Give the reasons of the plan's phase, unit and star, those that it has."""
    return (_phase(plan), *_unit(plan), *_star(plan))


def _phase(plan: Plan) -> Reason:
    cycle = plan.cycle
    turn, splits = cycle.turn, cycle.rules.splits
    match cycle.phase:
        case Phase.REVERSE:
            return Reason(ReasonCode.REVERSE_DAY, (cycle.reverse_day, turn, splits))
        case Phase.QUARTER if _in_rounds(cycle):
            figures = (cycle.quarter_round, quarter.rounds(cycle.rules), turn)
            return Reason(ReasonCode.QUARTER_ROUND, figures)
        case Phase.QUARTER:
            return Reason(ReasonCode.QUARTER_MOC_STEP, (turn, splits))
        case _ if plan.half is None:
            return Reason(ReasonCode.NORMAL_DAY, (turn, splits))
    first = plan.half is Half.FIRST
    code = ReasonCode.FIRST_HALF if first else ReasonCode.SECOND_HALF
    return Reason(code, (turn, splits, Decimal(splits) / 2))


def _unit(plan: Plan) -> tuple[Reason, ...]:
    cycle = plan.cycle
    rules, cash = cycle.rules, cycle.cash - cycle.reserve
    if cycle.phase is Phase.REVERSE:
        return (Reason(ReasonCode.UNIT_IN_REVERSE, (plan.unit, cash)),)
    if rules.sizing is Sizing.DAILY:
        figures = (plan.unit, cash, rules.splits, cycle.turn)
        return (Reason(ReasonCode.UNIT_OF_CASH, figures),)
    if plan.unit != cycle.unit:
        made = Reason(ReasonCode.UNIT_SHARED, (plan.unit, quarter.rounds(rules)))
    else:
        made = _fixed(plan)
    buys = any(order.side is Side.BUY for order in plan.orders)
    if cycle.cash >= plan.unit or not buys:
        return (made,)
    return (made, Reason(ReasonCode.CASH_BELOW_UNIT, (cycle.cash, plan.unit)))


def _fixed(plan: Plan) -> Reason:
    rules, principal = plan.cycle.rules, plan.cycle.principal
    if plan.unit == fixed_unit(rules, principal):
        return Reason(ReasonCode.UNIT_FIXED, (plan.unit, principal, rules.splits))
    if rules.sizing is Sizing.GROWING:
        return Reason(ReasonCode.UNIT_GROWN, (plan.unit, principal, rules.splits))
    return Reason(ReasonCode.UNIT_GIVEN, (plan.unit,))


def _star(plan: Plan) -> tuple[Reason, ...]:
    if plan.star_price is None or plan.star_percent is None:
        return ()
    factor = (HUNDRED + plan.star_percent) / HUNDRED
    in_quarter = plan.cycle.phase is Phase.QUARTER
    code = ReasonCode.LINE if in_quarter else ReasonCode.STAR
    return (Reason(code, (plan.star_price, plan.cycle.average, factor)),)


def _in_rounds(cycle: Cycle) -> bool:
    return 1 <= cycle.quarter_round <= quarter.rounds(cycle.rules)
