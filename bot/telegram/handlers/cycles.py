"""/cycle and /cycles: what runs, what is finished, one in detail."""

from collections.abc import Sequence

from bot.charts.of_rounds import cycle_picture
from bot.reports import record
from bot.reports.completed import Completed
from bot.reports.record import Record
from bot.storage.views import CycleView
from bot.telegram import cycle_cards, figures
from bot.telegram.arguments import Arguments
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import COUNT, PICTURE, SYMBOL, given, sees_amounts
from bot.telegram.markup import Html, lines
from bot.telegram.taps import Button
from strategy.model import ZERO

EXAMPLE = ("사이클 soxl", "cycle soxl")
PAGE = 10
"""Finished cycles in one message."""


async def cycle(desk: Desk, asked: Asked) -> None:
    """Show the running cycles, those of a symbol, or a finished one by its number."""
    named = given(desk, asked, takes=(SYMBOL, COUNT), example=EXAMPLE)
    history = await record.read(desk.views)
    if named.count is not None:
        await _finished(desk, asked, history, named)
        return
    views = await desk.views.cycles()
    wanted = [view for view in views if named.symbol in (None, view.symbol)]
    if not wanted:
        await _none(desk, asked, named.symbol, views)
        return
    cards = [
        cycle_cards.running(desk.words, view, await desk.views.latest_round(view.cycle_id))
        for view in wanted
    ]
    html = Html("\n\n".join(cards))
    charts = [
        show(desk, desk.words.plain("{symbol} 차트", symbol=each.symbol), "chart", each.symbol)
        for each in _once(wanted)
    ]
    settled = [show(desk, "목록", "cycles"), show(desk, "손익", "pnl")]
    rows = [charts[:3], settled, [again(desk, "cycle", named.symbol or "")]]
    await desk.answer(asked, html, rows)


def _once(views: Sequence[CycleView]) -> list[CycleView]:
    return list({view.symbol: view for view in views}.values())


async def _none(desk: Desk, asked: Asked, symbol: str | None, views: tuple[CycleView, ...]) -> None:
    words = desk.words
    if symbol is None:
        html = words.say("도는 사이클이 없습니다. 시작하면 여기에서 보입니다.")
        rows = [[show(desk, "사이클 시작", "setup"), show(desk, "목록", "cycles")]]
    else:
        html = words.say("{symbol:은} 도는 사이클이 없습니다. 아래에서 골라 주세요.", symbol=symbol)
        mine = [show(desk, view.symbol, "cycle", view.symbol) for view in _once(views)]
        rows = [mine[:4], [show(desk, "목록", "cycles")]]
    await desk.answer(asked, html, [row for row in rows if row])


async def _finished(desk: Desk, asked: Asked, history: Record, named: Arguments) -> None:
    words, place = desk.words, named.count or 0
    if not 1 <= place <= len(history.completed):
        html = (
            words.say(
                "끝난 사이클은 #1부터 #{count}까지 있습니다. 목록에서 골라 주세요.",
                count=len(history.completed),
            )
            if history.completed
            else words.say("아직 끝난 사이클이 없습니다. 도는 사이클을 보여 드릴까요?")
        )
        await desk.answer(
            asked, html, [[show(desk, "목록", "cycles"), show(desk, "사이클", "cycle")]]
        )
        return
    done = history.completed[place - 1]
    html = cycle_cards.finished(words, done)
    rows = _around(desk, done, len(history.completed))
    if not PICTURE & set(named.words):
        await desk.answer(asked, html, rows)
        return
    picture = cycle_picture(
        [each for each in history.rounds if each.cycle_id == done.cycle_id],
        done.cycle.number,
        await desk.views.splits(done.symbol),
        language=words.language,
        amounts=sees_amounts(desk),
    )
    await (desk.picture(asked, picture, html, rows) if picture else desk.answer(asked, html, rows))


def _around(desk: Desk, done: Completed, count: int) -> list[list[Button]]:
    place = done.place
    near = [
        again(desk, "cycle", f"{other}", caption=caption)
        for other, caption in ((place - 1, f"◀ #{place - 1}"), (place + 1, f"#{place + 1} ▶"))
        if 1 <= other <= count
    ]
    last = [
        show(desk, "그림", "cycle", f"{place} 그림"),
        show(desk, "목록", "cycles"),
        show(desk, "CSV", "export", "사이클 csv"),
    ]
    return [row for row in (near, last) if row]


async def cycles(desk: Desk, asked: Asked) -> None:
    """List the running cycles and a page of the finished ones, the last that ended first."""
    words = desk.words
    history = await record.read(desk.views)
    pages = max(1, -(-len(history.completed) // PAGE))
    page = min(
        max(given(desk, asked, takes=(COUNT,), example=("사이클목록 2", "cycles 2")).count or 1, 1),
        pages,
    )
    newest = history.completed[::-1][(page - 1) * PAGE : page * PAGE]
    html = lines(
        *cycle_cards.running_lines(words, await desk.views.cycles()),
        cycle_cards.listed(words, newest) if newest else words.say("아직 끝난 사이클이 없습니다."),
        _together(desk, history),
    )
    await desk.answer(asked, html, _list_buttons(desk, newest, page, pages))


def _together(desk: Desk, history: Record) -> Html | None:
    words = desk.words
    realized = sum((amount for _, amount in history.realized_by_day()), ZERO)
    fees = sum((one.fees for one in history.settlements), ZERO)
    fees += sum((one.fees for one in history.beside), ZERO)
    if not history.settlements:
        return None
    won = sum(done.cycle.realized > 0 for done in history.completed)
    return lines(
        words.say(
            "누적 실현 {realized} · 수수료 {fees}",
            realized=figures.gain(realized),
            fees=figures.money(fees),
        ),
        words.say("졸업 {count}번 (이익 {won}번)", count=len(history.completed), won=won)
        if history.completed
        else None,
    )


def _list_buttons(
    desk: Desk, newest: tuple[Completed, ...], page: int, pages: int
) -> list[list[Button]]:
    details = [show(desk, f"#{done.place}", "cycle", f"{done.place}") for done in newest]
    turning = [
        again(desk, "cycles", f"{other}", caption=caption)
        for other, caption in ((page - 1, mark("◀ 최근")), (page + 1, mark("이전 ▶")))
        if 1 <= other <= pages
    ]
    last = [
        show(desk, "사이클", "cycle"),
        show(desk, "손익", "pnl"),
        show(desk, "CSV", "export", "사이클 csv"),
    ]
    return [row for row in (details[:5], details[5:], turning, last) if row]


SHOWS: dict[str, Show] = {"cycle": cycle, "cycles": cycles}
