"""The performance: equity and its falls, the map of days, periods and years, the rate apart."""

from datetime import date
from decimal import Decimal

import streamlit as st

from bot.amounts import counted
from bot.charts.model import Gain, Period
from bot.clock import SEOUL
from bot.dashboard import panels
from bot.dashboard.figures.gains import bars, year_map
from bot.dashboard.figures.worth import equity
from bot.dashboard.house import this_house
from bot.dashboard.room import Room
from bot.dashboard.tables import figures, table
from bot.dashboard.words import Both
from bot.reports import currency, pictures
from bot.reports.alone import alone, plain_rivals
from bot.reports.by_year import by_year
from bot.reports.currency import Parts
from bot.reports.record import Record
from bot.reports.rivals import Rival
from bot.reports.runs import lived
from bot.reports.sheets import Sheet
from bot.reports.standing import totals
from bot.reports.worth import drawdown_percent, fall_percent
from bot.storage.views import Views
from bot.tax import Books
from bot.tax_books import NoRate, tax_books

RIGHT = frozenset(range(1, 7))
ALL = 0
"""The choice of every run together; runs are numbered from 1."""

PERIODS: dict[Period, Both] = {
    Period.DAY: ("일", "day"),
    Period.WEEK: ("주", "week"),
    Period.MONTH: ("월", "month"),
    Period.YEAR: ("년", "year"),
}


def show(room: Room) -> None:
    """Draw the page."""
    words = room.words
    st.header(words.say("성과", "Performance"), anchor=False)
    record = room.reading.record()
    if not record.settlements:
        st.info(
            words.say(
                "아직 정산한 회차가 없습니다. 첫 마감 뒤에 손익과 낙폭을 여기에서 봅니다. 사이클이 "
                "없으면 채팅에서 /setup으로 시작해 주세요.",
                "No session is settled yet. Gains and falls stand here after the first close. "
                "Where no cycle runs, start one in the chat with /setup.",
            )
        )
        return
    _growth(room, record)
    _days(room, record)
    _periods(room, record)
    _years(room, record)
    _rate(room, record)


def _growth(room: Room, whole: Record) -> None:
    """Show how the money grew: all of it, or a run beside holding and averaging."""
    chosen = _which(room, whole)
    rivals: tuple[Rival, ...] = ()
    record, note = whole, ""
    if chosen != ALL:
        changes = room.reading.ask(lambda views: views.changes_booked())
        record = alone(whole, changes, chosen)
        note = record.settlements[0].before.rules.symbol
        rivals = _rivals(room, record, chosen, note)
    _sums(room, record)
    language, amounts = room.words.language, not room.shown.veiled
    picture = pictures.beside_rivals(record, rivals, note, language=language, amounts=amounts)
    if picture is None:
        st.caption(
            room.words.say("그림은 두 번째 마감부터 그립니다.", "Drawn from the second close on.")
        )
        return
    says = room.words.say("평가액과 낙폭의 흐름", "equity and its falls over time")
    panels.drawn(equity(picture), "equity-lines", says)
    if rivals:
        st.caption(
            room.words.say(
                "존버와 적립식은 같은 날, 같은 돈, 같은 수수료로 센 것입니다. 적립식은 이 기간 "
                "전체에 똑같이 나누어 삽니다.",
                "Holding and averaging use the same days, money and fees. Averaging buys an equal "
                "part in every session of the time shown.",
            )
        )


def _which(room: Room, whole: Record) -> int:
    symbols = {each.cycle_id: each.symbol for each in lived(whole)}
    if len(symbols) == 1:
        return next(iter(symbols))

    def named(cycle_id: int) -> str:
        if cycle_id == ALL:
            return room.words.say("전체", "all")
        return f"{symbols[cycle_id]} ({cycle_id})"

    choices = [ALL, *sorted(symbols)]
    caption = room.words.say("무엇을", "Which")
    return st.segmented_control(
        caption,
        choices,
        default=ALL,
        required=True,
        format_func=named,
        key="run",
        label_visibility="collapsed",
    )


def _rivals(room: Room, own: Record, cycle_id: int, symbol: str) -> tuple[Rival, ...]:
    first = own.settlements[0].session

    async def asked(views: Views) -> tuple[Rival, ...]:
        proposed = await views.proposals(first)
        before = [each.market.previous_close for each in proposed if each.cycle_id == cycle_id]
        if not before or before[0] is None:
            return ()
        return plain_rivals(own, before[0], await views.splits(symbol))

    return room.reading.ask(asked)


def _sums(room: Room, record: Record) -> None:
    words, shown = room.words, room.shown
    realized = sum((amount for _, amount in record.realized_by_day()), Decimal(0))
    fees = totals(record.settlements, record.beside).fees
    day = f"{record.curve[-1].day:%m/%d}"
    won = sum(done.cycle.realized > 0 for done in record.completed)
    figures(
        [
            (words.say("수익률", "return"), shown.signed((record.curve[-1].index - 1) * 100)),
            (words.say("최대 낙폭", "deepest fall"), _fall(room, drawdown_percent(record.curve))),
            (words.say("지금 낙폭", "now below"), _fall(room, fall_percent(record.curve))),
            (words.say(f"평가액 ({day})", f"worth ({day})"), shown.money(record.curve[-1].value)),
            (words.say("실현손익", "realized"), shown.gain(realized)),
            (words.say("수수료", "fees"), shown.money(fees)),
            (words.say("졸업 (이익)", "finished (won)"), f"{len(record.completed)} ({won})"),
            (words.say("거래일", "sessions"), f"{len(record.curve)}"),
        ]
    )


def _fall(room: Room, percent: Decimal) -> str:
    shown = room.shown.percent(percent)
    return shown if not percent else f"-{shown}"


def _days(room: Room, record: Record) -> None:
    words = room.words
    years = sorted({day.year for day, _ in record.realized_by_day()}, reverse=True)
    st.subheader(words.say("날마다 실현손익", "Realized by day"), anchor=False)
    year = years[0]
    if len(years) > 1:
        caption = words.say("연도", "year")
        year = st.selectbox(caption, years, key="year", label_visibility="collapsed")
    gains = [gain for month in range(1, 13) for gain in _month(room, record, date(year, month, 1))]
    figure = year_map(gains, year, language=words.language, amounts=not room.shown.veiled)
    says = words.say(f"{year}년 날마다의 실현손익", f"realized day by day in {year}")
    panels.drawn(figure, "year-map", says)
    up, down = record.won_and_lost(year)
    total = sum((gain.amount for gain in gains), Decimal(0))
    st.caption(
        words.say(
            f"{year}년 · 합계 {room.shown.gain(total)} · 이익 {up}일 · 손실 {down}일",
            f"{year} · in all {room.shown.gain(total)} · {counted(up, 'day')} up, {down} down",
        )
    )


def _month(room: Room, record: Record, first: date) -> tuple[Gain, ...]:
    language, amounts = room.words.language, not room.shown.veiled
    return pictures.calendar(record, first, language=language, amounts=amounts).gains


def _periods(room: Room, record: Record) -> None:
    words = room.words
    st.subheader(words.say("기간마다 실현손익", "Realized by period"), anchor=False)
    period = st.segmented_control(
        words.say("기간", "period"),
        list(PERIODS),
        default=Period.MONTH,
        required=True,
        format_func=lambda each: words.of(PERIODS, each),
        key="period",
        label_visibility="collapsed",
    )
    amounts = not room.shown.veiled
    picture = pictures.bars(
        record, period or Period.MONTH, language=words.language, amounts=amounts
    )
    if picture is not None:
        says = words.say("기간마다의 실현손익과 누적", "realized by period, and so far")
        panels.drawn(bars(picture), "period-bars", says)


def _years(room: Room, record: Record) -> None:
    words, shown = room.words, room.shown
    st.subheader(words.say("연도별", "By year"), anchor=False)
    heads = (
        words.say("연도", "year"),
        words.say("수익률", "return"),
        words.say("최대 낙폭", "deepest fall"),
        words.say("실현손익", "realized"),
        words.say("수수료", "fees"),
        words.say("졸업", "finished"),
        words.say("거래일", "sessions"),
    )
    every = by_year(record)
    rows = [
        (
            f"{each.year}",
            shown.signed(each.earned.growth_percent or Decimal(0)),
            _fall(room, each.fall_percent),
            shown.gain(each.earned.realized),
            shown.money(each.earned.fees),
            f"{len(each.earned.finished)}",
            f"{each.earned.sessions}",
        )
        for each in reversed(every)
    ]
    table(rows, heads=heads, right=RIGHT)
    cells = tuple(
        (
            each.year,
            each.earned.growth_percent or Decimal(0),
            each.fall_percent,
            each.earned.realized,
            each.earned.fees,
            len(each.earned.finished),
            each.earned.sessions,
        )
        for each in every
    )
    panels.file_of(room, Sheet(name="years", title="years", heads=heads, rows=cells), "muhan-years")


def _rate(room: Room, record: Record) -> None:
    """Show what the won did to the account, apart from what the prices did."""
    words = room.words
    st.subheader(words.say("환율은 따로", "The rate, apart"), anchor=False)
    books, known = _books(room)
    if books is None or known is None:
        st.caption(
            words.say(
                "아직 기록한 환율이 없습니다. 봇이 도는 동안 날마다 한 번 적어 둡니다.",
                "No rate is on record yet. While the bot runs it keeps one a day.",
            )
        )
        return
    day, rate = known
    runs = {each.cycle_id: each.symbol for each in lived(record)}
    closes = {runs[cycle_id]: close for cycle_id, close in record.closes.items()}
    held, sold = currency.of_held(books, closes, rate), currency.of_sold(books.gains)
    heads = ("", words.say("가격 효과", "by price"), words.say("환율 효과", "by rate"))
    rows = [
        (name, room.shown.won_gain(parts.price), room.shown.won_gain(parts.rate))
        for name, parts in (
            (words.say("보유 (평가)", "held (on paper)"), held),
            (words.say("판 것 (실현)", "sold (realized)"), sold),
        )
        if isinstance(parts, Parts)
    ]
    if rows:
        table(rows, heads=heads, right=RIGHT)
    st.caption(
        words.say(
            f"{room.shown.day(day)} 환율 {rate:,.1f}원. 위의 그림과 수익률은 모두 달러입니다.",
            f"Rate of {room.shown.day(day)}: {rate:,.1f} won. All figures above are dollars.",
        )
    )


def _books(room: Room) -> tuple[Books | None, tuple[date, Decimal] | None]:
    house = this_house()
    today = house.clock.now().astimezone(SEOUL).date()

    async def asked(views: Views) -> tuple[Books | None, tuple[date, Decimal] | None]:
        known = await views.money.latest_rate()
        try:
            return await tax_books(views, house.calendar, today), known
        except NoRate:
            return None, None

    return room.reading.ask(asked)
