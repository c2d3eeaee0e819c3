"""/why: a session's orders, the reasons, and whether the rules give the same once more."""

from bot.commands import Explained, ExplainSession
from bot.storage.views import OrderView, RoundView
from bot.telegram import figures, texts
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.orders import asked_day, days
from bot.telegram.markup import Html, code, lines
from bot.telegram.order_table import order_table
from bot.telegram.reasons import explained, skipped_legs
from bot.trading.model import OrderState, RoundState

DIFFERENCES = {
    "record": mark("적힌 계획이 그때의 확인값과 다릅니다"),
    "ledger": mark("장부의 시작값"),
    "orders": mark("주문"),
    "unit": mark("1회매수금"),
    "star": mark("별지점"),
    "skips": mark("생략한 주문의 이유"),
}
STATES = {
    RoundState.PROPOSED: mark("승인을 기다립니다"),
    RoundState.APPROVED: mark("승인되어 보낼 때를 기다립니다"),
    RoundState.SUBMITTING: mark("보내는 중입니다"),
    RoundState.WORKING: mark("한투에 걸려 있습니다"),
    RoundState.SETTLED: mark("정산까지 끝났습니다"),
    RoundState.SKIPPED: mark("건너뛰었습니다"),
    RoundState.LAPSED: mark("승인 없이 지나갔습니다"),
    RoundState.MISSED: mark("회차를 놓쳤습니다"),
}
NEVER_WENT = (OrderState.WITHHELD, OrderState.PLANNED)


async def why(desk: Desk, asked: Asked) -> None:
    """Explain a session: what went out and what not, from which figures, and checked anew."""
    words = desk.words
    day = await asked_day(desk, asked)
    rounds = await desk.views.rounds_of(day)
    again = {each.round_id: each for each in await desk.bus.ask(ExplainSession(session=day))}
    parts = [await _told(desk, view, again.get(view.round_id)) for view in rounds]
    none = words.say(
        "{day}: 회차가 없습니다. 미국장이 쉬었거나, 그날 도는 사이클이 없었습니다.",
        day=figures.day(words, day),
    )
    rows = [
        *days(desk, "why", day),
        [show(desk, "오늘 주문", "today"), show(desk, "체결 내역", "fills")],
    ]
    await desk.answer(asked, lines(*parts) if parts else none, rows)


async def _told(desk: Desk, view: RoundView, again: Explained | None) -> Html:
    words = desk.words
    cycle = await desk.views.cycle(view.cycle_id)
    head = words.say(
        "<b>{day} {symbol}: {state}</b>",
        day=figures.day(words, view.session),
        symbol=cycle.symbol if cycle else "",
        state=words.plain(STATES[view.state]),
    )
    reason = (
        words.say("왜: {reason}.", reason=texts.late(words, view.reason)) if view.reason else None
    )
    if view.plan is None:
        return lines(head, reason)
    return lines(
        head,
        reason,
        order_table(words, view.plan, view.orders, emulated=view.emulated),
        *_not_sent(desk, view),
        explained(words, view.plan),
        skipped_legs(words, view.plan),
        _inputs(desk, again),
        _agrees(desk, again),
    )


def _not_sent(desk: Desk, view: RoundView) -> list[Html]:
    """Say of each order that was held back which check held it; one sentence a reason."""
    words = desk.words
    held: dict[str, list[OrderView]] = {}
    for order in view.orders:
        if order.state in NEVER_WENT and order.detail:
            held.setdefault(order.detail, []).append(order)
    return [
        words.say(
            "보내지 않은 {count}건: {reasons}.",
            count=len(same),
            reasons=", ".join(
                dict.fromkeys(texts.withheld(words, each) for each in detail.split("; "))
            ),
        )
        for detail, same in held.items()
    ]


def _inputs(desk: Desk, again: Explained | None) -> Html | None:
    """Name the figures that the plan was made from, as the journal has them."""
    if again is None:
        return None
    words, cycle = desk.words, again.plan.cycle
    rows = [
        (words.plain("종가"), " · ".join(figures.money(close) for close in again.closes[-3:])),
        (words.plain("수량"), words.plain("{quantity}주", quantity=cycle.quantity)),
        (words.plain("평단"), figures.money(cycle.average)),
        (words.plain("T"), figures.turn(cycle.turn)),
        (words.plain("잔금"), figures.money(cycle.cash)),
        (words.plain("룰"), texts.rules(words, cycle)),
    ]
    return lines(words.say("입력 (기록 그대로):"), code(figures.table(rows)))


def _agrees(desk: Desk, again: Explained | None) -> Html | None:
    words = desk.words
    if again is None:
        return None
    if not again.differs:
        return words.say("✅ 같은 입력으로 다시 계산해 같은 주문이 나왔습니다.")
    names = ", ".join(texts.word(words, DIFFERENCES, each) for each in again.differs)
    return words.say(
        "⚠️ 다시 계산하니 다릅니다: {names}.\n"
        "왜: 그 뒤에 봇의 판이 바뀌었거나 기록이 고쳐졌습니다.\n"
        "지금: 나간 주문은 그때 기록대로입니다. 로그와 함께 개발자에게 알려 주세요.",
        names=names,
    )


SHOWS: dict[str, Show] = {"why": why}
