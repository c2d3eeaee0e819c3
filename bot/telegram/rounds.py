"""Letters about rounds that are missing or go out without a tap, with the way on as buttons."""

from datetime import date

from bot.events import Event, RoundDelayed, UnattendedSet
from bot.storage.views import Views
from bot.telegram import texts
from bot.telegram.catalogue import Words
from bot.telegram.choices import UNATTENDED, UNATTENDED_ABOUT
from bot.telegram.markup import Html, lines
from bot.telegram.message import Message
from bot.telegram.taps import Action, Button, Kind


async def told(words: Words, event: Event, views: Views) -> Message | None:
    """Tell everybody else what silence means from now on; None for any other event."""
    if not isinstance(event, UnattendedSet):
        return None
    cycle = await views.cycle(event.cycle_id)
    html = _unattended_set(words, event, cycle.symbol if cycle else "")
    return Message(html=html, not_to=event.by.answered)


def unplanned(words: Words, event: RoundDelayed, symbol: str) -> Message:
    """Tell that a session has no round though its cut-off is near, and offer to order now."""
    first = words.say(
        "⚠️ 마감 {minutes}분 전인데 {symbol} 회차가 없습니다.", minutes=event.minutes, symbol=symbol
    )
    why = [words.say("왜: {reason}.", reason=texts.late(words, each)) for each in event.reasons]
    now = words.say(
        "지금: 까닭이 풀렸으면 아래에서 바로 주문할 수 있습니다. 그대로 두면 오늘은 쉬고 T는 "
        "그대로입니다."
    )
    buttons = (
        _show(words.plain("지금 주문"), "buynow", symbol),
        _show(words.plain("오늘 건너뛰기"), "skip", symbol),
    )
    return Message(html=lines(first, *why, now), buttons=buttons)


def after_missed(words: Words, session: date) -> tuple[Button, ...]:
    """Offer what helps after a session was missed."""
    return (
        _show(words.plain("왜 이렇게?"), "why", session.isoformat()),
        _show(words.plain("상태"), "status"),
    )


def _unattended_set(words: Words, event: UnattendedSet, symbol: str) -> Html:
    return lines(
        words.say(
            "{symbol}: 승인이 없을 때의 선택이 바뀌었습니다: {choice}.",
            symbol=symbol,
            choice=words.plain(UNATTENDED[event.choice]),
        ),
        words.say("{about}", about=words.plain(UNATTENDED_ABOUT[event.choice])),
    )


def _show(caption: str, command: str, text: str = "") -> Button:
    return Button(caption=caption, action=Action(kind=Kind.SHOW, command=command, text=text))
