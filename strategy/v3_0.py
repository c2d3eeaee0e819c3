"""Version 3.0 (2024; 20 splits): as 2.2, with wider targets, 반복리 and a shorter quarter phase.

TQQQ aims at +15 %, SOXL at +20 %. Under 반복리 (half compounding) every profitable sale raises the
unit at once by profit / 2a, and a loss leaves it; the other half of the profit stays in cash and
pays for the quarter phase, whose rounds go on with the same unit. All of that stands in the rules
that `versions` gives this version. Source: method.md 2 and 6, settled.md.
"""

from strategy import v2_2
from strategy.model import Cycle, Market, Plan


def plan(cycle: Cycle, market: Market) -> Plan:
    """Make the orders of the next session, as 2.2 does under 3.0's rules.

    Raises StrategyError for a state that the version cannot have.
    """
    return v2_2.plan(cycle, market)
