"""/pnl: what a day, a week, a month or a year brought, with the way to the one before."""

from datetime import timedelta

from bot.charts.model import Period, Picture
from bot.reports import periods, pictures, record
from bot.reports.periods import Earned, Span
from bot.reports.record import Record
from bot.telegram import figures, review
from bot.telegram.asked import Asked
from bot.telegram.catalogue import mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.handlers.reading import DAY, PICTURE, given, sees_amounts
from bot.telegram.markup import Html, lines
from bot.telegram.taps import Button

PERIODS = {
    "일": Period.DAY,
    "하루": Period.DAY,
    "day": Period.DAY,
    "주": Period.WEEK,
    "주간": Period.WEEK,
    "week": Period.WEEK,
    "월": Period.MONTH,
    "월간": Period.MONTH,
    "month": Period.MONTH,
    "년": Period.YEAR,
    "연간": Period.YEAR,
    "year": Period.YEAR,
}
CAPTIONS = {
    Period.DAY: mark("일"),
    Period.WEEK: mark("주"),
    Period.MONTH: mark("월"),
    Period.YEAR: mark("년"),
}
ONE_DAY = timedelta(days=1)
EXAMPLE = ("손익 주 10/7", "pnl week 10/7")


async def pnl(desk: Desk, asked: Asked) -> None:
    """Show a span's profit: of the period asked for, around the day asked for, else the last."""
    named = given(desk, asked, frozenset(PERIODS), takes=(DAY,), example=EXAMPLE)
    history = await record.read(desk.views)
    if not history.settlements:
        html = desk.words.say("아직 정산한 회차가 없습니다. 첫 마감 뒤에 보여 드립니다.")
        await desk.answer(asked, html, [[show(desk, "오늘 주문", "today")]])
        return
    period = next((PERIODS[word] for word in named.words if word in PERIODS), Period.MONTH)
    span = periods.span_of(period, named.day or history.settlements[-1].session)
    if PICTURE & set(named.words):
        await _drawn(desk, asked, span, history)
    else:
        html = await _told(desk, periods.earned(span, history), history)
        await desk.answer(asked, html, _buttons(desk, span, history))


async def _told(desk: Desk, sum_: Earned, history: Record) -> Html:
    words = desk.words
    return lines(
        review.summed(words, sum_),
        await _in_won(desk, sum_),
        review.unrealized(words, history, await desk.views.cycles()),
    )


async def _in_won(desk: Desk, sum_: Earned) -> Html | None:
    """Say what was realized in won, at the last rate that is known."""
    known = await desk.views.money.latest_rate()
    if known is None or not sum_.realized:
        return None
    day, rate = known
    return desk.words.say(
        "원화로 약 {won} ({day} 환율 {rate})",
        won=figures.won(sum_.realized * rate),
        day=figures.day(desk.words, day),
        rate=f"{rate:,.1f}",
    )


async def _drawn(desk: Desk, asked: Asked, span: Span, history: Record) -> None:
    language, amounts = desk.words.language, sees_amounts(desk)
    shown: Picture | None
    if span.period is Period.MONTH:
        shown = pictures.calendar(history, span.first, language=language, amounts=amounts)
    else:
        shown = pictures.bars(history, span.period, language=language, amounts=amounts)
    html = review.summed(desk.words, periods.earned(span, history))
    rows = [[show(desk, "손익", "pnl", _text(desk, span)), show(desk, "사이클", "cycle")]]
    await (desk.picture(asked, shown, html, rows) if shown else desk.answer(asked, html, rows))


def _text(desk: Desk, span: Span) -> str:
    """Write a span as it would be typed."""
    return f"{desk.words.plain(CAPTIONS[span.period])} {span.first.isoformat()}"


def _buttons(desk: Desk, span: Span, history: Record) -> list[list[Button]]:
    last = history.settlements[-1].session
    kinds = [
        again(desk, "pnl", desk.words.plain(caption), caption=caption)
        for caption in CAPTIONS.values()
    ]
    near = [
        again(desk, "pnl", _text(desk, other), caption=caption)
        for other, caption in (
            (periods.before(span), mark("◀ 이전")),
            (periods.span_of(span.period, span.last + ONE_DAY), mark("다음 ▶")),
        )
        if history.settlements[0].session <= other.last and other.first <= last
    ]
    more = [
        show(desk, "그림", "pnl", f"{_text(desk, span)} {desk.words.plain('그림')}"),
        show(desk, "사이클", "cycle"),
        show(desk, "CSV", "export", "거래 csv"),
    ]
    return [row for row in (kinds, near, more) if row]


SHOWS: dict[str, Show] = {"pnl": pnl}
