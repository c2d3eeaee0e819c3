"""A cycle in its first half, its plan for 7 October 2026, and the events of that day."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bot.events import CycleStarted, RoundProposed, RoundSettled
from bot.trading.model import STARTUP, Approval, Slot, round_id, slot_key
from strategy.model import (
    Cycle,
    Half,
    Leg,
    Market,
    Order,
    OrderType,
    Plan,
    Rules,
    Side,
    Skip,
)
from strategy.reasons import Reason, ReasonCode

HOME = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
MARKET_NOW = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)
SESSION = date(2026, 10, 7)
DEADLINE = datetime(2026, 10, 7, 19, 30, tzinfo=UTC)
CLOSE = datetime(2026, 10, 7, 20, 0, tzinfo=UTC)
ROUND = round_id(1, SESSION)

RULES = Rules(
    method="4.0",
    symbol="TQQQ",
    splits=40,
    target_percent=Decimal(15),
    reverse_exit_percent=Decimal(15),
)
CYCLE = Cycle(
    rules=RULES,
    number=2,
    seed=Decimal(10000),
    principal=Decimal(10000),
    cash=Decimal("6250.11"),
    quantity=37,
    average=Decimal("101.23"),
    turn=Decimal("7.5"),
    max_turn=Decimal("7.5"),
    started=date(2026, 9, 21),
    sessions=11,
)


def order(side: Side, kind: OrderType, price: str | None, quantity: int, leg: Leg) -> Order:
    limit = Decimal(price) if price else None
    return Order(side=side, type=kind, price=limit, quantity=quantity, leg=leg)


ORDERS = (
    order(Side.SELL, OrderType.LIMIT, "121.48", 28, Leg.TARGET),
    order(Side.SELL, OrderType.LOC, "113.88", 9, Leg.QUARTER),
    order(Side.BUY, OrderType.LOC, "113.87", 1, Leg.STAR),
    order(Side.BUY, OrderType.LOC, "101.23", 2, Leg.AVERAGE),
    order(Side.BUY, OrderType.LOC, "76.92", 1, Leg.LADDER),
    order(Side.BUY, OrderType.LOC, "61.53", 1, Leg.LADDER),
)
PLAN = Plan(
    cycle=CYCLE,
    orders=ORDERS,
    unit=Decimal("192.31"),
    half=Half.FIRST,
    star_percent=Decimal("12.5"),
    star_price=Decimal("113.88"),
)
TOO_SMALL = Reason(ReasonCode.UNIT_TOO_SMALL, (Decimal("92.31"), Decimal("113.87")))
SKIPPING = replace(
    PLAN,
    orders=ORDERS[:1],
    skips=(Skip(leg=Leg.STAR, why=TOO_SMALL),),
)


def started(approval: Approval = Approval.CONFIRM) -> CycleStarted:
    return CycleStarted(cycle_id=1, cycle=CYCLE, approval=approval, by=STARTUP)


def proposed(
    approval: Approval = Approval.CONFIRM, plan: Plan = PLAN, digest: str = "d1"
) -> RoundProposed:
    return RoundProposed(
        round_id=ROUND,
        cycle_id=1,
        session=SESSION,
        plan=plan,
        market=Market(closes=(Decimal("100.00"),)),
        digest=digest,
        approval=approval,
        deadline=DEADLINE,
    )


def slots_of(plan: Plan, identity: str) -> tuple[Slot, ...]:
    return tuple(
        Slot(
            key=slot_key(identity, index, 1),
            round_id=identity,
            index=index,
            attempt=1,
            symbol=plan.cycle.rules.symbol,
            side=each.side,
            type=each.type,
            price=each.price,
            quantity=each.quantity,
            leg=each.leg,
        )
        for index, each in enumerate(plan.orders)
    )


SLOTS = slots_of(PLAN, ROUND)
AFTER = replace(
    CYCLE,
    cash=Decimal("6051.77"),
    quantity=39,
    average=Decimal("101.120769230769"),
    turn=Decimal("8.5"),
    max_turn=Decimal("8.5"),
    fees=Decimal("0.14"),
    realized=Decimal("-0.14"),
    sessions=12,
)
SETTLED = RoundSettled(
    round_id=ROUND,
    cycle_id=1,
    session=SESSION,
    before=CYCLE,
    after=AFTER,
    bought=2,
    sold=0,
    realized=Decimal("-0.14"),
    fees=Decimal("0.14"),
    close=Decimal("99.10"),
    provisional=False,
    finished=None,
    notes=(),
)


def tapped(data: str, user_id: int, message_id: int, at: datetime) -> dict[str, Any]:
    """Word the update of a pressed button, whether or not the message has such a one."""
    person = {"id": user_id, "is_bot": False, "first_name": "누구"}
    chat = {"id": user_id, "type": "private", "first_name": "누구"}
    under = {"message_id": message_id, "date": int(at.timestamp()), "chat": chat}
    tap = {"id": "91", "from": person, "chat_instance": "1", "data": data, "message": under}
    return {"callback_query": tap}
