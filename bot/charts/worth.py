"""Worth over time, one line or several on the same days."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from bot.charts import style
from bot.charts.model import EquityPicture, Line, LineKind
from bot.charts.words import word
from bot.laboratory.words import Language

_COLOURS = {LineKind.OURS: style.OURS, LineKind.HOLD: style.HOLD, LineKind.DCA: style.DCA}


def equity(picture: EquityPicture, language: Language) -> Figure:
    """Draw the lines; each must have a value."""
    figure = style.canvas(4)
    title = word(language, "equity" if picture.amounts else "equity_percent")
    if len(picture.lines) > 1:
        title = f"{title} · {word(language, 'comparison')}"
    first, last = _ends(picture.lines)
    style.headed(figure, f"{picture.note} {title}".strip(), f"{first} ~ {last}")
    axes = figure.subplots()
    others = iter(style.OTHERS * (len(picture.lines) // len(style.OTHERS) + 1))
    for line in picture.lines:
        colour = _COLOURS.get(line.kind) or next(others)
        _line(axes, line, colour, language, amounts=picture.amounts)
    if picture.amounts:
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.10g}"))
    else:
        axes.axhline(0, color="0.6", linestyle=":", linewidth=0.8)
        style.percents(axes)
    style.dated(axes, [day for line in picture.lines for day, _ in line.values])
    style.legend(axes, columns=2)
    return figure


def _line(axes: Axes, line: Line, colour: str, language: Language, *, amounts: bool) -> None:
    days: list[Any] = [day for day, _ in line.values]
    values = [value for _, value in line.values]
    gained = [_gain(value, values[0]) for value in values]
    name = "" if line.kind is LineKind.OTHER else word(language, line.kind.value)
    axes.plot(
        days,
        style.floats(values if amounts else gained),
        color=colour,
        linewidth=1.9 if line.kind is LineKind.OURS else 1.2,
        marker="." if len(days) == 1 else "",
        zorder=3 if line.kind is LineKind.OURS else 2,
        label=f"{f'{name} {line.note}'.strip()} {gained[-1]:+,.1f}%",
    )


def _gain(value: Decimal, first: Decimal) -> Decimal:
    return (value / first - 1) * 100 if first else Decimal(0)


def _ends(lines: Sequence[Line]) -> tuple[date, date]:
    days = [day for line in lines for day, _ in line.values]
    return min(days), max(days)
