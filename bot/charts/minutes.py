"""A session's minutes in Seoul time, with the levels that matter to the cycle."""

from datetime import timedelta, timezone
from decimal import Decimal
from itertools import pairwise
from typing import Any

from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, DateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from bot.charts import style
from bot.charts.model import MinutePicture
from bot.charts.words import word
from bot.laboratory.words import Language

_SEOUL = timezone(timedelta(hours=9))
_SOON = timedelta(minutes=15)
"""Right after the open the picture is so wide already."""

_ROOM = Decimal("0.6")
"""A level so many times the day's range away is named at the edge instead of drawn."""


def minutes(picture: MinutePicture, language: Language) -> Figure:
    """Draw a session's minutes; there must be one."""
    figure = style.canvas(4.6)
    day = picture.session
    title = word(language, "minutes", symbol=picture.symbol, month=day.month, day=day.day)
    style.headed(figure, title, _under(picture, language))
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3.6, 1))
    times: list[Any] = [minute.at.astimezone(_SEOUL) for minute in picture.minutes]
    lows = style.floats(minute.low for minute in picture.minutes)
    highs = style.floats(minute.high for minute in picture.minutes)
    closes = style.floats(minute.close for minute in picture.minutes)
    above.fill_between(times, lows, highs, color=style.OURS, alpha=0.2, linewidth=0)
    point = "." if len(times) == 1 else ""
    above.plot(times, closes, color=style.OURS, linewidth=1.4, marker=point)
    _levels(above, picture, language)
    above.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"${value:,.2f}"))
    _volumes(below, picture, times, language)
    for axes in (above, below):
        locator = AutoDateLocator(  # type: ignore[no-untyped-call]  # theirs
            tz=_SEOUL, minticks=3, maxticks=8
        )
        axes.xaxis.set_major_locator(locator)
        axes.xaxis.set_major_formatter(
            DateFormatter("%H:%M", tz=_SEOUL)  # type: ignore[no-untyped-call]  # theirs
        )
        axes.margins(x=0.01)
    if times[-1] - times[0] < _SOON:
        below.set_xlim(times[0], times[0] + _SOON)
    return figure


def _under(picture: MinutePicture, language: Language) -> str:
    last = picture.minutes[-1]
    price = f"{last.at.astimezone(_SEOUL):%H:%M} ${last.close:,.2f}"
    if picture.previous_close:
        moved = (last.close / picture.previous_close - 1) * 100
        price = f"{price} ({moved:+.2f}%)"
    return " · ".join(part for part in (price, word(language, "seoul")) if part)


def _levels(axes: Axes, picture: MinutePicture, language: Language) -> None:
    """Draw the levels near the day's prices; those far away are named at the edge."""
    lowest = min(minute.low for minute in picture.minutes)
    highest = max(minute.high for minute in picture.minutes)
    room = max((highest - lowest) * _ROOM, highest / 100)
    levels = (
        ("previous_close", picture.previous_close, "0.45", "-."),
        ("average", picture.average if picture.amounts else None, style.AVERAGE, "-"),
        ("star", picture.star if picture.amounts else None, style.STAR, "--"),
        ("target", picture.target if picture.amounts else None, style.TARGET, ":"),
    )
    far: list[tuple[str, bool]] = []
    for name, level, colour, dashes in levels:
        if level is None:
            continue
        label = f"{word(language, name)} ${level:,.2f}"
        if lowest - room <= level <= highest + room:
            axes.axhline(float(level), color=colour, linestyle=dashes, linewidth=1.1, label=label)
        else:
            far.append((f"{label} {'▲' if level > highest else '▼'}", level > highest))
    for above in (True, False):
        said = " · ".join(text for text, over in far if over is above)
        if said:
            axes.annotate(
                said,
                (1, 1 if above else 0),
                xycoords="axes fraction",
                xytext=(-3, -3 if above else 3),
                textcoords="offset points",
                ha="right",
                va="top" if above else "bottom",
                fontsize=9,
                color=style.QUIET,
            )
    style.legend(axes, columns=2)


def _volumes(axes: Axes, picture: MinutePicture, times: list[Any], language: Language) -> None:
    up, down = style.gain_colours(language)
    colours = [up if minute.close >= minute.open else down for minute in picture.minutes]
    steps = [after - before for before, after in pairwise(times)]
    width: Any = min(steps, default=timedelta(minutes=1)) * 0.9
    volumes = [minute.volume for minute in picture.minutes]
    axes.bar(times, volumes, width=width, color=colours, alpha=0.7, linewidth=0)
    axes.set_title(word(language, "volume"), loc="left", fontsize=9, pad=2, color=style.QUIET)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))


def _short(count: float) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "K")):
        if count >= size:
            return f"{count / size:g}{letter}"
    return f"{count:g}"
