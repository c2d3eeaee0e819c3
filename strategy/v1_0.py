"""Version 1.0 (the book of 2021; 40 splits): half at the average, half for sure, all sold at +10 %.

T rises by one on a day whose close is at or under the average, else by a half. With the units used
up it waits for the target, or, by option, sells everything at a close within some percent of the
average (`sell_out_percent`). Source: method.md 3, docs/decisions/0008.
"""

from decimal import Decimal

from strategy import daily, legs
from strategy.legs import HalfBuy
from strategy.model import Cycle, Leg, Market, Order, OrderType, Plan, Skip
from strategy.price import CENT, HUNDRED, round_half_up, whole_shares
from strategy.reasons import Reason, ReasonCode


def plan(cycle: Cycle, market: Market) -> Plan:
    """Make the orders of the next session.

    Raises StrategyError for a phase that the version does not have.
    """
    return daily.without_phases(cycle, market, _held)


def _held(cycle: Cycle, previous_close: Decimal) -> Plan:
    rules = cycle.rules
    spend = daily.budget(cycle, cycle.unit)
    target = legs.target(rules, cycle.quantity, 0, cycle.average)
    big = legs.first_price(rules, previous_close)
    if target.price is not None:
        # At a close that reaches the target everything is sold already: nothing is bought there.
        big = min(big, target.price - CENT)
    main = _buys(cycle, previous_close, big, spend)
    skips: tuple[Skip, ...] = ()
    if _is_used_up(cycle):
        why = Reason(ReasonCode.USED_UP, (cycle.turn, rules.splits))
        skips = (Skip(leg=Leg.BIG, why=why),)
    elif not main:
        skips = (_too_small(cycle, spend, big),)
    sales = _sell_out(cycle) if _is_used_up(cycle) else []
    return Plan(
        cycle=cycle,
        orders=(*daily.with_ladder(cycle, spend, main, previous_close), *(sales or [target])),
        unit=cycle.unit,
        half=None,
        star_percent=None,
        star_price=None,
        skips=skips,
    )


def _buys(cycle: Cycle, close: Decimal, big: Decimal, spend: Decimal) -> list[Order]:
    rules = cycle.rules
    if _is_used_up(cycle):
        return []
    factor = (HUNDRED + rules.first_buy_percent) / HUNDRED
    sure = HalfBuy(big, Leg.BIG, ReasonCode.BIG_HALF, (big, close, factor, spend))
    if cycle.turn > rules.splits - 1:
        return _last_half(sure, spend)
    price = round_half_up(cycle.average)
    figures = (cycle.average, spend, price)
    at_average = HalfBuy(price, Leg.AVERAGE, ReasonCode.AVERAGE_HALF, figures)
    if price > big:
        return legs.two_halves(rules, spend, at_average, sure)
    return legs.two_halves(rules, spend, sure, at_average)


def _is_used_up(cycle: Cycle) -> bool:
    return cycle.turn > cycle.rules.splits - legs.HALF_UNIT


def _last_half(sure: HalfBuy, spend: Decimal) -> list[Order]:
    quantity = whole_shares(spend * legs.HALF_UNIT, sure.price)
    if quantity == 0:
        return []
    why = Reason(sure.code, (*sure.figures, quantity))
    return [legs.loc_buy(sure.price, quantity, sure.leg, legs.HALF_UNIT, why)]


def _too_small(cycle: Cycle, spend: Decimal, big: Decimal) -> Skip:
    if cycle.turn > cycle.rules.splits - 1:
        return Skip(leg=Leg.BIG, why=Reason(ReasonCode.HALF_UNIT_TOO_SMALL, (spend, big)))
    return daily.too_small(Leg.BIG, spend, big)


def _sell_out(cycle: Cycle) -> list[Order]:
    percent = cycle.rules.sell_out_percent
    if percent is None:
        return []
    star = legs.line(cycle.average, -percent)
    figures = (star.price, cycle.average, star.factor, cycle.quantity)
    why = Reason(ReasonCode.SELL_OUT, figures)
    return [legs.sale(OrderType.LOC, star.price, cycle.quantity, Leg.SELL_OUT, why)]
