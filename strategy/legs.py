"""The legs that the published versions share (method.md section 2): star, buys, ladder, sells.

Each function answers with orders whose prices are whole cents and whose quantities are at least
one share; a leg that would buy nothing is absent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from strategy.model import (
    ZERO,
    Half,
    Leg,
    Order,
    OrderType,
    QuarterRounding,
    Rules,
    Side,
)
from strategy.price import CENT, HUNDRED, floor_cent, raised, round_half_up, whole_shares
from strategy.reasons import Reason, ReasonCode

HALF_UNIT = Decimal("0.5")
WHOLE_UNIT = Decimal(1)
_RESTS = {
    ReasonCode.AVERAGE_HALF: ReasonCode.AVERAGE_REST,
    ReasonCode.BIG_HALF: ReasonCode.BIG_REST,
}
"""What a cheaper half is called that takes the whole unit's shares less the dearer's."""


@dataclass(frozen=True, slots=True)
class Star:
    """The line between buying and selling: price (USD) = average x factor, half-up to the cent."""

    price: Decimal
    average: Decimal
    factor: Decimal


def half(rules: Rules, turn: Decimal) -> Half:
    """Tell the half of the splits that T stands in: the second begins at exactly a/2."""
    return Half.FIRST if 2 * turn < rules.splits else Half.SECOND


def star_percent(rules: Rules, turn: Decimal) -> Decimal:
    """Give the star's percent P x (1 - 2T/a), exact and possibly negative (method.md 2.1)."""
    return rules.target_percent * (rules.splits - 2 * turn) / rules.splits


def star(rules: Rules, average: Decimal, turn: Decimal) -> Star:
    """Give the star of a normal day: average x (1 + P x (1 - 2T/a) / 100) (method.md 2.1)."""
    whole = HUNDRED * rules.splits
    numerator = whole + rules.target_percent * (rules.splits - 2 * turn)
    # One division, at the end: the factor is only for the sentence.
    return Star(round_half_up(average * numerator / whole), average, numerator / whole)


def line(average: Decimal, percent: Decimal) -> Star:
    """Give a price so many percent over the average (negative under it), half-up to the cent."""
    return Star(round_half_up(raised(average, percent)), average, (HUNDRED + percent) / HUNDRED)


def sized(rules: Rules, budget: Decimal) -> Decimal:
    """Give what of a budget (USD) buys shares: all of it, or less the commission (option, D17)."""
    if not rules.fee_in_sizing:
        return budget
    return budget * HUNDRED / (HUNDRED + rules.fee_percent)


def loc_buy(price: Decimal, quantity: int, leg: Leg, credit: Decimal, why: Reason) -> Order:
    """Make a buy at the closing auction."""
    return Order(
        side=Side.BUY,
        type=OrderType.LOC,
        price=price,
        quantity=quantity,
        leg=leg,
        credit=credit,
        why=why,
    )


def sale(kind: OrderType, price: Decimal | None, quantity: int, leg: Leg, why: Reason) -> Order:
    """Make a sale."""
    return Order(side=Side.SELL, type=kind, price=price, quantity=quantity, leg=leg, why=why)


def first_buy(rules: Rules, unit: Decimal, previous_close: Decimal) -> list[Order]:
    """Spend the first unit at any close up to the previous one + 12 % (method.md 2.5)."""
    price = first_price(rules, previous_close)
    quantity = whole_shares(unit, price)
    if quantity == 0:
        return []
    factor = (HUNDRED + rules.first_buy_percent) / HUNDRED
    figures = (price, previous_close, factor, unit, quantity)
    return [loc_buy(price, quantity, Leg.FIRST, WHOLE_UNIT, Reason(ReasonCode.FIRST_BUY, figures))]


def first_price(rules: Rules, previous_close: Decimal) -> Decimal:
    """Give the limit (USD) of a big-number buy: the previous close + 12 %, half-up."""
    return round_half_up(raised(previous_close, rules.first_buy_percent))


def average_price(rules: Rules, average: Decimal, under: Decimal) -> Decimal:
    """Give the limit (USD) of the average leg, never above the star leg's (D4)."""
    price = round_half_up(average)
    return min(price - CENT if rules.average_less_cent else price, under)


def first_half(rules: Rules, unit: Decimal, star: Star) -> list[Order]:
    """Buy half a unit under the star and the rest of the unit at the average (method.md 2.2)."""
    under = star.price - CENT
    at_average = average_price(rules, star.average, under)
    figures = (star.price, star.average, star.factor, unit, under)
    return two_halves(
        rules,
        unit,
        HalfBuy(under, Leg.STAR, ReasonCode.STAR_HALF, figures),
        HalfBuy(at_average, Leg.AVERAGE, ReasonCode.AVERAGE_HALF, (star.average, unit, at_average)),
    )


@dataclass(frozen=True, slots=True)
class HalfBuy:
    """A buy of half a unit: its limit (USD), leg, and its sentence's figures but the shares."""

    price: Decimal
    leg: Leg
    code: ReasonCode
    figures: tuple[Decimal, ...]


def two_halves(rules: Rules, unit: Decimal, dear: HalfBuy, cheap: HalfBuy) -> list[Order]:
    """Buy half a unit at each of two limits (USD), the dearer first (method.md 2.2, D2).

    The cheaper leg is the whole unit's shares less the dearer leg's (two floors: option); it
    stands alone, a full unit, where half a unit buys no share at the dearer; where their prices
    meet the two are one order.
    """
    total = whole_shares(unit, cheap.price)
    if total == 0:
        return []
    if cheap.price == dear.price:
        why = Reason(ReasonCode.MET, (cheap.price, unit, total))
        return [loc_buy(cheap.price, total, Leg.MERGED, WHOLE_UNIT, why)]
    first = whole_shares(unit * HALF_UNIT, dear.price)
    if first == 0:
        why = Reason(ReasonCode.ALONE, (unit, dear.price, cheap.price, total))
        return [loc_buy(cheap.price, total, cheap.leg, WHOLE_UNIT, why)]
    orders = [
        loc_buy(dear.price, first, dear.leg, HALF_UNIT, Reason(dear.code, (*dear.figures, first)))
    ]
    second = whole_shares(unit * HALF_UNIT, cheap.price) if rules.two_floors else total - first
    if rules.two_floors:
        why = Reason(cheap.code, (*cheap.figures, second))
    else:
        why = Reason(_RESTS[cheap.code], (*cheap.figures, total, first, second))
    return [*orders, loc_buy(cheap.price, second, cheap.leg, HALF_UNIT, why)]


def second_half(unit: Decimal, star: Star) -> list[Order]:
    """Spend the whole unit one cent under the star (method.md 2.2)."""
    under = star.price - CENT
    quantity = whole_shares(unit, under)
    if quantity == 0:
        return []
    figures = (star.price, star.average, star.factor, unit, under, quantity)
    return [loc_buy(under, quantity, Leg.STAR, WHOLE_UNIT, Reason(ReasonCode.STAR_WHOLE, figures))]


def ladder(
    rules: Rules, unit: Decimal, main: Sequence[Order], floor: Decimal | None = None
) -> list[Order]:
    """Add single shares below the lowest main leg that refill the unit in a sharp drop.

    Rung k stands at floor(unit / (n + k)) to the cent, n being the main legs' shares; prices are
    distinct, so a k whose price is already used is passed over, and none lies under `floor` (USD;
    method.md 2.3, D5, settled.md).
    """
    wanted = rules.ladder
    if not main or wanted == 0:
        return []
    shares, last = 0, main[0].price
    for order in main:
        shares += order.quantity
        if order.price is not None and (last is None or order.price < last):
            last = order.price
    found: list[Order] = []
    least = CENT if floor is None else max(floor, CENT)
    side, kind, leg, code = Side.BUY, OrderType.LOC, Leg.LADDER, ReasonCode.RUNG
    while last is not None and len(found) < wanted:
        shares += 1
        price = floor_cent(unit / shares)
        if price >= last:
            # The first share count whose price can lie under the last one: jumping there keeps
            # the search short where thousands of counts share a cent.
            shares = max(shares, whole_shares(unit, last))
            continue
        if price < least:
            break
        why = Reason(code, (unit, shares, price))
        found.append(Order(side=side, type=kind, price=price, quantity=1, leg=leg, why=why))
        last = price
    return found


def ladder_floor(rules: Rules, previous_close: Decimal) -> Decimal | None:
    """Give the price (USD) under which no rung may lie; None without that option (D5)."""
    if rules.ladder_floor_percent is None:
        return None
    return floor_cent(raised(previous_close, -rules.ladder_floor_percent))


def fold(rules: Rules, buys: Sequence[Order], previous_close: Decimal) -> list[Order]:
    """Fold buys that lie too far above the market into one line at the cap (method.md 2.6, D7).

    `buys` come dearest first. Nothing happens unless the highest buy is above the last close +
    band; then every line at or above the cap becomes one order with the summed quantity and credit.
    """
    highest = buys[0].price if buys else None
    if highest is None or highest <= raised(previous_close, rules.band_percent):
        return list(buys)
    cap = round_half_up(raised(previous_close, rules.cap_percent))
    above = [order for order in buys if order.price is not None and order.price >= cap]
    if not above or cap < CENT:
        return list(buys)
    band, percent = HUNDRED + rules.band_percent, HUNDRED + rules.cap_percent
    quantity = sum(order.quantity for order in above)
    figures = (
        highest, band / HUNDRED, previous_close, len(above), quantity, cap, percent / HUNDRED,
    )  # fmt: skip
    folded = Order(
        side=Side.BUY,
        type=OrderType.LOC,
        price=cap,
        quantity=quantity,
        leg=Leg.FOLDED,
        credit=sum((order.credit for order in above), ZERO),
        reverse_credit=any(order.reverse_credit for order in above),
        why=Reason(ReasonCode.FOLD, figures),
    )
    return [folded, *(order for order in buys if order not in above)]


def quarter(rules: Rules, quantity: int) -> int:
    """Count a quarter of the shares: the floor, or by option half-up or one at least (D3)."""
    match rules.quarter_rounding:
        case QuarterRounding.FLOOR:
            return quantity // 4
        case QuarterRounding.HALF_UP:
            return (quantity + 2) // 4
        case QuarterRounding.AT_LEAST_ONE:
            return max(1, quantity // 4)


def sells(
    rules: Rules, quantity: int, star: Star, code: ReasonCode = ReasonCode.QUARTER_SALE
) -> list[Order]:
    """Offer a quarter at the star's close and the rest at the target (method.md 2.4)."""
    part = quarter(rules, quantity) if star.price >= CENT else 0
    orders: list[Order] = []
    if part:
        figures = (star.price, star.average, star.factor, quantity, part)
        orders.append(sale(OrderType.LOC, star.price, part, Leg.QUARTER, Reason(code, figures)))
    if quantity > part:
        orders.append(target(rules, quantity, part, star.average))
    return orders


def target(rules: Rules, quantity: int, other: int, average: Decimal) -> Order:
    """Offer what other sales leave at average x (1 + P %), half-up (method.md 2.4)."""
    price = round_half_up(raised(average, rules.target_percent))
    factor = (HUNDRED + rules.target_percent) / HUNDRED
    figures = (price, average, factor, quantity, other, quantity - other)
    why = Reason(ReasonCode.TARGET_SALE, figures)
    return sale(OrderType.LIMIT, price, quantity - other, Leg.TARGET, why)
