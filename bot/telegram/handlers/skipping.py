"""/skip and its undo: a session let pass, before or after its orders went out, in two steps."""

from bot.commands import (
    PlanAgain,
    PreviewRestore,
    RestoreRound,
    SkipRound,
)
from bot.storage.views import AT_THE_BROKER, RoundView
from bot.telegram import figures, texts
from bot.telegram.asked import Asked
from bot.telegram.card_buttons import decisions
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.orders import cancelled
from bot.telegram.handlers.press import Press
from bot.telegram.handlers.reading import given, only
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.model import Approval, RoundState, Slot
from bot.trading.refusal import Refusal, Why
from strategy.model import Side

OUT = (RoundState.SUBMITTING, RoundState.WORKING)


async def skip(desk: Desk, asked: Asked) -> None:
    """Ask whether tonight's rounds are to be let pass, or offer to take that back."""
    words = desk.words
    symbol = only(given(desk, asked), "symbol").symbol
    found = [
        round_
        for round_ in await desk.views.today()
        if round_.plan and symbol in (None, round_.plan.cycle.rules.symbol)
    ]
    asking = [(round_, rows) for round_ in found if (rows := _offered(desk, round_))]
    if not asking:
        html = words.say(
            "지금 건너뛸 회차가 없습니다. 계획은 저녁 6시 20분에 서고, 마감 30분 전부터는 건너뛸 "
            "수 없습니다."
        )
        await desk.answer(asked, html, [[show(desk, "오늘 주문", "today"), _plan(desk)]])
    for round_, rows in asking:
        await desk.say(asked.user_id, _question(desk, round_), rows)


def _offered(desk: Desk, round_: RoundView) -> list[list[Button]]:
    """Give a round's own buttons about skipping, as its card has them."""
    wanted = (Kind.ASK_SKIP, Kind.ASK_AGAIN, Kind.ASK_RESTORE)
    row = decisions(desk.words, round_, desk.clock.now())
    return [[button] for button in row if button.action.kind in wanted]


def _question(desk: Desk, round_: RoundView) -> Html:
    words = desk.words
    symbol = round_.plan.cycle.rules.symbol if round_.plan else ""
    day = figures.day(words, round_.session)
    if round_.state is RoundState.SKIPPED or round_.called_back:
        return words.say("{day} {symbol}: 건너뛴 회차입니다. 되돌릴까요?", day=day, symbol=symbol)
    if round_.state in OUT:
        return words.say("{day} {symbol}: 이미 나간 회차입니다.", day=day, symbol=symbol)
    return words.say("{day} {symbol}: 아직 보내지 않은 회차입니다.", day=day, symbol=symbol)


async def _ask_skip(desk: Desk, press: Press) -> None:
    """Ask once more; a round that is out says what is cancelled and what stays."""
    words, action = desk.words, press.action
    view = await desk.views.round(action.round_id)
    if view is None:
        raise Refusal(Why.ROUND_UNKNOWN)
    if view.state in OUT:
        await _ask_calling_back(desk, press, view)
        return
    go = Action(kind=Kind.SKIP, round_id=action.round_id, digest=action.digest)
    row = [Button(caption=words.plain("건너뛰기"), action=go), never_mind(desk)]
    html = words.say(
        "이 회차를 건너뛸까요? 오늘은 주문이 나가지 않고 T는 그대로입니다. (60초 안에 눌러 주세요)"
    )
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


async def _ask_calling_back(desk: Desk, press: Press, view: RoundView) -> None:
    words, action = desk.words, press.action
    live = [order for order in view.orders if order.state in AT_THE_BROKER]
    buys = sum(order.slot.side is Side.BUY for order in live)
    html = lines(
        words.say(
            "이미 나간 회차입니다. 미체결 매수 {buys}건, 매도 {sells}건이 걸려 있습니다.",
            buys=buys,
            sells=len(live) - buys,
        ),
        words.say(
            "매수만 접으면 매도는 그대로 둡니다. 먼저 체결된 것은 남고 T에 들어갑니다. "
            "(60초 안에 눌러 주세요)"
        ),
    )
    chosen = [
        (Kind.SKIP, words.plain("매수만 취소")),
        (Kind.SKIP_SELLS, words.plain("매도까지 취소")),
    ]
    row = [
        Button(
            caption=caption,
            action=Action(kind=kind, round_id=action.round_id, digest=action.digest),
        )
        for kind, caption in chosen
    ]
    await desk.say(
        press.user_id,
        html,
        [row, [never_mind(desk)]],
        valid_for=CONFIRM_FOR,
        reply_to=press.message_id,
    )


async def _skip(desk: Desk, press: Press) -> None:
    action, words = press.action, desk.words
    answer = await desk.bus.ask(
        SkipRound(
            round_id=action.round_id,
            digest=action.digest,
            sells=action.kind is Kind.SKIP_SELLS,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    if answer.cancelled is None:
        done = words.say("건너뛰었습니다. 오늘은 주문하지 않습니다.")
        undo = Action(kind=Kind.ASK_AGAIN, round_id=action.round_id)
    else:
        told = (
            words.say("오늘 회차를 접었습니다. 매수도 매도도 더 나가지 않습니다.")
            if action.kind is Kind.SKIP_SELLS
            else words.say("오늘 매수를 접었습니다. 매도는 그대로 둡니다.")
        )
        done = lines(told, cancelled(desk, answer.cancelled))
        undo = Action(kind=Kind.ASK_RESTORE, round_id=action.round_id)
    row = [Button(caption=words.plain("되돌리기"), action=undo), show(desk, "오늘 주문", "today")]
    await desk.receipt(press.user_id, press.message_id, done, [row])
    await desk.refresh(action.round_id, press.user_id)


async def _ask_again(desk: Desk, press: Press) -> None:
    words = desk.words
    view = await desk.views.round(press.action.round_id)
    if view is None:
        raise Refusal(Why.ROUND_UNKNOWN)
    html = (
        words.say(
            "건너뛴 회차를 되돌릴까요? 지금 시세로 새로 계획하고 승인을 여쭤 봅니다. "
            "(60초 안에 눌러 주세요)"
        )
        if view.approval is Approval.CONFIRM
        else words.say(
            "건너뛴 회차를 되돌릴까요? 지금 시세로 새로 계획하고, 주문 시간이면 곧바로 나갑니다. "
            "(60초 안에 눌러 주세요)"
        )
    )
    go = Action(kind=Kind.PLAN_AGAIN, round_id=view.round_id)
    row = [Button(caption=words.plain("되돌리기"), action=go), never_mind(desk)]
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


async def _plan_again(desk: Desk, press: Press) -> None:
    round_id = press.action.round_id
    await desk.bus.ask(PlanAgain(round_id=round_id, by=owner(press.user_id), tap=press.nonce))
    view = await desk.views.round(round_id)
    waits = view is not None and view.approval is Approval.CONFIRM
    done = (
        desk.words.say("되돌렸습니다. 새로 계획한 회차가 승인을 기다립니다.")
        if waits
        else desk.words.say("되돌렸습니다. 새로 계획한 회차는 주문 시간에 자동으로 나갑니다.")
    )
    await desk.receipt(press.user_id, press.message_id, done, [[show(desk, "오늘 주문", "today")]])
    await desk.refresh(round_id, press.user_id)


async def _ask_restore(desk: Desk, press: Press) -> None:
    """Show which cancelled orders would go out anew."""
    words, round_id = desk.words, press.action.round_id
    shown = await desk.bus.ask(PreviewRestore(round_id=round_id))
    rows = [_slot(desk, slot) for slot in shown.slots]
    html = lines(
        words.say(
            "취소한 {symbol} 주문 {count}건을 새 주문으로 다시 낼까요?",
            symbol=shown.symbol,
            count=len(shown.slots),
        ),
        code(figures.table(rows, right=frozenset({1, 2}))),
        words.say("취소된 주문을 되살리지 않고 새로 냅니다. (60초 안에 눌러 주세요)"),
    )
    go = Action(kind=Kind.RESTORE, round_id=round_id, digest=shown.digest)
    row = [Button(caption=words.plain("새로 내기"), action=go), never_mind(desk)]
    await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)


def _slot(desk: Desk, slot: Slot) -> tuple[str, ...]:
    words = desk.words
    return (
        words.plain(texts.LEGS[slot.leg]),
        words.plain("{quantity}주", quantity=slot.quantity),
        figures.money(slot.price) if slot.price is not None else words.plain("종가"),
    )


async def _restore(desk: Desk, press: Press) -> None:
    action = press.action
    count = await desk.bus.ask(
        RestoreRound(
            round_id=action.round_id,
            digest=action.digest,
            by=owner(press.user_id),
            tap=press.nonce,
        )
    )
    done = desk.words.say(
        "되돌렸습니다. 새 주문 {count}건을 보냅니다. 결과는 회차 메시지에 나옵니다.", count=count
    )
    row = [show(desk, "오늘 주문", "today"), show(desk, "미체결 보기", "orders")]
    await desk.receipt(press.user_id, press.message_id, done, [row])
    await desk.refresh(action.round_id, press.user_id)


def _plan(desk: Desk) -> Button:
    return show(desk, "미리보기", "plan")


SHOWS: dict[str, Show] = {"skip": skip}
ACTIONS: dict[Kind, Do] = {
    Kind.ASK_SKIP: _ask_skip,
    Kind.SKIP: _skip,
    Kind.SKIP_SELLS: _skip,
    Kind.ASK_AGAIN: _ask_again,
    Kind.PLAN_AGAIN: _plan_again,
    Kind.ASK_RESTORE: _ask_restore,
    Kind.RESTORE: _restore,
}
