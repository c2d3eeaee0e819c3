"""A cycle as a picture: closes between average, star and target, fills, and what is used up."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from bot.charts import style
from bot.charts.model import CycleDay, CyclePicture, Mark, on_axis
from bot.charts.words import word
from bot.laboratory.words import Language
from strategy.model import Side

_COUNTS_SEEN = 14
"""Of more fills the counts would only hide the lines."""

_SPENT = 100.0


def cycle(picture: CyclePicture, language: Language) -> Figure:
    """Draw a cycle; there must be a day."""
    figure = style.canvas(5.4)
    style.headed(figure, _title(picture, language), _under(picture, language))
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3.2, 1))
    base = picture.base
    _shade(above, picture.days, language)
    _lines(above, picture, base, language)
    _marks(above, picture, base, language)
    if base is None:
        above.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.10g}"))
    else:
        above.set_ylabel(word(language, "from_first"))
        style.percents(above)
    if not any(day.close or day.average for day in picture.days):
        above.set_yticks([])
    _used_up(below, picture, language)
    for axes in (above, below):
        style.dated(axes, _days(picture.days))
    above.margins(y=0.08)
    style.legend(above, columns=3)
    return figure


def _title(picture: CyclePicture, language: Language) -> str:
    named = word(language, "cycle", symbol=picture.symbol, number=picture.number)
    rules = word(language, "method", method=picture.method, splits=picture.splits)
    return f"{named} · {rules}"


def _under(picture: CyclePicture, language: Language) -> str:
    days = picture.days
    count = len(days)
    counted = word(language, "one_day") if count == 1 else word(language, "days", count=count)
    return f"{days[0].day} ~ {days[-1].day} · {counted}"


def _lines(axes: Axes, picture: CyclePicture, base: Decimal | None, language: Language) -> None:
    days = _days(picture.days)
    lines: tuple[tuple[list[Decimal | None], str, str, str], ...] = (
        ([day.close for day in picture.days], "0.35", "close", "-"),
        ([day.average for day in picture.days], style.AVERAGE, "average", "-"),
        ([day.star for day in picture.days], style.STAR, "star", "--"),
        ([day.target for day in picture.days], style.TARGET, "target", ":"),
    )
    for values, colour, name, dashes in lines:
        shown = [on_axis(value, base) for value in values]
        if all(value is None for value in shown):
            continue
        axes.plot(
            days,
            style.floats(shown),
            color=colour,
            linestyle=dashes,
            linewidth=1.5,
            # One day is a point; a line would not be seen.
            marker="." if sum(value is not None for value in shown) == 1 else "",
            label=f"{word(language, name)} {_last(shown, base)}",
        )


def _last(values: Sequence[Decimal | None], base: Decimal | None) -> str:
    """Write a line's last value, which is what the owner looks for."""
    last = [value for value in values if value is not None][-1]
    return f"${last:,.2f}" if base is None else f"{last:+,.1f}%"


def _marks(axes: Axes, picture: CyclePicture, base: Decimal | None, language: Language) -> None:
    sides = ((Side.BUY, style.BOUGHT, "^", "bought"), (Side.SELL, style.SOLD, "v", "sold"))
    for side, colour, shape, name in sides:
        found = [mark for mark in picture.marks if mark.side is side]
        if not found:
            continue
        days: list[Any] = [mark.day for mark in found]
        prices = style.floats(on_axis(mark.price, base) for mark in found)
        label = word(language, name)
        axes.scatter(
            days, prices, s=34, color=colour, marker=shape, label=label, linewidths=0, zorder=3
        )
    if picture.amounts and len(picture.marks) <= _COUNTS_SEEN:
        _counts(axes, picture.marks, language)


def _counts(axes: Axes, marks: Sequence[Mark], language: Language) -> None:
    for mark in marks:
        at: Any = (mark.day, float(mark.price))
        below = mark.side is Side.BUY
        axes.annotate(
            word(language, "shares", count=f"{mark.quantity:,}"),
            at,
            xytext=(0, -7 if below else 7),
            textcoords="offset points",
            ha="center",
            va="top" if below else "bottom",
            fontsize=8,
            color=style.BOUGHT if below else style.SOLD,
        )


def _used_up(axes: Axes, picture: CyclePicture, language: Language) -> None:
    """Draw how much of the splits is used up, with the marks of the second half and the end."""
    days = _days(picture.days)
    used = style.floats(day.exhaustion for day in picture.days)
    end = _SPENT * (picture.splits - 1) / picture.splits
    axes.axhspan(0, _SPENT / 2, color="#eaf4ee", zorder=0)
    axes.axhspan(_SPENT / 2, end, color="#fbf1de", zorder=0)
    axes.axhspan(end, _SPENT, color="#f7dcd8", zorder=0)
    axes.fill_between(days, used, color=style.OURS, alpha=0.25, linewidth=0)
    axes.plot(days, used, color=style.OURS, linewidth=1.4, marker="." if len(days) == 1 else "")
    axes.set_ylim(0, _SPENT)
    axes.set_yticks([0, _SPENT / 2, _SPENT], ["0%", "50%", "100%"])
    axes.set_title(
        f"{word(language, 'exhaustion')} {used[-1]:.1f}%", loc="left", fontsize=11, pad=4
    )
    for height, name in ((_SPENT / 2, "second_half"), (end, "last_unit")):
        axes.annotate(
            word(language, name),
            (1, height),
            xycoords=("axes fraction", "data"),
            xytext=(-3, 2 if name == "second_half" else -2),
            textcoords="offset points",
            ha="right",
            va="bottom" if name == "second_half" else "top",
            fontsize=8,
            color=style.QUIET,
        )
    _shade(axes, picture.days, language)


def _shade(axes: Axes, days: Sequence[CycleDay], language: Language) -> None:
    """Shade the days of the reverse and quarter phases, each named once in the legend."""
    labelled = set[str]()
    for phase, group in groupby(days, key=lambda day: day.phase):
        within: list[Any] = [day.day for day in group]
        if phase not in style.PHASES:
            continue
        label = "" if phase in labelled else word(language, phase.value)
        labelled.add(phase)
        axes.axvspan(within[0], within[-1], color=style.PHASES[phase], label=label, zorder=0)


def _days(days: Sequence[CycleDay]) -> list[Any]:
    return [day.day for day in days]
