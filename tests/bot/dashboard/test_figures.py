"""What the browser's figures show: the values of the pictures' descriptions, and no others."""

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import isnan
from typing import Any

import pytest

from bot.charts import colours
from bot.charts.model import BacktestPicture, EquityPicture, Gain, Line, LineKind
from bot.dashboard.figures import gains, look, run, worth
from bot.dashboard.figures.cycle import cycle
from bot.dashboard.figures.grid import Figure, heat_map
from bot.laboratory.errand import Way
from bot.laboratory.grid_errand import Cell, Grid
from strategy.model import Phase, Side
from tests.bot.charts import samples

D = Decimal


def named(figure: Any) -> dict[str, Any]:
    return {trace.name: trace for trace in figure.data}


def sent(figure: Any) -> str:
    """Give the values that go to the browser, without the look."""
    return json.dumps(json.loads(figure.to_json())["data"])


def sent_text(figure: Any) -> str:
    """Give the texts of the buys."""
    return "".join(named(figure)["매수"].text)


def lines(*values: str, kind: LineKind = LineKind.OURS) -> Line:
    days = [date(2026, 10, 1) + timedelta(days=place) for place in range(len(values))]
    return Line(kind=kind, values=tuple(zip(days, map(D, values), strict=True)))


def test_a_cycle_shows_its_closes_lines_fills_and_how_far_it_is_used_up() -> None:
    picture = samples.short_cycle()
    shown = named(cycle(picture))
    days = [day.day for day in picture.days]
    assert list(shown["종가"].x) == days
    assert list(shown["종가"].y) == [float(day.close or 0) for day in picture.days]
    known = [float(day.average) for day in picture.days if day.average]
    assert [value for value in shown["평단"].y if not isnan(value)] == known
    bought = [mark for mark in picture.marks if mark.side is Side.BUY]
    assert list(shown["매수"].x) == [mark.day for mark in bought]
    assert list(shown["매수"].text) == [f"{mark.quantity:,}주" for mark in bought]
    assert list(shown["소진율"].y) == [float(day.exhaustion) for day in picture.days]
    last = picture.days[-1].exhaustion * picture.splits / 100
    assert shown["소진율"].text[-1] == f"T {last:.2f}"
    assert {"별지점", "목표"} < shown.keys()


def test_a_viewers_cycle_holds_no_price_and_no_number_of_shares() -> None:
    picture = samples.short_cycle()
    veiled = cycle(replace(picture, amounts=False))
    first = next(day.close for day in picture.days if day.close)
    last = picture.days[-1].close
    assert last is not None
    assert named(veiled)["종가"].y[0] == 0
    assert named(veiled)["종가"].y[-1] == pytest.approx(float(last / first - 1) * 100)
    assert "$" not in veiled.to_json()
    prices = {day.close for day in picture.days} | {mark.price for mark in picture.marks}
    for price in prices - {None}:
        written = re.compile(rf"(?<![\d.]){float(price or 0)}(?!\d)")
        assert written.search(sent(cycle(picture)))
        assert not written.search(sent(veiled))
    assert "주" in sent_text(cycle(picture))
    assert "주" not in sent_text(veiled)


def test_the_reverse_phase_is_shaded_where_it_was() -> None:
    picture = samples.long_cycle()
    within = [day.day for day in picture.days if day.phase is Phase.REVERSE]
    shaded = [shape for shape in cycle(picture).layout.shapes if shape.type == "rect"]
    assert shaded[0].fillcolor == colours.PHASES[Phase.REVERSE]
    assert shaded[0].x0 == within[0]
    assert not [shape for shape in cycle(samples.first_day()).layout.shapes if shape.type == "rect"]


def test_a_first_day_is_a_point_and_a_day_without_anything_draws_no_line() -> None:
    assert named(cycle(samples.first_day()))["종가"].mode == "markers"
    assert set(named(cycle(samples.waiting()))) == {"소진율"}


def test_worth_is_drawn_beside_others_over_how_far_each_lies_under_its_high() -> None:
    ours, held = lines("100", "120", "90", "132"), lines("50", "40", "60", "45", kind=LineKind.HOLD)
    figure = worth.equity(EquityPicture(language="en", amounts=True, lines=(ours, held)))
    shown = named(figure)
    assert list(shown["this method +32.0%"].y) == [100, 120, 90, 132]
    assert list(shown["holding -10.0%"].y) == [50, 40, 60, 45]
    assert list(shown["drawdown this method"].y) == [0, 0, -25, 0]
    assert list(shown["drawdown holding"].y) == [0, -20, 0, -25]
    assert figure.layout.yaxis.tickformat == "$,~f"


def test_worth_without_amounts_is_percent_of_each_lines_own_beginning() -> None:
    picture = EquityPicture(language="ko", amounts=False, lines=(lines("7777", "8554.7"),))
    figure = worth.equity(picture)
    assert list(named(figure)["무한매수법 +10.0%"].y) == pytest.approx([0, 10])
    assert "7777" not in sent(figure)
    assert "8554.7" not in sent(figure)
    assert "$" not in figure.to_json()


def test_values_far_apart_are_drawn_in_equal_ratios() -> None:
    far = EquityPicture(language="ko", amounts=True, lines=(lines("10", "90"),))
    near = EquityPicture(language="ko", amounts=True, lines=(lines("10", "70"),))
    assert worth.equity(far).layout.yaxis.type == "log"
    assert worth.equity(near).layout.yaxis.type is None


def test_a_year_is_a_column_a_week_and_a_row_a_weekday() -> None:
    earned = Gain(day=date(2026, 10, 6), amount=D("12.50"), percent=D("0.1"))
    paid = Gain(day=date(2026, 12, 31), amount=D("-3"), percent=D("-0.02"))
    other = Gain(day=date(2025, 12, 31), amount=D(9), percent=D(1))
    figure = gains.year_map([earned, paid, other], 2026, language="ko", amounts=True)
    (grid,) = figure.data
    assert (grid.x[0], grid.x[-1]) == (date(2025, 12, 29), date(2026, 12, 28))
    week = list(grid.x).index(date(2026, 10, 5))
    assert grid.z[1][week] == 12.5
    assert grid.text[1][week] == "2026-10-06 +$12.50"
    assert grid.z[3][-1] == -3
    assert isnan(grid.z[2][0])
    known = [value for row in grid.z for value in row if not isnan(value)]
    assert known == [12.5, -3]


def test_gains_are_red_in_korea_and_green_elsewhere_and_so_are_the_bars() -> None:
    for language, up in (("ko", "#d63031"), ("en", "#2a8c55")):
        day = Gain(day=date(2026, 10, 6), amount=D(1), percent=D(2))
        map_ = gains.year_map([day], 2026, language=language, amounts=True)
        assert map_.data[0].colorscale[-1] == (1, up)
        bars = gains.bars(replace(samples.one_year(), language=language))
        positive = samples.one_year().gains[0].amount >= 0
        assert (bars.data[0].marker.color[0] == up) is positive


def test_bars_add_up_to_the_line_and_show_percent_to_viewers() -> None:
    picture = samples.weeks()
    shown = gains.bars(picture)
    total = sum((gain.amount for gain in picture.gains), D(0))
    assert named(shown)["누적"].y[-1] == pytest.approx(float(total))
    assert shown.data[0].x[0] == "08/03~"
    veiled = gains.bars(replace(picture, amounts=False))
    assert list(veiled.data[0].y) == [float(gain.percent or 0) for gain in picture.gains]
    assert "$" not in veiled.to_json()


def grid(*cells: tuple[int, str, str]) -> Grid:
    return Grid(
        first=date(2020, 1, 2),
        last=date(2024, 1, 2),
        sessions=1007,
        engine="reference",
        cells=tuple(
            Cell(
                splits=splits,
                target_percent=D(target),
                way=Way(
                    return_percent=D(gained), cagr_percent=D(1), max_drawdown_percent=D("20.5")
                ),
                finished=3,
                exhausted_sessions=7,
            )
            for splits, target, gained in cells
        ),
    )


def test_a_grid_has_a_row_for_each_splits_and_a_column_for_each_target() -> None:
    figure = heat_map(
        grid((40, "10", "5"), (20, "10", "-3.04"), (20, "7.5", "12")), Figure.RETURN, "en"
    )
    (cells,) = figure.data
    assert list(cells.y) == ["20 splits", "40 splits"]
    assert list(cells.x) == ["7.5%", "10%"]
    assert list(cells.z[0]) == [12, -3.04]
    assert isnan(cells.z[1][0])
    assert list(cells.text[0]) == ["+12.0%", "-3.0%"]
    assert cells.text[1][0] == ""


def test_falls_and_sessions_without_a_unit_are_better_the_fewer_they_are() -> None:
    one = grid((40, "10", "5"))
    assert heat_map(one, Figure.FALL, "ko").data[0].z[0][0] == -20.5
    used_up = heat_map(one, Figure.EXHAUSTED, "ko").data[0]
    assert (used_up.z[0][0], used_up.text[0][0]) == (-7, "7")


def test_a_run_begins_with_the_principal_and_shows_t_under_its_last_unit() -> None:
    picture = samples.backtested(90)
    assert isinstance(picture, BacktestPicture)
    ours = next(trace for trace in run.worth(picture).data if trace.name.startswith("무한"))
    assert ours.y[0] == 20000
    assert ours.x[0] == picture.days[0] - timedelta(days=1)
    gained = (picture.ours[-1] / picture.principal - 1) * 100
    assert ours.name == f"무한매수법 {gained:+,.1f}%"
    turns = run.turns(picture)
    assert list(turns.data[0].y) == [float(turn) for turn in picture.turns]
    assert 19 in [shape.y0 for shape in turns.layout.shapes]


def test_a_few_days_are_each_named_and_many_by_month_where_they_span_half_a_year() -> None:
    figure = look.figure()
    days = [date(2026, 10, 1) + timedelta(days=place) for place in range(400)]
    look.dated(figure, days[:3])
    assert list(figure.layout.xaxis.tickvals) == days[:3]
    many = look.figure()
    look.dated(many, days[:90])
    assert many.layout.xaxis.tickformat == "%m-%d"
    look.dated(many, days)
    assert many.layout.xaxis.tickformat == "%Y-%m"
