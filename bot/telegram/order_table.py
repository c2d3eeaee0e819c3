"""The orders of a round in columns, what became of each, and what went wrong with them."""

from collections import Counter
from collections.abc import Sequence

from bot.reports.order_lines import OrderLine, not_crossed, order_lines, shown_at
from bot.storage.views import OrderView
from bot.telegram import figures, texts
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code, lines
from bot.telegram.noted import noted
from bot.trading.model import OrderState
from strategy.model import Leg, OrderType, Plan

# What a phone shows of one line in the even letters of a table.
PHONE = 42


def order_table(
    words: Words, plan: Plan, orders: Sequence[OrderView] = (), *, emulated: bool = False
) -> Html | None:
    """Set the orders in columns; the ladder is one line. `emulated` marks imitated LOC and MOC."""
    found = order_lines(plan, orders)
    if not found:
        return words.say("오늘 낼 주문이 없습니다.")
    main = [line for line in found if line.leg is not Leg.LADDER]
    ladder = [line for line in found if line.leg is Leg.LADDER]
    cells = [_cells(words, line, imitated=emulated and _is_no_limit(line)) for line in main]
    table = figures.table(cells, right=frozenset({1, 2}))
    states = [_state(words, line.order) if line.order else "" for line in main]
    told = [_beside(line, state) for line, state in zip(table.splitlines(), states, strict=True)]
    under = _ladder(words, ladder, imitated=emulated and any(map(_is_no_limit, ladder[:1])))
    return code("\n".join(filter(None, [*told, under])))


def _beside(line: str, state: str) -> str:
    """Put a state behind its order, or below it where a phone has no room."""
    joined = f"{line} {state}".rstrip()
    return joined if figures.width(joined) <= PHONE else f"{line}\n  {state}"


def _is_no_limit(line: OrderLine) -> bool:
    return line.type is not OrderType.LIMIT


def _cells(words: Words, row: OrderLine, *, imitated: bool) -> tuple[str, ...]:
    price = figures.money(row.price) if row.price is not None else words.plain("종가")
    return (
        texts.leg(words, row.leg, imitated=imitated),
        words.plain("{quantity}주", quantity=row.quantity),
        price,
    )


def _state(words: Words, order: OrderView) -> str:
    if not_crossed(order):
        return words.plain("닿지 않음")
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
    at = shown_at(order)
    return f"{state} {figures.clock_seconds(at)}" if at else state


def _ladder(words: Words, rows: Sequence[OrderLine], *, imitated: bool) -> str:
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
    if imitated:
        ladder = words.plain("{leg} (모의)", leg=ladder)
    return f"{ladder}{gap}{state}".rstrip()


def _ladder_state(words: Words, orders: Sequence[OrderView]) -> str:
    counts = Counter(_group(words, order) for order in orders)
    if len(counts) == 1 and not any(order.filled for order in orders):
        return _state(words, max(orders, key=lambda order: order.slot.index))
    return " · ".join(f"{name} {counts[place, name]}" for place, name in sorted(counts))


def _group(words: Words, order: OrderView) -> tuple[int, str]:
    """Name what orders are counted together, in the order of an order's life."""
    name = _state(words, order) if not_crossed(order) else words.plain(texts.STATES[order.state])
    return list(OrderState).index(order.state), name


def troubles(words: Words, orders: Sequence[OrderView]) -> list[Html]:
    """Say of orders that were held back, put off or refused why."""
    said: dict[str, list[OrderView]] = {}
    for order in orders:
        if not_crossed(order):
            continue  # its row says it
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
    told = words.say(
        "{leg} {state}: {detail}",
        leg=leg if len(same) == 1 else words.plain("{leg} 등 {count}건", leg=leg, count=len(same)),
        state=_state(words, order) if order.retry_at else words.plain(texts.STATES[order.state]),
        detail=detail if order.state is OrderState.WITHHELD else noted(words, detail),
    )
    refused = order.state in {OrderState.REFUSED, OrderState.REJECTED_LATE}
    return lines(told, words.remedy(detail) if refused else None)
