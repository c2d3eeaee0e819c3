"""A grid of backtests in the browser: splits by target, coloured by one of its figures."""

from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum

from plotly import graph_objects as go

from bot.charts.colours import gain_colours
from bot.charts.words import word
from bot.dashboard.figures import look
from bot.laboratory.grid_errand import Cell, Grid
from bot.laboratory.words import Language

_ROW, _AROUND = 46, 90
_WRITTEN_MOST = 60
"""In a larger grid the numbers would not be read."""


class Figure(StrEnum):
    """What a grid may be coloured by."""

    RETURN = "return"
    CAGR = "cagr"
    FALL = "fall"
    EXHAUSTED = "exhausted"


VALUES: dict[Figure, Callable[[Cell], Decimal]] = {
    Figure.RETURN: lambda cell: cell.way.return_percent,
    Figure.CAGR: lambda cell: cell.way.cagr_percent,
    Figure.FALL: lambda cell: -cell.way.max_drawdown_percent,
    Figure.EXHAUSTED: lambda cell: Decimal(-cell.exhausted_sessions),
}
"""The larger, the better: a fall and the sessions without a unit left count down from 0."""


def heat_map(grid: Grid, figure: Figure, language: str) -> go.Figure:
    """Draw a grid; there must be a cell. What could not be run stays empty."""
    spoken = Language(language)
    rows = sorted({cell.splits for cell in grid.cells})
    columns = sorted({cell.target_percent for cell in grid.cells})
    known = {(cell.splits, cell.target_percent): cell for cell in grid.cells}
    values = [[known.get((row, column)) for column in columns] for row in rows]
    up, down = gain_colours(spoken)
    signed = figure in {Figure.RETURN, Figure.CAGR}
    made = look.figure(_AROUND + _ROW * len(rows), legend=False)
    made.add_heatmap(
        x=[f"{column:f}%" for column in columns],
        y=[word(spoken, "splits", count=row) for row in rows],
        z=[
            [look.NOTHING if cell is None else float(VALUES[figure](cell)) for cell in row]
            for row in values
        ],
        text=[["" if cell is None else written(cell, figure) for cell in row] for row in values],
        texttemplate="%{text}" if len(grid.cells) <= _WRITTEN_MOST else None,
        hovertemplate="%{y} · %{x}<br>%{text}<extra></extra>",
        hoverongaps=False,
        colorscale=[[0, down], [0.5, "#eceff3"], [1, up]]
        if signed
        else [[0, down], [1, "#eceff3"]],
        zmid=0 if signed else None,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    made.update_layout(hovermode="closest")
    made.update_xaxes(type="category", showgrid=False)
    made.update_yaxes(type="category", showgrid=False)
    return made


def written(cell: Cell, figure: Figure) -> str:
    """Write a cell's figure: +12.3%, -8.1%, a number of sessions."""
    if figure is Figure.EXHAUSTED:
        return f"{cell.exhausted_sessions}"
    return f"{VALUES[figure](cell):+.1f}%"
