"""/start, /help, /status: where things stand."""

from bot.clock import SEOUL
from bot.events import Event, SplitAnnounced
from bot.reports.standing import exhaustion
from bot.storage.views import CycleView
from bot.telegram import by_hand, figures, imitations, texts
from bot.telegram.card import holding
from bot.telegram.desk import Desk
from bot.telegram.markup import Html, code, lines
from bot.telegram.menu import COMMANDS
from bot.telegram.taps import Action, Button, Kind
from strategy.model import Phase

MOST_QUESTIONS = 5
"""So many messages with buttons at a time; the rest come when those are answered."""


def show(desk: Desk, caption: str, command: str) -> Button:
    """Make a button that stands for a command."""
    return Button(caption=desk.words.plain(caption), action=Action(kind=Kind.SHOW, command=command))


async def start(desk: Desk, user_id: int) -> None:
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
    none = words.say(
        "아직 시작한 사이클이 없습니다. 컴퓨터에서 muhan cycle start 로 시작해 주세요."
    )
    html = lines(
        words.say("안녕하세요, 무매봇입니다."),
        words.say("상태: {state}", state=" · ".join(filter(None, parts))),
        code(figures.table(rows)) if rows else none,
        _unresolved(desk, status.unresolved),
    )
    buttons = [
        [show(desk, "오늘 주문", "today"), show(desk, "상태", "status")],
        [
            show(desk, "손익", "report"),
            show(desk, "일시정지", "pause")
            if status.trading == "running"
            else show(desk, "다시 시작", "resume"),
        ],
    ]
    await desk.say(user_id, html, buttons)


def _next_orders(desk: Desk) -> str:
    at = desk.next_event()
    if at is None:
        return ""
    day = figures.day(desk.words, at.astimezone(SEOUL).date())
    return desk.words.plain("다음 주문 {day} {clock}", day=day, clock=figures.clock(at))


async def help_(desk: Desk, user_id: int) -> None:
    """List the commands."""
    words = desk.words
    rows = [
        words.say("/{name} {what}", name=entry.name, what=entry.words(words.language))
        for entry in COMMANDS
    ]
    html = lines(
        words.say("이렇게 쓸 수 있습니다."),
        *rows,
        imitations.limits(words) if desk.venue == imitations.MOCK else None,
    )
    await desk.say(
        user_id, html, [[show(desk, "오늘 주문", "today"), show(desk, "상태", "status")]]
    )


async def status(desk: Desk, user_id: int) -> None:
    """Show every cycle's position."""
    words = desk.words
    now = await desk.views.status()
    html = lines(
        words.say("상태: {state}", state=words.plain(texts.TRADING[now.trading])),
        *(_cycle(desk, cycle) for cycle in now.cycles),
        None if now.cycles else words.say("아직 시작한 사이클이 없습니다."),
        _unresolved(desk, now.unresolved),
    )
    await desk.say(
        user_id, html, [[show(desk, "오늘 주문", "today"), show(desk, "미체결 보기", "orders")]]
    )
    await _ask_again(desk, user_id)


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
            words.plain(
                "{realized} · 수수료 {fees}",
                realized=figures.gain(cycle.realized),
                fees=figures.money(cycle.fees),
            ),
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
