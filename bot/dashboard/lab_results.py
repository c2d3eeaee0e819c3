"""What the laboratory brought: a run's figures, lines and years; a grid's map and table."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

import streamlit as st

from bot.charts.model import BacktestPicture
from bot.charts.wire import unpacked
from bot.dashboard import panels
from bot.dashboard.figures.grid import Figure, heat_map
from bot.dashboard.figures.run import turns, worth
from bot.dashboard.room import Room
from bot.dashboard.tables import figures, table
from bot.dashboard.words import Both
from bot.laboratory.engines import KERNEL, REFERENCE
from bot.laboratory.errand import Brought, Started
from bot.laboratory.grid_errand import NOBODY, Grid
from bot.reports.sheets import Sheet
from strategy.performance import max_drawdown_percent, return_percent

COLOURED: dict[Figure, Both] = {
    Figure.RETURN: ("수익률", "return"),
    Figure.CAGR: ("연평균", "a year"),
    Figure.FALL: ("최대 낙폭", "deepest fall"),
    Figure.EXHAUSTED: ("소진 거래일", "sessions used up"),
}
ENGINES: dict[str, Both] = {
    KERNEL: ("빠른 엔진으로 계산 (숫자는 같음)", "by the kernel, with the same numbers"),
    REFERENCE: ("기본 엔진으로 계산", "by the reference engine"),
    NOBODY: ("지난번에 계산한 그대로", "as worked out before"),
}
YEARS_RIGHT = frozenset(range(1, 5))


def run(room: Room, title: str, brought: Brought) -> None:
    """Show a run."""
    say, shown, outcome = room.words.say, room.shown, brought.outcome
    st.subheader(title, anchor=False)
    st.caption(
        say(
            f"{outcome.first} ~ {outcome.last} · {outcome.sessions}거래일",
            f"{outcome.first} to {outcome.last} · {outcome.sessions} sessions",
        )
    )
    figures(
        [
            (say("수익률", "return"), shown.signed(outcome.ours.return_percent)),
            (say("존버", "holding"), shown.signed(outcome.hold.return_percent)),
            (say("적립식", "averaging"), shown.signed(outcome.dca.return_percent)),
            (say("연평균", "a year"), shown.signed(outcome.ours.cagr_percent)),
            (
                say("최대 낙폭", "deepest fall"),
                f"-{shown.percent(outcome.ours.max_drawdown_percent)}",
            ),
            (say("최종 평가액", "in the end"), shown.money(outcome.final_equity)),
            (say("졸업 (이익)", "finished (won)"), f"{outcome.finished} ({outcome.wins})"),
            (say("가장 긴 사이클", "longest"), say(f"{outcome.longest}일", f"{outcome.longest} d")),
            (say("소진 거래일", "sessions used up"), f"{outcome.exhausted_sessions}"),
            (say("수수료", "fees"), shown.money(outcome.fees)),
        ]
    )
    if outcome.started is not None:
        _started(room, outcome.started)
    picture = unpacked(brought.run)
    if isinstance(picture, BacktestPicture):
        says = say("존버, 적립식과 함께 본 평가액과 낙폭", "equity and falls beside two others")
        panels.drawn(worth(picture), "lab-worth", says)
        panels.drawn(turns(picture), "lab-turns", say("T의 흐름", "T over time"))
        _years(room, picture)
    _noted(room, brought)
    if not shown.veiled:
        st.download_button(
            say("날마다의 기록 (CSV)", "Every day (CSV)"),
            brought.days,
            file_name=f"backtest-{title.replace(' ', '-').replace('/', '-')}.csv",
            mime="text/csv",
            icon=":material/download:",
            key="csv-lab-days",
            on_click="ignore",
        )


def _started(room: Room, started: Started) -> None:
    """Say what luck with the start date was worth."""
    say, signed = room.words.say, room.shown.signed
    st.caption(
        say(
            f"시작일에 따라 (한 달마다 시작, {started.horizon}거래일씩 {started.count}번): "
            f"최저 {signed(started.worst_percent)} · 중앙값 {signed(started.median_percent)} · "
            f"최고 {signed(started.best_percent)} · 이익 {started.gained}번 · "
            f"소진 {started.ran_out}번",
            f"By start date (one a month, {started.count} of {started.horizon} sessions): "
            f"worst {signed(started.worst_percent)} · median {signed(started.median_percent)} · "
            f"best {signed(started.best_percent)} · {started.gained} gained · "
            f"{started.ran_out} ran out of units",
        )
    )


def _noted(room: Room, brought: Brought) -> None:
    """Say what the prices of the run lack."""
    say, outcome = room.words.say, brought.outcome
    notes = [
        (outcome.left_out, say("값이 $1 아래라 뺀 날", "days left out for prices under $1")),
        (outcome.missing, say("시세가 없어 건너뛴 날", "sessions without a bar")),
        (outcome.jumps, say("분할처럼 보이는 날", "moves that look like a split")),
    ]
    for count, name in notes:
        if count:
            st.caption(f"{name}: {count}")


def _years(room: Room, picture: BacktestPicture) -> None:
    say, shown = room.words.say, room.shown
    heads = (
        say("연도", "year"),
        say("무한매수법", "method"),
        say("존버", "holding"),
        say("적립식", "averaging"),
        say("최대 낙폭", "deepest fall"),
    )
    rows = [
        (f"{year}", *(shown.signed(each) for each in gained), f"-{shown.percent(fall)}")
        for year, gained, fall in by_year(picture)
    ]
    table(rows[::-1], heads=heads, right=YEARS_RIGHT)


def by_year(picture: BacktestPicture) -> Iterator[tuple[int, tuple[Decimal, ...], Decimal]]:
    """Give each year's gains (ours, holding, averaging) and our deepest fall in it, in percent."""
    before = (picture.principal,) * 3
    together = zip(picture.days, picture.ours, picture.hold, picture.dca, strict=True)
    for year, group in groupby(together, key=lambda each: each[0].year):
        days = list(group)
        last = days[-1][1:]
        gained = tuple(return_percent(a, b) for a, b in zip(before, last, strict=True))
        yield year, gained, max_drawdown_percent([before[0], *(day[1] for day in days)])
        before = last


def grid(room: Room, title: str, found: Grid) -> None:
    """Show a grid."""
    say = room.words.say
    st.subheader(title, anchor=False)
    st.caption(
        say(
            f"{found.first} ~ {found.last} · {found.sessions}거래일 · {len(found.cells)}칸 · "
            f"{ENGINES[found.engine][0]}",
            f"{found.first} to {found.last} · {found.sessions} sessions · "
            f"{len(found.cells)} cells · {ENGINES[found.engine][1]}",
        )
    )
    if not found.cells:
        st.info(
            say(
                "이 버전이 허락하는 조합이 없습니다: 다른 범위를 골라 주세요.",
                "This version takes none of these pairs: choose other ranges.",
            )
        )
        return
    chosen = st.segmented_control(
        say("무엇을 볼까요", "coloured by"),
        list(Figure),
        default=Figure.RETURN,
        required=True,
        format_func=lambda each: room.words.of(COLOURED, each),
        key="grid-figure",
        label_visibility="collapsed",
    )
    says = say("분할과 목표마다의 결과", "what each pair of splits and target came to")
    panels.drawn(heat_map(found, chosen, room.words.language), "lab-grid", says)
    st.caption(
        say(
            "지난 한 구간의 결과입니다. 가장 좋은 칸이 앞으로도 가장 좋다는 뜻이 아닙니다.",
            "This is one stretch of the past: its best cell need not be the best from now on.",
        )
    )
    panels.file_of(room, grid_sheet(room, found), "muhan-grid")


def grid_sheet(room: Room, found: Grid) -> Sheet:
    """Set a grid in a table, a cell a row."""
    say = room.words.say
    return Sheet(
        name="grid",
        title="grid",
        heads=(
            say("분할", "splits"),
            say("목표 %", "target %"),
            say("수익률 %", "return %"),
            say("연평균 %", "a year %"),
            say("최대 낙폭 %", "deepest fall %"),
            say("졸업", "finished"),
            say("소진 거래일", "sessions used up"),
        ),
        rows=tuple(
            (
                cell.splits,
                cell.target_percent,
                cell.way.return_percent,
                cell.way.cagr_percent,
                cell.way.max_drawdown_percent,
                cell.finished,
                cell.exhausted_sessions,
            )
            for cell in found.cells
        ),
    )
