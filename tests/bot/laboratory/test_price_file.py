"""Bars in today's shares: exact, and back to what was traded without a loss."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.laboratory import price_file
from bot.laboratory.bars import parse_bars
from bot.laboratory.csv_rows import FileRefused
from strategy.corporate_actions import SplitOn
from strategy.model import Bar

BEFORE, AFTER = date(2026, 11, 19), date(2026, 11, 20)
SPLIT_DAY = AFTER


def _bar(day: date, close: str, volume: int = 1000) -> Bar:
    end = Decimal(close)
    return Bar(day=day, open=end, high=end, low=end, close=end, volume=volume)


@pytest.mark.parametrize(
    ("new", "old", "row"),
    [
        (2, 1, "2026-11-19,45.005,45.005,45.005,45.005,2000"),
        (15, 1, f"2026-11-19,{','.join(['6.000666666667'] * 4)},15000"),
        (3, 2, f"2026-11-19,{','.join(['60.006666666667'] * 4)},1500"),
        (1, 4, "2026-11-19,360.04,360.04,360.04,360.04,250"),
        (1, 15, f"2026-11-19,{','.join(['1350.15'] * 4)},66.666667"),
    ],
)
def test_the_seam_is_exact_for_every_ratio(new: int, old: int, row: str) -> None:
    bars = [_bar(BEFORE, "90.01"), _bar(AFTER, "50.25")]
    splits = [SplitOn(day=SPLIT_DAY, new=new, old=old)]
    content = price_file.written(bars, splits)
    assert content.decode().splitlines() == [
        "date,open,high,low,close,volume",
        row,
        "2026-11-20,50.25,50.25,50.25,50.25,1000",
    ]
    assert price_file.read(content, "x", splits) == bars
    # It is a file that a backtest reads.
    assert [each.day for each in parse_bars(content, "x")] == [BEFORE, AFTER]


ratios = st.sampled_from([(2, 1), (3, 1), (15, 1), (3, 2), (1, 2), (1, 3), (1, 8), (1, 15), (7, 3)])


@given(
    st.lists(st.decimals(min_value="0.0001", max_value="99999", places=4), min_size=1, max_size=40),
    st.lists(st.tuples(st.integers(0, 40), ratios), max_size=5),
    st.integers(0, 10**10),
)
def test_what_was_traded_comes_back_whatever_was_split(
    closes: list[Decimal], made: list[tuple[int, tuple[int, int]]], volume: int
) -> None:
    first = date(2020, 1, 1)
    bars = [
        _bar(first + timedelta(days=place), f"{close}", volume + place)
        for place, close in enumerate(closes)
    ]
    splits = [
        SplitOn(day=first + timedelta(days=place), new=new, old=old) for place, (new, old) in made
    ]
    once = price_file.written(bars, splits)
    back = price_file.read(once, "x", splits)
    assert back == bars
    assert price_file.written(back, splits) == once


def test_shares_multiply_over_the_splits_that_come_after() -> None:
    splits = [SplitOn(day=AFTER, new=2, old=1), SplitOn(day=date(2026, 12, 1), new=1, old=3)]
    assert price_file.shares_since(BEFORE, splits) == Fraction(2, 3)
    assert price_file.shares_since(AFTER, splits) == Fraction(1, 3)
    assert price_file.shares_since(date(2026, 12, 1), splits) == 1


def test_rows_can_be_cut_out() -> None:
    bars = [_bar(BEFORE, "90.01"), _bar(AFTER, "50.25")]
    assert price_file.written(bars, [], start=AFTER).count(b"\n") == 2
    assert b"2026-11-19" in price_file.written(bars, [], end=BEFORE)
    assert b"2026-11-20" not in price_file.written(bars, [], end=BEFORE)


@pytest.mark.parametrize(
    "row",
    [
        "2026-11-18,1,1,1,1,1",
        "2026-11-19,1,1,1,1,1",
        "2026-11-20,1,1,1,,1",
        "2026-11-20,1,1,1",
        "20261120,1,1,1,1,1",
        "2026-11-20,1,x,1,1,1",
    ],
)
def test_a_row_that_was_not_written_so_is_refused_with_its_line(row: str) -> None:
    content = price_file.written([_bar(BEFORE, "90.01")], []) + row.encode()
    with pytest.raises(FileRefused, match=r"TQQQ\.csv, line 3"):
        price_file.read(content, "TQQQ.csv", [])
