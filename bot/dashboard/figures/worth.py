"""Worth over time in the browser, beside what else the money might have done, and its falls."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from plotly import graph_objects as go

from bot.charts import colours
from bot.charts.model import EquityPicture, Line, LineKind
from bot.charts.words import word
from bot.dashboard.figures import look
from bot.laboratory.words import Language

_SHARES = (0.7, 0.3)
_HEIGHT = 500
_COLOURS = {LineKind.OURS: colours.OURS, LineKind.HOLD: colours.HOLD, LineKind.DCA: colours.DCA}


def equity(picture: EquityPicture) -> go.Figure:
    """Draw the lines over how far each lies under its high; each must have a value."""
    language = Language(picture.language)
    made = look.stacked(_SHARES, _HEIGHT)
    others = iter(colours.OTHERS * (len(picture.lines) // len(colours.OTHERS) + 1))
    for line in picture.lines:
        colour = _COLOURS.get(line.kind) or next(others)
        _line(made, line, colour, language, amounts=picture.amounts)
        _falls(made, line, colour, language)
    if picture.amounts:
        look.money_axis(made, row=1)
        look.scaled(made, [value for line in picture.lines for _, value in line.values], row=1)
    else:
        look.percent_axis(made, row=1)
    made.update_yaxes(ticksuffix="%", hoverformat=".2f", rangemode="tozero", row=2, col=1)
    look.dated(made, [day for line in picture.lines for day, _ in line.values])
    return made


def _line(made: go.Figure, line: Line, colour: str, language: Language, *, amounts: bool) -> None:
    values = [value for _, value in line.values]
    gained = [gain_percent(value, values[0]) for value in values]
    made.add_scatter(
        x=_days(line),
        y=look.floats(values if amounts else gained),
        name=f"{named(line, language)} {gained[-1]:+,.1f}%",
        mode="lines" if len(values) > 1 else "markers",
        line={"color": colour, "width": 2.4 if line.kind is LineKind.OURS else 1.4},
        row=1,
        col=1,
    )


def _falls(made: go.Figure, line: Line, colour: str, language: Language) -> None:
    ours = line.kind is LineKind.OURS
    made.add_scatter(
        x=_days(line),
        y=look.floats(falls([value for _, value in line.values])),
        name=f"{word(language, 'drawdown')} {named(line, language)}",
        mode="lines" if len(line.values) > 1 else "markers",
        line={"color": colours.LOSS if ours else colour, "width": 1.4 if ours else 1},
        fill="tozeroy" if ours else None,
        showlegend=False,
        row=2,
        col=1,
    )


def named(line: Line, language: Language) -> str:
    """Name a line by its kind's word and its note, which stands alone where there is no word."""
    kind = "" if line.kind is LineKind.OTHER else word(language, line.kind.value)
    return f"{kind} {line.note}".strip()


def gain_percent(value: Decimal, first: Decimal) -> Decimal:
    return (value / first - 1) * 100 if first else Decimal(0)


def falls(values: Sequence[Decimal]) -> list[Decimal]:
    """Give how far each value lies under the highest up to it, in percent: 0 or below."""
    peak, found = Decimal(0), list[Decimal]()
    for value in values:
        peak = max(peak, value)
        found.append((value / peak - 1) * 100 if peak else Decimal(0))
    return found


def _days(line: Line) -> list[date]:
    return [day for day, _ in line.values]
