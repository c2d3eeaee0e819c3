"""The round card: the day's one living message, from the plan to the result."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.report import exhaustion
from bot.storage.views import OrderView, RoundView
from bot.telegram import figures, texts
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code, lines
from bot.timetable import DEFAULT_HOURS
from bot.trading.model import Approval, OrderState, RoundState
from strategy.model import Cycle, Leg, Order, OrderType, Plan, Side

TIMED = frozenset(
    {
        OrderState.SENT,
        OrderState.UNKNOWN,
        OrderState.OPEN,
        OrderState.PARTIAL,
        OrderState.REFUSED,
        OrderState.WITHHELD,
    }
)
TAKEN = frozenset(
    {
        OrderState.OPEN,
        OrderState.PARTIAL,
        OrderState.FILLED,
        OrderState.CLOSED_PARTIAL,
        OrderState.EXPIRED,
        OrderState.CANCELLED,
        OrderState.REJECTED_LATE,
    }
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the table: an order or the ladder's orders together."""

    leg: Leg
    type: OrderType
    price: Decimal | None
    quantity: int
    order: OrderView | None = None


def close_of(view: RoundView) -> datetime | None:
    """Tell when the session of a round closes; its deadline moves with a half day's close."""
    return view.deadline + DEFAULT_HOURS.deadline if view.deadline else None


def header(words: Words, view: RoundView, plan: Plan) -> Html:
    """Say what the card is about and the figures that the plan comes from."""
    cycle = plan.cycle
    first = words.say(
        "{day} 미국장 · {symbol}",
        day=figures.day(words, view.session),
        symbol=cycle.rules.symbol,
    )
    second = words.say(
        "{method} {splits}분할 · {stage} · T {turn}",
        method=texts.method(cycle),
        splits=cycle.rules.splits,
        stage=texts.stage(words, plan),
        turn=figures.turn(cycle.turn),
    )
    parts = []
    if plan.star_percent is not None:
        parts.append(words.say("별% {percent}", percent=figures.signed(plan.star_percent)))
    if plan.star_price is not None:
        parts.append(words.say("별지점 {price}", price=figures.money(plan.star_price)))
    parts.append(words.say("1회 {unit}", unit=figures.money(plan.unit)))
    return lines(first, second, Html(" · ".join(parts)))


def round_card(words: Words, view: RoundView) -> Html:
    """Render a round as it stands now."""
    if view.plan is None:
        return words.say(
            "{day} 미국장 · 놓친 회차\n이유: {reason}",
            day=figures.day(words, view.session),
            reason=texts.word(words, texts.REASONS, view.reason),
        )
    return lines(
        header(words, view, view.plan),
        order_table(words, view.plan, view.orders),
        skipped_legs(words, view.plan),
        *_troubles(words, view.orders),
        *_ending(words, view),
    )


def order_table(words: Words, plan: Plan, orders: Sequence[OrderView] = ()) -> Html | None:
    """Set the orders in columns; the ladder is one line."""
    rows = _rows(plan, orders)
    if not rows:
        return words.say("오늘 낼 주문이 없습니다.")
    main = [row for row in rows if row.leg is not Leg.LADDER]
    ladder = [row for row in rows if row.leg is Leg.LADDER]
    table = figures.table([_cells(words, row) for row in main], right=frozenset({1, 2}))
    return code("\n".join(filter(None, [table, _ladder(words, ladder)])))


def skipped_legs(words: Words, plan: Plan) -> Html | None:
    """Say of each leg that is missing tonight why it is."""
    return lines(
        *(
            words.say(
                "{leg} 생략: {reason}.",
                leg=words.plain(texts.LEGS[skip.leg]),
                reason=words.plain(texts.SKIPS[skip.code])
                if skip.code in texts.SKIPS
                else skip.reason,
            )
            for skip in plan.skips
        )
    )


def _rows(plan: Plan, orders: Sequence[OrderView]) -> list[Row]:
    if orders:
        rows = [
            Row(
                leg=order.slot.leg,
                type=order.slot.type,
                price=order.slot.price,
                quantity=order.slot.quantity,
                order=order,
            )
            for order in orders
        ]
    else:
        rows = [_planned(order) for order in plan.orders]
    return sorted(rows, key=lambda row: (row.leg is Leg.LADDER, -(row.price or Decimal(0))))


def _planned(order: Order) -> Row:
    return Row(leg=order.leg, type=order.type, price=order.price, quantity=order.quantity)


def _cells(words: Words, row: Row) -> tuple[str, ...]:
    price = figures.money(row.price) if row.price is not None else words.plain("종가")
    return (
        words.plain(texts.LEGS[row.leg]),
        words.plain("{quantity}주", quantity=row.quantity),
        price,
        _state(words, row.order) if row.order else "",
    )


def _state(words: Words, order: OrderView) -> str:
    state = words.plain(texts.STATES[order.state])
    if order.filled and order.fill_price is not None:
        return words.plain(
            "{state} {quantity}주 {price}",
            state=state,
            quantity=order.filled,
            price=figures.money(order.fill_price),
        )
    if order.state is OrderState.PLANNED and order.retry_at:
        return f"{state} {figures.clock(order.retry_at)}"
    at = order.answered_at or order.sent_at
    return f"{state} {figures.clock_seconds(at)}" if at and order.state in TIMED else state


def _ladder(words: Words, rows: Sequence[Row]) -> str:
    if not rows:
        return ""
    prices = [row.price for row in rows if row.price is not None]
    span = figures.money(max(prices))
    if min(prices) != max(prices):
        span = f"{span}~{figures.money(min(prices))}"
    orders = [row.order for row in rows if row.order]
    state = _ladder_state(words, orders)
    # Several states do not fit beside the prices on a phone.
    gap = "\n  " if " · " in state else " "
    ladder = words.plain("급락 대비 {count}건 {span}", count=len(rows), span=span)
    return f"{ladder}{gap}{state}".rstrip()


def _ladder_state(words: Words, orders: Sequence[OrderView]) -> str:
    states = {order.state for order in orders}
    if len(states) == 1 and not any(order.filled for order in orders):
        return _state(words, max(orders, key=lambda order: order.slot.index))
    return " · ".join(
        f"{words.plain(texts.STATES[state])} {sum(order.state is state for order in orders)}"
        for state in OrderState
        if state in states
    )


def _troubles(words: Words, orders: Sequence[OrderView]) -> list[Html]:
    """Say of orders that were held back, put off or refused why."""
    said: dict[str, list[OrderView]] = {}
    for order in orders:
        if order.detail and order.state in {
            OrderState.PLANNED,
            OrderState.WITHHELD,
            OrderState.REFUSED,
            OrderState.REJECTED_LATE,
        }:
            said.setdefault(f"{order.state} {order.detail}", []).append(order)
    return [_trouble(words, same) for same in said.values()]


def _trouble(words: Words, same: Sequence[OrderView]) -> Html:
    order = same[0]
    detail = order.detail
    if order.state is OrderState.WITHHELD:
        reasons = [texts.withheld(words, reason) for reason in detail.split("; ")]
        detail = ", ".join(dict.fromkeys(reasons))
    leg = words.plain(texts.LEGS[order.slot.leg])
    return words.say(
        "{leg} {state}: {detail}",
        leg=leg if len(same) == 1 else words.plain("{leg} 등 {count}건", leg=leg, count=len(same)),
        state=_state(words, order) if order.retry_at else words.plain(texts.STATES[order.state]),
        detail=detail,
    )


def _ending(words: Words, view: RoundView) -> list[Html | None]:
    match view.state:
        case RoundState.PROPOSED:
            return [_proposed(words, view)]
        case RoundState.APPROVED | RoundState.SUBMITTING:
            return [_count(words, view), words.say("승인됨 · 주문을 보내는 중입니다.")]
        case RoundState.WORKING:
            return [_count(words, view), _after_close(words, view)]
        case RoundState.SKIPPED:
            return [words.say("건너뜀: 오늘은 주문하지 않습니다. T는 그대로입니다.")]
        case RoundState.LAPSED if view.approval is Approval.ALERT:
            return [words.say("알림만 받는 설정이라 봇은 주문하지 않았습니다. T는 그대로입니다.")]
        case RoundState.LAPSED | RoundState.MISSED:
            return [
                words.say(
                    "주문하지 않음: {reason}. T는 그대로입니다.",
                    reason=texts.word(words, texts.REASONS, view.reason),
                )
            ]
        case RoundState.SETTLED:
            return [result(words, view)]


def _proposed(words: Words, view: RoundView) -> Html | None:
    if view.deadline is None or (view.plan is not None and not view.plan.orders):
        return None
    deadline = figures.clock(view.deadline)
    if view.approval is Approval.CONFIRM:
        return words.say(
            "승인 마감 {deadline} (한국 시각). 누르지 않으면 아무것도 보내지 않습니다.",
            deadline=deadline,
        )
    if view.approval is Approval.AUTO:
        return words.say(
            "주문 시간이 되면 자동으로 보냅니다. 마감 {deadline} (한국 시각)", deadline=deadline
        )
    return words.say(
        "알림만 받는 설정입니다. 주문은 직접 내 주세요. 마감 {deadline} (한국 시각)",
        deadline=deadline,
    )


def _count(words: Words, view: RoundView) -> Html | None:
    if not view.orders:
        return None
    taken = sum(order.state in TAKEN for order in view.orders)
    return words.say("접수 {taken}/{all}", taken=taken, all=len(view.orders))


def _after_close(words: Words, view: RoundView) -> Html | None:
    close = close_of(view)
    if close is None:
        return None
    return words.say("마감 {close} 이후 이 메시지가 결과로 바뀝니다.", close=figures.clock(close))


def result(words: Words, view: RoundView) -> Html | None:
    """Say what the day did to the cycle; figures are net of fees."""
    settled = view.settlement
    if settled is None:
        return None
    before, after = settled.before, settled.after
    close = (
        words.say(" (종가 {close})", close=figures.money(settled.close))
        if settled.close
        else Html()
    )
    traded = words.say(
        "결과: {bought} · {sold}{close}",
        bought=_traded(words, view.orders, Side.BUY, settled.bought),
        sold=_traded(words, view.orders, Side.SELL, settled.sold),
        close=close,
    )
    held = words.say(
        "보유 {held} · T {before}→{after} · 소진율 {exhaustion}",
        held=holding(words, after),
        before=figures.turn(before.turn),
        after=figures.turn(after.turn),
        exhaustion=figures.percent(exhaustion(after)),
    )
    earned = words.say(
        "수수료 {fees} · 실현 {realized} · 사이클 {days}일째",
        fees=figures.money(settled.fees),
        realized=figures.gain(settled.realized),
        days=settled.finished.sessions if settled.finished else after.sessions,
    )
    if settled.close and after.quantity and after.average:
        paper = (settled.close / after.average - 1) * 100
        earned = words.say("{earned} · 평가 {paper}%", earned=earned, paper=figures.signed(paper))
    notes = [words.say("{note}.", note=texts.note(words, text)) for text in settled.notes]
    provisional = (
        words.say("종가는 잠정입니다. 한투가 낮 12시까지 고칠 수 있습니다.")
        if settled.provisional
        else None
    )
    return lines(traded, held, earned, *notes, provisional)


def holding(words: Words, cycle: Cycle) -> str:
    """Say what a cycle holds: "39주 · 평단 $101.12", or that it holds nothing."""
    if cycle.quantity == 0:
        return words.plain("없음")
    return words.plain(
        "{quantity}주 · 평단 {average}",
        quantity=cycle.quantity,
        average=figures.money(cycle.average),
    )


def _traded(words: Words, orders: Sequence[OrderView], side: Side, quantity: int) -> str:
    name = words.plain(texts.SIDES[side])
    if quantity == 0:
        return words.plain("{side} 없음", side=name)
    filled = [o for o in orders if o.slot.side is side and o.filled and o.fill_price is not None]
    shares = sum(order.filled for order in filled)
    if shares == 0:
        return words.plain("{side} {quantity}주 체결", side=name, quantity=quantity)
    paid = sum(((o.fill_price or Decimal(0)) * o.filled for o in filled), Decimal(0))
    return words.plain(
        "{side} {quantity}주 {price} 체결",
        side=name,
        quantity=quantity,
        price=figures.money(paid / shares),
    )


def overdue(view: RoundView, now: datetime, margin: timedelta = timedelta()) -> bool:
    """Tell whether a round's deadline has passed, or will within a margin."""
    return view.deadline is not None and view.deadline - margin <= now
