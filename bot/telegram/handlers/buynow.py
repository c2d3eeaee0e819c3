"""/buynow: a session that has no round, or a skipped one, ordered at once; in two steps."""

from datetime import date

from bot.commands import (
    NowPreview,
    OrderNow,
    PreviewNow,
)
from bot.telegram import figures, imitations, texts
from bot.telegram.asked import Asked
from bot.telegram.card import header
from bot.telegram.card_buttons import by_hand, decisions
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.reading import given, only
from bot.telegram.markup import Html, lines
from bot.telegram.order_table import order_table
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.model import Approval, RoundState
from bot.trading.refusal import Refusal, Why
from strategy.model import Plan

OUT = (RoundState.SUBMITTING, RoundState.WORKING)


async def buynow(desk: Desk, asked: Asked) -> None:
    """Show what could be ordered now, cycle by cycle, each with its own second step."""
    symbol = only(given(desk, asked), "symbol").symbol
    found = [shown for shown in await desk.bus.ask(PreviewNow()) if symbol in (None, shown.symbol)]
    if not found:
        html = desk.words.say("주문할 사이클이 없습니다. 바뀐 것은 없습니다.")
        await desk.answer(asked, html, [[show(desk, "상태", "status"), _plan(desk)]])
    for shown in found:
        await _now(desk, asked, shown)


async def _now(desk: Desk, asked: Asked, shown: NowPreview) -> None:
    words = desk.words
    day = figures.day(words, shown.session)
    if shown.state not in (None, RoundState.SKIPPED):
        await _has_a_round(desk, asked, shown, day)
    elif shown.plan is None or not shown.plan.orders:
        html = _cannot(desk, shown, day)
        await desk.answer(asked, html, [[show(desk, "상태", "status"), _plan(desk)]])
    elif shown.approval is Approval.ALERT:
        html = texts.refusal(words, Refusal(Why.ALERT_ONLY))
        await desk.answer(asked, html, [[show(desk, "표로 보기", "plan", shown.symbol)]])
    else:
        await _offer(desk, asked, shown, shown.plan)


def _cannot(desk: Desk, shown: NowPreview, day: str) -> Html:
    """Say why a session cannot be ordered now."""
    words = desk.words
    if shown.reason in set(Why):
        return texts.refusal(words, Refusal(Why(shown.reason)))
    none = words.plain("낼 주문이 없습니다")
    return words.say(
        "{day} {symbol}: 지금 주문할 수 없습니다.\n왜: {reason}.",
        day=day,
        symbol=shown.symbol,
        reason=texts.late(words, shown.reason) if shown.reason else none,
    )


async def _offer(desk: Desk, asked: Asked, shown: NowPreview, plan: Plan) -> None:
    """Show what would go out, with the second step of 60 seconds."""
    words = desk.words
    go = Action(
        kind=Kind.NOW,
        cycle=shown.cycle_id,
        session=shown.session.isoformat(),
        digest=shown.digest,
    )
    html = lines(
        words.say("지금 주문할까요? 아직 나간 주문은 없습니다."),
        header(words, shown.session, plan),
        order_table(words, plan, emulated=desk.venue == imitations.MOCK),
        words.say("누르면 이 표 그대로 나갑니다. (60초 안에 눌러 주세요)"),
    )
    row = [Button(caption=words.plain("지금 주문"), action=go), never_mind(desk)]
    await desk.say(asked.user_id, html, [row], valid_for=CONFIRM_FOR)


async def _has_a_round(desk: Desk, asked: Asked, shown: NowPreview, day: str) -> None:
    """Point at the round that is there: it waits, goes by itself, is out, or is over."""
    words = desk.words
    rounds = [each for each in await desk.views.today() if each.cycle_id == shown.cycle_id]
    view = rounds[0] if rounds else None
    rows = [[show(desk, "오늘 주문", "today"), show(desk, "미체결 보기", "orders")]]
    if shown.state is RoundState.PROPOSED and view is not None:
        offered = decisions(words, view, desk.clock.now())
        rows = [offered, *rows] if offered else rows
        told = {
            Approval.CONFIRM: words.say(
                "{day} {symbol}: 회차가 승인을 기다립니다.", day=day, symbol=shown.symbol
            ),
            Approval.AUTO: words.say(
                "{day} {symbol}: 주문 시간이 되면 자동으로 나갑니다.", day=day, symbol=shown.symbol
            ),
            Approval.ALERT: texts.refusal(words, Refusal(Why.ALERT_ONLY)),
        }
        html = told[view.approval or shown.approval]
        if view.approval is Approval.ALERT:
            rows = [[by_hand(words, view)], *rows[-1:]]
    elif shown.state in (RoundState.APPROVED, *OUT):
        html = words.say(
            "{day} {symbol}: 이미 나간 회차입니다. 두 번 주문하지 않습니다.",
            day=day,
            symbol=shown.symbol,
        )
    else:
        html = words.say(
            "{day} {symbol}: 이 회차는 끝났습니다. 다음 회차를 기다려 주세요.",
            day=day,
            symbol=shown.symbol,
        )
    await desk.say(asked.user_id, html, rows)


async def _order_now(desk: Desk, press: Press) -> None:
    action = press.action
    session = date.fromisoformat(action.session)
    await desk.bus.ask(
        OrderNow(
            cycle_id=action.cycle,
            session=session,
            digest=action.digest,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    done = desk.words.say("주문합니다. 접수는 회차 메시지에서 볼 수 있습니다.")
    row = [show(desk, "오늘 주문", "today"), show(desk, "미체결 보기", "orders")]
    await desk.receipt(press.user_id, press.message_id, done, [row])


def _plan(desk: Desk) -> Button:
    return show(desk, "미리보기", "plan")


SHOWS: dict[str, Show] = {"buynow": buynow}
ACTIONS: dict[Kind, Do] = {Kind.NOW: _order_now}
