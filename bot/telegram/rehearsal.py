"""What only a rehearsal (venue paper) tells: live prices gone and back, a day by its last price."""

from collections.abc import Sequence

from bot.events import Event, OrderClosed, RehearsalReturned, RehearsalTroubled, RoundForeseen
from bot.storage.views import OrderView
from bot.telegram import figures
from bot.telegram.alarms import order_name
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html
from bot.telegram.noted import noted
from bot.trading.orders import unseen


def unsure(event: OrderClosed) -> bool:
    """Tell whether an order ended because the room did not see what became of it."""
    return unseen(event.reason)


def unfilled(words: Words, reason: str, orders: Sequence[OrderView]) -> Html:
    """Say which orders ended for such a reason; what was seen to fill stays filled."""
    return words.say(
        "⚠️ 리허설에서 알 수 없어 미체결로 끝낸 주문 {count}건\n{orders}\n"
        "왜: {reason}\n"
        "지금: 할 일은 없습니다. 본 체결만 장부에 남고, 나머지는 짐작하지 않습니다.",
        count=len(orders),
        orders="\n".join(order_name(words, order) for order in orders),
        reason=noted(words, reason),
    )


def told(words: Words, event: Event) -> Html | None:
    """Say what a rehearsal's event means for the owner; None for every other event."""
    match event:
        case RehearsalTroubled():
            return words.say(
                "⚠️ 리허설 시세가 오지 않습니다.\n"
                "왜: {reason}\n"
                "지금: 다시 잇고 있습니다. 끊긴 동안의 지정가 주문은 미체결로 끝나고 "
                "그렇게 알려 드립니다.",
                reason=noted(words, event.reason),
            )
        case RehearsalReturned():
            return words.say("리허설 시세가 다시 옵니다. 하던 일을 이어서 합니다.")
    return None


def foreseen(words: Words, event: RoundForeseen, symbol: str) -> Html:
    """Show a session by its last price; the settlement follows the official close."""
    return words.say(
        "{day} 리허설 잠정 · {symbol} · 마지막 시세 {close}\n"
        "매수 {bought}주 · 매도 {sold}주 · 보유 {quantity}주 · T {turn} · 실현 {realized}\n"
        "공식 종가는 낮 12시 뒤에 옵니다. 그때 확정해 알려 드립니다.",
        day=figures.day(words, event.session),
        symbol=symbol,
        close=figures.money(event.close),
        bought=event.bought,
        sold=event.sold,
        quantity=event.quantity,
        turn=figures.turn(event.turn),
        realized=figures.gain(event.realized),
    )
