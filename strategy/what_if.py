"""What tomorrow would bring: tonight's plan filled at supposed closes, and the plan after each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from strategy import matching, versions
from strategy.cycle import Settlement, settle
from strategy.errors import StrategyError
from strategy.model import Bar, Fill, Market, Plan
from strategy.price import CENT, raised, round_half_up

STEPS = tuple(map(Decimal, (-10, -7, -5, -3, -1, 0, 1, 3, 5, 7, 10)))
"""The changes of the usual table, in percent of the last close."""
SOME_DAY = date(2000, 1, 3)


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What a supposed close (USD) would do, `percent` over the last one.

    Tonight's fills, what they book, and the plan of the session after.
    """

    percent: Decimal
    close: Decimal
    fills: tuple[Fill, ...]
    settlement: Settlement
    tomorrow: Plan


def table(plan: Plan, market: Market, steps: Sequence[Decimal] = STEPS) -> tuple[Outcome, ...]:
    """Suppose closes around the last one and play tonight's plan at each.

    The session is supposed to run straight from the last close to the new one: a limit fills when
    it lies between them. Raises StrategyError where no last close is known.
    """
    previous = market.previous_close
    if previous is None:
        raise StrategyError("what would be needs the previous close")
    return tuple(
        suppose(plan, market, max(round_half_up(raised(previous, step)), CENT)) for step in steps
    )


def suppose(plan: Plan, market: Market, close: Decimal) -> Outcome:
    """Play tonight's plan at one supposed close (USD) and plan the session after."""
    previous = market.previous_close
    if previous is None:
        raise StrategyError("what would be needs the previous close")
    bar = Bar(
        day=SOME_DAY,
        open=previous,
        high=max(previous, close),
        low=min(previous, close),
        close=close,
    )
    fills = matching.fills(plan, bar)
    settlement = settle(plan, fills, SOME_DAY)
    closes = (*market.closes, close)
    return Outcome(
        percent=round_half_up((close / previous - 1) * 100),
        close=close,
        fills=fills,
        settlement=settlement,
        tomorrow=versions.plan(settlement.cycle, Market(closes=closes)),
    )
