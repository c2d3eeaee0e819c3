"""What the chat says of LOC and MOC that limit orders stand for: how they go, and what differs."""

from datetime import datetime

from bot.comparison import Compared, Comparison, compare
from bot.storage.views import RoundView
from bot.telegram import figures, texts
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, lines
from bot.timetable import DEFAULT_HOURS
from strategy.model import OrderType

MOCK = "mock"


def how(words: Words, view: RoundView, close: datetime) -> Html | None:
    """Say on a plan card how its LOC and MOC are imitated; `close` is the session's."""
    if view.plan is None or not any(o.type is not OrderType.LIMIT for o in view.plan.orders):
        return None
    return words.say(
        "모의투자는 정규장에 지정가만 받아, LOC·MOC를 흉내 냅니다.\n"
        "{begin}에 시세가 닿은 것만 지정가로 내고, 남으면 {end}에 취소합니다.\n"
        "호가가 없어 현재가로 정합니다. 실제와 다를 수 있어 마감 뒤 비교해 드립니다.",
        begin=figures.clock(close - DEFAULT_HOURS.emulate),
        end=figures.clock(close - DEFAULT_HOURS.emulate_until),
    )


def waiting(words: Words, close: datetime) -> Html:
    """Say of an approved round that its LOC and MOC wait for the last minutes."""
    return words.say(
        "승인됨 · LOC·MOC는 {begin}에 지정가로 흉내 냅니다.",
        begin=figures.clock(close - DEFAULT_HOURS.emulate),
    )


def limits(words: Words) -> Html:
    """Say what the practice account cannot do, and what the bot does instead."""
    return words.say(
        "한투 모의투자는 정규장에, 지정가만, 1초에 한 번, 일부 종목만 받습니다.\n"
        "LOC·MOC는 마감 5분 전에 지정가로 흉내 냅니다.\n"
        "LOC는 시세의 0.5% 너머까지(LOC 가격 안에서만), MOC 매도는 1% 아래로 냅니다.\n"
        "남은 것은 마감 1분 전에 취소하고, T는 실제 체결로 셉니다."
    )


def compared(words: Words, view: RoundView) -> Html | None:
    """Hold what happened against what real LOC and MOC would have done at the close."""
    found = compare(view)
    if found is None:
        return None
    differing = [_differing(words, order) for order in found.differing]
    same = words.say("체결된 주문과 수량은 실제와 같습니다.") if not differing else None
    return lines(
        _title(words, found),
        *differing,
        same,
        words.say(
            "종가 대비 값 차이 {better} · 실제였다면 T {turn} · 보유 {quantity}주",
            better=figures.gain(found.better),
            turn=figures.turn(found.after.turn),
            quantity=found.after.quantity,
        ),
    )


def confirmed(words: Words, view: RoundView) -> Html | None:
    """Tell of a past session how its imitations compare, now that its close is final."""
    html = compared(words, view)
    if html is None or view.plan is None:
        return None
    day, symbol = figures.day(words, view.session), view.plan.cycle.rules.symbol
    return lines(words.say("{day} 미국장 · {symbol}", day=day, symbol=symbol), html)


def _title(words: Words, found: Comparison) -> Html:
    close = figures.money(found.close)
    if found.provisional:
        return words.say("모의 LOC·MOC와 실제 비교 (잠정 종가 {close})", close=close)
    return words.say("모의 LOC·MOC와 실제 비교 (공식 종가 {close})", close=close)


def _differing(words: Words, order: Compared) -> Html:
    return words.say(
        "{leg}: 모의 {filled}주, 실제라면 {real}주",
        leg=words.plain(texts.LEGS[order.leg]),
        filled=order.filled,
        real=order.real,
    )
