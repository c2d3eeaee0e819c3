"""Messages beside the card: what happened, why, and what to do now."""

from collections.abc import Sequence
from datetime import timedelta

from bot.events import (
    BotStarted,
    BrokerTroubled,
    FillBooked,
    LedgerMismatched,
    OrderRefused,
    ReminderDue,
    RoundMissed,
    UnattendedApplied,
)
from bot.storage.views import OrderView, RoundView
from bot.telegram import figures, texts
from bot.telegram.card import silence
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html, code, lines
from bot.telegram.noted import noted
from bot.timetable import DEFAULT_HOURS
from bot.trading.model import Unattended

# "모의투자 주문처리가 안되었습니다(매매불가 종목)", as several clients have met it.
NOT_TRADED_AT_MOCK = "40070000"


def order_name(words: Words, order: OrderView) -> str:
    """Name an order: TQQQ 매수 별LOC 2주 $81.25; an imitation at the price it was sent with."""
    slot = order.as_sent
    return words.plain(
        "{symbol} {leg} {quantity}주 {price}",
        symbol=slot.symbol,
        leg=texts.leg(words, slot.leg, imitated=order.emulated is not None),
        quantity=slot.quantity,
        price=figures.money(slot.price) if slot.price is not None else words.plain("종가"),
    )


def refused(words: Words, event: OrderRefused, order: OrderView) -> Html:
    told = words.say(
        "⚠️ {order} 주문을 한투가 거부했습니다.\n"
        "왜: {reason}\n"
        "지금: 이 주문은 오늘 다시 보내지 않습니다. 나머지 주문은 그대로 갑니다.",
        order=order_name(words, order),
        reason=f"{event.message} ({event.code})" if event.code else noted(words, event.message),
    )
    if event.code != NOT_TRADED_AT_MOCK:
        return lines(told, words.meaning(f"{event.code} {event.message}"))
    untraded = words.say("모의투자는 이 종목을 거래하지 않습니다. 다른 종목으로 연습해 주세요.")
    return lines(told, untraded)


def rejected_late(words: Words, order: OrderView) -> Html:
    told = words.say(
        "⚠️ 접수됐던 {order} 주문이 나중에 거부되었습니다.\n"
        "왜: {reason}\n"
        "지금: 오늘은 이 주문 없이 갑니다. 한투 앱의 주문 내역을 확인해 주세요.",
        order=order_name(words, order),
        reason=noted(words, order.detail)
        if order.detail
        else words.plain("한투가 이유를 알리지 않았습니다."),
    )
    return lines(told, words.meaning(order.detail))


def withheld(words: Words, orders: Sequence[OrderView]) -> Html:
    """Say in one message which orders of a round were held back, by reason."""
    grouped: dict[str, list[OrderView]] = {}
    for order in orders:
        grouped.setdefault(order.detail, []).append(order)
    parts = [words.say("⚠️ 보내지 않은 주문이 {count}건 있습니다.", count=len(orders))]
    for detail, same in grouped.items():
        reasons = dict.fromkeys(texts.withheld(words, reason) for reason in detail.split("; "))
        names = dict.fromkeys(words.plain(texts.LEGS[order.slot.leg]) for order in same)
        parts.append(
            words.say(
                "{legs} {count}건: {reasons}.",
                legs=", ".join(names),
                count=len(same),
                reasons=", ".join(reasons),
            )
        )
    return lines(*parts)


def lapsed(words: Words, view: RoundView) -> Html:
    return words.say(
        "{round} 회차는 주문하지 않고 지나갔습니다.\n"
        "왜: {reason}.\n"
        "지금: 할 일은 없습니다. T는 그대로이고 다음 회차는 새로 계획합니다.",
        round=_round(words, view),
        reason=texts.late(words, view.reason),
    )


ASKED = frozenset({"hand_sale", "split", "held", "shares_differ"})
"""Why a round was missed where the owner's word is all that it takes."""


def missed(words: Words, event: RoundMissed, symbol: str) -> Html:
    told = words.say(
        "⚠️ {day} 미국장 {symbol} 회차를 놓쳤습니다.\n왜: {reason}.",
        day=figures.day(words, event.session),
        symbol=symbol,
        reason=texts.late(words, event.reason),
    )
    now = (
        words.say("지금: 그날 주문은 없었고 T는 그대로입니다. 봇이 계속 켜져 있는지 확인해 주세요.")
        if event.reason.partition(" ")[0] not in ASKED
        else words.say(
            "지금: 그날 주문은 없었고 T는 그대로입니다. /status 를 보내 정해 주시면 다시 합니다."
        )
    )
    return lines(told, now)


def reminder(words: Words, event: ReminderDue, view: RoundView, unattended: Unattended) -> Html:
    told = words.say(
        "⏰ 마감 {minutes}분 전입니다. {round} 회차가 승인을 기다립니다.",
        minutes=event.minutes,
        round=_round(words, view),
    )
    going = unattended is not Unattended.NOTHING
    if going and timedelta(minutes=event.minutes) <= DEFAULT_HOURS.unattended:
        return lines(told)  # the moment for it has passed, held back by a pause or by the broker
    return lines(told, silence(words, unattended, view.plan))


def unattended(words: Words, event: UnattendedApplied, view: RoundView) -> Html:
    """Tell that a round goes out without a tap, as was chosen."""
    told = (
        words.say("{round} 회차에 승인이 없어 매도만 보냅니다.", round=_round(words, view))
        if event.choice is Unattended.SELLS
        else words.say("{round} 회차에 승인이 없어 모두 보냅니다.", round=_round(words, view))
    )
    return lines(
        told,
        words.say("왜: 응답이 없으면 그렇게 하도록 정해 두셨습니다."),
        words.say("지금: 원하지 않으면 마감 전에 오늘 건너뛰기를 눌러 취소할 수 있습니다."),
    )


def mismatched(words: Words, event: LedgerMismatched) -> Html:
    told = words.say(
        "⚠️ {symbol} 장부 {ledger}주 ≠ 잔고 {broker}주. 이 종목의 새 주문을 멈췄습니다.\n"
        "왜: 앱에서 직접 사고팔았거나, 확인되지 않은 체결이 있습니다.\n"
        "지금: 한투 앱에서 체결 내역을 확인해 주세요. 맞춘 뒤 /resume 으로 다시 시작합니다.",
        symbol=event.symbol,
        ledger=event.ledger_quantity,
        broker=event.broker_quantity,
    )
    split = by_hand = None
    if event.by_hand:
        by_hand = words.say(
            "직접 거래해 아직 장부에 넣지 않은 {count}주를 빼고도 맞지 않습니다.",
            count=abs(event.by_hand),
        )
    if event.likely_split:
        split = words.say(
            "{ratio} 분할·병합으로 보입니다. 맞으면 아래에서 반영해 주세요.",
            ratio=event.likely_split,
        )
    return lines(told, by_hand, split)


def troubled(words: Words, event: BrokerTroubled) -> Html:
    told = words.say(
        "⚠️ 한투에 물어볼 수 없습니다.\n"
        "왜: {reason}\n"
        "지금: 계속 다시 시도합니다. 돌아오면 알려 드립니다. 확인하지 못한 주문은 나가지 않습니다.",
        reason=noted(words, event.reason),
    )
    return lines(told, words.meaning(event.reason))


def returned(words: Words) -> Html:
    return words.say("한투가 다시 응답합니다. 하던 일을 이어서 합니다.")


def missing(words: Words, orders: Sequence[OrderView]) -> Html:
    return words.say(
        "⚠️ 개장 확인에서 주문 {count}건이 한투에 보이지 않습니다.\n{orders}\n"
        "지금: 한투 앱에서 미체결 내역을 확인해 주세요. 봇은 다시 보내지 않습니다.",
        count=len(orders),
        orders=code("\n".join(order_name(words, order) for order in orders)),
    )


def not_listed(words: Words, orders: Sequence[OrderView]) -> Html:
    """Tell of orders that KIS took and never listed: they are settled as if nothing more filled."""
    return words.say(
        "⚠️ 접수되었던 주문 {count}건이 다음 날 낮까지 한투 주문 목록에 없습니다.\n{orders}\n"
        "왜: 한투가 주문 번호를 주었는데 목록에 보여 주지 않습니다. 더 체결된 것이 없다고 보고 "
        "정산합니다.\n"
        "지금: 한투 앱에서 체결 내역과 보유 수량을 확인해 주세요. 나중에 체결이 보이면 알려 드리고 "
        "장부를 고칩니다.",
        count=len(orders),
        orders=code("\n".join(order_name(words, order) for order in orders)),
    )


def filled(words: Words, event: FillBooked, order: OrderView) -> Html:
    slot = order.slot
    quantity = words.plain("{quantity}주", quantity=event.quantity)
    if event.quantity < slot.quantity:
        quantity = words.plain(
            "{quantity}주 중 {filled}주", quantity=slot.quantity, filled=event.quantity
        )
    return words.say(
        "체결: {symbol} {leg} {quantity} {price}",
        symbol=slot.symbol,
        leg=words.plain(texts.LEGS[slot.leg]),
        quantity=quantity,
        price=figures.money(event.price),
    )


def started(words: Words, event: BotStarted) -> Html:
    if event.unresolved:
        return words.say(
            "무한이 시작되었습니다 (버전 {version}).\n"
            "⚠️ 확인되지 않은 주문이 {count}건 있습니다. 다시 보내지 않습니다. /orders",
            version=event.version,
            count=event.unresolved,
        )
    return words.say("무한이 시작되었습니다 (버전 {version}).", version=event.version)


def trading(words: Words, state: str) -> Html:
    """Tell everybody else that somebody paused, stopped or resumed."""
    return words.say("주문 상태가 바뀌었습니다: {state}", state=words.plain(texts.TRADING[state]))


def _round(words: Words, view: RoundView) -> str:
    symbol = view.plan.cycle.rules.symbol if view.plan else ""
    return words.plain("{day} {symbol}", day=figures.day(words, view.session), symbol=symbol)
