"""What becomes of a finished cycle's money: the next cycle's principal, reserve and unit."""

from datetime import date, timedelta
from decimal import Decimal

from strategy.model import ZERO, Compounding, Cycle, Rules, Sizing
from strategy.price import round12

_SATURDAY = 5


def fixed_unit(rules: Rules, principal: Decimal) -> Decimal:
    """Give principal / a (USD), or 0 where the unit is sized anew every day."""
    return ZERO if rules.sizing is Sizing.DAILY else round12(principal / rules.splits)


def next_cycle(cycle: Cycle, day: date) -> Cycle:
    """Begin the cycle after one that sold its last share on `day`, its principal by compounding.

    * full: all cash; profits and losses both go on.
    * none: the same principal as long as cash covers it, the profit goes to the reserve; a loss is
      not refilled, so the principal falls to the cash there is and stays there.
    * half: half of a profit joins the principal, half the reserve; a loss is taken whole.
    * yearly: full within a calendar year; the first cycle that starts in a new year goes back to
      the seed, or to what cash there is, and the rest joins the reserve. The next cycle starts on
      the weekday after `day` (the exchange is never shut from a weekday of the old year on).

    A run whose loss leaves no principal goes on with what was set aside, up to the old principal
    (docs/decisions/0011). A fixed unit is the new principal / a. 반복리 carries its unit over,
    whatever the cycle ended with, and the principal is a times that. Where another agreement was
    made for the next cycle, it begins under that one, with the principal that this one leaves.

    Sources: method.md 2.8, settled.md.
    """
    if cycle.rules.sizing is Sizing.GROWING:
        unit = _grown_unit(cycle)
        principal = round12(unit * cycle.rules.splits)
    else:
        principal = _next_principal(cycle, day)
        if principal <= 0:
            # More than the principal is lost: the run goes on with what was set aside.
            principal = min(cycle.principal, max(cycle.cash, ZERO))
        unit = fixed_unit(cycle.rules, principal)
    if cycle.next_rules is not None:
        unit = fixed_unit(cycle.next_rules, principal)
    return Cycle(
        rules=cycle.next_rules or cycle.rules,
        number=cycle.number + 1,
        seed=cycle.seed,
        principal=principal,
        cash=cycle.cash,
        reserve=max(cycle.cash - principal, ZERO),
        unit=unit,
    )


def _grown_unit(cycle: Cycle) -> Decimal:
    """Carry 3.0's unit over; by option it grows only now, by the cycle's profit / 2a (D13)."""
    if not cycle.rules.grow_at_cycle_end or cycle.realized <= 0:
        return cycle.unit
    return round12(cycle.unit + cycle.realized / (2 * cycle.rules.splits))


def _next_principal(cycle: Cycle, day: date) -> Decimal:
    free = cycle.cash - cycle.reserve
    profit = free - cycle.principal
    match cycle.rules.compounding:
        case Compounding.FULL:
            return cycle.cash
        case Compounding.NONE:
            return min(cycle.principal, cycle.cash)
        case Compounding.HALF:
            return cycle.principal + round12(profit / 2) if profit > 0 else free
        case Compounding.YEARLY:
            begun = cycle.started or day
            return free if begun.year == _next_weekday(day).year else min(cycle.seed, cycle.cash)


def _next_weekday(day: date) -> date:
    following = day + timedelta(days=1)
    while following.weekday() >= _SATURDAY:
        following += timedelta(days=1)
    return following
