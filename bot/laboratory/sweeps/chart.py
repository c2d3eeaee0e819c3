"""Pictures of a sweep: heat maps over two of its parameters, and the fan by start date.

The look is the chat's (bot/charts/style.py). A row of panels for each ticker.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from math import isnan
from pathlib import Path
from typing import Any, NamedTuple

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.charts.style import HOLD, OURS, dated, floats, legend, percents, styled
from bot.laboratory.sweeps.naming import name_of, shown, title
from bot.laboratory.sweeps.question import Question
from bot.laboratory.sweeps.sweeping import HORIZON, Swept, value_of
from bot.laboratory.words import Language, word
from strategy import sweep
from strategy.sweep import Found, Summary

_MOST_WRITTEN = 90
"""Cells that still have room for their figure."""

_PANEL = (5.4, 4.0)
_AXES = 2


class Heat(NamedTuple):
    """A heat map's figures: a row for each value of `down`, a column for each of `across`."""

    across: str
    columns: tuple[Any, ...]
    down: str | None
    rows: tuple[Any, ...]
    cells: tuple[tuple[Summary | None, ...], ...]


def draw(swept: Swept, path: Path, language: Language) -> None:
    """Draw a sweep into a PNG file; raises OSError where it cannot be written."""
    symbols = list(swept.question.prices)
    across = axes_of(swept.question)
    panels: list[Callable[[Axes, str], None]] = [
        lambda axes, symbol: fan(axes, swept, symbol, language)
    ]
    if across:
        panels = [
            lambda axes, symbol: heat(axes, swept, symbol, language, "heat_median"),
            lambda axes, symbol: heat(axes, swept, symbol, language, "heat_odds"),
            *panels,
        ]
    with styled(language):
        size = (_PANEL[0] * len(panels), _PANEL[1] * len(symbols) + 0.5)
        figure = Figure(figsize=size, layout="constrained")
        figure.suptitle(title(swept, language), x=0.02, ha="left", fontsize=13)
        grid = figure.subplots(len(symbols), len(panels), squeeze=False)
        for row, symbol in zip(grid, symbols, strict=True):
            for axes, panel in zip(row, panels, strict=True):
                panel(axes, symbol)
        figure.savefig(path, format="png", dpi=120)


def axes_of(question: Question) -> tuple[str, ...]:
    """Choose what a heat map is laid over: the two things with the most values, longest first."""
    varied = [name for name in question.varied if name != "symbol"]
    counted = {
        name: len({value_of(run, name) for run in _one_of_each(question)}) for name in varied
    }
    several = [name for name in varied if counted[name] > 1]
    return tuple(sorted(several, key=lambda name: -counted[name])[:_AXES])


def heat_of(swept: Swept, symbol: str) -> Heat:
    """Sum a ticker's runs up by the two axes, whatever the rest."""
    across, *rest = axes_of(swept.question)
    down = rest[0] if rest else None
    groups: dict[tuple[Any, Any], list[Found]] = defaultdict(list)
    for run, found in zip(swept.question.runs, swept.found, strict=True):
        if run.rules.symbol == symbol:
            groups[value_of(run, across), value_of(run, down) if down else None].append(found)
    columns = tuple(dict.fromkeys(column for column, _ in groups))
    rows = tuple(dict.fromkeys(row for _, row in groups))
    return Heat(
        across=across,
        columns=columns,
        down=down,
        rows=rows,
        cells=tuple(
            tuple(
                sweep.summed(groups[column, row]) if (column, row) in groups else None
                for column in columns
            )
            for row in rows
        ),
    )


def heat(axes: Axes, swept: Swept, symbol: str, language: Language, what: str) -> None:
    """Draw the median return, or the odds of exhaustion, over the two axes."""
    laid = heat_of(swept, symbol)
    values = [
        floats(None if cell is None else _figure(cell, what) for cell in row) for row in laid.cells
    ]
    colours = "RdYlGn" if what == "heat_median" else "Reds"
    widest = (
        max((abs(value) for row in values for value in row if not isnan(value)), default=1) or 1
    )
    lowest = -widest if what == "heat_median" else 0
    top = widest if what == "heat_median" else 100
    axes.imshow(values, cmap=colours, vmin=lowest, vmax=top, aspect="auto", origin="lower")
    axes.grid(visible=False)
    _named(axes, laid, language)
    if sum(map(len, values)) <= _MOST_WRITTEN:
        _write(axes, values, dark=0.8 * top)
    axes.set_title(f"{symbol}: {word(language, what)}", fontsize=11, loc="left")


def fan(axes: Axes, swept: Swept, symbol: str, language: Language) -> None:
    """Draw the returns by the day of the start: all agreements, their middle, and holding."""
    question = swept.question
    horizon = question.horizons[0]
    own: dict[date, list[Decimal]] = defaultdict(list)
    held: dict[date, Decimal] = {}
    for run, found in zip(question.runs, swept.found, strict=True):
        if run.rules.symbol == symbol and run.span.horizon == horizon:
            day, _ = question.days(run)
            own[day].append(found.return_percent)
            held[day] = found.hold_return_percent
    days: list[Any] = sorted(own)
    ordered = [sorted(own[day]) for day in days]
    if len(ordered[0]) > 1:
        _band(axes, days, ordered, (0, 100), alpha=0.18, label=word(language, "fan_all"))
        _band(axes, days, ordered, (5, 95), alpha=0.35, label=word(language, "fan_middle"))
    middle = [sweep.percentile(each, 50) for each in ordered]
    held_line = floats(held[day] for day in days)
    axes.plot(days, floats(middle), color=OURS, linewidth=1.3, label=word(language, "median"))
    axes.plot(days, held_line, color=HOLD, linewidth=0.9, label=word(language, "hold"))
    axes.axhline(0, color="0.6", linewidth=0.8)
    lowest = min(float(each[0]) for each in ordered)
    highest = max(float(each[-1]) for each in ordered)
    # Holding can return many times what the method does: the fan is what is looked at.
    axes.set_ylim(lowest - 10, max(highest * 1.6, 20))
    percents(axes)
    dated(axes, days)
    legend(axes)
    axes.set_xlabel(
        f"{symbol}: {word(language, 'fan')}, {shown(HORIZON, horizon, language)}", loc="left"
    )


def _band(
    axes: Axes,
    days: Sequence[Any],
    ordered: Sequence[Sequence[Decimal]],
    ends: tuple[int, int],
    *,
    alpha: float,
    label: str,
) -> None:
    low, high = (floats(sweep.percentile(each, end) for each in ordered) for end in ends)
    axes.fill_between(days, low, high, color=OURS, alpha=alpha, linewidth=0, label=label)


def _figure(summary: Summary, what: str) -> Decimal:
    if what == "heat_median":
        return summary.median_percent
    return summary.odds_of_exhaustion_percent


def _named(axes: Axes, laid: Heat, language: Language) -> None:
    step = -(-len(laid.columns) // 11)
    places = range(0, len(laid.columns), step)
    axes.set_xticks(list(places), [_short(laid.across, laid.columns[n], language) for n in places])
    axes.set_xlabel(name_of(laid.across, language))
    if laid.down is None:
        axes.set_yticks([])
        return
    step = -(-len(laid.rows) // 11)
    places = range(0, len(laid.rows), step)
    axes.set_yticks(list(places), [_short(laid.down, laid.rows[n], language) for n in places])
    axes.set_ylabel(name_of(laid.down, language))


def _short(name: str, value: Any, language: Language) -> str:
    """Write a value without its unit, which the axis names."""
    return shown(name, value, language).removesuffix(" %")


def _write(axes: Axes, values: Sequence[Sequence[float]], dark: float) -> None:
    """Write each cell's figure, in white on what is `dark`."""
    for row, cells in enumerate(values):
        for column, value in enumerate(cells):
            if not isnan(value):
                ink = "white" if abs(value) > dark else "black"
                axes.text(
                    column, row, f"{value:.0f}", ha="center", va="center", fontsize=9, color=ink
                )


def _one_of_each(question: Question) -> list[Any]:
    """Give one run of each agreement and horizon: enough to see what is varied."""
    return list({(id(run.rules), run.span.horizon): run for run in question.runs}.values())
