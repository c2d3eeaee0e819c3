"""/orders and /fills: what stands at the broker, cancels in two steps, and what was filled."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from bot.clock import NEW_YORK, SEOUL
from bot.commands import CancelOrders, StopAnswer
from bot.storage.account_views import ForeignOrder
from bot.storage.people import Role
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, OrderView
from bot.telegram import alarms, figures, texts
from bot.telegram.arguments import Misunderstood
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import again, never_mind, show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.reading import given, only
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.model import GOING_OUT, OrderState
from bot.trading.refusal import Refusal, Why
from strategy.model import ZERO, Side

MOST_BUTTONS = 20
CANCELLABLE = (*AT_THE_BROKER, OrderState.PLANNED)


async def orders(desk: Desk, asked: Asked) -> None:
    """List what stands at the broker, what waits to go out, and what is not certain."""
    words = desk.words
    standing = await desk.views.orders_in(*AT_THE_BROKER)
    waiting = await _waiting(desk)
    unsure = await desk.views.orders_in(*UNRESOLVED)
    untold = await _left_unknown(desk)
    html = lines(
        words.say("미체결 주문 {count}건", count=len(standing)),
        _table(desk, standing),
        words.say("\n보낼 때를 기다리는 주문 {count}건", count=len(waiting)) if waiting else None,
        _table(desk, waiting),
        words.say("\n⚠️ 확인되지 않은 주문 {count}건 (다시 보내지 않습니다)", count=len(unsure))
        if unsure
        else None,
        _table(desk, unsure),
        words.say(
            "\n⚠️ 끝내 확인하지 못한 주문 {count}건: 한투에 걸려 있을 수 있으니 앱에서 봐 주세요.",
            count=len(untold),
        )
        if untold
        else None,
        _table(desk, untold),
    )
    rows = [
        _cancel_row(desk, [*standing, *waiting]),
        [again(desk, "orders"), show(desk, "체결 내역", "fills")],
        [show(desk, "오늘 주문", "today"), show(desk, "정지하기", "stop")],
    ]
    await desk.answer(asked, html, [row for row in rows if row])


def _cancel_row(desk: Desk, found: Sequence[OrderView]) -> list[Button]:
    """Offer cancels, one picked from a list or all at once."""
    if not found or desk.person.role is Role.VIEWER:
        return []
    one = Action(kind=Kind.ASK_CANCEL, figure="pick")
    every = Action(kind=Kind.ASK_CANCEL, slot=_keys(found))
    row = [Button(caption=desk.words.plain("한 건 취소"), action=one)]
    if len(found) > 1:
        row.append(Button(caption=desk.words.plain("모두 취소"), action=every))
    return row


async def _waiting(desk: Desk) -> tuple[OrderView, ...]:
    rounds = await desk.views.rounds_in(*GOING_OUT)
    return tuple(
        order for round_ in rounds for order in round_.orders if order.state is OrderState.PLANNED
    )


async def _left_unknown(desk: Desk) -> tuple[OrderView, ...]:
    """Read what may still stand of the sessions that run: nobody ever saw what became of it."""
    today = desk.clock.now().astimezone(NEW_YORK).date()
    found = await desk.views.orders_in(OrderState.UNKNOWN_TOLD)
    return tuple(order for order in found if order.session >= today)


def _table(desk: Desk, found: Sequence[OrderView]) -> Html | None:
    words = desk.words
    rows = [
        (
            order.slot.symbol,
            texts.leg(words, order.slot.leg, imitated=order.emulated is not None),
            words.plain("{quantity}주", quantity=order.slot.quantity),
            figures.money(price) if (price := order.as_sent.price) else words.plain("종가"),
            words.plain(texts.STATES[order.state]),
        )
        for order in found
    ]
    return code(figures.table(rows, right=frozenset({2, 3}))) if rows else None


async def _ask_cancel(desk: Desk, press: Press) -> None:
    """Show the orders to pick from, or ask once more about the ones that are named."""
    action = press.action
    if not action.slot:
        await _pick(desk, press)
        return
    found = [await desk.views.order(key) for key in action.slot.split()]
    live = [order for order in found if order is not None and order.state in CANCELLABLE]
    if not live:
        raise Refusal(Why.NOTHING_TO_CANCEL)
    words = desk.words
    html = lines(
        words.say("이 주문 {count}건을 취소할까요?", count=len(live)),
        code("\n".join(alarms.order_name(words, order) for order in live)),
        words.say(
            "취소한 주문은 오늘 다시 내지 않습니다. 먼저 체결되면 체결이 남습니다. "
            "(60초 안에 눌러 주세요)"
        ),
    )
    go = Action(kind=Kind.CANCEL, slot=_keys(live), digest=action.digest)
    row = [Button(caption=words.plain("취소하기"), action=go), never_mind(desk)]
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


async def _pick(desk: Desk, press: Press) -> None:
    """List what can be cancelled, a button each; of one round where a card asked."""
    words = desk.words
    found = [*await desk.views.orders_in(*AT_THE_BROKER), *await _waiting(desk)]
    if press.action.round_id:
        found = [order for order in found if order.round_id == press.action.round_id]
    if not found:
        raise Refusal(Why.NOTHING_TO_CANCEL)
    rows = [
        [
            Button(
                caption=alarms.order_name(words, order),
                action=Action(kind=Kind.ASK_CANCEL, slot=order.slot.key),
            )
        ]
        for order in found[:MOST_BUTTONS]
    ]
    if len(found) > 1:
        every = Action(kind=Kind.ASK_CANCEL, slot=_keys(found))
        caption = words.plain("{count}건 모두", count=len(found))
        rows.append([Button(caption=caption, action=every)])
    html = words.say("어느 주문을 취소할까요? 한 번 더 여쭤 봅니다.")
    await desk.say(press.user_id, html, [*rows, [never_mind(desk)]], reply_to=press.message_id)


async def _cancel(desk: Desk, press: Press) -> None:
    slots = tuple(press.action.slot.split())
    answer = await desk.bus.ask(CancelOrders(slots=slots, by=owner(press.user_id), tap=press.nonce))
    await desk.receipt(
        press.user_id,
        press.message_id,
        cancelled(desk, answer),
        [[show(desk, "미체결 보기", "orders"), show(desk, "오늘 주문", "today")]],
    )
    rounds = {order.round_id for key in slots if (order := await desk.views.order(key))}
    for round_id in sorted(rounds):
        await desk.refresh(round_id, press.user_id)


def cancelled(desk: Desk, answer: StopAnswer) -> Html:
    """Say what became of cancels: confirmed by the broker's list, or perhaps left."""
    words = desk.words
    filled = answer.asked - answer.confirmed - answer.left
    return lines(
        words.say(
            "취소 {confirmed}/{asked}건 확인 · {at}",
            confirmed=answer.confirmed,
            asked=answer.asked,
            at=figures.clock_seconds(desk.clock.now()),
        ),
        words.say("{filled}건은 먼저 체결되었습니다.", filled=filled) if filled > 0 else None,
        words.say("그사이 체결되어 취소할 것이 없었습니다.") if not answer.asked else None,
        words.say(
            "⚠️ {left}건은 한투에 남아 있을 수 있습니다. 목록에서 확인하고, 남았으면 앱에서 취소해 "
            "주세요.",
            left=answer.left,
        )
        if answer.left
        else None,
    )


async def fills(desk: Desk, asked: Asked) -> None:
    """List a session's fills, ours and others' on our symbols."""
    words = desk.words
    day = await asked_day(desk, asked)
    found = [order for order in await desk.views.orders_of_session(day) if order.filled]
    foreign = [order for order in (await desk.views.account.foreign(day)).values() if order.filled]
    html = lines(
        words.say("{day} 미국장 체결 {count}건", day=figures.day(words, day), count=len(found)),
        code(figures.table([_fill(desk, order) for order in found], right=frozenset({2, 3})))
        if found
        else words.say("봇의 주문은 체결된 것이 없습니다."),
        *_sums(desk, found),
        words.say("직접 매매·다른 프로그램 {count}건", count=len(foreign)) if foreign else None,
        code(figures.table([_other(desk, order) for order in foreign], right=frozenset({2, 3})))
        if foreign
        else None,
    )
    await desk.answer(asked, html, [*days(desk, "fills", day), _home(desk)])


async def asked_day(desk: Desk, asked: Asked) -> date:
    """Find the session that is meant: the one named, else the latest that has any round.

    Raises Misunderstood for a day that has not come in Seoul.
    """
    now = desk.clock.now()
    day = only(given(desk, asked), "day").day
    if day is not None and day > now.astimezone(SEOUL).date():
        raise Misunderstood(
            f"아직 오지 않은 날({day})입니다. 지난 날이나 오늘을 적어 주세요. 예: 어제 · 11/3",
            f"{day} has not come yet. Name today or a day gone by. Such as: yesterday · 11/3",
        )
    if day is not None:
        return day
    rounds = await desk.views.today()
    return rounds[0].session if rounds else now.astimezone(NEW_YORK).date()


def days(desk: Desk, command: str, day: date) -> list[list[Button]]:
    """Make the buttons to the days beside one; weekends are passed over."""
    before, after = _beside(day, -1), _beside(day, 1)
    row = [again(desk, command, before.isoformat(), figures.day(desk.words, before))]
    if after <= desk.today:
        row.append(again(desk, command, after.isoformat(), figures.day(desk.words, after)))
    return [row]


def _beside(day: date, step: int) -> date:
    found = day + timedelta(days=step)
    while found.weekday() > 4:
        found += timedelta(days=step)
    return found


def _home(desk: Desk) -> list[Button]:
    return [show(desk, "오늘 주문", "today"), show(desk, "미체결 보기", "orders")]


def _fill(desk: Desk, order: OrderView) -> tuple[str, ...]:
    words = desk.words
    return (
        order.slot.symbol,
        texts.leg(words, order.slot.leg, imitated=order.emulated is not None),
        words.plain("{quantity}주", quantity=order.filled),
        figures.money(order.fill_price or ZERO),
    )


def _other(desk: Desk, order: ForeignOrder) -> tuple[str, ...]:
    words = desk.words
    return (
        order.symbol,
        words.plain(texts.SIDES[order.side]),
        words.plain("{quantity}주", quantity=order.filled),
        figures.money(order.price),
    )


def _sums(desk: Desk, found: Iterable[OrderView]) -> list[Html]:
    """Add up what was bought and sold (USD), fees outside."""
    sums: dict[Side, Decimal] = {}
    for order in found:
        side = order.slot.side
        sums[side] = sums.get(side, ZERO) + order.filled * (order.fill_price or ZERO)
    return [
        desk.words.say(
            "{side} 합계 {amount}",
            side=desk.words.plain(texts.SIDES[side]),
            amount=figures.money(amount),
        )
        for side, amount in sorted(sums.items())
    ]


def _keys(found: Iterable[OrderView]) -> str:
    return " ".join(order.slot.key for order in found)


SHOWS: dict[str, Show] = {"orders": orders, "fills": fills}
ACTIONS: dict[Kind, Do] = {Kind.ASK_CANCEL: _ask_cancel, Kind.CANCEL: _cancel}
