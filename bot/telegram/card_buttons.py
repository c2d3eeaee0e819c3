"""The buttons under a round's card: what the round still takes, and what may be asked of it."""

from datetime import datetime

from bot.storage.views import AT_THE_BROKER, RoundView
from bot.telegram.card import overdue
from bot.telegram.catalogue import Words
from bot.telegram.taps import Action, Button, Kind
from bot.trading.model import Approval, OrderState, RoundState


def card_rows(words: Words, view: RoundView, now: datetime) -> list[list[Button]]:
    """Lay out a card's buttons: decisions first, then the questions."""
    if view.plan is None:
        return []
    why = Action(kind=Kind.WHY, round_id=view.round_id)
    fresh = Action(kind=Kind.REFRESH, round_id=view.round_id)
    return [
        decisions(words, view, now),
        [
            Button(caption=words.plain("새로고침"), action=fresh),
            Button(caption=words.plain("왜 이렇게?"), action=why),
        ],
    ]


def decisions(words: Words, view: RoundView, now: datetime) -> list[Button]:
    """Make the buttons that change what goes out; none from the cut-off on."""
    if view.plan is None or not view.plan.orders or overdue(view, now):
        return []
    match view.state:
        case RoundState.PROPOSED:
            return _proposed(words, view)
        case RoundState.APPROVED:
            return [_skip(view, words.plain("오늘 건너뛰기"))]
        case RoundState.SUBMITTING | RoundState.WORKING:
            return _out(words, view)
        case RoundState.SKIPPED:
            again = Action(kind=Kind.ASK_AGAIN, round_id=view.round_id)
            return [Button(caption=words.plain("되돌리기"), action=again)]
    return []


def _proposed(words: Words, view: RoundView) -> list[Button]:
    approve = Action(kind=Kind.APPROVE, round_id=view.round_id, digest=view.digest)
    match view.approval:
        case Approval.CONFIRM:
            return [
                Button(caption=words.plain("승인"), action=approve),
                _skip(view, words.plain("건너뛰기")),
            ]
        case Approval.AUTO:
            return [_skip(view, words.plain("오늘 건너뛰기"))]
    return [by_hand(words, view)]


def by_hand(words: Words, view: RoundView) -> Button:
    """Offer the table to type from, where the bot sends nothing itself."""
    symbol = view.plan.cycle.rules.symbol if view.plan else ""
    show = Action(kind=Kind.SHOW, command="plan", text=symbol)
    return Button(caption=words.plain("표로 보기"), action=show)


def _out(words: Words, view: RoundView) -> list[Button]:
    cancel = Action(kind=Kind.ASK_CANCEL, round_id=view.round_id)
    row = []
    if any(order.state in (*AT_THE_BROKER, OrderState.PLANNED) for order in view.orders):
        row.append(Button(caption=words.plain("한 건 취소"), action=cancel))
    if view.called_back:
        restore = Action(kind=Kind.ASK_RESTORE, round_id=view.round_id)
        return [*row, Button(caption=words.plain("되돌리기"), action=restore)]
    return [*row, _skip(view, words.plain("오늘 건너뛰기"))]


def _skip(view: RoundView, caption: str) -> Button:
    action = Action(kind=Kind.ASK_SKIP, round_id=view.round_id, digest=view.digest)
    return Button(caption=caption, action=action)
