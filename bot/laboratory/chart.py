"""Pictures of a run: equity, price between average and star, T, drawdown, and value by start date.

The look is the chat's (bot/charts/style.py).
"""

from collections.abc import Callable, Sequence
from datetime import date
from io import BytesIO
from itertools import groupby
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.charts.style import (
    AVERAGE,
    BOUGHT,
    DCA,
    HOLD,
    LOSS,
    OURS,
    PHASES,
    SOLD,
    STAR,
    dated,
    falls,
    floats,
    legend,
    scaled,
    styled,
)
from bot.laboratory.study import Study
from bot.laboratory.words import Language, word
from strategy.backtest import Session
from strategy.model import Fill, Side

_FILLS_SEEN = 600
"""In a longer run single fills would only hide the lines."""

Panel = Callable[[Axes, Study, Language], None]


def draw(study: Study, path: Path, language: Language) -> None:
    """Draw a run on one page into a PNG file; raises OSError where it cannot be written."""
    with styled(language):
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
    with styled(language):
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
        axes.plot(days, floats(values), color=colour, label=label, linewidth=width)
    axes.axhline(float(study.ledgers.principal), color="0.6", linestyle=":", linewidth=0.8)
    scaled(axes, [value for values, *_ in lines for value in values])
    _framed(axes, study, word(language, "equity"))
    legend(axes)


def price(axes: Axes, study: Study, language: Language) -> None:
    """Draw the closes between average and star price, with what was bought and sold."""
    closes = [bar.close for bar in study.ledgers.tape.bars]
    axes.plot(
        _days(study), floats(closes), color="0.55", label=word(language, "close"), linewidth=1
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
                days, floats(values), color=colour, label=label, linewidth=1.1, linestyle=style
            )
    scaled(axes, closes)
    _framed(axes, study, word(language, "price"))
    legend(axes)


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
    _framed(axes, study, word(language, "turn"))
    legend(axes)


def drawdown(axes: Axes, study: Study, language: Language) -> None:
    """Draw how far the equity lay under its high, beside holding."""
    days = _days(study)
    own = falls([study.ledgers.principal, *study.ledgers.equities])
    held = falls([study.ledgers.principal, *study.hold.equities])
    axes.plot(days, held, color=HOLD, linewidth=0.9, label=word(language, "hold"))
    axes.fill_between(days, own, color=LOSS, alpha=0.35, linewidth=0)
    axes.plot(days, own, color=LOSS, linewidth=1, label=word(language, "method"))
    axes.set_ylim(top=0)
    _framed(axes, study, word(language, "drawdown"))
    legend(axes)


def starts(axes: Axes, study: Study, language: Language) -> None:
    """Draw the return over the horizon by the day of the start, beside holding."""
    days: list[Any] = [each.start for each in study.starts]
    own = [each.return_percent for each in study.starts]
    held = [each.hold_return_percent for each in study.starts]
    axes.plot(days, floats(held), color=HOLD, linewidth=1, label=word(language, "hold"))
    axes.plot(
        days, floats(own), color=OURS, linewidth=1.4, marker=".", label=word(language, "method")
    )
    out = [each for each in study.starts if each.exhausted_sessions]
    spent: list[Any] = [each.start for each in out]
    axes.scatter(
        spent,
        floats([each.return_percent for each in out]),
        color=LOSS,
        zorder=3,
        s=18,
        label=word(language, "used_up"),
    )
    axes.axhline(0, color="0.6", linewidth=0.8)
    _framed(axes, study, f"{word(language, 'return')} (%)")
    legend(axes)


PANELS: dict[str, Panel] = {
    "equity": equity,
    "price": price,
    "turn": turn,
    "drawdown": drawdown,
}


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


def _days(study: Study) -> list[Any]:
    days: tuple[date, ...] = study.ledgers.days
    return list(days)


def _framed(axes: Axes, study: Study, label: str) -> None:
    axes.set_ylabel(label)
    dated(axes, _days(study))
