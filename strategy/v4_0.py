"""Version 4.0: a unit budgeted anew every day, and the reverse phase (method.md 7)."""

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
    OrderType,
    Phase,
    Plan,
    Rules,
    Side,
    Skip,
)
from strategy.price import CENT, raised, round12, round_half_up, shown, whole_shares
from strategy.state import check

CLOSES_OF_THE_REVERSE_STAR = 5
QUARTER_OF_CASH = Decimal("0.25")

UNKNOWN_CLOSE = "previous_close_unknown"
UNIT_TOO_SMALL = "unit_under_one_share"
QUARTER_TOO_SMALL = "quarter_under_one_share"
MOC_DAY = "reverse_first_day"
REVERSE_UNIT_TOO_SMALL = "reverse_unit_under_one_share"


class InfiniteBuying40:
    """Plan by version 4.0; stateless."""

    name = "4.0"

    def plan(self, cycle: Cycle, market: Market) -> Plan:
        """Make tonight's orders; see `plan`."""
        return plan(cycle, market)


def plan(cycle: Cycle, market: Market) -> Plan:
    """Decide the phase with the last close and make the orders of the next session.

    Raises StrategyError where the reverse phase lacks its five closes. Sources: method.md 2 and 7,
    settled.md.
    """
    check(cycle, market)
    if cycle.phase is Phase.QUARTER:
        raise StrategyError("version 4.0 has no quarter phase: give normal or reverse")
    if market.previous_close is None:
        return _nothing_known(cycle)
    now = advance(cycle, market.previous_close)
    if now.phase is Phase.REVERSE:
        return _reverse(now, market)
    if now.quantity == 0:
        return _first(now, market.previous_close)
    return _normal(now, market.previous_close)


def unit(cycle: Cycle) -> Decimal:
    """Give one day's buying budget (USD), exact: cash / (a - T), in reverse a quarter of cash."""
    spendable = max(cycle.cash - cycle.reserve, ZERO)
    if cycle.phase is Phase.REVERSE:
        return spendable * QUARTER_OF_CASH
    return spendable / (cycle.rules.splits - cycle.turn)


def advance(cycle: Cycle, previous_close: Decimal) -> Cycle:
    """Decide the phase of the session to be planned (method.md 7.1, 7.3).

    Reverse ends when a close after its first day is strictly above the average less the exit
    percent; an exhausted cycle (T > a - 1, or a second-half unit that buys no share) enters
    reverse at day 1, also straight from an exit.
    """
    if cycle.quantity == 0:
        return replace(cycle, phase=Phase.NORMAL, reverse_day=0)
    if cycle.phase is Phase.REVERSE and not _leaves_reverse(cycle, previous_close):
        return replace(cycle, exhausted=True)
    normal = replace(cycle, phase=Phase.NORMAL, reverse_day=0)
    if _is_exhausted(normal):
        return replace(cycle, phase=Phase.REVERSE, reverse_day=1, exhausted=True)
    return normal


def reverse_quantity(rules: Rules, quantity: int) -> int:
    """Count the shares a reverse day sells: floor(quantity / (a/2)), at least one."""
    return max(1, quantity // (rules.splits // 2))


def leaves_reverse(rules: Rules, average: Decimal, close: Decimal) -> bool:
    """Tell whether a close ends the reverse phase: strictly above average x (1 - exit %)."""
    return close > round12(raised(average, -rules.reverse_exit_percent))


def _leaves_reverse(cycle: Cycle, close: Decimal) -> bool:
    return cycle.reverse_day >= 2 and leaves_reverse(cycle.rules, cycle.average, close)


def _is_exhausted(cycle: Cycle) -> bool:
    rules = cycle.rules
    if cycle.turn > rules.splits - 1:
        return True
    if legs.half(rules, cycle.turn) is Half.FIRST:
        return False
    under = legs.star_price(rules, cycle.average, cycle.turn) - CENT
    return whole_shares(unit(cycle), under) == 0


def _first(cycle: Cycle, previous_close: Decimal) -> Plan:
    rules = cycle.rules
    budget = unit(cycle)
    main = legs.first_buy(rules, budget, previous_close)
    buys = [*main, *legs.ladder(budget, main, rules.ladder)]
    return Plan(
        cycle=cycle,
        orders=legs.merge(legs.fold(rules, buys, previous_close)),
        unit=budget,
        half=legs.half(rules, cycle.turn),
        star_percent=round12(legs.star_percent(rules, cycle.turn)),
        star_price=None,
        skips=() if main else (_too_small(Leg.FIRST, budget),),
    )


def _normal(cycle: Cycle, previous_close: Decimal) -> Plan:
    rules = cycle.rules
    budget = unit(cycle)
    half = legs.half(rules, cycle.turn)
    percent = round12(legs.star_percent(rules, cycle.turn))
    star = legs.star_price(rules, cycle.average, cycle.turn)
    source = f"star price {star} = average {shown(cycle.average)} x (1 + {shown(percent)}%)"
    if half is Half.FIRST:
        main = legs.first_half(budget, cycle.average, star, source)
    else:
        main = legs.second_half(budget, star, source)
    buys = [*main, *legs.ladder(budget, main, rules.ladder)]
    skips = [] if main else [_too_small(Leg.STAR, budget)]
    if cycle.quantity < 4:
        reason = f"a quarter of {cycle.quantity} is no whole share: all stands at the target"
        skips.append(Skip(leg=Leg.QUARTER, code=QUARTER_TOO_SMALL, reason=reason))
    buys = legs.fold(rules, buys, previous_close)
    sells = legs.sells(rules, cycle.quantity, cycle.average, star, source)
    return Plan(
        cycle=cycle,
        orders=legs.merge([*buys, *sells]),
        unit=budget,
        half=half,
        star_percent=percent,
        star_price=star,
        skips=tuple(skips),
    )


def _reverse(cycle: Cycle, market: Market) -> Plan:
    budget = unit(cycle)
    if cycle.reverse_day == 1:
        reason = "the first day of the reverse phase sells at the close and buys nothing"
        return _moc_only(cycle, budget, Skip(leg=Leg.REVERSE_BUY, code=MOC_DAY, reason=reason))
    closes = market.closes[-CLOSES_OF_THE_REVERSE_STAR:]
    if len(closes) < CLOSES_OF_THE_REVERSE_STAR:
        raise StrategyError(
            f"day {cycle.reverse_day} of the reverse phase needs the last "
            f"{CLOSES_OF_THE_REVERSE_STAR} closes, but only {len(closes)} are known"
        )
    star = round_half_up(sum(closes, ZERO) / len(closes))
    main = _reverse_buy(budget, star)
    if not main:
        reason = f"a quarter of cash, {shown(budget)}, buys no share at {star - CENT}"
        skip = Skip(leg=Leg.REVERSE_BUY, code=REVERSE_UNIT_TOO_SMALL, reason=reason)
        return _moc_only(cycle, budget, skip)
    rules = cycle.rules
    buys = [*main, *legs.ladder(budget, main, rules.ladder)]
    quantity = reverse_quantity(rules, cycle.quantity)
    sell = Order(
        side=Side.SELL,
        type=OrderType.LOC,
        price=star,
        quantity=quantity,
        leg=Leg.REVERSE_SELL,
        reason=(
            f"star price {star} = mean of the last {len(closes)} closes: {cycle.quantity} / "
            f"{rules.splits // 2} = {quantity}"
        ),
    )
    return Plan(
        cycle=cycle,
        orders=legs.merge([*legs.fold(rules, buys, closes[-1]), sell]),
        unit=budget,
        half=None,
        star_percent=None,
        star_price=star,
    )


def _reverse_buy(budget: Decimal, star: Decimal) -> list[Order]:
    under = star - CENT
    quantity = whole_shares(budget, under)
    if quantity == 0:
        return []
    reason = f"star price {star} - 0.01: a quarter of cash, {shown(budget)}, / {under} = {quantity}"
    order = legs.loc_buy(under, quantity, Leg.REVERSE_BUY, ZERO, reason)
    return [replace(order, reverse_credit=True)]


def _moc_only(cycle: Cycle, budget: Decimal, skip: Skip) -> Plan:
    quantity = reverse_quantity(cycle.rules, cycle.quantity)
    order = Order(
        side=Side.SELL,
        type=OrderType.MOC,
        price=None,
        quantity=quantity,
        leg=Leg.REVERSE_MOC,
        reason=(
            f"day {cycle.reverse_day} of the reverse phase: {cycle.quantity} / "
            f"{cycle.rules.splits // 2} = {quantity} at the close, whatever it is"
        ),
    )
    return Plan(
        cycle=cycle,
        orders=(order,),
        unit=budget,
        half=None,
        star_percent=None,
        star_price=None,
        skips=(skip,),
    )


def _nothing_known(cycle: Cycle) -> Plan:
    leg = {Phase.REVERSE: Leg.REVERSE_SELL}.get(cycle.phase, Leg.STAR)
    skip = Skip(
        leg=leg if cycle.quantity else Leg.FIRST,
        code=UNKNOWN_CLOSE,
        reason="the previous close is unknown, so nothing is ordered",
    )
    calm = cycle.turn <= cycle.rules.splits - 1
    return Plan(
        cycle=cycle,
        orders=(),
        unit=unit(cycle) if calm or cycle.phase is Phase.REVERSE else ZERO,
        half=None,
        star_percent=None,
        star_price=None,
        skips=(skip,),
    )


def _too_small(leg: Leg, budget: Decimal) -> Skip:
    reason = f"unit {shown(budget)} buys no share, so neither a main leg nor a ladder"
    return Skip(leg=leg, code=UNIT_TOO_SMALL, reason=reason)
