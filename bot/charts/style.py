"""The look that all pictures share: fonts, colours, axes. Figures become floats for pixels."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from bot.charts.colours import (
    AVERAGE,
    BOUGHT,
    DCA,
    HOLD,
    LOSS,
    OTHERS,
    OURS,
    PHASES,
    SOLD,
    STAR,
    TARGET,
    gain_colours,
)
from bot.laboratory.fonts import families
from bot.laboratory.words import Language

__all__ = [
    "AVERAGE",
    "BOUGHT",
    "DCA",
    "HOLD",
    "LOSS",
    "OTHERS",
    "OURS",
    "PHASES",
    "SOLD",
    "STAR",
    "TARGET",
    "gain_colours",
]

NOTHING = float("nan")
LOGARITHMIC = 8
"""From so many times the lowest to the highest value on, a scale of equal ratios says more."""

QUIET = "0.45"

_FEW_DAYS, _A_DAY = timedelta(days=7), timedelta(days=1)
"""Over fewer days a scale of dates would name hours."""

_WIDTH = 5.4
_DPI = 200
"""1080 pixels across: what a phone shows without scaling."""


@contextmanager
def styled(language: Language) -> Iterator[None]:
    """Draw with a font that has the language's letters; a dollar is a dollar, not mathematics."""
    settings: Any = {
        "font.family": families(language),
        "font.size": 11,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.grid": True,
        "grid.color": "0.92",
        "axes.axisbelow": True,
        "legend.frameon": False,
        "axes.unicode_minus": False,
        "text.parse_math": False,
    }
    with mpl.rc_context(settings):
        yield


def canvas(height: float) -> Figure:
    """Give an empty figure as wide as a phone; `height` in inches of 200 pixels."""
    return Figure(figsize=(_WIDTH, height), layout="constrained")


def png(figure: Figure) -> bytes:
    """Give a figure as a PNG file."""
    buffer = BytesIO()
    figure.savefig(buffer, format="png", dpi=_DPI)
    return buffer.getvalue()


def headed(figure: Figure, title: str, under: str = "") -> None:
    """Put a title over a figure, and a quieter line under it."""
    figure.suptitle(title if not under else f"{title}\n{under}", x=0.02, ha="left", fontsize=13)


def dated(axes: Axes, days: Sequence[Any]) -> None:
    """Write the days under an axis, the year where it begins; of a few days each is named."""
    first, last = min(days), max(days)
    if last - first < _FEW_DAYS:
        beside = _A_DAY if first < last else 3 * _A_DAY
        named = sorted(set(days))
        axes.set_xticks(named, [f"{day:%m-%d}" for day in named])
        axes.set_xlim(first - beside, last + beside)
        return
    locator = AutoDateLocator(minticks=3, maxticks=9)  # type: ignore[no-untyped-call]  # theirs
    formats = ["%Y", "%Y-%m", "%m-%d", "%H:%M", "%H:%M", "%S"]
    formatter = ConciseDateFormatter(  # type: ignore[no-untyped-call]  # theirs
        locator, formats=formats, zero_formats=["", *formats[:5]], show_offset=False
    )
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(formatter)
    axes.margins(x=0.02)


def legend(axes: Axes, columns: int | None = None) -> None:
    """Put the legend over the picture, where it hides no line; a panel without one has none."""
    named = len(axes.get_legend_handles_labels()[1])
    if named:
        axes.legend(
            loc="lower left",
            bbox_to_anchor=(0, 0.99),
            ncols=columns or named,
            borderaxespad=0,
            handlelength=1.4,
            columnspacing=1,
        )


def scaled(axes: Axes, values: Sequence[Decimal]) -> None:
    """Write plain numbers beside an axis of positive values, in equal ratios where they are far."""
    plain = FuncFormatter(lambda value, _: f"{value:,.10g}")
    axes.yaxis.set_major_formatter(plain)
    if max(values) < LOGARITHMIC * min(values) or min(values) <= 0:
        return
    axes.set_yscale("log")
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(plain)
    axes.yaxis.set_minor_formatter(NullFormatter())


def percents(axes: Axes) -> None:
    """Write signed percents beside an axis."""
    axes.yaxis.set_major_formatter(
        FuncFormatter(lambda value, _: "0%" if abs(value) < 1e-9 else f"{value:+,.10g}%")
    )


def floats(values: Iterable[Decimal | None]) -> list[float]:
    return [NOTHING if value is None else float(value) for value in values]


def falls(values: Sequence[Decimal]) -> list[float]:
    """Give how far each value but the first lies under the highest before it, in percent."""
    peak, found = values[0], list[float]()
    for value in values[1:]:
        peak = max(peak, value)
        found.append(float((value - peak) / peak * 100))
    return found
