"""Where the splits are: what is announced, what adjusted prices show, what a jump may mean."""

import csv
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from bot.laboratory import price_file, price_seams
from bot.laboratory.action_files import read_splits
from bot.laboratory.price_seams import Evidence
from strategy.corporate_actions import SplitOn
from strategy.model import Bar
from tests.bot.laboratory.price_table import bar, sessions, traded

PRICES = Path(__file__).parents[4] / "shared" / "data" / "prices"
needs_shared = pytest.mark.skipif(
    not PRICES.is_dir(), reason="the shared data is not beside the repository"
)
DAYS = sessions(60)
SEAM = DAYS[30]


def _only_pair(bars: list[Bar]) -> tuple[Bar, Bar]:
    (pair,) = price_seams.suspects(bars)
    return pair


@pytest.mark.parametrize(("new", "old"), [(2, 1), (3, 1), (15, 1), (1, 4), (1, 10), (1, 2)])
def test_a_jump_at_a_known_ratio_with_the_volume_the_other_way_is_a_split(
    new: int, old: int
) -> None:
    bars = traded(DAYS, [SplitOn(day=SEAM, new=new, old=old)])
    before, after = _only_pair(bars)
    assert after.day == SEAM
    assert price_seams.by_jump(bars, before, after) == Fraction(new, old)


@pytest.mark.parametrize("times", [Decimal("0.9"), Decimal(1), Decimal(9), Decimal(0)])
def test_a_crash_whose_volume_did_not_move_so_is_none(times: Decimal) -> None:
    bars = [bar(day, 60 if day < SEAM else 30) for day in DAYS]
    bars = [
        each if each.day < SEAM else bar(each.day, each.close, volume=int(each.volume * times))
        for each in bars
    ]
    assert price_seams.by_jump(bars, *_only_pair(bars)) is None
    assert price_seams.is_a_jump(*_only_pair(bars))


@pytest.mark.parametrize(("opening", "close"), [(25, 25), (30, 20), (35, 30), (41, 41)])
def test_a_move_that_is_near_to_no_ratio_is_none(opening: int, close: int) -> None:
    days = [each for each in DAYS if each < SEAM]
    bars = [*(bar(day) for day in days), bar(SEAM, close, opening=opening, volume=180_000)]
    assert price_seams.by_jump(bars, *_only_pair(bars)) is None


@needs_shared
def test_every_split_of_tqqq_is_found_by_its_jump_and_soxls_worst_day_is_none() -> None:
    splits = read_splits(PRICES / "TQQQ_splits.csv")
    tqqq = _real("TQQQ", splits)
    found = {
        after.day: price_seams.by_jump(tqqq, before, after)
        for before, after in price_seams.suspects(tqqq)
    }
    assert found == {split.day: Fraction(split.new, split.old) for split in splits}
    announced = price_seams.announced_seams(tqqq, splits)
    assert [seam.split for seam in announced] == sorted(splits, key=lambda split: split.day)
    soxl = _real("SOXL", [])
    assert [after.day for _, after in price_seams.suspects(soxl)] == [date(2020, 3, 16)]
    assert price_seams.by_jump(soxl, *_only_pair(soxl)) is None


def _real(symbol: str, splits: list[SplitOn]) -> list[Bar]:
    """Undo the splits of a file of adjusted bars."""
    bars = []
    with (PRICES / f"{symbol}.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = date.fromisoformat(row["date"])
            shares = price_file.shares_since(day, splits)
            factor = Decimal(shares.numerator) / shares.denominator
            opening, high, low, close = (
                round(Decimal(row[name]) * factor, 4) for name in ("open", "high", "low", "close")
            )
            volume = int(Decimal(row["volume"]) / factor)
            bars.append(Bar(day=day, open=opening, high=high, low=low, close=close, volume=volume))
    return bars


# -- announcements --------------------------------------------------------------------------


def test_a_split_that_is_announced_under_three_dates_is_one_on_its_first_session() -> None:
    real = SplitOn(day=SEAM, new=4, old=1)
    told = [SplitOn(day=SEAM - timedelta(days=back), new=4, old=1) for back in (0, 1, 2)]
    (seam,) = price_seams.announced_seams(traded(DAYS, [real]), told)
    assert (seam.split, seam.evidence) == (real, Evidence.ANNOUNCED)


def test_an_announced_date_beside_the_session_is_brought_to_it() -> None:
    real = SplitOn(day=SEAM, new=1, old=10)
    told = [SplitOn(day=SEAM - timedelta(days=3), new=1, old=10)]
    (seam,) = price_seams.announced_seams(traded(DAYS, [real]), told)
    assert seam.split == real


def test_two_splits_of_one_ratio_in_two_months_are_two() -> None:
    real = [SplitOn(day=DAYS[10], new=2, old=1), SplitOn(day=DAYS[50], new=2, old=1)]
    seams = price_seams.announced_seams(traded(DAYS, real), real)
    assert [seam.split for seam in seams] == real


def test_an_announcement_that_no_price_shows_is_left_out() -> None:
    told = [SplitOn(day=SEAM, new=2, old=1)]
    assert price_seams.announced_seams(traded(DAYS), told) == []
    far = [SplitOn(day=SEAM + timedelta(days=20), new=2, old=1)]
    assert price_seams.announced_seams(traded(DAYS, told), far) == []


def test_a_small_ratio_is_believed_on_its_own_day_only() -> None:
    real = SplitOn(day=SEAM, new=5, old=4)
    bars = traded(DAYS, [real])
    assert [seam.split for seam in price_seams.announced_seams(bars, [real])] == [real]
    beside = SplitOn(day=DAYS[32], new=5, old=4)
    assert price_seams.announced_seams(bars, [beside]) == []


# -- adjusted prices ------------------------------------------------------------------------


@pytest.mark.parametrize(("new", "old"), [(2, 1), (15, 1), (3, 2), (1, 4), (1, 15), (7, 3)])
def test_adjusted_prices_tell_the_ratio(new: int, old: int) -> None:
    factor = Decimal(old) / new
    before, after = bar(DAYS[29], "90.11"), bar(SEAM, 40)
    adjusted = {DAYS[29]: bar(DAYS[29], round(before.close * factor, 4)), SEAM: after}
    assert price_seams.by_adjusted(before, after, adjusted) == Fraction(new, old)


def test_adjusted_prices_that_jump_too_say_no_and_others_say_nothing() -> None:
    before, after = bar(DAYS[29], 60), bar(SEAM, 30)
    assert price_seams.by_adjusted(before, after, {DAYS[29]: before, SEAM: after}) == 1
    assert price_seams.by_adjusted(before, after, {SEAM: after}) is None
    odd = {DAYS[29]: bar(DAYS[29], "31.4159"), SEAM: bar(SEAM, "15.75")}
    assert price_seams.by_adjusted(before, after, odd) == 1
    riddle = {DAYS[29]: bar(DAYS[29], 60), SEAM: bar(SEAM, "31.25")}
    assert price_seams.by_adjusted(before, after, riddle) is None
