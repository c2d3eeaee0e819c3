"""Splits in the price store: repaired exactly by whoever tells of them, and by nobody else."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.laboratory.bars import read_bars
from bot.laboratory.price_seams import Evidence, Seam
from bot.laboratory.price_store import PriceStore
from strategy.corporate_actions import SplitOn
from tests.bot.laboratory.price_table import (
    LAST,
    NOON_AFTER,
    Table,
    bar,
    sessions,
    traded,
    updated,
)

DAYS = sessions(60)
SEAM = DAYS[30]
TWO = SplitOn(day=SEAM, new=2, old=1)


def _at(day: date) -> datetime:
    """Give the afternoon in Seoul after a session."""
    return NOON_AFTER + (day - LAST)


def _closes(home: Path) -> dict[date, Decimal]:
    return {each.day: each.close for each in read_bars(PriceStore(home).path("TQQQ"))}


@pytest.mark.parametrize("ratio", [(2, 1), (3, 1), (15, 1), (1, 4), (1, 15)])
@pytest.mark.parametrize("witness", list(Evidence))
def test_a_split_is_repaired_exactly_by_whoever_tells_it(
    ratio: tuple[int, int], witness: Evidence, tmp_path: Path
) -> None:
    split = SplitOn(day=SEAM, new=ratio[0], old=ratio[1])
    table = Table(
        traded(DAYS, [split]),
        splits=[split],
        announces=witness is Evidence.ANNOUNCED,
        adjusts=witness is Evidence.ADJUSTED,
    )
    done = updated(tmp_path, table)
    assert done.new_seams == (Seam(split=split, evidence=witness),)
    straight = {each.day: each.close for each in traded(DAYS)}
    assert _closes(tmp_path) == straight
    assert done.stored.bars == tuple(table.bars)


def test_a_split_that_comes_later_rewrites_what_is_older(tmp_path: Path) -> None:
    bars = traded(DAYS, [TWO])
    updated(tmp_path, Table(bars[:30]), now=_at(DAYS[29]))
    assert _closes(tmp_path)[DAYS[0]] == 120
    done = updated(tmp_path, Table(bars, splits=[TWO], announces=True))
    assert done.new_seams == (Seam(split=TWO, evidence=Evidence.ANNOUNCED),)
    assert done.changed == ()
    assert done.added == 30
    assert _closes(tmp_path) == {each.day: each.close for each in traded(DAYS)}


def test_a_crash_that_adjusted_prices_show_too_stays_where_they_are_known_to_adjust(
    tmp_path: Path,
) -> None:
    split = SplitOn(day=DAYS[10], new=3, old=1)
    bars = [
        bar(each.day, each.close / 2, volume=each.volume * 2) if each.day >= DAYS[40] else each
        for each in traded(DAYS, [split])
    ]
    done = updated(tmp_path, Table(bars, splits=[split], adjusts=True))
    assert [seam.split for seam in done.stored.card.seams] == [split]
    assert done.stored.card.jumps == (DAYS[40],)
    # Prices that never showed a split are no witness, so the jump speaks for itself.
    other = tmp_path / "other"
    done = updated(other, Table(bars))
    assert [seam.split.day for seam in done.stored.card.seams] == [DAYS[10], DAYS[40]]
    assert {seam.evidence for seam in done.stored.card.seams} == {Evidence.JUMP}


def test_a_jump_that_nobody_calls_a_split_is_told_and_left(tmp_path: Path) -> None:
    bars = [bar(day, 60 if day < SEAM else 30) for day in DAYS]
    done = updated(tmp_path, Table(bars))
    assert (done.stored.card.seams, done.stored.card.jumps) == ((), (SEAM,))
    assert _closes(tmp_path)[DAYS[0]] == 60


def test_a_seam_stands_when_kis_is_silent_about_it_later(tmp_path: Path) -> None:
    bars = traded(DAYS, [TWO])
    updated(tmp_path, Table(bars[:35], splits=[TWO], announces=True), now=_at(DAYS[34]))
    quiet = [replace(each, volume=1) for each in bars[35:]]
    done = updated(tmp_path, Table([*bars[:35], *quiet]))
    assert [seam.split for seam in done.stored.card.seams] == [TWO]
    assert done.new_seams == ()
