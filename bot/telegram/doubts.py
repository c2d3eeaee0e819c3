"""Messages about orders that nobody can be sure of, and about what KIS showed too late."""

from collections.abc import Sequence
from datetime import datetime

from bot.events import (
    LateFillSeen,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderLeftUnknown,
    OrderRecognised,
    OrderReleased,
    OrderUnknown,
    RoundCorrected,
)
from bot.storage.outbox import Letter
from bot.storage.views import OrderView, RoundView
from bot.telegram import figures, results, texts
from bot.telegram.alarms import order_name
from bot.telegram.catalogue import Words, mark
from bot.telegram.markup import Html, lines
from bot.telegram.message import Message
from bot.telegram.taps import Action, Button, Kind
from bot.trading.life import AT_THE_BROKER, UNRESOLVED
from bot.trading.model import OrderState

GIVEN_UP = {
    OrderState.ABSENT: mark("아까 안 보인다고 했던 {order} 주문이 한투에 있습니다."),
    OrderState.UNKNOWN_TOLD: mark("아까 확인하지 못한 {order} 주문이 한투에 있습니다."),
    OrderState.REFUSED: mark("아까 거부되었다고 한 {order} 주문이 한투에 있습니다."),
    OrderState.WITHHELD: mark("아까 보내지 않았다고 한 {order} 주문이 한투에 있습니다."),
}


Doubt = OrderAmbiguous | OrderLeftUnknown | OrderRecognised | OrderReleased


def told(words: Words, event: Doubt, order: OrderView, later: Sequence[Letter]) -> list[Message]:
    """Write what is told of a doubt; of several orders let go together only the last speaks."""
    match event:
        case OrderAmbiguous(candidates=numbers, ordered_at=at):
            buttons = candidate_buttons(words, order, numbers, at)
            return [Message(html=ambiguous(words, event, order), buttons=buttons, stacked=True)]
        case OrderLeftUnknown():
            buttons = candidate_buttons(words, order, order.candidates)
            return [Message(html=left_unknown(words, event, order), buttons=buttons, stacked=True)]
        case OrderRecognised():
            html = recognised(words, event, order)
            return [Message(html=html, silent=True, not_to=event.by.answered)]
        case OrderReleased():
            more = any(
                isinstance(one.event, OrderReleased)
                and (one.slot or "").startswith(f"{order.round_id}.")
                for one in later
            )
            return [] if more else [Message(html=released(words, order))]


def correction(
    words: Words, event: RoundCorrected | LateFillSeen, view: RoundView, later: Sequence[Letter]
) -> list[Message]:
    """Tell once what a correction came to; nothing of one that changed nothing."""
    if isinstance(event, LateFillSeen):
        symbol = view.plan.cycle.rules.symbol if view.plan else ""
        buttons = late_fill_buttons(words, event)
        html = late_fill(words, event, symbol)
        return [Message(html=html, buttons=buttons)] if event.bought or event.sold else []
    goes_on = any(
        isinstance(one.event, RoundCorrected) and one.event.cycle_id == event.cycle_id
        for one in later
    )
    if goes_on or event.ledger_before == event.after:
        return []
    messages = [Message(html=corrected(words, event))]
    if event.finished is not None:
        symbol = event.before.rules.symbol
        end = results.graduated(words, symbol, event.finished)
        messages.append(Message(html=end))
    return messages


def unknown(words: Words, event: OrderUnknown, order: OrderView) -> Html:
    return words.say(
        "⚠️ {order} 주문이 확인되지 않습니다.\n"
        "왜: {reason}. 다시 보내지 않았습니다.\n"
        "지금: 한투의 주문 목록을 계속 확인합니다. 앱에서 직접 다시 주문하지 말고 기다려 주세요.",
        order=order_name(words, order),
        reason=texts.unanswered(words, event.reason),
    )


def absent(words: Words, event: OrderAbsent, order: OrderView) -> Html:
    found = words.say(
        "⚠️ {order} 주문이 한투에 보이지 않습니다.\n"
        "왜: 응답을 받지 못했고, 시간을 두고 목록을 두 번 끝까지 봤지만 없었습니다.",
        order=order_name(words, order),
    )
    if event.may_resend:
        return lines(found, words.say("지금: 앱에서도 없으면 아래 버튼으로 다시 보낼 수 있습니다."))
    return lines(
        found,
        words.say("지금: 마감이 가까워 다시 보내지 않습니다. 필요하면 앱에서 직접 주문해 주세요."),
    )


def absent_buttons(words: Words, event: OrderAbsent, order: OrderView) -> tuple[Button, ...]:
    """Offer to send an absent order again, while that is offered and nobody has done so."""
    if not (event.may_resend and order.may_resend):
        return ()
    slot = order.slot.key
    return (
        Button(caption=words.plain("다시 보내기"), action=Action(kind=Kind.RESEND, slot=slot)),
        Button(caption=words.plain("그만두기"), action=Action(kind=Kind.LEAVE, slot=slot)),
    )


def ambiguous(words: Words, event: OrderAmbiguous, order: OrderView) -> Html:
    return words.say(
        "⚠️ {order} 주문과 똑같은 주문이 한투에 {count}건 있습니다.\n"
        "왜: 어느 것이 봇의 주문인지, 봇의 것이 있기는 한지 가릴 수 없습니다.\n"
        "지금: 이 종목의 새 주문을 멈췄습니다. 한투 앱에서 시각을 보고 봇의 주문을 골라 주세요.\n"
        "직접 낸 주문뿐이면 모두 아님을 눌러 주세요. 고르지 않으면 정산 때 다시 알립니다.",
        order=order_name(words, order),
        count=len(event.candidates),
    )


def candidate_buttons(
    words: Words, order: OrderView, numbers: Sequence[str], at: Sequence[datetime | None] = ()
) -> tuple[Button, ...]:
    """Offer every candidate by its number and time, and that it is none of them."""
    if order.order_number is not None or not order.candidates:
        return ()  # decided meanwhile
    times = {
        number: figures.clock_seconds(one) for number, one in zip(numbers, at, strict=False) if one
    }
    made = [
        Button(
            caption=words.plain(
                "이게 봇 주문: {number} {at}", number=number, at=times.get(number, "")
            ).rstrip(),
            action=Action(kind=Kind.THIS_ONE, slot=order.slot.key, number=number),
        )
        for number in numbers
    ]
    none = Action(kind=Kind.THIS_ONE, slot=order.slot.key)
    return (*made, Button(caption=words.plain("모두 아님"), action=none))


def left_unknown(words: Words, event: OrderLeftUnknown, order: OrderView) -> Html:
    name = order_name(words, order)
    if event.why == "ambiguous":
        return words.say(
            "⚠️ {order} 주문을 정산 때까지 가리지 못했습니다.\n"
            "왜: 똑같은 주문이 한투에 있어 어느 것이 봇의 것인지 모릅니다.\n"
            "지금: 이 주문은 체결 없이 정산합니다. 아래 버튼을 누르면 그때 장부를 고칩니다.",
            order=name,
        )
    why = (
        words.plain("한투의 응답이 없었고, 주문 목록에도 보이지 않습니다")
        if event.why == "not_seen"
        else words.plain("한투의 응답이 없었고, 주문 목록을 마감까지 끝까지 읽지 못했습니다")
    )
    return words.say(
        "⚠️ {order} 주문이 나갔는지 모르는 채 마감이 가까워졌습니다.\n"
        "왜: {why}. 다시 보내지 않습니다.\n"
        "지금: 한투 앱의 해외주식 주문 내역에서 {symbol} {side} {quantity}주를 찾아봐 주세요.\n"
        "있으면 그대로 두세요, 봇이 나중에 찾아 넣습니다. 없고 필요하면 앱에서 직접 주문해 주세요.",
        order=name,
        why=why,
        symbol=order.slot.symbol,
        side=words.plain(texts.SIDES[order.slot.side]),
        quantity=order.slot.quantity,
    )


def adopted(words: Words, order: OrderView) -> Html:
    return words.say("{order} 주문이 한투에서 확인되었습니다.", order=order_name(words, order))


def found_late(
    words: Words, event: OrderAccepted, order: OrderView, siblings: Sequence[OrderView]
) -> Html:
    """Apologise for an order that was given up and stands after all."""
    found = event.given_up or OrderState.ABSENT
    told = words.say(
        "🙏 {found} 죄송합니다.\n"
        "왜: 주문이 늦게 접수되었거나 목록에 늦게 나타났습니다 (주문번호 {number}).\n"
        "지금: 봇의 주문으로 넣었습니다. 앱에서 같은 주문을 직접 냈다면 하나를 취소해 주세요.",
        found=words.plain(GIVEN_UP[found], order=order_name(words, order)),
        number=event.order_number,
    )
    twice = any(
        other.slot.index == order.slot.index
        and other.slot.key != order.slot.key
        and (other.state in (*AT_THE_BROKER, *UNRESOLVED) or other.filled)
        for other in siblings
    )
    if not twice:
        return told
    return lines(
        told,
        words.say("⚠️ 다시 보낸 주문도 있어 지금 두 건입니다. 앱에서 하나를 취소해 주세요."),
    )


def recognised(words: Words, event: OrderRecognised, order: OrderView) -> Html:
    name = order_name(words, order)
    if event.order_number is None:
        return words.say("{order}: 똑같은 주문 가운데 봇의 것은 없다고 정했습니다.", order=name)
    return words.say(
        "{order}: 주문번호 {number:을} 봇의 주문으로 넣었습니다.",
        order=name,
        number=event.order_number,
    )


def released(words: Words, order: OrderView) -> Html:
    return words.say(
        "▶️ 일시정지가 끝나, 보류했던 {symbol} 주문을 이제 보냅니다.", symbol=order.slot.symbol
    )


def corrected(words: Words, event: RoundCorrected) -> Html:
    before, after = event.ledger_before, event.after
    return words.say(
        "🔁 {day} {symbol} 정산을 고쳤습니다.\n"
        "왜: 한투가 정산 뒤에 체결을 더 보여 주었습니다.\n"
        "바뀐 것: 보유 {held}→{holds}주 · T {was}→{turn} · 잔금 {had}→{cash}\n"
        "지금: 할 일은 없습니다. 다음 회차는 고친 장부로 계획합니다.",
        day=figures.day(words, event.session),
        symbol=after.rules.symbol,
        held=before.quantity,
        holds=after.quantity,
        was=figures.turn(before.turn),
        turn=figures.turn(after.turn),
        had=figures.money(before.cash),
        cash=figures.money(after.cash),
    )


def late_fill(words: Words, event: LateFillSeen, symbol: str) -> Html:
    return words.say(
        "⚠️ {day} {symbol} 체결이 정산 뒤에 더 보입니다 (매수 {bought}주 · 매도 {sold}주).\n"
        "왜: 한투가 늦게 알렸고, 그 뒤 회차는 이미 계획했습니다. 아직 장부에 없습니다.\n"
        "지금: 나가 있는 회차가 정산된 뒤 아래 버튼을 누르면 규칙대로 다시 계산해 넣습니다.",
        day=figures.day(words, event.session),
        symbol=symbol,
        bought=event.bought,
        sold=event.sold,
    )


def late_fill_buttons(words: Words, event: LateFillSeen) -> tuple[Button, ...]:
    action = Action(kind=Kind.CORRECT, round_id=event.round_id)
    return (Button(caption=words.plain("장부에 넣기"), action=action),)
