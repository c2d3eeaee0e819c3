"""Seeded bars and the day's trades derived from a bar."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from statistics import median, pstdev

from hypothesis import given, settings
from hypothesis import strategies as st

from kis.simulator import Bar, seeded_bars
from kis.simulator.market import Market
from kis.simulator.model import cents

from .desk import WEDNESDAY, bar, session

DAYS = [date(2020, 1, 1) + timedelta(days=index) for index in range(1500)]


def test_the_same_seed_gives_the_same_bars() -> None:
    assert seeded_bars(7, "TQQQ", DAYS[:50]) == seeded_bars(7, "TQQQ", DAYS[:50])
    assert seeded_bars(7, "TQQQ", DAYS[:50]) != seeded_bars(8, "TQQQ", DAYS[:50])
    assert seeded_bars(7, "TQQQ", DAYS[:50])[0].close != seeded_bars(7, "SOXL", DAYS[:1])[0].close


def test_more_days_do_not_change_the_bars_before() -> None:
    assert seeded_bars(7, "TQQQ", DAYS[:60])[:50] == seeded_bars(7, "TQQQ", DAYS[:50])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_a_seeded_bar_is_whole_cents_in_order_and_never_under_five_dollars(seed: int) -> None:
    for one in seeded_bars(seed, "TQQQ", DAYS[:300]):
        assert one.low <= min(one.open, one.close) <= max(one.open, one.close) <= one.high
        assert one.low >= 5
        assert all(cents(price) == price for price in (one.open, one.high, one.low, one.close))


def test_the_seeded_market_is_as_wild_as_a_threefold_etf() -> None:
    bars = seeded_bars(7, "TQQQ", DAYS)
    moves = [float(after.close / before.close) - 1 for before, after in pairwise(bars)]
    assert 0.03 < pstdev(moves) < 0.055
    assert any(abs(move) > 0.09 for move in moves)
    assert min(one.close for one in bars) > 20
    assert max(one.close for one in bars) < 250


@settings(max_examples=100, deadline=None)
@given(
    prices=st.lists(st.integers(500, 20_000), min_size=4, max_size=4),
    seed=st.integers(0, 1000),
)
def test_a_days_path_touches_open_high_and_low_and_stays_inside(
    prices: list[int], seed: int
) -> None:
    values = [Decimal(price) / 100 for price in prices]
    made = Bar(WEDNESDAY, values[0], max(values), min(values), values[1], 1000)
    day = session(WEDNESDAY)
    path = Market(seed, {"X": [made]}).path("X", day)
    shown = [trade.price for trade in path]
    assert shown[0] == made.open
    assert (max(shown), min(shown)) == (made.high, made.low)
    assert all(before.at <= after.at for before, after in pairwise(path))
    assert day.open == path[0].at
    assert path[-1].at < day.close


def test_the_last_trade_is_near_the_official_close_but_not_it() -> None:
    bars = [bar(day, "100 110 90 100") for day in DAYS]
    market = Market(7, {"X": bars})
    gaps = [abs(market.last_regular("X", one.day) - one.close) for one in bars]
    assert Decimal("0.07") < median(gaps) < Decimal("0.13")
    assert max(gaps) <= Decimal("0.60")
    assert min(gaps) > 0
