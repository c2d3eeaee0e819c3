"""Pictures of a run: equity, price between average and star, T, drawdown, and value by start date.

Figures become binary floats here, for pixels only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from bot.laboratory.fonts import families
from bot.laboratory.study import Study
from bot.laboratory.words import Language, word
from strategy.backtest import Session
from strategy.model import Fill, Phase, Side

_NOTHING = float("nan")
_LOGARITHMIC = 8
"""From so many times the lowest to the highest value on, a scale of equal ratios says more."""

_FILLS_SEEN = 600
"""In a longer run single fills would only hide the lines."""

OURS, HOLD, DCA = "#1f5fbf", "#8a8f98", "#d08a1d"
AVERAGE, STAR, LOSS = "#d08a1d", "#2a8c55", "#c0392b"
BOUGHT, SOLD = "#d63031", "#1f5fbf"
PHASES = {Phase.REVERSE: "#f3c9c4", Phase.QUARTER: "#f6e0b5"}

Panel = Callable[[Axes, Study, Language], None]


def draw(study: Study, path: Path, language: Language) -> None:
    """Draw a run on one page into a PNG file; raises OSError where it cannot be written."""
    with _style(language):
        figure = Figure(figsize=(12, 15), layout="constrained")
        axes = figure.subplots(4, 1, sharex=True, height_ratios=(3, 3, 2, 2))
        rules = study.rules
        figure.suptitle(
            word(language, "title", symbol=rules.symbol, method=rules.method, splits=rules.splits)
        )
        for each, panel in zip(axes, PANELS.values(), strict=True):
            panel(each, study, language)
        figure.savefig(path, format="png", dpi=120)


def pictures(study: Study, language: Language) -> dict[str, bytes]:
    """Draw each panel as a PNG picture of its own, sized for a phone."""
    wanted = dict(PANELS)
    if study.starts:
        wanted["starts"] = starts
    drawn: dict[str, bytes] = {}
    with _style(language):
        for name, panel in wanted.items():
            figure = Figure(figsize=(5.4, 3.7), layout="constrained")
            axes = figure.subplots()
            panel(axes, study, language)
            axes.set_ylabel("")
            buffer = BytesIO()
            figure.savefig(buffer, format="png", dpi=200)
            drawn[name] = buffer.getvalue()
    return drawn


def equity(axes: Axes, study: Study, language: Language) -> None:
    """Draw what the run was worth, beside holding and plain averaging."""
    days = _days(study)
    dca = word(language, "dca", parts=study.dca.parts)
    lines = (
        (study.hold.equities, HOLD, word(language, "hold"), 1.0),
        (study.dca.equities, DCA, dca, 1.0),
        (study.ledgers.equities, OURS, word(language, "method"), 1.6),
    )
    for values, colour, label, width in lines:
        axes.plot(days, _floats(values), color=colour, label=label, linewidth=width)
    axes.axhline(float(study.ledgers.principal), color="0.6", linestyle=":", linewidth=0.8)
    _scaled(axes, [value for values, *_ in lines for value in values])
    _framed(axes, word(language, "equity"))
    _legend(axes)


def price(axes: Axes, study: Study, language: Language) -> None:
    """Draw the closes between average and star price, with what was bought and sold."""
    closes = [bar.close for bar in study.ledgers.tape.bars]
    axes.plot(
        _days(study), _floats(closes), color="0.55", label=word(language, "close"), linewidth=1
    )
    if len(closes) <= _FILLS_SEEN:
        _mark_fills(axes, study, language)
    for number, result in enumerate(study.ledgers.results):
        days: list[Any] = [session.day for session in result.sessions]
        lines = (
            ([session.average or None for session in result.sessions], AVERAGE, "average", "-"),
            ([session.plan.star_price for session in result.sessions], STAR, "star", "--"),
        )
        for values, colour, name, style in lines:
            label = word(language, name) if number == 0 else None
            axes.plot(
                days, _floats(values), color=colour, label=label, linewidth=1.1, linestyle=style
            )
    _scaled(axes, closes)
    _framed(axes, word(language, "price"))
    _legend(axes)


def _mark_fills(axes: Axes, study: Study, language: Language) -> None:
    for side, colour, marker, name in (
        (Side.BUY, BOUGHT, "^", "bought"),
        (Side.SELL, SOLD, "v", "sold"),
    ):
        found = [(day, float(fill.price)) for day, fill in _fills(study) if fill.order.side is side]
        axes.scatter(
            [day for day, _ in found],
            [at for _, at in found],
            s=22,
            color=colour,
            marker=marker,
            label=word(language, name),
            linewidths=0,
            alpha=0.7,
            zorder=3,
        )


def turn(axes: Axes, study: Study, language: Language) -> None:
    """Draw T, with the days of the reverse and quarter phases shaded."""
    for number, result in enumerate(study.ledgers.results):
        days: list[Any] = [session.day for session in result.sessions]
        values = [float(session.turn) for session in result.sessions]
        axes.plot(days, values, color=OURS, linewidth=1.2, alpha=1 if number == 0 else 0.5)
        _shade(axes, result.sessions, language)
    splits = study.rules.splits
    axes.axhline(splits - 1, color=LOSS, linestyle=":", linewidth=1)
    axes.set_ylim(0, splits * 1.02)
    _framed(axes, word(language, "turn"))
    _legend(axes)


def drawdown(axes: Axes, study: Study, language: Language) -> None:
    """Draw how far the equity lay under its high, beside holding."""
    days = _days(study)
    own = _falls([study.ledgers.principal, *study.ledgers.equities])
    held = _falls([study.ledgers.principal, *study.hold.equities])
    axes.plot(days, held, color=HOLD, linewidth=0.9, label=word(language, "hold"))
    axes.fill_between(days, own, color=LOSS, alpha=0.35, linewidth=0)
    axes.plot(days, own, color=LOSS, linewidth=1, label=word(language, "method"))
    axes.set_ylim(top=0)
    _framed(axes, word(language, "drawdown"))
    _legend(axes)


def starts(axes: Axes, study: Study, language: Language) -> None:
    """Draw the return over the horizon by the day of the start, beside holding."""
    days: list[Any] = [each.start for each in study.starts]
    own = [each.return_percent for each in study.starts]
    held = [each.hold_return_percent for each in study.starts]
    axes.plot(days, _floats(held), color=HOLD, linewidth=1, label=word(language, "hold"))
    axes.plot(
        days, _floats(own), color=OURS, linewidth=1.4, marker=".", label=word(language, "method")
    )
    out = [each for each in study.starts if each.exhausted_sessions]
    spent: list[Any] = [each.start for each in out]
    axes.scatter(
        spent,
        _floats([each.return_percent for each in out]),
        color=LOSS,
        zorder=3,
        s=18,
        label=word(language, "used_up"),
    )
    axes.axhline(0, color="0.6", linewidth=0.8)
    _framed(axes, f"{word(language, 'return')} (%)")
    _legend(axes)


PANELS: dict[str, Panel] = {
    "equity": equity,
    "price": price,
    "turn": turn,
    "drawdown": drawdown,
}


@contextmanager
def _style(language: Language) -> Iterator[None]:
    """Draw with a font that has the language's letters."""
    settings: Any = {
        "font.family": families(language),
        "font.size": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": "0.92",
        "legend.frameon": False,
        "axes.unicode_minus": False,
    }
    with mpl.rc_context(settings):
        yield


def _framed(axes: Axes, label: str) -> None:
    axes.set_ylabel(label)
    locator = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]  # theirs
    formats = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S"]
    formatter = ConciseDateFormatter(  # type: ignore[no-untyped-call]  # theirs
        locator, formats=formats, zero_formats=["", *formats[:5]], show_offset=False
    )
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(formatter)
    axes.margins(x=0.01)


def _legend(axes: Axes) -> None:
    """Put the legend over the picture, where it hides no line; a panel without one has none."""
    named = len(axes.get_legend_handles_labels()[1])
    if named:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 0.99),
            ncols=named,
            borderaxespad=0,
            handlelength=1.4,
            columnspacing=1,
        )


def _scaled(axes: Axes, values: Sequence[Decimal]) -> None:
    plain = FuncFormatter(lambda value, _: f"{value:,.10g}")
    axes.yaxis.set_major_formatter(plain)
    if max(values) < _LOGARITHMIC * min(values) or min(values) <= 0:
        return
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(plain)
    axes.yaxis.set_minor_formatter(NullFormatter())


def _shade(axes: Axes, sessions: Sequence[Session], language: Language) -> None:
    labelled = set(axes.get_legend_handles_labels()[1])
    for phase, group in groupby(sessions, key=lambda session: session.plan.cycle.phase):
        if phase not in PHASES:
            continue
        days: list[Any] = [session.day for session in group]
        label = word(language, phase.value)
        shown = "" if label in labelled else label
        labelled.add(label)
        axes.axvspan(days[0], days[-1], color=PHASES[phase], label=shown, zorder=0)


def _fills(study: Study) -> list[tuple[Any, Fill]]:
    return [
        (session.day, fill)
        for result in study.ledgers.results
        for session in result.sessions
        for fill in session.fills
    ]


def _falls(values: Sequence[Decimal]) -> list[float]:
    """Give how far each value but the first lies under the highest before it, in percent."""
    peak, falls = values[0], list[float]()
    for value in values[1:]:
        peak = max(peak, value)
        falls.append(float((value - peak) / peak * 100))
    return falls


def _days(study: Study) -> list[Any]:
    days: tuple[date, ...] = study.ledgers.days
    return list(days)


def _floats(values: Iterable[Decimal | None]) -> list[float]:
    return [_NOTHING if value is None else float(value) for value in values]
