"""Version 2.1 (2021-11; 40 splits): buys at the average and 5 % over it, sells in three steps.

T is worked out from the cost, as in 2.2. With less than one unit left it only sells and waits. Buys
stand one cent under the version's own sale at the close, so that the two never meet
(docs/decisions/0008). Source: method.md 4.
"""

from decimal import Decimal

from strategy import daily, legs
from strategy.legs import HalfBuy, Star
from strategy.model import Cycle, Half, Leg, Market, Order, OrderType, Plan, Skip
from strategy.price import CENT, whole_shares
from strategy.reasons import Reason, ReasonCode

ZERO_PERCENT = Decimal(0)


def plan(cycle: Cycle, market: Market) -> Plan:
    """Make the orders of the next session.

    Raises StrategyError for a phase that the version does not have.
    """
    return daily.without_phases(cycle, market, _held)


def _held(cycle: Cycle, previous_close: Decimal) -> Plan:
    rules = cycle.rules
    half = legs.half(rules, cycle.turn)
    percent = rules.near_target_percent if half is Half.FIRST else ZERO_PERCENT
    star = legs.line(cycle.average, percent)
    spend = daily.budget(cycle, cycle.unit)
    main: list[Order] = []
    if daily.is_exhausted(cycle):
        why = Reason(ReasonCode.USED_UP, (cycle.turn, rules.splits))
        skips: tuple[Skip, ...] = (Skip(leg=Leg.STAR, why=why),)
    else:
        main = _buys(cycle, half, star, spend)
        skips = daily.buy_skips(half, spend, star.price - CENT, main)
    orders = daily.with_ladder(cycle, spend, main, previous_close)
    return Plan(
        cycle=cycle,
        orders=(*orders, *_sales(cycle, half, star)),
        unit=cycle.unit,
        half=half,
        star_percent=percent,
        star_price=star.price,
        skips=(*skips, *daily.sale_skips(cycle)),
    )


def _buys(cycle: Cycle, half: Half, star: Star, spend: Decimal) -> list[Order]:
    rules, average, under = cycle.rules, cycle.average, star.price - CENT
    if half is Half.FIRST:
        price = legs.average_price(rules, average, under)
        figures = (star.price, average, star.factor, spend, under)
        return legs.two_halves(
            rules,
            spend,
            HalfBuy(under, Leg.STAR, ReasonCode.NEAR_HALF, figures),
            HalfBuy(price, Leg.AVERAGE, ReasonCode.AVERAGE_HALF, (average, spend, price)),
        )
    quantity = whole_shares(spend, under)
    if quantity == 0:
        return []
    why = Reason(ReasonCode.AVERAGE_WHOLE, (average, spend, under, quantity))
    return [legs.loc_buy(under, quantity, Leg.AVERAGE, legs.WHOLE_UNIT, why)]


def _sales(cycle: Cycle, half: Half, star: Star) -> list[Order]:
    rules, held = cycle.rules, cycle.quantity
    if half is Half.FIRST:
        return legs.sells(rules, held, star)
    part = legs.quarter(rules, held)
    orders: list[Order] = []
    if part:
        figures = (star.price, cycle.average, star.factor, held, part)
        why = Reason(ReasonCode.QUARTER_SALE, figures)
        orders.append(legs.sale(OrderType.LOC, star.price, part, Leg.QUARTER, why))
    near = legs.line(cycle.average, rules.near_target_percent)
    far = legs.line(cycle.average, rules.target_percent)
    # Where the two targets meet they are one order.
    if part and held >= 2 * part and near.price != far.price:
        why = Reason(
            ReasonCode.NEAR_TARGET_SALE, (near.price, cycle.average, near.factor, held, part)
        )
        orders.append(legs.sale(OrderType.LIMIT, near.price, part, Leg.NEAR_TARGET, why))
    sold = sum(order.quantity for order in orders)
    if held > sold:
        orders.append(legs.target(rules, held, sold, cycle.average))
    return orders
