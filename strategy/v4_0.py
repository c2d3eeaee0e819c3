"""Version 4.0 (2026-03; 20, 30 or 40 splits): the unit is sized anew every day, and reverse.

T is counted by events and never worked out from the cost. Source: method.md 7, settled.md.
"""

from decimal import Decimal

from strategy import daily, reverse
from strategy.errors import StrategyError
from strategy.model import ZERO, Cycle, Market, Phase, Plan
from strategy.state import check


def plan(cycle: Cycle, market: Market) -> Plan:
    """Decide the phase with the last close and make the orders of the next session.

    Raises StrategyError where the reverse phase lacks its five closes. Sources: method.md 2 and 7,
    settled.md.
    """
    check(cycle, market)
    if cycle.phase is Phase.QUARTER:
        raise StrategyError("version 4.0 has no quarter phase: give normal or reverse")
    close = market.previous_close
    if close is None:
        return daily.nothing_known(cycle, unit(cycle))
    now = reverse.advance(cycle, close)
    if now.phase is Phase.REVERSE:
        return reverse.plan(now, market)
    if now.quantity == 0:
        return daily.first(now, close)
    return daily.normal(now, close)


def unit(cycle: Cycle) -> Decimal:
    """Give one day's buying budget (USD), exact: cash / (a - T), in reverse a quarter of cash.

    0 in the normal phase with T at a, where there is nothing to divide by.
    """
    if cycle.phase is Phase.REVERSE:
        return reverse.unit(cycle)
    return daily.unit(cycle) if cycle.turn < cycle.rules.splits else ZERO
