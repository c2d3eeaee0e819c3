"""Version 2.2 (2022-12; 40 splits, and general a): T from cost, a fixed unit, quarter stop-loss.

The unit is principal / a for the whole cycle; TQQQ aims at +10 %, SOXL at +12 %. T is what is held
at cost, in units, raised to two decimals (one before 2024-09-05: `turn_decimals`). With less than
one unit left the quarter phase begins. Source: method.md 2 and 5, settled.md.
"""

from strategy import daily, quarter
from strategy.errors import StrategyError
from strategy.model import Cycle, Market, Phase, Plan
from strategy.state import check


def plan(cycle: Cycle, market: Market) -> Plan:
    """Decide the phase with the last close and make the orders of the next session.

    Raises StrategyError for a state that the version cannot have.
    """
    check(cycle, market)
    if cycle.phase is Phase.REVERSE:
        raise StrategyError(
            f"version {cycle.rules.method} has no reverse phase: give normal or quarter"
        )
    close = market.previous_close
    if close is None:
        return daily.nothing_known(cycle, cycle.quarter_unit or cycle.unit)
    now = quarter.advance(cycle, close)
    if now.phase is Phase.QUARTER:
        return quarter.plan(now, close)
    if now.quantity == 0:
        return daily.first(now, close)
    return daily.normal(now, close)
