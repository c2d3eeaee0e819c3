"""Which splits a symbol's bars show: every witness is heard, and what was found before stands."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from itertools import pairwise

from bot.laboratory import price_seams
from bot.laboratory.price_seams import ANNOUNCED_WITHIN, Evidence, Seam
from bot.laboratory.price_source import DailySource
from bot.laboratory.price_store import Stored
from strategy.corporate_actions import SplitOn
from strategy.model import Bar


async def find_seams(
    source: DailySource, old: Stored | None, bars: Sequence[Bar], start: date
) -> tuple[tuple[Seam, ...], tuple[date, ...]]:
    """Find the splits in bars as traded, and the days of jumps that nobody calls one.

    `start` is the first day that was asked for now. A seam between two bars that have not changed
    stays: KIS being down is no evidence against it.
    """
    found = {} if old is None else _standing(old, bars)
    since = bars[0].day if old is None else max(bars[0].day, start - ANNOUNCED_WITHIN)
    announced = [
        split
        for split in await source.announced(since, bars[-1].day)
        if not any(price_seams.same_split(split, seam.split) for seam in found.values())
    ]
    for seam in price_seams.announced_seams(bars, announced):
        found.setdefault(seam.split.day, seam)
    left = [(before, bar) for before, bar in price_seams.suspects(bars) if bar.day not in found]
    said = {
        bar.day: price_seams.by_adjusted(before, bar, await source.adjusted(bar.day))
        for before, bar in left
    }
    for day, shares in said.items():
        if shares is not None and shares != 1:
            found[day] = _seam(day, shares, Evidence.ADJUSTED)
    # Prices that never showed a split are no witness against one: they may not be adjusted at all.
    knows_splits = any(seam.evidence is not Evidence.JUMP for seam in found.values())
    for before, bar in left:
        if said[bar.day] is None or (said[bar.day] == 1 and not knows_splits):
            shares = price_seams.by_jump(bars, before, bar)
            if shares is not None:
                found[bar.day] = _seam(bar.day, shares, Evidence.JUMP)
    doubtful = [pair for pair in left if pair[1].day not in found]
    jumps = tuple(bar.day for before, bar in doubtful if price_seams.is_a_jump(before, bar))
    return tuple(found[day] for day in sorted(found)), jumps


def _seam(day: date, shares: Fraction, evidence: Evidence) -> Seam:
    split = SplitOn(day=day, new=shares.numerator, old=shares.denominator)
    return Seam(split=split, evidence=evidence)


def _standing(old: Stored, bars: Sequence[Bar]) -> dict[date, Seam]:
    """Give the seams whose two bars are what they were."""
    known = set(pairwise(old.bars))
    still = {bar.day for before, bar in pairwise(bars) if (before, bar) in known}
    return {seam.split.day: seam for seam in old.card.seams if seam.split.day in still}
