"""What a round's card says in a rehearsal (venue paper): no real order, and when its result comes.

LOC and MOC are decided by KIS's official close, which is final at noon in Seoul (decision 0017).
"""

from datetime import datetime

from bot.clock import SEOUL
from bot.events import RoundForeseen
from bot.storage.views import RoundView
from bot.telegram import figures
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html
from strategy.model import OrderType

PAPER = "paper"


def banner(words: Words) -> Html:
    """Say on the first line that nothing of it is real."""
    return words.say("리허설 · 실제 계좌에는 주문하지 않습니다.")


def ahead(words: Words, view: RoundView, close: datetime) -> Html | None:
    """Say before the close when the LOC and MOC of a round are decided."""
    if view.plan is None or all(order.type is OrderType.LIMIT for order in view.plan.orders):
        return None
    return words.say(
        "LOC·MOC 결과는 {day} 낮 12시(한국 시각) 공식 종가로 나옵니다.", day=_noon(words, close)
    )


def standing(words: Words, view: RoundView, close: datetime) -> Html:
    """Say of a round that is out what comes next; after the close, its provisional result."""
    if view.foreseen is not None:
        return _provisional(words, view.foreseen, close)
    return words.say(
        "마감 {close} 뒤에 잠정 결과를 보여 드리고,\n"
        "{day} 낮 12시(한국 시각) 뒤에 공식 종가로 확정합니다.",
        close=figures.clock(close),
        day=_noon(words, close),
    )


def final(words: Words, *, provisional: bool) -> Html:
    """Say by which close a rehearsed session was settled."""
    if provisional:
        return words.say("리허설 결과 · 공식 종가가 오지 않아 종가는 마지막 시세입니다.")
    return words.say("리허설 결과 · 공식 종가로 확정했습니다.")


def _provisional(words: Words, foreseen: RoundForeseen, close: datetime) -> Html:
    return words.say(
        "잠정 (마지막 시세 {close}) · 매수 {bought}주 · 매도 {sold}주\n"
        "보유 {quantity}주 · T {turn} · 실현 {realized}\n"
        "{day} 낮 12시(한국 시각) 뒤에 공식 종가로 확정합니다.",
        close=figures.money(foreseen.close),
        bought=foreseen.bought,
        sold=foreseen.sold,
        quantity=foreseen.quantity,
        turn=figures.turn(foreseen.turn),
        realized=figures.gain(foreseen.realized),
        day=_noon(words, close),
    )


def _noon(words: Words, close: datetime) -> str:
    """Name the date of the noon in Seoul after a close, when the session's closes are final."""
    return figures.day(words, close.astimezone(SEOUL).date())
