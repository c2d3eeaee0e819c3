"""Share splits in bars as they were traded: where they are, and by what right they are repaired.

A price that opens at half the close before is a 2:1 split, or a bad day. Three witnesses are heard:
KIS's announcements; KIS's own adjusted prices, which run smoothly over a split; and, where neither
can be had, the jump itself, when the volume has moved the other way by about as much.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from statistics import median

from strategy.corporate_actions import SplitOn
from strategy.model import Bar

KNOWN_RATIOS = (2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 40, 50, 100)
"""Ratios that a jump without another witness may stand for, or their inverses."""

ANNOUNCED_WITHIN = timedelta(days=7)
"""KIS lists a split under several dates; the first session at the new shares is near to them."""

_LOWEST_MOVE, _HIGHEST_MOVE = Decimal("0.7"), Decimal("1.43")
# Within these a move is told, when nobody says that it was a split.
_LOWEST_QUIET, _HIGHEST_QUIET = Decimal("0.6"), Decimal("1.7")
_OPEN_NEAR, _CLOSE_NEAR = Decimal("1.12"), Decimal("1.25")
_VOLUME_NEAR = 4
_SESSIONS = 20
_MOST_PARTS = 5
_SAME = Decimal("0.01")


class Evidence(StrEnum):
    """Who says that a jump was a split."""

    ANNOUNCED = "announced"
    ADJUSTED = "adjusted"
    JUMP = "jump"


@dataclass(frozen=True, kw_only=True, slots=True)
class Seam:
    """A split that the bars show on its day, and who says so."""

    split: SplitOn
    evidence: Evidence


def announced_seams(bars: Sequence[Bar], announced: Iterable[SplitOn]) -> list[Seam]:
    """Find the session of each announced split; one told under several dates is one.

    An announced split that no price shows is left out: the prices are adjusted already.
    """
    seams: dict[date, SplitOn] = {}
    for split in sorted(announced, key=lambda each: each.day, reverse=True):
        day = _shown_on(bars, split)
        if day is not None and not any(same_split(split, each) for each in seams.values()):
            seams[day] = SplitOn(day=day, new=split.new, old=split.old)
    return [Seam(split=seams[day], evidence=Evidence.ANNOUNCED) for day in sorted(seams)]


def same_split(one: SplitOn, other: SplitOn) -> bool:
    """Tell whether two words about splits are about one."""
    near = abs(one.day - other.day) <= 2 * ANNOUNCED_WITHIN
    return near and (one.new, one.old) == (other.new, other.old)


def suspects(bars: Sequence[Bar]) -> list[tuple[Bar, Bar]]:
    """Give the pairs of sessions between which a split may lie."""
    return [
        (before, bar)
        for before, bar in pairwise(bars)
        if not _LOWEST_MOVE < bar.open / before.close < _HIGHEST_MOVE
    ]


def is_a_jump(before: Bar, bar: Bar) -> bool:
    """Tell a move that must not pass without a word."""
    return not _LOWEST_QUIET < bar.open / before.close < _HIGHEST_QUIET


def by_adjusted(before: Bar, bar: Bar, adjusted: Mapping[date, Bar]) -> Fraction | None:
    """Read from KIS's adjusted bars how many shares one has become between two sessions.

    1 when they say that there was no split; None when they do not say.
    """
    if before.day not in adjusted or bar.day not in adjusted:
        return None
    ratio = (before.close / adjusted[before.day].close) / (bar.close / adjusted[bar.day].close)
    for old in range(1, _MOST_PARTS + 1):
        for simple in (
            Fraction(round(ratio * old), old),
            Fraction(old, max(round(old / ratio), 1)),
        ):
            if simple and abs(ratio / _decimal(simple) - 1) < _SAME:
                return simple
    return None


def by_jump(bars: Sequence[Bar], before: Bar, bar: Bar) -> Fraction | None:
    """Read a split from the jump alone: a known ratio, and a volume that moved the other way."""
    ratios = [Fraction(known) for known in KNOWN_RATIOS]
    ratios += [1 / ratio for ratio in ratios]
    opened, closed = bar.open / before.close, bar.close / before.close
    ratio = min(ratios, key=lambda each: _far(opened * _decimal(each)))
    if _far(opened * _decimal(ratio)) > _OPEN_NEAR or _far(closed * _decimal(ratio)) > _CLOSE_NEAR:
        return None
    place = next(index for index, each in enumerate(bars) if each.day == bar.day)
    earlier = median(each.volume for each in bars[max(place - _SESSIONS, 0) : place])
    later = median(each.volume for each in bars[place : place + _SESSIONS])
    if not earlier or not later:
        return None
    grown = Fraction(later) / Fraction(earlier)
    # A month's median hardly feels the first days; a crash has many times the volume at once.
    other_way = grown > 1 if ratio > 1 else grown < 1
    by_as_much = Fraction(1, _VOLUME_NEAR) < grown / ratio < _VOLUME_NEAR
    return ratio if other_way and by_as_much else None


def _shown_on(bars: Sequence[Bar], split: SplitOn) -> date | None:
    """Find the session that opens at an announced split: its own day, else the nearest to it."""
    ratio = _decimal(Fraction(split.new, split.old))
    bound = _far(ratio)
    shown = {
        bar.day: _far(bar.open / before.close * ratio)
        for before, bar in pairwise(bars)
        if abs(bar.day - split.day) <= ANNOUNCED_WITHIN
    }
    # Nearer to the split close than to the close itself.
    shown = {day: far for day, far in shown.items() if far**2 < bound}
    if split.day in shown or not shown:
        return split.day if shown else None
    return min(shown, key=lambda day: shown[day]) if bound > 1 / _LOWEST_MOVE else None


def _far(move: Decimal) -> Decimal:
    """Tell how far a move is from none, up and down alike: 2 for a half and for a double."""
    return max(move, 1 / move)


def _decimal(ratio: Fraction) -> Decimal:
    return Decimal(ratio.numerator) / ratio.denominator
