"""A pressed button: acknowledged first, looked up, then carried out; its message is the receipt."""

from collections.abc import Awaitable, Callable

from aiogram.types import CallbackQuery

from bot.commands import (
    ApproveRound,
    CorrectRound,
    DeclineResend,
    Pause,
    ResendOrder,
    ResolveAmbiguous,
    Resume,
    SkipRound,
    Stop,
)
from bot.storage.chat import TapState
from bot.telegram import figures
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.account import OF_THE_ACCOUNT
from bot.telegram.handlers.corrections import OF_CORRECTIONS
from bot.telegram.handlers.press import Press
from bot.telegram.markup import lines
from bot.telegram.reasons import explained, skipped_legs
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind, unpacked
from bot.trading.refusal import Refusal, Why

DEAD = {
    TapState.UNKNOWN: mark("이 버튼은 더 이상 쓸 수 없습니다. /start 에서 다시 눌러 주세요."),
    TapState.FOREIGN: mark("다른 사람의 버튼입니다. /start 에서 다시 눌러 주세요."),
    TapState.USED: mark("이미 누른 버튼입니다. 두 번 처리하지 않았습니다."),
    TapState.EXPIRED: mark("이 버튼은 만료되었습니다 (유효 60초). 명령을 다시 눌러 주세요."),
}


Shows = dict[str, Callable[[Desk, int], Awaitable[None]]]


async def pressed(query: CallbackQuery, desk: Desk, shows: Shows) -> None:
    """Carry out a tap once."""
    desk.acknowledge(query.id)
    user_id = query.from_user.id
    message_id = query.message.message_id if query.message else 0
    nonce, tap = await desk.taps.look(query.data, user_id)
    if tap.state is not TapState.FRESH:
        await desk.say(user_id, desk.words.say(DEAD[tap.state]), reply_to=message_id)
        return
    press = Press(user_id=user_id, message_id=message_id, nonce=nonce, action=unpacked(tap.action))
    if press.action.kind is Kind.SHOW:
        await shows[press.action.command](desk, user_id)
    else:
        await ACTIONS[press.action.kind](desk, press)


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
        await desk.receipt(press.user_id, press.message_id, done)


async def _ask_skip(desk: Desk, press: Press) -> None:
    words = desk.words
    skip = Action(kind=Kind.SKIP, round_id=press.action.round_id, digest=press.action.digest)
    row = [
        Button(caption=words.plain("건너뛰기"), action=skip),
        Button(caption=words.plain("그만두기"), action=Action(kind=Kind.NEVER_MIND)),
    ]
    html = words.say(
        "이 회차를 건너뛸까요? 오늘은 주문이 나가지 않고 T는 그대로입니다. (60초 안에 눌러 주세요)"
    )
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


async def _skip(desk: Desk, press: Press) -> None:
    action = press.action
    await desk.bus.ask(
        SkipRound(
            round_id=action.round_id,
            digest=action.digest,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    done = desk.words.say("건너뛰었습니다. 오늘은 주문하지 않습니다.")
    await desk.receipt(press.user_id, press.message_id, done)
    await desk.refresh(action.round_id, press.user_id)


async def _resend(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        ResendOrder(slot=press.action.slot, by=owner(press.user_id), tap=press.nonce)
    )
    done = desk.words.say("다시 보내도록 했습니다. 결과는 회차 메시지에 나옵니다.")
    await desk.receipt(press.user_id, press.message_id, done)


async def _leave(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        DeclineResend(slot=press.action.slot, by=owner(press.user_id), tap=press.nonce)
    )
    done = desk.words.say(
        "다시 보내지 않습니다. 나중에 한투에 나타나면 봇의 주문으로 넣고 알려 드립니다."
    )
    await desk.receipt(press.user_id, press.message_id, done)


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
    await desk.receipt(press.user_id, press.message_id, done)


async def _correct(desk: Desk, press: Press) -> None:
    await desk.bus.ask(
        CorrectRound(round_id=press.action.round_id, by=owner(press.user_id), tap=press.nonce)
    )
    done = desk.words.say("늦게 보인 체결을 장부에 넣었습니다. 바뀐 T는 다음 메시지에 나옵니다.")
    await desk.receipt(press.user_id, press.message_id, done)


async def _pause(desk: Desk, press: Press) -> None:
    everything = press.action.kind is Kind.PAUSE_ALL
    await desk.bus.ask(Pause(everything=everything, by=owner(press.user_id), tap=press.nonce))
    text = (
        mark("일시정지 · {at}\n매수와 매도를 모두 쉽니다. 다시 시작하려면 /resume")
        if everything
        else mark("일시정지 · {at}\n매수만 쉽니다. 매도는 계속 나갑니다. 다시 시작하려면 /resume")
    )
    await desk.receipt(press.user_id, press.message_id, desk.words.say(text, at=_now(desk)))


async def _resume(desk: Desk, press: Press) -> None:
    await desk.bus.ask(Resume(by=owner(press.user_id), tap=press.nonce))
    done = desk.words.say("다시 시작했습니다 · {at}", at=_now(desk))
    await desk.receipt(press.user_id, press.message_id, done)


async def _stop(desk: Desk, press: Press) -> None:
    cancel = press.action.kind is Kind.STOP_CANCEL
    answer = await desk.bus.ask(Stop(cancel=cancel, by=owner(press.user_id), tap=press.nonce))
    text = (
        mark("정지했습니다 · {at} · 취소 {confirmed}/{asked}건 확인\n다시 시작하려면 /resume")
        if cancel
        else mark("정지했습니다 · {at} · 미체결 주문은 그대로 둡니다.\n다시 시작하려면 /resume")
    )
    done = desk.words.say(text, at=_now(desk), confirmed=answer.confirmed, asked=answer.asked)
    if answer.left:
        done = lines(
            done,
            desk.words.say(
                "⚠️ {left}건은 한투에 남아 있을 수 있습니다. /orders 로 보고 앱에서 취소해 주세요.",
                left=answer.left,
            ),
        )
    await desk.receipt(press.user_id, press.message_id, done)


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
    await desk.say(press.user_id, html, reply_to=press.message_id)


async def _never_mind(desk: Desk, press: Press) -> None:
    await desk.taps.use(press.nonce)
    done = desk.words.say("그만두었습니다. 바뀐 것은 없습니다.")
    await desk.receipt(press.user_id, press.message_id, done)


def _now(desk: Desk) -> str:
    return figures.clock_seconds(desk.clock.now())


ACTIONS: dict[Kind, Callable[[Desk, Press], Awaitable[None]]] = {
    **OF_THE_ACCOUNT,
    **OF_CORRECTIONS,
    Kind.APPROVE: _approve,
    Kind.ASK_SKIP: _ask_skip,
    Kind.SKIP: _skip,
    Kind.RESEND: _resend,
    Kind.LEAVE: _leave,
    Kind.THIS_ONE: _this_one,
    Kind.CORRECT: _correct,
    Kind.PAUSE_BUYS: _pause,
    Kind.PAUSE_ALL: _pause,
    Kind.RESUME: _resume,
    Kind.STOP_KEEP: _stop,
    Kind.STOP_CANCEL: _stop,
    Kind.NEVER_MIND: _never_mind,
    Kind.WHY: _why,
}
