"""The reverse phase of V4.0: what to do when the units are used up (method.md 7.3, settled.md).

Day 1 sells at the close and buys nothing; from day 2 on it sells and buys around the mean of the
last five closes, until a close is far enough above the average's exit line.
"""

from dataclasses import replace
from decimal import Decimal

from strategy import daily, legs
from strategy.errors import StrategyError
from strategy.model import (
    ZERO,
    Cycle,
    Half,
    Leg,
    Market,
    Order,
    OrderType,
    Phase,
    Plan,
    Rules,
    Skip,
)
from strategy.price import CENT, raised, round12, round_half_up, whole_shares
from strategy.reasons import Reason, ReasonCode

CLOSES_OF_THE_STAR = 5
QUARTER_OF_CASH = Decimal("0.25")


def unit(cycle: Cycle) -> Decimal:
    """Give a reverse day's unit (USD), exact: a quarter of the cash that is not set aside."""
    return max(cycle.cash - cycle.reserve, ZERO) * QUARTER_OF_CASH


def advance(cycle: Cycle, previous_close: Decimal) -> Cycle:
    """Decide the phase of the session to be planned (method.md 7.1, 7.3).

    Reverse ends when a close, day 1's too, is strictly above the average less the exit percent; an
    exhausted cycle (T > a - 1, or a second-half unit that buys no share) enters reverse at day 1,
    also straight from an exit.
    """
    if cycle.quantity == 0:
        return daily.at_rest(cycle)
    if cycle.phase is Phase.REVERSE and not _leaves(cycle, previous_close):
        return cycle if cycle.exhausted else replace(cycle, exhausted=True)
    normal = cycle
    if cycle.phase is Phase.REVERSE:
        normal = replace(cycle, phase=Phase.NORMAL, reverse_day=0)
    if daily.is_exhausted(normal) or _lacks_a_share(normal):
        return replace(cycle, phase=Phase.REVERSE, reverse_day=1, exhausted=True)
    return normal


def leaves(rules: Rules, average: Decimal, close: Decimal) -> bool:
    """Tell whether a close ends the reverse phase: strictly above average x (1 - exit %)."""
    return close > round12(raised(average, -rules.reverse_exit_percent))


def quantity_sold(rules: Rules, quantity: int) -> int:
    """Count the shares a reverse day sells: floor(quantity / (a/2)), one at least (D10)."""
    return max(1 if rules.sell_one_in_reverse else 0, quantity // (rules.splits // 2))


def plan(cycle: Cycle, market: Market) -> Plan:
    """Make the orders of a day in reverse.

    Raises StrategyError from day 2 on where fewer than five closes are known.
    """
    if cycle.reverse_day == 1:
        why = Reason(ReasonCode.REVERSE_FIRST_DAY, (cycle.turn, cycle.rules.splits))
        return _moc_only(cycle, Skip(leg=Leg.REVERSE_BUY, why=why))
    star = _star(cycle, market)
    size = unit(cycle)
    spend = legs.sized(cycle.rules, size)
    main = _buy(spend, star)
    skips: list[Skip] = []
    if not main:
        why = Reason(ReasonCode.REVERSE_UNIT_TOO_SMALL, (spend, star - CENT))
        skips.append(Skip(leg=Leg.REVERSE_BUY, why=why))
        if cycle.rules.moc_without_share:
            return _moc_only(cycle, skips[0])
    orders = daily.with_ladder(cycle, spend, main, market.closes[-1])
    sold = quantity_sold(cycle.rules, cycle.quantity)
    if sold:
        figures = (star, CLOSES_OF_THE_STAR, cycle.quantity, cycle.rules.splits // 2, sold)
        why = Reason(ReasonCode.REVERSE_SALE, figures)
        orders.append(legs.sale(OrderType.LOC, star, sold, Leg.REVERSE_SELL, why))
    else:
        skips.append(_nothing_sold(cycle, Leg.REVERSE_SELL))
    return _planned(cycle, orders, tuple(skips), star)


def _leaves(cycle: Cycle, close: Decimal) -> bool:
    # The close of a day in reverse is only known once day 2 is to be planned.
    old = cycle.rules.exit_on_old_average and cycle.average_before > 0
    average = cycle.average_before if old else cycle.average
    return cycle.reverse_day >= 2 and leaves(cycle.rules, average, close)


def _lacks_a_share(cycle: Cycle) -> bool:
    rules = cycle.rules
    if not rules.exhausted_without_share or legs.half(rules, cycle.turn) is Half.FIRST:
        return False
    under = legs.star(rules, cycle.average, cycle.turn).price - CENT
    return whole_shares(legs.sized(rules, daily.unit(cycle)), under) == 0


def _star(cycle: Cycle, market: Market) -> Decimal:
    closes = market.closes[-CLOSES_OF_THE_STAR:]
    if len(closes) < CLOSES_OF_THE_STAR:
        raise StrategyError(
            f"day {cycle.reverse_day} of the reverse phase needs the last "
            f"{CLOSES_OF_THE_STAR} closes, but only {len(closes)} are known"
        )
    return round_half_up(sum(closes, ZERO) / CLOSES_OF_THE_STAR)


def _buy(spend: Decimal, star: Decimal) -> list[Order]:
    under = star - CENT
    quantity = whole_shares(spend, under)
    if quantity == 0:
        return []
    why = Reason(ReasonCode.REVERSE_BUY, (star, CLOSES_OF_THE_STAR, spend, under, quantity))
    order = legs.loc_buy(under, quantity, Leg.REVERSE_BUY, ZERO, why)
    return [replace(order, reverse_credit=True)]


def _moc_only(cycle: Cycle, skip: Skip) -> Plan:
    sold = quantity_sold(cycle.rules, cycle.quantity)
    if not sold:
        return _planned(cycle, [], (skip, _nothing_sold(cycle, Leg.REVERSE_MOC)), None)
    figures = (cycle.reverse_day, cycle.quantity, cycle.rules.splits // 2, sold)
    why = Reason(ReasonCode.REVERSE_MOC, figures)
    order = legs.sale(OrderType.MOC, None, sold, Leg.REVERSE_MOC, why)
    return _planned(cycle, [order], (skip,), None)


def _nothing_sold(cycle: Cycle, leg: Leg) -> Skip:
    figures = (cycle.quantity, cycle.rules.splits // 2)
    return Skip(leg=leg, why=Reason(ReasonCode.REVERSE_QUARTER_TOO_SMALL, figures))


def _planned(
    cycle: Cycle, orders: list[Order], skips: tuple[Skip, ...], star: Decimal | None
) -> Plan:
    return Plan(
        cycle=cycle,
        orders=tuple(orders),
        unit=unit(cycle),
        half=None,
        star_percent=None,
        star_price=star,
        skips=skips,
    )
