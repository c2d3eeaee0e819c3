"""Realized gains in the browser: a year as a map of its days, and periods as bars."""

from calendar import Calendar
from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import accumulate

from plotly import graph_objects as go

from bot.charts.colours import gain_colours
from bot.charts.model import Gain, GainsPicture, Period
from bot.charts.words import word
from bot.dashboard.figures import look
from bot.laboratory.words import Language

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_WEEK = timedelta(days=7)
_MAP_HEIGHT = 210
_WRITTEN = {Period.DAY: "%m/%d", Period.WEEK: "%m/%d~", Period.MONTH: "%Y-%m", Period.YEAR: "%Y"}


def year_map(gains: Sequence[Gain], year: int, *, language: str, amounts: bool) -> go.Figure:
    """Draw a year's days as a map: a column a week, a row a weekday, coloured by gain and loss.

    Days without a session stay empty. Without amounts a gain is percent of what the cycles were
    worth before it.
    """
    spoken = Language(language)
    weeks = _weeks(year)
    known = {gain.day: value_of(gain, amounts=amounts) for gain in gains if gain.day.year == year}
    up, down = gain_colours(spoken)
    most = max((abs(value) for value in known.values()), default=Decimal(0)) or Decimal(1)
    made = look.figure(_MAP_HEIGHT, legend=False)
    rows = range(len(_WEEKDAYS))
    made.add_heatmap(
        x=weeks,
        y=[word(spoken, name) for name in _WEEKDAYS],
        z=[look.floats(known.get(week + timedelta(days=row)) for week in weeks) for row in rows],
        text=[
            [_told(week + timedelta(days=row), known, amounts) for week in weeks] for row in rows
        ],
        hovertemplate="%{text}<extra></extra>",
        hoverongaps=False,
        zmin=-float(most),
        zmax=float(most),
        colorscale=[[0, down], [0.5, "#eceff3"], [1, up]],
        showscale=False,
        xgap=1,
        ygap=1,
    )
    made.update_layout(hovermode="closest")
    made.update_yaxes(autorange="reversed", showgrid=False)
    made.update_xaxes(
        dtick="M1", tickformat="%b" if spoken is Language.EN else "%-m", showgrid=False
    )
    return made


def _weeks(year: int) -> list[date]:
    """List the Mondays of a year's weeks."""
    first = next(iter(Calendar().itermonthdates(year, 1)))
    count = (date(year, 12, 31) - first) // _WEEK + 1
    return [first + _WEEK * number for number in range(count)]


def _told(day: date, known: dict[date, Decimal], amounts: bool) -> str:
    value = known.get(day)
    return "" if value is None else f"{day} {written(value, amounts=amounts)}"


def bars(picture: GainsPicture) -> go.Figure:
    """Draw a bar for each period, and what they come to together as a line; there must be one."""
    language = Language(picture.language)
    values = [value_of(gain, amounts=picture.amounts) for gain in picture.gains]
    names = [gain.day.strftime(_WRITTEN[picture.period]) for gain in picture.gains]
    up, down = gain_colours(language)
    made = look.figure()
    made.add_bar(
        x=names,
        y=look.floats(values),
        name=word(language, f"gains_{picture.period.value}"),
        showlegend=False,
        marker={"color": [up if value >= 0 else down for value in values]},
    )
    if len(values) > 1:
        made.add_scatter(
            x=names,
            y=look.floats(accumulate(values)),
            name=word(language, "so_far"),
            mode="lines+markers",
            line={"color": look.QUIET, "width": 1.4},
        )
    made.update_xaxes(type="category", nticks=8)
    if len(values) < 4:  # as narrow as among many
        made.update_layout(bargap=0.7)
    axis = look.money_axis if picture.amounts else look.percent_axis
    axis(made)
    return made


def value_of(gain: Gain, *, amounts: bool) -> Decimal:
    return gain.amount if amounts else gain.percent or Decimal(0)


def written(value: Decimal, *, amounts: bool) -> str:
    """Write a gain with its sign: +$12.30, -0.20%."""
    if not amounts:
        return f"{value:+,.2f}%"
    return f"{'-' if value < 0 else '+'}${abs(value):,.2f}"
