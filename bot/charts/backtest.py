"""A backtest on one page for a phone."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from bot.charts import style
from bot.charts.model import BacktestPicture
from bot.charts.words import word
from bot.laboratory.words import Language

_ROW = 0.42


def backtest(picture: BacktestPicture, language: Language) -> Figure:
    """Draw a backtest: figures, worth beside holding and averaging, falls, T."""
    rows = -(-len(picture.figures) // 2)
    figure = style.canvas(7.2 + _ROW * rows)
    rules = word(language, "method", method=picture.method, splits=picture.splits)
    title = word(language, "backtest", symbol=picture.symbol)
    counted = word(language, "days", count=f"{len(picture.days):,}")
    under = f"{picture.days[0]} ~ {picture.days[-1]} · {counted}"
    style.headed(figure, f"{title} · {rules}", under)
    heights = (max(_ROW * rows, 0.1), 3.2, 1.6, 1.6)
    table, worth, falls, turns = figure.subplots(4, 1, height_ratios=heights)
    _figures(table, picture.figures, rows)
    _worth(worth, picture, language)
    _falls(falls, picture, language)
    _turns(turns, picture, language)
    return figure


def _figures(axes: Axes, figures: Sequence[tuple[str, str]], rows: int) -> None:
    axes.set_axis_off()
    axes.set_ylim(max(rows, 1), 0)
    axes.set_xlim(0, 2)
    for place, (name, value) in enumerate(figures):
        column, row = place % 2, place // 2
        axes.text(column + 0.0, row + 0.5, name, va="center", color=style.QUIET, fontsize=10)
        axes.text(column + 0.94, row + 0.5, value, va="center", ha="right", fontsize=10)


def _worth(axes: Axes, picture: BacktestPicture, language: Language) -> None:
    days: list[Any] = list(picture.days)
    lines = (
        (picture.hold, style.HOLD, "hold", 1.1),
        (picture.dca, style.DCA, "dca", 1.1),
        (picture.ours, style.OURS, "ours", 1.8),
    )
    first = picture.principal
    shown: list[Decimal] = [first]
    for values, colour, name, width in lines:
        on_axis = values if picture.amounts else _hundredths(values, first)
        shown.extend(on_axis)
        axes.plot(
            days, style.floats(on_axis), color=colour, linewidth=width, label=word(language, name)
        )
    start = first if picture.amounts else Decimal(100)
    axes.axhline(float(start), color="0.6", linestyle=":", linewidth=0.8)
    style.scaled(axes, shown if picture.amounts else shown[1:])
    unit = word(language, "usd") if picture.amounts else "100 = " + str(picture.days[0])
    _titled(axes, f"{word(language, 'equity')} ({unit})")
    style.dated(axes, picture.days)
    axes.legend(loc="upper left", fontsize=9, handlelength=1.4)


def _hundredths(values: Sequence[Decimal], first: Decimal) -> list[Decimal]:
    return [value / first * 100 for value in values]


def _falls(axes: Axes, picture: BacktestPicture, language: Language) -> None:
    days: list[Any] = list(picture.days)
    own = style.falls([picture.principal, *picture.ours])
    held = style.falls([picture.principal, *picture.hold])
    axes.plot(days, held, color=style.HOLD, linewidth=0.9, label=word(language, "hold"))
    axes.fill_between(days, own, color=style.LOSS, alpha=0.3, linewidth=0)
    axes.plot(days, own, color=style.LOSS, linewidth=1, label=word(language, "ours"))
    axes.set_ylim(top=0)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.10g}%"))
    _titled(axes, f"{word(language, 'drawdown')} ({min(own):.1f}%)")
    style.dated(axes, picture.days)


def _turns(axes: Axes, picture: BacktestPicture, language: Language) -> None:
    days: list[Any] = list(picture.days[: len(picture.turns)])
    axes.plot(days, style.floats(picture.turns), color=style.OURS, linewidth=1)
    labelled = set[str]()
    for phase, group in groupby(zip(picture.phases, days, strict=False), key=lambda pair: pair[0]):
        within = [day for _, day in group]
        if phase not in style.PHASES:
            continue
        label = "" if phase in labelled else word(language, phase.value)
        labelled.add(phase)
        axes.axvspan(within[0], within[-1], color=style.PHASES[phase], label=label, zorder=0)
    axes.axhline(picture.splits - 1, color=style.LOSS, linestyle=":", linewidth=1)
    axes.set_ylim(0, picture.splits * 1.02)
    _titled(axes, word(language, "turn"))
    style.dated(axes, picture.days)
    if labelled:
        axes.legend(
            loc="lower right",
            bbox_to_anchor=(1, 0.98),
            ncols=len(labelled),
            fontsize=9,
            handlelength=1.4,
            borderaxespad=0,
        )


def _titled(axes: Axes, text: str) -> None:
    axes.set_title(text, loc="left", fontsize=10, pad=4)
