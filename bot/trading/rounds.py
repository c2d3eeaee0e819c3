"""A round from its plan: its identity, its slots in the order of sending, what it may spend."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from bot.trading.model import Slot, slot_key
from strategy.model import ZERO, Leg, Order, OrderType, Plan, Side

NOTHING_MADE: Mapping[int, int] = MappingProxyType({})


def digest(plan: Plan, round_id: str) -> str:
    """Name the exact orders of a plan in 16 hex digits: a button is void when they change."""
    lines = [
        f"{order.side}|{order.type}|{order.price}|{order.quantity}|{order.leg}"
        for order in plan.orders
    ]
    return hashlib.sha256("\n".join([round_id, *lines]).encode()).hexdigest()[:16]


def slots(plan: Plan, round_id: str, made: Mapping[int, int] = NOTHING_MADE) -> tuple[Slot, ...]:
    """List the slots of a plan in the order of sending.

    Limit sells, other sells, main legs, then rungs by falling price: when USD is short the rungs
    lack it first (settled.md, "The day"). A slot's index is its order's place in the plan; `made`
    are the attempts that a place had already, when the round was planned anew. Raises
    ValueError for two orders of one side, type and price: nothing would tell them apart at KIS.
    """
    kinds = [(order.side, order.type, order.price) for order in plan.orders]
    if len(set(kinds)) < len(kinds):
        raise ValueError(f"two orders of {round_id} are alike: the planner merges what is equal")
    indexed = sorted(enumerate(plan.orders), key=lambda pair: _rank(pair[1]))
    return tuple(
        Slot(
            key=slot_key(round_id, index, made.get(index, 0) + 1),
            round_id=round_id,
            index=index,
            attempt=made.get(index, 0) + 1,
            symbol=plan.cycle.rules.symbol,
            side=order.side,
            type=order.type,
            price=order.price,
            quantity=order.quantity,
            leg=order.leg,
        )
        for index, order in indexed
    )


def _rank(order: Order) -> tuple[int, Decimal]:
    falling = -(order.price or Decimal(0))
    if order.side is Side.SELL:
        return (0 if order.type is OrderType.LIMIT else 1), falling
    return (3 if order.leg is Leg.LADDER else 2), falling


def turn_to_send(slot: Slot, last_price: Decimal | None) -> tuple[int, Decimal]:
    """Say when a slot's turn is among those of all cycles of the account.

    Sells (limits first), main legs, then rungs by rising distance from the market (settled.md).
    """
    if slot.side is Side.SELL:
        return (0 if slot.type is OrderType.LIMIT else 1), ZERO
    if slot.leg is not Leg.LADDER:
        return 2, ZERO
    if slot.price is None or not last_price:
        return 3, ZERO
    return 3, (last_price - slot.price) / last_price


def spending_cap(plan: Plan) -> Decimal:
    """Say what a session's buys may cost at most (USD): the day's unit, within the cash."""
    return min(plan.unit, plan.cycle.cash)
