"""/report: the last day, the running cycles, everything so far; a week's or a month's review."""

from bot.charts.model import Period, Picture
from bot.reports import pictures, record
from bot.reports import standing as report
from bot.reports.periods import span_of
from bot.reports.record import Record
from bot.telegram import figures
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import DAY, given, sees_amounts
from bot.telegram.markup import Html, code, lines
from bot.telegram.review import review
from bot.telegram.taps import Button

REVIEWS = {
    "주": Period.WEEK,
    "주간": Period.WEEK,
    "week": Period.WEEK,
    "월": Period.MONTH,
    "월간": Period.MONTH,
    "month": Period.MONTH,
}
EXAMPLE = ("보고 월간 10/7", "report month 10/7")


async def report_(desk: Desk, asked: Asked) -> None:
    """Show the last day's report, or the review of the week or month around a day."""
    words = desk.words
    named = given(desk, asked, frozenset(REVIEWS), takes=(DAY,), example=EXAMPLE)
    history = await record.read(desk.views)
    day = report.latest_day(history.settlements)
    if day is None:
        await desk.answer(
            asked,
            words.say("아직 끝난 회차가 없습니다. 첫 마감 뒤에 보여 드립니다."),
            [[show(desk, "오늘 주문", "today"), show(desk, "상태", "status")]],
        )
        return
    picture: Picture | None
    period = next((REVIEWS[word] for word in named.words if word in REVIEWS), None)
    if period is None:
        html, picture = await _latest(desk, day, history)
    else:
        span = span_of(period, named.day or day.session)
        html = review(words, span, history, await desk.views.cycles())
        picture = pictures.review(
            history, period, span.first, language=words.language, amounts=sees_amounts(desk)
        )
    rows = _buttons(desk)
    await (desk.picture(asked, picture, html, rows) if picture else desk.answer(asked, html, rows))


async def _latest(
    desk: Desk, day: report.DayReport, history: Record
) -> tuple[Html, Picture | None]:
    views = await desk.views.cycles()
    cycles = [
        report.cycle_so_far(
            history.settlements, view.cycle_id, view.cycle, history.closes.get(view.cycle_id)
        )
        for view in views
    ]
    html = lines(
        _day(desk, day),
        *(_cycle(desk, cycle) for cycle in cycles if cycle),
        _totals(desk, report.totals(history.settlements, history.beside)),
    )
    language, amounts = desk.words.language, sees_amounts(desk)
    return html, pictures.growth(history, language=language, amounts=amounts)


def _buttons(desk: Desk) -> list[list[Button]]:
    return [
        [show(desk, "주간 회고", "report", "주간"), show(desk, "월간 회고", "report", "월간")],
        [show(desk, "손익", "pnl"), show(desk, "사이클", "cycle"), show(desk, "파일", "export")],
    ]


def _day(desk: Desk, day: report.DayReport) -> Html:
    return desk.words.say(
        "{day} 미국장 결과\n매수 {bought}주 · 매도 {sold}주 · 실현 {realized} · 수수료 {fees}",
        day=figures.day(desk.words, day.session),
        bought=day.bought,
        sold=day.sold,
        realized=figures.gain(day.realized),
        fees=figures.money(day.fees),
    )


def _cycle(desk: Desk, cycle: report.CycleReport) -> Html:
    words = desk.words
    rows = [
        (words.plain("T"), f"{figures.turn(cycle.turn)}/{cycle.splits}"),
        (
            words.plain("소진율"),
            words.plain(
                "{percent} · 최대 T {turn}",
                percent=figures.percent(cycle.exhaustion),
                turn=figures.turn(cycle.max_turn),
            ),
        ),
        (
            words.plain("보유"),
            words.plain(
                "{quantity}주 · 평단 {average}",
                quantity=cycle.quantity,
                average=figures.money(cycle.average),
            )
            if cycle.quantity
            else words.plain("없음"),
        ),
        (words.plain("잔금"), figures.money(cycle.cash)),
        (
            words.plain("실현"),
            figures.realized(words, cycle.realized, cycle.fees),
        ),
    ]
    if cycle.value_percent is not None:
        rows.append((words.plain("평가"), f"{figures.signed(cycle.value_percent)}%"))
    head = words.say(
        "\n{symbol} {number}번째 사이클 · {days}일째",
        symbol=cycle.symbol,
        number=cycle.number,
        days=cycle.sessions,
    )
    return lines(head, code(figures.table(rows)))


def _totals(desk: Desk, totals: report.Totals) -> Html:
    words = desk.words
    everything = words.say(
        "\n누적 {sessions}거래일 · 실현 {realized} · 수수료 {fees}",
        sessions=totals.sessions,
        realized=figures.gain(totals.realized),
        fees=figures.money(totals.fees),
    )
    if not totals.finished:
        return lines(everything, words.say("아직 졸업한 사이클이 없습니다."))
    cycles = words.say(
        "졸업 {finished}번 (이익 {won}번) · 가장 길게 {longest}일 · 원금 소진 {exhausted}번",
        finished=len(totals.finished),
        won=totals.won,
        longest=totals.longest,
        exhausted=totals.exhausted,
    )
    return lines(everything, cycles)


SHOWS: dict[str, Show] = {"report": report_}
