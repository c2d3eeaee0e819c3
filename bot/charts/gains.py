"""Realized gains: a month as a calendar, and periods as bars."""

from calendar import Calendar
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch
from matplotlib.ticker import FuncFormatter

from bot.charts import style
from bot.charts.model import CalendarPicture, Gain, GainsPicture, Period
from bot.charts.words import word
from bot.laboratory.words import Language

_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri")
_NAMED = 12
"""So many bars have room for a name each."""

_WRITTEN = {Period.DAY: "%m/%d", Period.WEEK: "%m/%d~", Period.MONTH: "%Y-%m", Period.YEAR: "%Y"}
_FEWEST = 5
"""Fewer bars are as narrow as so many."""

_ROUND = 1000

Shade = str | tuple[str, float]


def month(picture: CalendarPicture, language: Language) -> Figure:
    """Draw a month of sessions, a box for each weekday."""
    weeks = [
        week[: len(_WEEKDAYS)]
        for week in Calendar().monthdatescalendar(picture.year, picture.month)
        if any(day.month == picture.month for day in week[: len(_WEEKDAYS)])
    ]
    figure = style.canvas(1.5 + 0.78 * len(weeks))
    title = word(language, "calendar", year=picture.year, month=picture.month)
    style.headed(figure, f"{picture.note} {title}".strip(), _summed(picture, language))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(0, len(_WEEKDAYS))
    axes.set_ylim(len(weeks), -0.35)
    for column, name in enumerate(_WEEKDAYS):
        axes.text(column + 0.5, -0.15, word(language, name), ha="center", color=style.QUIET)
    most = max((abs(_figure(gain, amounts=picture.amounts)) for gain in picture.gains), default=0)
    gains = {gain.day: gain for gain in picture.gains}
    for row, week in enumerate(weeks):
        for column, day in enumerate(week):
            if day.month != picture.month:
                continue
            gain = gains.get(day)
            figure_of_day = _figure(gain, amounts=picture.amounts) if gain else Decimal(0)
            shade = _shade(figure_of_day, most, language)
            axes.add_patch(_box(column, row, shade))
            axes.text(column + 0.14, row + 0.3, str(day.day), fontsize=9, color=style.QUIET)
            if gain is not None:
                said = _written(gain, amounts=picture.amounts)
                axes.text(column + 0.5, row + 0.66, said, ha="center", va="center", fontsize=10)
    return figure


def _box(column: int, row: int, shade: Shade) -> FancyBboxPatch:
    return FancyBboxPatch(
        (column + 0.06, row + 0.06),
        0.88,
        0.88,
        boxstyle="round,pad=0,rounding_size=0.08",
        facecolor=shade,
        edgecolor="0.88",
    )


def _shade(amount: Decimal, most: Decimal | int, language: Language) -> Shade:
    """Give the colour of a gain or a loss, the stronger the larger it is."""
    if not amount:
        return "0.97"
    up, down = style.gain_colours(language)
    return (up if amount > 0 else down, 0.15 + 0.45 * float(abs(amount) / most))


def _summed(picture: CalendarPicture, language: Language) -> str:
    won = sum(gain.amount > 0 for gain in picture.gains)
    lost = sum(gain.amount < 0 for gain in picture.gains)
    total = _total(picture.gains)
    in_all = word(language, "sum", amount=_written(total, amounts=picture.amounts))
    return f"{in_all} · {word(language, 'won_lost', won=won, lost=lost)}"


def _total(gains: Iterable[Gain]) -> Gain:
    listed = list(gains)
    return Gain(
        day=date.min,
        amount=sum((gain.amount for gain in listed), Decimal(0)),
        percent=sum((gain.percent or Decimal(0) for gain in listed), Decimal(0)),
    )


def _figure(gain: Gain, *, amounts: bool) -> Decimal:
    return gain.amount if amounts else gain.percent or Decimal(0)


def _written(gain: Gain, *, amounts: bool) -> str:
    value = _figure(gain, amounts=amounts)
    if not amounts:
        return f"{value:+,.2f}%" if value else "0%"
    if not value:
        return "$0"
    digits = 0 if abs(value) >= _ROUND else 2
    return f"{'+' if value > 0 else '-'}${abs(value):,.{digits}f}"


def bars(picture: GainsPicture, language: Language) -> Figure:
    """Draw a bar for each period and what they come to together; there must be one."""
    figure = style.canvas(4)
    title = word(language, f"gains_{picture.period.value}")
    total = _written(_total(picture.gains), amounts=picture.amounts)
    style.headed(figure, f"{picture.note} {title}".strip(), word(language, "sum", amount=total))
    axes = figure.subplots()
    values = [float(_figure(gain, amounts=picture.amounts)) for gain in picture.gains]
    up, down = style.gain_colours(language)
    places = list(range(len(values)))
    axes.bar(places, values, color=[up if value >= 0 else down for value in values], alpha=0.8)
    so_far = [sum(values[: place + 1]) for place in places]
    axes.plot(
        places, so_far, color="0.25", linewidth=1.3, marker=".", label=word(language, "so_far")
    )
    axes.axhline(0, color="0.5", linewidth=0.8)
    beside = max(_FEWEST - len(values), 1) / 2
    axes.set_xlim(-beside - 0.3, places[-1] + beside + 0.3)
    _named(axes, picture)
    if picture.amounts:
        axes.yaxis.set_major_formatter(
            FuncFormatter(lambda value, _: f"{'-' if value < 0 else ''}${abs(value):,.10g}")
        )
    else:
        style.percents(axes)
    style.legend(axes)
    return figure


def _named(axes: Axes, picture: GainsPicture) -> None:
    """Write under the bars when each began, or under some of them where they are many."""
    every = -(-len(picture.gains) // _NAMED)
    shown = list(range(0, len(picture.gains), every))
    names = [picture.gains[place].day.strftime(_WRITTEN[picture.period]) for place in shown]
    slanted = len(names) > _NAMED // 2
    axes.set_xticks(
        shown, names, rotation=35 if slanted else 0, ha="right" if slanted else "center"
    )
