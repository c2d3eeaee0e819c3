"""/mode: who lets a cycle's rounds go out; up by a checklist and a code, down by a tap."""

from bot.commands import ApprovalPreview, PreviewApproval, SetApproval
from bot.storage.views import CycleView
from bot.telegram import figures, texts
from bot.telegram.arguments import Arguments, read
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk, owner
from bot.telegram.handlers.buttons import never_mind, show
from bot.telegram.handlers.family import Answer, Do, Show
from bot.telegram.handlers.lock import ask_code, with_code
from bot.telegram.handlers.press import Press
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import CONFIRM_FOR, Action, Button, Kind
from bot.trading.ladder import LADDER, higher
from bot.trading.model import Approval

MEANINGS = {
    Approval.ALERT: mark("알림만: 주문표만 알려 드립니다. 주문은 직접 냅니다."),
    Approval.CONFIRM: mark(
        "확인: 회차마다 [승인]을 눌러야 나갑니다. 마감까지 답이 없으면 정해 둔 대로 합니다."
    ),
    Approval.AUTO: mark("자동: 정해진 시간에 스스로 나갑니다."),
}
CHECKS = {
    "running": mark("정지나 비상정지 중이 아님"),
    "broker": mark("한투가 응답함"),
    "agrees": mark("장부와 잔고가 같음"),
    "resolved": mark("확인되지 않은 주문이 없음"),
    "consent": mark("실전 위험 안내에 동의함"),
    "secret": mark("인증 앱을 연결함 (muhan totp)"),
    "settled": mark("정산된 회차가 하나는 있음"),
}
NAMED = {
    "알림": Approval.ALERT,
    "알림만": Approval.ALERT,
    "alert": Approval.ALERT,
    "확인": Approval.CONFIRM,
    "confirm": Approval.CONFIRM,
    "자동": Approval.AUTO,
    "auto": Approval.AUTO,
}


async def mode(desk: Desk, asked: Asked) -> None:
    """Show every cycle's approval, or what a step to another would need."""
    today = desk.today
    given = read(asked.text, today=today, words=frozenset(NAMED))
    chosen = [NAMED[word] for word in given.words if word in NAMED]
    cycles = await desk.views.cycles()
    found = [view for view in cycles if _is_meant(view, given)]
    if not cycles:
        html = desk.words.say("아직 시작한 사이클이 없습니다. 사이클마다 방식을 정합니다.")
        await desk.answer(asked, html, [[show(desk, "사이클 시작", "setup"), _home(desk)]])
    elif not found:
        html = desk.words.say("그런 사이클이 없습니다. 아래에서 골라 주세요.")
        await _ladder(desk, asked, cycles, html)
    elif len(chosen) == 1 and len(found) == 1:
        await _step(desk, asked, found[0], chosen[0])
    else:
        await _ladder(desk, asked, found, None)


def _is_meant(view: CycleView, given: Arguments) -> bool:
    if given.symbol is not None and view.symbol != given.symbol:
        return False
    return given.amount is None or view.cycle_id == given.count


async def _ladder(
    desk: Desk, asked: Asked, views: tuple[CycleView, ...] | list[CycleView], head: Html | None
) -> None:
    words = desk.words
    rows = [(_name(view), words.plain(texts.APPROVALS[view.approval])) for view in views]
    html = lines(
        head,
        words.say("승인 방식 · {venue}", venue=words.plain(texts.VENUES[desk.venue])),
        code(figures.table(rows)),
        *(words.say(MEANINGS[each]) for each in LADDER),
        words.say("올릴 때는 점검표를 보고, 실전이면 인증 코드도 받습니다. 내릴 때는 바로 됩니다."),
    )
    buttons = [
        [_to(desk, view, each) for each in LADDER if each is not view.approval] for view in views
    ]
    await desk.answer(asked, html, [*buttons, [_home(desk)]])


def _to(desk: Desk, view: CycleView, approval: Approval) -> Button:
    caption = desk.words.plain(
        "{symbol} → {approval}",
        symbol=_name(view),
        approval=desk.words.plain(texts.APPROVALS[approval]),
    )
    action = Action(kind=Kind.SHOW, command="mode", text=f"{view.cycle_id} {approval.value}")
    return Button(caption=caption, action=action)


async def _step(desk: Desk, asked: Asked, view: CycleView, approval: Approval) -> None:
    words = desk.words
    if view.approval is approval:
        html = words.say(
            "{symbol}: 이미 그 방식입니다 ({approval}). 바뀐 것은 없습니다.",
            symbol=_name(view),
            approval=words.plain(texts.APPROVALS[approval]),
        )
        await desk.answer(asked, html, [[show(desk, "방식 보기", "mode"), _home(desk)]])
        return
    shown = await desk.bus.ask(PreviewApproval(cycle_id=view.cycle_id, approval=approval))
    head = _preview(desk, shown)
    if not shown.passed:
        html = lines(head, words.say("아직 올릴 수 없습니다. ✗ 표시된 것을 먼저 해 주세요."))
        await desk.answer(asked, html, _missing(desk, shown))
    elif shown.needs_code:
        data = {
            "cycle": str(view.cycle_id),
            "before": shown.before.value,
            "after": approval.value,
        }
        await ask_code(desk, asked.user_id, "mode", data, head)
    else:
        action = Action(
            kind=Kind.MODE_SET, cycle=view.cycle_id, figure=f"{shown.before} {approval}"
        )
        caption = words.plain("올리기") if shown.up else words.plain("내리기")
        row = [Button(caption=caption, action=action), never_mind(desk)]
        html = lines(head, words.say("바꿀까요? (60초 안에 눌러 주세요)"))
        await desk.say(asked.user_id, html, [row], valid_for=CONFIRM_FOR)


def _preview(desk: Desk, shown: ApprovalPreview) -> Html:
    words = desk.words
    marks = [
        Html(f"{'✓' if check.passed else '✗'} {words.say(CHECKS[check.name])}")
        for check in shown.checks
    ]
    return lines(
        words.say(
            "{symbol} 승인 방식: {before} → {after}",
            symbol=shown.symbol,
            before=words.plain(texts.APPROVALS[shown.before]),
            after=words.plain(texts.APPROVALS[shown.after]),
        ),
        words.say(MEANINGS[shown.after]),
        *marks,
        _from_when(desk, shown),
    )


def _from_when(desk: Desk, shown: ApprovalPreview) -> Html:
    words = desk.words
    if shown.out is not None:
        day = figures.day(words, shown.out)
        return words.say("{day} 회차는 이미 나가고 있어 그대로이고, 다음 회차부터입니다.", day=day)
    if shown.up:
        return words.say("이미 보여 드린 회차는 그대로이고, 다음 회차부터입니다.")
    return words.say("아직 나가지 않은 오늘 회차부터 바로입니다.")


def _missing(desk: Desk, shown: ApprovalPreview) -> list[list[Button]]:
    """Lead to what the checklist lacks."""
    ways = {
        "running": show(desk, "상태", "status"),
        "broker": show(desk, "연결 상태", "health"),
        "agrees": show(desk, "맞춰 보기", "sync"),
        "resolved": show(desk, "미체결 보기", "orders"),
        "consent": show(desk, "위험 안내 읽기", "guide"),
        "settled": show(desk, "오늘 주문", "today"),
    }
    lacking = [check.name for check in shown.checks if not check.passed]
    found = [[ways[name]] for name in lacking if name in ways]
    return [*found, [show(desk, "방식 보기", "mode"), _home(desk)]]


async def _set(desk: Desk, press: Press) -> None:
    before, _, after = press.action.figure.partition(" ")
    command = SetApproval(
        cycle_id=press.action.cycle,
        before=Approval(before),
        after=Approval(after),
        by=owner(press.user_id),
        tap=press.nonce,
    )
    await desk.bus.ask(command)
    html, rows = await _done(desk, command)
    await desk.receipt(press.user_id, press.message_id, html, rows)


async def _by_code(desk: Desk, asked: Asked, data: dict[str, str]) -> None:
    command = SetApproval(
        cycle_id=int(data["cycle"]),
        before=Approval(data["before"]),
        after=Approval(data["after"]),
        by=owner(asked.user_id),
        code=asked.text,
    )

    async def work() -> None:
        await desk.bus.ask(command)

    if await with_code(desk, asked, show(desk, "방식 보기", "mode"), work):
        html, rows = await _done(desk, command)
        await desk.say(asked.user_id, html, rows)


async def _done(desk: Desk, command: SetApproval) -> tuple[Html, list[list[Button]]]:
    words, view = desk.words, await desk.views.cycle(command.cycle_id)
    html = lines(
        words.say(
            "{symbol} 승인 방식을 바꿨습니다 · {at}\n{before} → {after}",
            symbol=_name(view) if view else "",
            at=figures.clock_seconds(desk.clock.now()),
            before=words.plain(texts.APPROVALS[command.before]),
            after=words.plain(texts.APPROVALS[command.after]),
        ),
        words.say(MEANINGS[command.after]),
        None
        if higher(command.after, command.before)
        else words.say("다시 올리려면 점검표를 다시 봅니다."),
    )
    return html, [[show(desk, "방식 보기", "mode"), show(desk, "오늘 주문", "today")]]


def _name(view: CycleView) -> str:
    return f"{view.symbol} #{view.cycle_id}"


def _home(desk: Desk) -> Button:
    return show(desk, "첫 화면", "start")


SHOWS: dict[str, Show] = {"mode": mode}
ACTIONS: dict[Kind, Do] = {Kind.MODE_SET: _set}
ANSWERS: dict[str, Answer] = {"mode": _by_code}
