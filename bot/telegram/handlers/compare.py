"""/compare: what the same money would have done on the same days in other ways."""

import asyncio
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.commands.asking import AskBars
from bot.reports.pictures import beside_rivals
from bot.reports.record import Record, record
from bot.reports.rivals import Rival, RivalKind, RivalsAsked, rivals, splits_seem
from bot.reports.worth import drawdown_percent
from bot.storage.views import CycleView
from bot.telegram import cycle_cards, figures
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import COUNT, SYMBOL, given, sees_amounts
from bot.telegram.markup import Html, code, lines
from bot.telegram.taps import Action, Button, Kind
from strategy.model import Bar

NAMES = {RivalKind.HOLD: mark("존버"), RivalKind.DCA: mark("적립식")}
HISTORY = 6
MOST_BARS = 1000
FEWEST = 2


async def compare(desk: Desk, asked: Asked) -> None:
    """Compare a running cycle: the one of the symbol, else the only one, else ask which."""
    named = given(desk, asked, takes=(SYMBOL, COUNT), example=("비교 soxl", "compare soxl"))
    views = await desk.views.cycles()
    wanted = [view for view in views if named.symbol in (None, view.symbol)]
    if named.count is not None:
        wanted = [view for view in wanted if view.cycle_id == named.count]
    if len(wanted) != 1:
        await _which(desk, asked, wanted or list(views))
        return
    view = wanted[0]
    history = await _of(desk, view)
    question = await _question(desk, view, history)
    if question is None:
        html = desk.words.say(
            "{symbol} 비교는 {count}거래일을 정산한 뒤부터 할 수 있습니다.",
            symbol=view.symbol,
            count=FEWEST,
        )
        await desk.answer(asked, html, _buttons(desk))
    elif splits_seem(question):
        html = desk.words.say(
            "{symbol} 일봉에 주식 분할이 있어 그 앞뒤를 비교하지 않습니다.", symbol=view.symbol
        )
        await desk.answer(asked, html, _buttons(desk))
    else:
        await _compared(desk, asked, view, history, question)


async def _which(desk: Desk, asked: Asked, views: Sequence[CycleView]) -> None:
    if not views:
        html = desk.words.say("비교할 사이클이 없습니다. 시작하면 여기에서 보입니다.")
        await desk.answer(asked, html, [[show(desk, "사이클 시작", "setup")]])
        return
    html = desk.words.say("어느 사이클을 비교할까요?")
    each = [
        Button(
            caption=cycle_cards.name(desk.words, view, views),
            action=Action(kind=Kind.SHOW, command="compare", text=f"{view.symbol} {view.cycle_id}"),
        )
        for view in views
    ]
    await desk.answer(asked, html, [each[at : at + 2] for at in range(0, len(each), 2)])


async def _of(desk: Desk, view: CycleView) -> Record:
    """Read the history of one run alone."""
    rounds = await desk.views.settled_rounds(view.cycle_id)
    changes = await desk.views.changes_booked()
    return record(rounds, [one for one in changes if one.cycle_id == view.cycle_id])


async def _question(desk: Desk, view: CycleView, history: Record) -> RivalsAsked | None:
    """Put the bars of the run's days together; None while there are too few. Raises Refusal."""
    if len(history.curve) < FEWEST:
        return None
    first, last = history.curve[0].day, history.curve[-1].day
    ago = (desk.clock.now().date() - first).days
    count = min(ago * 5 // 7 + 2 * HISTORY, MOST_BARS)
    bars = await desk.bus.ask(AskBars(symbol=view.symbol, count=count))
    return _laid(bars, first, last, history)


def _laid(bars: Sequence[Bar], first: date, last: date, history: Record) -> RivalsAsked | None:
    inside = tuple(bar for bar in bars if first <= bar.day <= last)
    known = tuple(bar for bar in bars if bar.day < first)[-HISTORY:]
    if len(inside) < FEWEST or not known:
        return None
    return RivalsAsked(
        rules=history.settlements[0].before.rules,
        principal=history.curve[0].put_in,
        history=known,
        bars=inside,
    )


async def _compared(
    desk: Desk, asked: Asked, view: CycleView, history: Record, question: RivalsAsked
) -> None:
    found: list[Rival] = []
    for rival in rivals(question):
        found.append(rival)
        await asyncio.sleep(0)  # each takes some milliseconds: others have their turn between
    picture = beside_rivals(
        history,
        found,
        view.symbol,
        language=desk.words.language,
        amounts=sees_amounts(desk),
    )
    html = _told(desk, view, history, found)
    rows = _buttons(desk)
    await (desk.picture(asked, picture, html, rows) if picture else desk.answer(asked, html, rows))


def _told(desk: Desk, view: CycleView, history: Record, found: Sequence[Rival]) -> Html:
    words, curve = desk.words, history.curve
    head = words.say(
        "{symbol} · {first} ~ {last} · {days}거래일",
        symbol=view.symbol,
        first=figures.day(words, curve[0].day),
        last=figures.day(words, curve[-1].day),
        days=len(curve),
    )
    rules = history.settlements[0].before.rules
    ours = (
        words.plain("무한 V{method}/{splits}", method=rules.method, splits=rules.splits),
        (curve[-1].index - 1) * 100,
        drawdown_percent(curve),
    )
    rows = [("", words.plain("수익률"), words.plain("최대낙폭"))]
    rows += [_row(*ours), *(_row(*_of_rival(desk, rival)) for rival in found)]
    note = words.say(
        "같은 날, 같은 돈, 같은 수수료로 셌습니다.\n"
        "다른 버전은 저마다의 기본 규칙으로 첫날 현금만으로 시작합니다."
    )
    return lines(head, code(figures.table(rows, right=frozenset({1, 2}))), note)


def _of_rival(desk: Desk, rival: Rival) -> tuple[str, Decimal, Decimal]:
    name = (
        f"V{rival.method}/{rival.splits}"
        if rival.kind is RivalKind.VERSION
        else desk.words.plain(NAMES[rival.kind])
    )
    return name, rival.return_percent, rival.max_drawdown_percent


def _row(name: str, gained: Decimal, fallen: Decimal) -> tuple[str, str, str]:
    return name, f"{figures.signed(gained)}%", figures.fall(fallen)


def _buttons(desk: Desk) -> list[list[Button]]:
    return [
        [show(desk, "위험", "risk"), show(desk, "사이클", "cycle")],
        [show(desk, "백테스트", "backtest")],
    ]


SHOWS: dict[str, Show] = {"compare": compare}
