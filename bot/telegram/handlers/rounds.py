"""Buttons of a round and its orders: approve, resend, say which order it is, correct, why."""

from bot.commands import (
    ApproveRound,
    CorrectRound,
    DeclineResend,
    ResendOrder,
    ResolveAmbiguous,
)
from bot.telegram import figures
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Do
from bot.telegram.handlers.press import Press
from bot.telegram.markup import lines
from bot.telegram.reasons import explained, skipped_legs
from bot.telegram.taps import Button, Kind
from bot.trading.refusal import Refusal, Why


def _next(desk: Desk) -> list[list[Button]]:
    return [[show(desk, "오늘 주문", "today"), show(desk, "미체결 보기", "orders")]]


async def _approve(desk: Desk, press: Press) -> None:
    action = press.action
    await desk.bus.ask(
        ApproveRound(
            round_id=action.round_id,
            digest=action.digest,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    card = await desk.refresh(action.round_id, press.user_id)
    if card != press.message_id:
        done = desk.words.say("승인했습니다. 회차 메시지에서 접수를 볼 수 있습니다.")
        await desk.receipt(press.user_id, press.message_id, done, _next(desk))


async def _resend(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        ResendOrder(slot=press.action.slot, by=owner(press.user_id), tap=press.nonce)
    )
    done = desk.words.say("다시 보내도록 했습니다. 결과는 회차 메시지에 나옵니다.")
    await desk.receipt(press.user_id, press.message_id, done, _next(desk))


async def _leave(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        DeclineResend(slot=press.action.slot, by=owner(press.user_id), tap=press.nonce)
    )
    done = desk.words.say(
        "다시 보내지 않습니다. 나중에 한투에 나타나면 봇의 주문으로 넣고 알려 드립니다."
    )
    await desk.receipt(press.user_id, press.message_id, done, _next(desk))


async def _this_one(desk: Desk, press: Press) -> None:
    number = press.action.number or None
    await desk.bus.ask(
        ResolveAmbiguous(
            slot=press.action.slot,
            order_number=number,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    if number is None:
        done = desk.words.say("모두 봇의 주문이 아닌 것으로 알겠습니다. 봇의 주문은 계속 찾습니다.")
    else:
        done = desk.words.say("주문번호 {number:을} 봇의 주문으로 넣었습니다.", number=number)
    await desk.receipt(press.user_id, press.message_id, done, _next(desk))


async def _correct(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        CorrectRound(round_id=press.action.round_id, by=owner(press.user_id), tap=press.nonce)
    )
    done = desk.words.say("늦게 보인 체결을 장부에 넣었습니다. 바뀐 T는 다음 메시지에 나옵니다.")
    await desk.receipt(press.user_id, press.message_id, done, _next(desk))


async def _why(desk: Desk, press: Press) -> None:
    """Answer a card's question with the reasons of its round's plan; the key is not used up."""
    view = await desk.views.round(press.action.round_id)
    if view is None or view.plan is None:
        raise Refusal(Why.ROUND_UNKNOWN)
    head = desk.words.say(
        "{day} {symbol} 주문의 이유",
        day=figures.day(desk.words, view.session),
        symbol=view.plan.cycle.rules.symbol,
    )
    html = lines(head, explained(desk.words, view.plan), skipped_legs(desk.words, view.plan))
    day = view.session.isoformat()
    rows = [[show(desk, "다시 계산해 보기", "why", day), show(desk, "오늘 주문", "today")]]
    await desk.say(press.user_id, html, rows, reply_to=press.message_id)


async def _refresh(desk: Desk, press: Press) -> None:
    """Bring a card up to date where it stands; the key is not used up."""
    card = await desk.refresh(press.action.round_id, press.user_id)
    if card is None:
        raise Refusal(Why.ROUND_UNKNOWN)


ACTIONS: dict[Kind, Do] = {
    Kind.APPROVE: _approve,
    Kind.RESEND: _resend,
    Kind.LEAVE: _leave,
    Kind.THIS_ONE: _this_one,
    Kind.CORRECT: _correct,
    Kind.WHY: _why,
    Kind.REFRESH: _refresh,
}
