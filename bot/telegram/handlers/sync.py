"""/sync: the ledger beside the account; a look first, and booked only by a second press."""

from bot.commands import CompareAccount, Compared, ReconcileNow
from bot.telegram import by_hand, figures
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import again, never_mind, show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind


async def sync(desk: Desk, asked: Asked) -> None:
    """Compare every symbol; nothing is changed by looking."""
    words = desk.words
    found = await desk.bus.ask(CompareAccount())
    if not found:
        html = words.say("아직 시작한 사이클이 없어 견줄 것이 없습니다.")
        await desk.answer(asked, html, [[show(desk, "상태", "status")]])
        return
    html = lines(
        words.say("장부와 계좌를 견주었습니다. 아직 아무것도 바꾸지 않았습니다."),
        *[_told(desk, each) for each in found],
    )
    await desk.answer(asked, html, await _rows(desk, found))


def _told(desk: Desk, each: Compared) -> Html:
    words = desk.words
    rows = [
        (words.plain("장부"), words.plain("{quantity}주", quantity=each.ledger)),
        (words.plain("계좌"), words.plain("{quantity}주", quantity=each.held)),
        (words.plain("미체결"), words.plain("{count}건", count=each.open_orders)),
    ]
    if each.aside:
        rows.append((words.plain("따로 둔 것"), words.plain("{quantity}주", quantity=each.aside)))
    if each.by_hand:
        rows.append((words.plain("직접 매매"), words.plain("{quantity}주", quantity=each.by_hand)))
    told = [
        words.say("아직 장부에 없는 체결 {count}주", count=abs(each.unbooked))
        if each.unbooked
        else None,
        words.say("⚠️ 한투 목록에 없는 우리 주문 {count}건", count=each.gone) if each.gone else None,
        words.say("봇이 내지 않은 주문 {count}건", count=each.foreign) if each.foreign else None,
        words.say("⚠️ 한투 목록을 끝까지 받지 못했습니다. 잠시 뒤 다시 견줘 주세요.")
        if not each.complete
        else None,
        words.say("✅ 맞습니다.") if each.agrees else words.say("⚠️ 다릅니다."),
    ]
    head = words.say("\n<b>{symbol}</b>", symbol=each.symbol)
    return lines(head, code(figures.table(rows, right=frozenset({1}))), *told)


async def _rows(desk: Desk, found: tuple[Compared, ...]) -> list[list[Button]]:
    """Offer to book what is listed first; only what is left then is the owner's to explain."""
    words = desk.words
    rows: list[list[Button]] = []
    if any(each.unbooked or each.gone for each in found):
        go = Action(kind=Kind.RECONCILE)
        rows.append([Button(caption=words.plain("체결 반영하기"), action=go)])
    else:
        differ = {
            each.symbol
            for each in found
            if each.complete and each.held not in (each.ledger, each.ledger + each.by_hand)
        }
        cycles = [view for view in await desk.views.cycles() if view.symbol in differ]
        caption = words.plain("장부를 계좌에 맞추기")
        rows += [[button] for button in by_hand.accept_buttons(words, caption, cycles)]
    if any(each.by_hand for each in found):
        rows.append([show(desk, "정하지 않은 것 보기", "status")])
    return [*rows, [again(desk, "sync"), show(desk, "상태", "status")]]


async def _ask(desk: Desk, press: Press) -> None:
    """Ask once more before anything is booked, then book it."""
    words = desk.words
    if press.action.figure != "go":
        html = words.say(
            "한투 목록의 체결과 주문 상태를 장부에 넣을까요? 새 주문은 나가지 않습니다. "
            "(60초 안에 눌러 주세요)"
        )
        go = Action(kind=Kind.RECONCILE, figure="go")
        row = [Button(caption=words.plain("반영하기"), action=go), never_mind(desk)]
        await desk.say(press.user_id, html, [row], valid_for=CONFIRM_FOR, reply_to=press.message_id)
        return
    count = await desk.bus.ask(ReconcileNow(by=owner(press.user_id), tap=press.nonce))
    done = (
        words.say("반영했습니다: 주문 {count}건이 새로 고쳐졌습니다.", count=count)
        if count
        else words.say("새로 반영할 것이 없었습니다. 장부는 그대로입니다.")
    )
    rows = [[show(desk, "다시 견주기", "sync"), show(desk, "미체결 보기", "orders")]]
    await desk.receipt(press.user_id, press.message_id, done, rows)


SHOWS: dict[str, Show] = {"sync": sync}
ACTIONS: dict[Kind, Do] = {Kind.RECONCILE: _ask}
