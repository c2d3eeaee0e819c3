"""The legs that every published version shares (method.md section 2): star, buys, ladder, sells.

Each function answers with orders whose prices are whole cents and whose quantities are at least
one share; a leg that would buy nothing is absent.
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from strategy.model import ZERO, Half, Leg, Order, OrderType, Rules, Side
from strategy.price import CENT, HUNDRED, floor_cent, raised, round_half_up, shown, whole_shares

HALF_UNIT = Decimal("0.5")
WHOLE_UNIT = Decimal(1)


def half(rules: Rules, turn: Decimal) -> Half:
    """Tell the half of the splits that T stands in: the second begins at exactly a/2."""
    return Half.FIRST if 2 * turn < rules.splits else Half.SECOND


def star_percent(rules: Rules, turn: Decimal) -> Decimal:
    """Give the star's percent P x (1 - 2T/a), exact and possibly negative (method.md 2.1)."""
    return rules.target_percent * (rules.splits - 2 * turn) / rules.splits


def star_price(rules: Rules, average: Decimal, turn: Decimal) -> Decimal:
    """Give the price (USD) between buying and selling: average x (1 + star %), half-up."""
    whole = HUNDRED * rules.splits
    return round_half_up(
        average * (whole + rules.target_percent * (rules.splits - 2 * turn)) / whole
    )


def loc_buy(price: Decimal, quantity: int, leg: Leg, credit: Decimal, reason: str) -> Order:
    """Make a buy at the closing auction."""
    return Order(
        side=Side.BUY,
        type=OrderType.LOC,
        price=price,
        quantity=quantity,
        leg=leg,
        credit=credit,
        reason=reason,
    )


def first_buy(rules: Rules, unit: Decimal, previous_close: Decimal) -> list[Order]:
    """Spend the first unit at any close up to the previous one + 12 % (method.md 2.5)."""
    price = round_half_up(raised(previous_close, rules.first_buy_percent))
    quantity = whole_shares(unit, price)
    if quantity == 0:
        return []
    reason = (
        f"first buy up to {price} = previous close {shown(previous_close)} x (1 + "
        f"{shown(rules.first_buy_percent)}%): unit {shown(unit)} / {price} = {quantity}"
    )
    return [loc_buy(price, quantity, Leg.FIRST, WHOLE_UNIT, reason)]


def first_half(
    unit: Decimal, average: Decimal, star: Decimal, source: str | None = None
) -> list[Order]:
    """Buy half a unit under the star and the rest of the unit at the average (method.md 2.2).

    The average leg is the whole unit's shares less the star leg's; it stands alone (a full unit)
    where half a unit buys no share, and the two become one order where their prices meet.
    """
    under = star - CENT
    price = min(round_half_up(average), under)
    total = whole_shares(unit, price)
    if total == 0:
        return []
    if price == under:
        reason = f"average and star - 0.01 meet at {under}: unit {shown(unit)} / {under} = {total}"
        return [loc_buy(under, total, Leg.MERGED, WHOLE_UNIT, reason)]
    at_star = whole_shares(unit * HALF_UNIT, under)
    if at_star == 0:
        reason = f"half a unit buys no share at {under}: unit {shown(unit)} / {price} = {total}"
        return [loc_buy(price, total, Leg.AVERAGE, WHOLE_UNIT, reason)]
    star_reason = (
        f"{source or f'star price {star}'}, - 0.01: half of unit {shown(unit)} / {under} = "
        f"{at_star}"
    )
    average_reason = (
        f"average {shown(average)}: unit {shown(unit)} / {price} = {total}, less {at_star} at the "
        "star"
    )
    return [
        loc_buy(under, at_star, Leg.STAR, HALF_UNIT, star_reason),
        loc_buy(price, total - at_star, Leg.AVERAGE, HALF_UNIT, average_reason),
    ]


def second_half(unit: Decimal, star: Decimal, source: str | None = None) -> list[Order]:
    """Spend the whole unit one cent under the star (method.md 2.2)."""
    under = star - CENT
    quantity = whole_shares(unit, under)
    if quantity == 0:
        return []
    reason = f"{source or f'star price {star}'}, - 0.01: unit {shown(unit)} / {under} = {quantity}"
    return [loc_buy(under, quantity, Leg.STAR, WHOLE_UNIT, reason)]


def ladder(unit: Decimal, main: Sequence[Order], rungs: int) -> list[Order]:
    """Add single shares below the lowest main leg that refill the unit in a sharp drop.

    Rung k stands at floor(unit / (n + k)) to the cent, n being the main legs' shares; prices are
    distinct, so a k whose price is already used is passed over (method.md 2.3, settled.md).
    """
    if not main or rungs == 0:
        return []
    shares = sum(order.quantity for order in main)
    last = min(order.price for order in main if order.price is not None)
    found: list[Order] = []
    budget = shown(unit)
    while len(found) < rungs:
        # The first share count whose price can lie under the last one: jumping there keeps the
        # search short where thousands of counts share a cent.
        shares = max(shares + 1, whole_shares(unit, last))
        price = floor_cent(unit / shares)
        if price < CENT:
            break
        if price < last:
            reason = f"drop ladder: unit {budget} / {shares} shares = {price}"
            found.append(loc_buy(price, 1, Leg.LADDER, ZERO, reason))
            last = price
    return found


def fold(rules: Rules, buys: Sequence[Order], previous_close: Decimal) -> list[Order]:
    """Fold buys that lie too far above the market into one line at the cap (method.md 2.6).

    Nothing happens unless the highest buy is above the last close + band; then every line at or
    above the cap becomes one order with the summed quantity and credit.
    """
    prices = [order.price for order in buys if order.price is not None]
    if not prices or max(prices) <= raised(previous_close, rules.band_percent):
        return list(buys)
    cap = round_half_up(raised(previous_close, rules.cap_percent))
    above = [order for order in buys if order.price is not None and order.price >= cap]
    if not above or cap < CENT:
        return list(buys)
    quantity = sum(order.quantity for order in above)
    folded = Order(
        side=Side.BUY,
        type=OrderType.LOC,
        price=cap,
        quantity=quantity,
        leg=Leg.FOLDED,
        credit=sum((order.credit for order in above), ZERO),
        reverse_credit=any(order.reverse_credit for order in above),
        reason=(
            f"highest buy {max(prices)} is over {shown(rules.band_percent)}% above the close "
            f"{shown(previous_close)}: {len(above)} lines folded at {cap} = close + "
            f"{shown(rules.cap_percent)}%"
        ),
    )
    return [folded, *(order for order in buys if order not in above)]


def sells(
    rules: Rules, quantity: int, average: Decimal, star: Decimal, source: str | None = None
) -> list[Order]:
    """Offer a quarter at the star's close and the rest at the target (method.md 2.4)."""
    quarter = quantity // 4 if star >= CENT else 0
    target = round_half_up(raised(average, rules.target_percent))
    orders = [
        Order(
            side=Side.SELL,
            type=OrderType.LIMIT,
            price=target,
            quantity=quantity - quarter,
            leg=Leg.TARGET,
            reason=(
                f"target {target} = average {shown(average)} x (1 + "
                f"{shown(rules.target_percent)}%): {quantity} - {quarter} = {quantity - quarter}"
            ),
        )
    ]
    if quarter:
        reason = f"{source or f'star price {star}'}: a quarter of {quantity} = {quarter}"
        orders.insert(
            0,
            Order(
                side=Side.SELL,
                type=OrderType.LOC,
                price=star,
                quantity=quarter,
                leg=Leg.QUARTER,
                reason=reason,
            ),
        )
    return orders


def merge(orders: Sequence[Order]) -> tuple[Order, ...]:
    """Join orders of equal side, type and price into one with the summed quantity and credit.

    The first of them names the leg.
    """
    joined: dict[tuple[Side, OrderType, Decimal | None], Order] = {}
    for order in orders:
        key = (order.side, order.type, order.price)
        before = joined.get(key)
        joined[key] = (
            order
            if before is None
            else replace(
                before,
                quantity=before.quantity + order.quantity,
                credit=before.credit + order.credit,
                reverse_credit=before.reverse_credit or order.reverse_credit,
                reason=f"{before.reason}; {order.reason}",
            )
        )
    return tuple(joined.values())
