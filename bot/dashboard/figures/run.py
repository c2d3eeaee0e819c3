"""A backtest in the browser: worth beside holding and averaging, and T over time."""

from datetime import timedelta
from itertools import groupby

from plotly import graph_objects as go

from bot.charts import colours
from bot.charts.model import BacktestPicture, EquityPicture, Line, LineKind
from bot.charts.words import word
from bot.dashboard.figures import look
from bot.dashboard.figures.worth import equity
from bot.laboratory.words import Language

_HEIGHT = 220


def worth(run: BacktestPicture) -> go.Figure:
    """Draw what the run was worth beside the two others, over their falls.

    All begin with the principal, on the day before the first.
    """
    kinds = ((LineKind.OURS, run.ours), (LineKind.HOLD, run.hold), (LineKind.DCA, run.dca))
    begun = (run.days[0] - timedelta(days=1), run.principal)
    lines = tuple(
        Line(kind=kind, values=(begun, *zip(run.days, values, strict=True)))
        for kind, values in kinds
    )
    return equity(EquityPicture(language=run.language, amounts=run.amounts, lines=lines))


def turns(run: BacktestPicture) -> go.Figure:
    """Draw T, with the sessions of the reverse and quarter phases marked."""
    language = Language(run.language)
    made = look.figure(_HEIGHT)
    made.add_scatter(
        x=list(run.days),
        y=look.floats(run.turns),
        name=word(language, "turn"),
        mode="lines",
        line={"color": colours.OURS, "width": 1.3},
    )
    together = zip(run.days, run.phases, strict=True)
    for phase, group in groupby(together, key=lambda each: each[1]):
        if phase in colours.PHASES:
            days = [day for day, _ in group]
            made.add_vrect(
                x0=days[0],
                x1=days[-1],
                fillcolor=colours.PHASES[phase],
                opacity=0.7,
                line_width=0,
                layer="below",
            )
    made.add_hline(y=run.splits - 1, line={"color": colours.LOSS, "dash": "dot", "width": 1})
    made.update_yaxes(range=[0, run.splits * 1.02])
    look.dated(made, run.days)
    return made
