"""/report: the last day, the running cycles, everything so far."""

from bot.reports import standing as report
from bot.telegram import figures
from bot.telegram.asked import Asked
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import show
from bot.telegram.handlers.family import Show
from bot.telegram.markup import Html, code, lines


async def report_(desk: Desk, asked: Asked) -> None:
    """Show the report's numbers."""
    words = desk.words
    settlements = await desk.views.settlements()
    day = report.latest_day(settlements)
    if day is None:
        await desk.answer(
            asked, words.say("아직 끝난 회차가 없습니다. 첫 마감 뒤에 보여 드립니다.")
        )
        return
    cycles = [report.cycle_so_far(settlements, view.cycle_id) for view in await desk.views.cycles()]
    html = lines(
        _day(desk, day),
        *(_cycle(desk, cycle) for cycle in cycles if cycle),
        _totals(desk, report.totals(settlements)),
    )
    await desk.answer(
        asked, html, [[show(desk, "오늘 주문", "today"), show(desk, "상태", "status")]]
    )


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
            words.plain(
                "{realized} · 수수료 {fees}",
                realized=figures.gain(cycle.realized),
                fees=figures.money(cycle.fees),
            ),
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
