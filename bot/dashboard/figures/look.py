"""The look that all figures share, made for a phone first. Figures become floats for pixels."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal

from plotly import graph_objects as go
from plotly.subplots import make_subplots

NOTHING = float("nan")
HEIGHT = 380
"""Pixels: the figure and its legend fit on a phone beside the headline."""

_MARGINS = {"l": 8, "r": 8, "t": 8, "b": 8}
QUIET = "#8a8f98"
FEW = 8
HALF_A_YEAR = timedelta(days=183)
LOGARITHMIC = 8
"""From so many times the lowest to the highest value on, a scale of equal ratios says more."""


def floats(values: Iterable[Decimal | None]) -> list[float]:
    return [NOTHING if value is None else float(value) for value in values]


def figure(height: int = HEIGHT, *, legend: bool = True) -> go.Figure:
    """Give an empty figure as wide as its place."""
    return dressed(go.Figure(), height, legend=legend)


def stacked(shares: Sequence[float], height: int) -> go.Figure:
    """Give a figure of panels on the same days, their parts of the height from the top down."""
    panels = make_subplots(
        rows=len(shares),
        cols=1,
        shared_xaxes=True,
        row_heights=list(shares),
        vertical_spacing=0.06,
    )
    return dressed(panels, height, legend=True)


def dressed(made: go.Figure, height: int, *, legend: bool) -> go.Figure:
    """Put the legend over the figure, where it hides no line, and let one finger scroll past it."""
    made.update_layout(
        height=height,
        margin=_MARGINS,
        showlegend=legend,
        legend={"orientation": "h", "x": 0, "y": 1.02, "yanchor": "bottom", "title": None},
        hovermode="x unified",
        dragmode=False,
        separators=".,",
    )
    made.update_xaxes(automargin=True, fixedrange=True, hoverformat="%Y-%m-%d")
    made.update_yaxes(automargin=True, fixedrange=True, title=None)
    return made


def money_axis(made: go.Figure, row: int | None = None) -> None:
    """Write dollars beside the values of a panel."""
    made.update_yaxes(tickformat="$,~f", hoverformat="$,.2f", **_where(row))


def percent_axis(made: go.Figure, row: int | None = None) -> None:
    """Write signed percents beside the values of a panel."""
    made.update_yaxes(ticksuffix="%", tickformat="+,~f", hoverformat="+,.2f", **_where(row))


def scaled(made: go.Figure, values: Iterable[Decimal], row: int | None = None) -> None:
    """Take equal ratios where positive values are far apart."""
    known = list(values)
    if known and min(known) > 0 and max(known) >= LOGARITHMIC * min(known):
        made.update_yaxes(type="log", dtick="D2", **_where(row))


def dated(made: go.Figure, days: Sequence[date]) -> None:
    """Name days by numbers, which are the same in every language; each one where they are few."""
    if not days:
        return
    if len(set(days)) <= FEW:
        made.update_xaxes(tickvals=sorted(set(days)), tickformat="%m-%d")
    else:
        far = max(days) - min(days) > HALF_A_YEAR
        made.update_xaxes(tickformat="%Y-%m" if far else "%m-%d", nticks=6)


def _where(row: int | None) -> dict[str, int]:
    return {} if row is None else {"row": row, "col": 1}
