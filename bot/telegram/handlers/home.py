"""/start, /help, /status: where things stand."""

from bot.clock import SEOUL
from bot.events import Event, SplitAnnounced
from bot.reports.standing import exhaustion
from bot.storage.views import CycleView
from bot.telegram import by_hand, figures, imitations, texts
from bot.telegram.asked import Asked
from bot.telegram.card import holding
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.markup import Html, code, lines
from bot.telegram.menu import COMMANDS, JOBS, Entry, Job, keyboard
from bot.telegram.taps import Action, Button, Kind
from strategy.model import Phase

KEYBOARD = "keyboard"
"""The setting of a person: in which language his keyboard stands."""
MOST_QUESTIONS = 5
"""So many messages with buttons at a time; the rest come when those are answered."""


async def start(desk: Desk, asked: Asked) -> None:
    """Show the home card."""
    words = desk.words
    status = await desk.views.status()
    parts = [
        words.plain(texts.TRADING[status.trading]),
        words.plain(texts.VENUES[desk.venue]),
        desk.account_hint,
        _next_orders(desk),
    ]
    rows = [
        (
            cycle.symbol,
            f"T {figures.turn(cycle.cycle.turn)}/{cycle.cycle.rules.splits}",
            words.plain("소진율 {percent}", percent=figures.percent(exhaustion(cycle.cycle))),
            words.plain(texts.APPROVALS[cycle.approval]),
        )
        for cycle in status.cycles
    ]
    none = words.say("아직 시작한 사이클이 없습니다. [사이클 시작]을 누르면 하나씩 여쭤 봅니다.")
    await _keyboard(desk, asked)
    html = lines(
        words.say("안녕하세요, 무한입니다."),
        words.say("상태: {state}", state=" · ".join(filter(None, parts))),
        code(figures.table(rows)) if rows else none,
        _unresolved(desk, status.unresolved),
    )
    buttons = [
        [show(desk, "오늘 주문", "today"), show(desk, "상태", "status")],
        [
            show(desk, "손익", "pnl"),
            show(desk, "일시정지", "pause")
            if status.trading == "running"
            else show(desk, "다시 시작", "resume"),
        ],
        [show(desk, "도움말", "help"), again(desk, "start")],
    ]
    if not status.cycles:
        buttons.insert(0, [show(desk, "사이클 시작", "setup")])
    await desk.answer(asked, html, buttons)


async def _keyboard(desk: Desk, asked: Asked) -> None:
    """Put the keyboard of harmless commands below the chat, once: it stays there."""
    if desk.people.setting(asked.user_id, KEYBOARD) == desk.words.language:
        return
    html = desk.words.say("아래 버튼으로 언제든 볼 수 있습니다.")
    await desk.sender.patiently(
        lambda: desk.sender.post(asked.user_id, html, keyboard=keyboard(desk.words), silent=True)
    )
    await desk.people.set(asked.user_id, KEYBOARD, desk.words.language)


def _next_orders(desk: Desk) -> str:
    at = desk.next_event()
    if at is None:
        return ""
    day = figures.day(desk.words, at.astimezone(SEOUL).date())
    return desk.words.plain("다음 주문 {day} {clock}", day=day, clock=figures.clock(at))


async def help_(desk: Desk, asked: Asked) -> None:
    """List the jobs as buttons, or the commands of one job."""
    job = next((job for job in Job if job.value == asked.text), None)
    if job is None:
        await _jobs(desk, asked)
        return
    words = desk.words
    entries = [each for each in COMMANDS if each.job is job and each.role <= desk.person.role]
    rows = [
        words.say("/{name} {what}", name=_named(desk, each), what=each.words(words.language))
        for each in entries
    ]
    buttons = [show_entry(desk, each) for each in entries]
    keys = [buttons[at : at + 3] for at in range(0, len(buttons), 3)]
    back = again(desk, "help", caption="다른 일 보기")
    await desk.answer(asked, lines(words.say(JOBS[job]), *rows), [*keys, [back]])


async def _jobs(desk: Desk, asked: Asked) -> None:
    words = desk.words
    buttons = [again(desk, "help", job.value, caption=JOBS[job]) for job in Job]
    html = lines(
        words.say("무엇을 하시겠습니까? 골라 주세요."),
        words.say("글로 써도 됩니다: 오늘, 시세 soxl, 손익 월"),
        imitations.limits(words) if desk.venue == imitations.MOCK else None,
    )
    keys = [buttons[at : at + 2] for at in range(0, len(buttons), 2)]
    await desk.answer(asked, html, [*keys, [show(desk, "용어와 위험 안내", "guide")]])


def _named(desk: Desk, entry: Entry) -> str:
    return entry.aliases[0] if desk.words.korean and entry.aliases else entry.name


def show_entry(desk: Desk, entry: Entry) -> Button:
    """Make a command's own button, named as the owner would say it."""
    action = Action(kind=Kind.SHOW, command=entry.name)
    return Button(caption=_named(desk, entry), action=action)


async def status(desk: Desk, asked: Asked) -> None:
    """Show every cycle's position."""
    words = desk.words
    now = await desk.views.status()
    html = lines(
        words.say("상태: {state}", state=words.plain(texts.TRADING[now.trading])),
        *(_cycle(desk, cycle) for cycle in now.cycles),
        None if now.cycles else words.say("아직 시작한 사이클이 없습니다."),
        _unresolved(desk, now.unresolved),
    )
    await desk.answer(
        asked, html, [[show(desk, "오늘 주문", "today"), show(desk, "미체결 보기", "orders")]]
    )
    await _ask_again(desk, asked.user_id)


async def _ask_again(desk: Desk, user_id: int) -> None:
    """Ask once more what the owner has not decided of his own doings."""
    words, views = desk.words, desk.views
    asked = [await by_hand.fill(words, order, views) for order in await views.account.undecided()]
    asked += [await by_hand.money(words, moved, views) for moved in await views.account.moves()]
    told = [await by_hand.told(words, event, views) for event in await _standing_still(desk)]
    asked += [message for message in told if message is not None]
    if not asked:
        return
    html = words.say(
        "아직 정하지 않은 것이 {count}건 있습니다. 아래에서 정해 주세요.", count=len(asked)
    )
    await desk.say(user_id, html)
    for message in asked[-MOST_QUESTIONS:]:
        rows = [[button] for button in message.buttons]
        await desk.say(user_id, message.html, rows)


async def _standing_still(desk: Desk) -> list[Event]:
    """List what keeps whole symbols from new rounds: announced splits, shares that differ."""
    found: list[Event] = []
    held = {view.symbol: view.held for view in await desk.views.cycles()}
    for symbol, differs in held.items():
        found += [
            SplitAnnounced(symbol=symbol, split=each.split, first_session=each.first_session)
            for each in await desk.views.account.announced(symbol)
        ]
        found += [differs] if differs else []
    return found


def _unresolved(desk: Desk, count: int) -> Html | None:
    if not count:
        return None
    return desk.words.say("⚠️ 확인되지 않은 주문이 {count}건 있습니다. /orders", count=count)


def _cycle(desk: Desk, view: CycleView) -> Html:
    words, cycle = desk.words, view.cycle
    rows = [
        ("T", f"{figures.turn(cycle.turn)}/{cycle.rules.splits}"),
        (words.plain("소진율"), figures.percent(exhaustion(cycle))),
        (
            words.plain("보유"),
            holding(words, cycle),
        ),
        (words.plain("잔금"), figures.money(cycle.cash)),
        (words.plain("원금"), figures.money(cycle.principal)),
        (
            words.plain("실현"),
            figures.realized(words, cycle.realized, cycle.fees),
        ),
        (
            words.plain("사이클"),
            words.plain("{number}번째 · {days}일째", number=cycle.number, days=cycle.sessions),
        ),
    ]
    if cycle.phase is not Phase.NORMAL:
        rows.append((words.plain("국면"), words.plain(texts.PHASES[cycle.phase])))
    held = (
        words.say(
            "⚠️ 장부 {ledger}주 ≠ 잔고 {broker}주라 멈춰 있습니다.",
            ledger=view.held.ledger_quantity,
            broker=view.held.broker_quantity,
        )
        if view.held
        else None
    )
    head = words.say(
        "\n{symbol} · {rules} · 승인 방식 {approval}",
        symbol=view.symbol,
        rules=texts.rules(words, cycle),
        approval=words.plain(texts.APPROVALS[view.approval]),
    )
    return lines(head, code(figures.table(rows)), held)


SHOWS: dict[str, Show] = {"start": start, "help": help_, "status": status}
