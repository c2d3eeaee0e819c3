"""The days that the versions share: the first buy, a normal day, a day whose close is unknown.

Source: method.md 2.2 to 2.6.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from strategy import legs
from strategy.errors import StrategyError
from strategy.model import (
    ZERO,
    Cycle,
    Half,
    Leg,
    Market,
    Order,
    Phase,
    Plan,
    Sizing,
    Skip,
)
from strategy.price import CENT, round12
from strategy.reasons import Reason, ReasonCode
from strategy.state import check


def unit(cycle: Cycle) -> Decimal:
    """Give one day's unit (USD), exact, of a normal day: the cycle's own, or cash / (a - T).

    A unit sized by cash leaves the reserve alone.
    """
    if cycle.rules.sizing is not Sizing.DAILY:
        return cycle.unit
    return max(cycle.cash - cycle.reserve, ZERO) / (cycle.rules.splits - cycle.turn)


def budget(cycle: Cycle, unit: Decimal) -> Decimal:
    """Give what a day's buys may cost (USD): the unit, as far as the cash goes (settled.md)."""
    return legs.sized(cycle.rules, min(unit, max(cycle.cash, ZERO)))


def is_exhausted(cycle: Cycle) -> bool:
    """Tell whether less than one unit is left: T > a - 1, strictly (at a - 1 too: option, D8)."""
    last = cycle.rules.splits - 1
    return cycle.turn > last or (cycle.rules.exhausted_at_last_unit and cycle.turn == last)


def _noted(cycle: Cycle) -> Cycle:
    """Mark a cycle as exhausted once less than a unit is left, in versions with no phase for it."""
    if cycle.exhausted or not is_exhausted(cycle):
        return cycle
    return replace(cycle, exhausted=True)


def without_phases(cycle: Cycle, market: Market, held: Callable[[Cycle, Decimal], Plan]) -> Plan:
    """Plan a session of a version that has the normal phase only; `held` plans with shares held.

    Raises StrategyError for another phase, or a state that no history can have produced.
    """
    check(cycle, market)
    if cycle.phase is not Phase.NORMAL:
        raise StrategyError(f"version {cycle.rules.method} has the normal phase only")
    close = market.previous_close
    if close is None:
        return nothing_known(cycle, cycle.unit)
    if cycle.quantity == 0:
        return first(cycle, close)
    return held(_noted(cycle), close)


def nothing_known(cycle: Cycle, unit: Decimal) -> Plan:
    """Order nothing, because the previous close is unknown; nothing is decided either."""
    leg = Leg.REVERSE_SELL if cycle.phase is Phase.REVERSE else Leg.STAR
    skip = Skip(leg=leg if cycle.quantity else Leg.FIRST, why=Reason(ReasonCode.UNKNOWN_CLOSE))
    return Plan(
        cycle=cycle,
        orders=(),
        unit=unit,
        half=None,
        star_percent=None,
        star_price=None,
        skips=(skip,),
    )


def first(cycle: Cycle, previous_close: Decimal) -> Plan:
    """Open a cycle: spend the first unit, with a ladder under it (method.md 2.5)."""
    rules = cycle.rules
    size = unit(cycle)
    spend = budget(cycle, size)
    main = legs.first_buy(rules, spend, previous_close)
    skip = too_small(Leg.FIRST, spend, legs.first_price(rules, previous_close))
    return Plan(
        cycle=cycle,
        orders=tuple(with_ladder(cycle, spend, main, previous_close)),
        unit=size,
        half=legs.half(rules, cycle.turn),
        star_percent=round12(legs.star_percent(rules, cycle.turn)),
        star_price=None,
        skips=_rungs_left_out(cycle, previous_close) if main else (skip,),
    )


def normal(cycle: Cycle, previous_close: Decimal) -> Plan:
    """Trade a normal day around the star (method.md 2.2 to 2.4)."""
    rules = cycle.rules
    size = unit(cycle)
    spend = budget(cycle, size)
    half = legs.half(rules, cycle.turn)
    star = legs.star(rules, cycle.average, cycle.turn)
    if half is Half.FIRST:
        main = legs.first_half(rules, spend, star)
    else:
        main = legs.second_half(spend, star)
    orders = with_ladder(cycle, spend, main, previous_close)
    orders += legs.sells(rules, cycle.quantity, star)
    return Plan(
        cycle=cycle,
        orders=tuple(orders),
        unit=size,
        half=half,
        star_percent=round12(legs.star_percent(rules, cycle.turn)),
        star_price=star.price,
        skips=(
            *buy_skips(half, spend, star.price - CENT, main),
            *sale_skips(cycle),
            *_rungs_left_out(cycle, previous_close),
        ),
    )


def with_ladder(
    cycle: Cycle, spend: Decimal, main: list[Order], previous_close: Decimal
) -> list[Order]:
    """Put the ladder under the main buys and fold what lies too far above the market."""
    rules = cycle.rules
    floor = legs.ladder_floor(rules, previous_close)
    return legs.fold(rules, [*main, *legs.ladder(rules, spend, main, floor)], previous_close)


def too_small(leg: Leg, spend: Decimal, price: Decimal) -> Skip:
    """Say that the day's budget buys no share."""
    return Skip(leg=leg, why=Reason(ReasonCode.UNIT_TOO_SMALL, (spend, price)))


def buy_skips(half: Half, spend: Decimal, price: Decimal, main: list[Order]) -> tuple[Skip, ...]:
    """Say which of the day's main buys there are not, and why."""
    if not main:
        return (too_small(Leg.STAR, spend, price),)
    if half is Half.FIRST and len(main) == 1 and main[0].leg is Leg.AVERAGE:
        why = Reason(ReasonCode.HALF_UNIT_TOO_SMALL, (spend, price))
        return (Skip(leg=Leg.STAR, why=why),)
    return ()


def sale_skips(cycle: Cycle) -> tuple[Skip, ...]:
    """Say that a quarter of the shares is no whole share."""
    if legs.quarter(cycle.rules, cycle.quantity):
        return ()
    why = Reason(ReasonCode.QUARTER_TOO_SMALL, (cycle.quantity,))
    return (Skip(leg=Leg.QUARTER, why=why),)


def at_rest(cycle: Cycle) -> Cycle:
    """Put a cycle that holds nothing into the normal phase."""
    if cycle.phase is Phase.NORMAL:
        return cycle
    return replace(cycle, phase=Phase.NORMAL, reverse_day=0, quarter_round=0, quarter_unit=ZERO)


def _rungs_left_out(cycle: Cycle, previous_close: Decimal) -> tuple[Skip, ...]:
    floor = legs.ladder_floor(cycle.rules, previous_close)
    percent = cycle.rules.ladder_floor_percent
    if floor is None or percent is None:
        return ()
    why = Reason(ReasonCode.RUNGS_BELOW_FLOOR, (floor, previous_close, percent))
    return (Skip(leg=Leg.LADDER, why=why),)
