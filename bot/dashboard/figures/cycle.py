"""A cycle in the browser: closes between average, star and target, fills, T over time."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby

from plotly import graph_objects as go

from bot.charts import colours
from bot.charts.model import CycleDay, CyclePicture, Mark, on_axis
from bot.charts.words import word
from bot.dashboard.figures import look
from bot.laboratory.words import Language
from strategy.model import Phase, Side

_SHARES = (0.72, 0.28)
_HEIGHT = 520
_LINES = (
    ("close", look.QUIET, "solid"),
    ("average", colours.AVERAGE, "solid"),
    ("star", colours.STAR, "dash"),
    ("target", colours.TARGET, "dot"),
)
_MARKS = (
    (Side.BUY, colours.BOUGHT, "triangle-up", "bought"),
    (Side.SELL, colours.SOLD, "triangle-down", "sold"),
)
_SPENT = 100


def cycle(picture: CyclePicture) -> go.Figure:
    """Draw a cycle; there must be a day. Without amounts prices are percent of the first close."""
    language = Language(picture.language)
    made = look.stacked(_SHARES, _HEIGHT)
    base = picture.base
    _lines(made, picture, base, language)
    _marks(made, picture, base, language)
    _used_up(made, picture, language)
    _shade(made, picture.days, language)
    if base is None:
        look.money_axis(made, row=1)
    else:
        look.percent_axis(made, row=1)
    look.dated(made, [day.day for day in picture.days])
    return made


def _lines(
    made: go.Figure, picture: CyclePicture, base: Decimal | None, language: Language
) -> None:
    days = [day.day for day in picture.days]
    for name, colour, dash in _LINES:
        values = [on_axis(getattr(day, name), base) for day in picture.days]
        known = sum(value is not None for value in values)
        if not known:
            continue
        made.add_scatter(
            x=days,
            y=look.floats(values),
            name=word(language, name),
            # One day is a point; a line would not be seen.
            mode="lines" if known > 1 else "markers",
            line={"color": colour, "dash": dash, "width": 1.8},
            marker={"color": colour},
            row=1,
            col=1,
        )


def _marks(
    made: go.Figure, picture: CyclePicture, base: Decimal | None, language: Language
) -> None:
    for side, colour, symbol, name in _MARKS:
        found = [mark for mark in picture.marks if mark.side is side]
        if not found:
            continue
        made.add_scatter(
            x=[mark.day for mark in found],
            y=look.floats(on_axis(mark.price, base) for mark in found),
            name=word(language, name),
            mode="markers",
            marker={"color": colour, "symbol": symbol, "size": 9},
            text=[_counted(mark, language) if picture.amounts else "" for mark in found],
            hovertemplate="%{y} %{text}",
            row=1,
            col=1,
        )


def _counted(mark: Mark, language: Language) -> str:
    return word(language, "shares", count=f"{mark.quantity:,}")


def _used_up(made: go.Figure, picture: CyclePicture, language: Language) -> None:
    """Draw T in percent of the splits, with the marks of the second half and of the last unit."""
    made.add_scatter(
        x=[day.day for day in picture.days],
        y=look.floats(day.exhaustion for day in picture.days),
        name=word(language, "exhaustion"),
        mode="lines+markers" if len(picture.days) == 1 else "lines",
        fill="tozeroy",
        line={"color": colours.OURS, "width": 1.6},
        text=[f"T {_turn(day, picture.splits):.2f}" for day in picture.days],
        hovertemplate="%{y:.1f}% (%{text})",
        row=2,
        col=1,
    )
    last = _SPENT * (picture.splits - 1) / picture.splits
    for height, colour in ((_SPENT / 2, look.QUIET), (last, colours.LOSS)):
        made.add_hline(y=height, line={"color": colour, "dash": "dot", "width": 1}, row=2, col=1)
    made.update_yaxes(range=[0, _SPENT], ticksuffix="%", dtick=50, row=2, col=1)


def _turn(day: CycleDay, splits: int) -> Decimal:
    return day.exhaustion * splits / _SPENT


def _shade(made: go.Figure, days: Sequence[CycleDay], language: Language) -> None:
    """Shade the days of the reverse and quarter phases, each named where it begins."""
    for phase, within in _spells(days):
        made.add_vrect(
            x0=within[0].day,
            x1=within[-1].day,
            fillcolor=colours.PHASES[phase],
            opacity=0.6,
            line_width=0,
            layer="below",
            annotation_text=word(language, phase.value),
            annotation_position="top left",
            annotation_font_size=11,
            row=1,
            col=1,
        )


def _spells(days: Sequence[CycleDay]) -> Iterator[tuple[Phase, list[CycleDay]]]:
    for phase, group in groupby(days, key=lambda day: day.phase):
        if phase in colours.PHASES:
            yield phase, list(group)
