"""A short history made by the method itself: rounds as the views show them, over given closes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.events import (
    Event,
    FillBooked,
    OrderAccepted,
    OrderClosed,
    OrderSent,
    RoundApproved,
    RoundProposed,
    RoundSettled,
    RoundSubmitted,
)
from bot.storage.views import OrderView, RoundView
from bot.trading.model import STARTUP, Approval, OrderState, RoundState, Slot, round_id, slot_key
from strategy import versions
from strategy.cycle import settle, start
from strategy.matching import fills
from strategy.model import Bar, Cycle, Fill, Market, Plan, Rules

BEGIN = date(2026, 9, 28)
FEE = Decimal("0.25")
DEADLINE = datetime(2026, 10, 7, 19, 30, tzinfo=UTC)


def rules(symbol: str = "TQQQ", method: str = "4.0", splits: int = 20) -> Rules:
    return versions.rules(method, symbol, splits, fee_percent=FEE)


def weekdays(first: date, count: int) -> list[date]:
    days = (first + timedelta(days=n) for n in range(count * 2 + 7))
    return [day for day in days if day.weekday() < 5][:count]


def bars(closes: Sequence[str], first: date = BEGIN, days: Sequence[date] = ()) -> tuple[Bar, ...]:
    """Lay closes on weekdays (or on `days`); each bar runs straight from the close before."""
    prices = [Decimal(close) for close in closes]
    found = []
    for number, day in enumerate(days or weekdays(first, len(prices))):
        close = prices[number]
        opened = prices[max(number - 1, 0)]
        found.append(
            Bar(
                day=day,
                open=opened,
                high=max(opened, close),
                low=min(opened, close),
                close=close,
                volume=1000,
            )
        )
    return tuple(found)


def played(
    closes: Sequence[str],
    *,
    cycle_id: int = 1,
    cycle: Cycle | None = None,
    first: date = BEGIN,
    days: Sequence[date] = (),
) -> tuple[RoundView, ...]:
    """Trade a cycle over closes; the first is only the previous close."""
    state = cycle or start(rules(), Decimal(10000))
    laid = bars(closes, first, days)
    rounds = []
    for number, bar in enumerate(laid[1:], 1):
        known = tuple(each.close for each in laid[max(0, number - 5) : number])
        plan = versions.plan(state, Market(closes=known))
        done = fills(plan, bar)
        result = settle(plan, done, bar.day)
        settled = RoundSettled(
            round_id=round_id(cycle_id, bar.day),
            cycle_id=cycle_id,
            session=bar.day,
            before=plan.cycle,
            after=result.cycle,
            bought=result.bought,
            sold=result.sold,
            realized=result.realized,
            fees=result.fees,
            close=bar.close,
            provisional=False,
            finished=result.finished,
            notes=(),
        )
        rounds.append(_round(settled, plan, done))
        state = result.cycle
    return tuple(rounds)


def _round(settled: RoundSettled, plan: Plan, done: Sequence[Fill]) -> RoundView:
    return RoundView(
        round_id=settled.round_id,
        cycle_id=settled.cycle_id,
        session=settled.session,
        state=RoundState.SETTLED,
        digest="d",
        approval=Approval.AUTO,
        deadline=None,
        plan=plan,
        proposed_at=datetime(2026, 9, 28, tzinfo=UTC),
        reason="",
        reminded=None,
        verified=True,
        settlement=settled,
        orders=tuple(_order(settled, plan, fill) for fill in done),
    )


def _order(settled: RoundSettled, plan: Plan, fill: Fill) -> OrderView:
    index = plan.orders.index(fill.order)
    slot = Slot(
        key=slot_key(settled.round_id, index, 1),
        round_id=settled.round_id,
        index=index,
        attempt=1,
        symbol=plan.cycle.rules.symbol,
        side=fill.order.side,
        type=fill.order.type,
        price=fill.order.price,
        quantity=fill.order.quantity,
        leg=fill.order.leg,
    )
    return OrderView(
        slot=slot,
        round_id=settled.round_id,
        session=settled.session,
        state=OrderState.FILLED,
        tries=1,
        order_number=str(index + 1),
        sent_at=None,
        answered_at=None,
        unknown_at=None,
        retry_at=None,
        cancel_asked=None,
        baseline=(),
        detail="",
        filled=fill.quantity,
        fill_price=fill.price,
        may_resend=False,
    )


def corrected(round_: RoundView, **changes: Any) -> RoundView:
    """Give a round with some of its settlement's figures changed."""
    assert round_.settlement is not None
    return replace(round_, settlement=replace(round_.settlement, **changes))


def events_of(view: RoundView, closes: tuple[Decimal, ...] = ()) -> list[Event]:
    """Give a settled round's own events, in their order; `closes` are what it was planned with."""
    assert view.plan is not None
    assert view.settlement is not None
    proposed = RoundProposed(
        round_id=view.round_id,
        cycle_id=view.cycle_id,
        session=view.session,
        plan=view.plan,
        market=Market(closes=closes),
        digest="d",
        approval=Approval.AUTO,
        deadline=DEADLINE,
    )
    slots = tuple(order.slot for order in view.orders)
    approved = RoundApproved(round_id=view.round_id, slots=slots, by=STARTUP)
    orders = [
        event
        for order in view.orders
        if order.fill_price is not None
        for event in (
            OrderSent(slot=order.slot.key, tries=1, baseline=()),
            OrderAccepted(slot=order.slot.key, order_number=order.slot.key),
            FillBooked(slot=order.slot.key, quantity=order.filled, price=order.fill_price),
            OrderClosed(slot=order.slot.key, state=OrderState.FILLED, reason=""),
        )
    ]
    submitted = RoundSubmitted(round_id=view.round_id)
    return [proposed, approved, *orders, submitted, view.settlement]
