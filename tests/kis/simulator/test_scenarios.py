"""Made-up markets by name: what each does, that its bars are whole, and its splits."""

import hashlib
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kis.simulator import Bar, seeded_bars
from kis.simulator.arguments import read_listings, read_split
from kis.simulator.desks.shown import rate_text
from kis.simulator.domestic import FUNDS, LEVELS, Domestic
from kis.simulator.market import FLOOR, Market, level_of
from kis.simulator.model import SEOUL, Split, cents
from kis.simulator.scenarios import Scenario
from kis.simulator.sockets.depth import krx_depth, krx_tick, us_depth
from kis.simulator.sockets.us_tapes import percent

from .desk import quick, running

DAYS = [date(2026, 10, 1) + timedelta(days=index) for index in range(300)]
SEEDS = range(1, 21)
ORDINARY_OF_7 = "e5c9cd15b3330681ceacfe42056c0ab77aad1c30cac4f5f92b83adb9732da78c"


def moves(bars: list[Bar]) -> list[float]:
    return [float(after.close / before.close) - 1 for before, after in pairwise(bars)]


def gaps(bars: list[Bar]) -> list[float]:
    return [float(after.open / before.close) - 1 for before, after in pairwise(bars)]


def test_the_ordinary_market_of_seed_7_is_the_one_that_the_demo_shows() -> None:
    text = "".join(
        f"{bar}" for symbol in ("TQQQ", "SOXL", "QQQ") for bar in seeded_bars(7, symbol, DAYS)
    )
    assert hashlib.sha256(text.encode()).hexdigest() == ORDINARY_OF_7


@settings(max_examples=40, deadline=None)
@given(
    scenario=st.sampled_from(Scenario),
    seed=st.integers(0, 10_000),
    symbol=st.from_regex(r"[A-Z]{1,5}", fullmatch=True),
)
def test_a_bar_of_any_market_is_whole_cents_in_order_and_above_the_floor(
    scenario: Scenario, seed: int, symbol: str
) -> None:
    bars = seeded_bars(seed, symbol, DAYS[:120], scenario, since=DAYS[3])
    for one in bars:
        assert Decimal(str(FLOOR)) <= one.low <= min(one.open, one.close)
        assert max(one.open, one.close) <= one.high
        assert all(cents(price) == price for price in (one.open, one.high, one.low, one.close))
    assert bars[:3] == seeded_bars(seed, symbol, DAYS[:3])
    assert bars == seeded_bars(seed, symbol, DAYS[:120], scenario, since=DAYS[3])
    assert bars[:50] == seeded_bars(seed, symbol, DAYS[:50], scenario, since=DAYS[3])


@given(symbol=st.from_regex(r"[A-Z]{1,5}", fullmatch=True))
def test_any_ticker_has_a_level_of_its_own(symbol: str) -> None:
    assert 15 <= level_of(symbol) <= 520
    assert level_of(symbol) == level_of(symbol)
    assert level_of("AAAA") != level_of("AAAB")


@pytest.mark.parametrize("seed", SEEDS)
def test_a_crash_falls_a_fifth_within_ten_sessions_and_grinds_on(seed: int) -> None:
    bars = seeded_bars(seed, "TQQQ", DAYS, Scenario.CRASH, since=DAYS[1])
    worst = min(moves(bars[:11]))
    day = moves(bars).index(worst) + 1
    assert -0.24 < worst < -0.20
    assert gaps(bars)[day - 1] < -0.05
    assert bars[day + 30].close < bars[day].close * Decimal("0.95")
    others = seeded_bars(seed, "SOXL", DAYS, Scenario.CRASH, since=DAYS[1])
    assert moves(others).index(min(moves(others[:11]))) + 1 == day


@pytest.mark.parametrize("seed", SEEDS)
def test_every_market_does_what_it_is_called(seed: int) -> None:
    def made(scenario: Scenario) -> list[Bar]:
        return seeded_bars(seed, "AAAA", DAYS[:80], scenario, since=DAYS[1])

    jumps = [gap for gap in gaps(made(Scenario.GAPS)) if abs(gap) > 0.04]
    assert 15 < len(jumps) < 45
    assert min(jumps) < 0 < max(jumps)
    rally = made(Scenario.RALLY)
    assert rally[60].close > rally[0].close * Decimal("1.7")
    flat = made(Scenario.FLAT)
    assert max(abs(move) for move in moves(flat)[1:]) < 0.02
    whipsaw = moves(made(Scenario.WHIPSAW))
    assert all(before * after < 0 for before, after in pairwise(whipsaw))
    assert sum(abs(move) > 0.04 for move in whipsaw) > 70


@given(new=st.integers(1, 20), old=st.integers(1, 20), at=st.integers(1, 40))
@settings(max_examples=50, deadline=None)
def test_bars_before_a_split_are_untouched_and_those_after_stand_at_the_new_height(
    new: int, old: int, at: int
) -> None:
    if new == old:
        return
    split = Split("AAAA", DAYS[at], new, old)
    plain = seeded_bars(7, "AAAA", DAYS[:60], Scenario.FLAT)
    after = seeded_bars(7, "AAAA", DAYS[:60], Scenario.FLAT, splits=[split])
    assert after[:at] == plain[:at]
    for bar, other in zip(after[at:], plain[at:], strict=True):
        expected = max(float(other.close) * old / new, FLOOR)
        assert float(bar.close) == pytest.approx(expected, rel=0.01)
    untouched = seeded_bars(7, "BBBB", DAYS[:60], Scenario.FLAT, splits=[split])
    assert untouched == seeded_bars(7, "BBBB", DAYS[:60], Scenario.FLAT)


def test_a_ratio_joins_the_splits_between_two_days() -> None:
    splits = [Split("A", DAYS[9], 1, 10), Split("A", DAYS[5], 2, 1), Split("B", DAYS[5], 3, 1)]
    market = Market(7, {"A": [], "B": []}, splits)
    assert [split.day for split in market.splits] == [DAYS[5], DAYS[5], DAYS[9]]
    assert market.ratio("A", DAYS[4], DAYS[5]) == Fraction(1, 2)
    assert market.ratio("A", DAYS[5], DAYS[8]) == 1
    assert market.ratio("A", DAYS[0], DAYS[9]) == 5
    assert market.ratio("B", DAYS[0], DAYS[9]) == Fraction(1, 3)


@pytest.mark.parametrize(("new", "old"), [(1, 1), (0, 1), (2, -1)])
def test_a_split_that_changes_nothing_is_none(new: int, old: int) -> None:
    with pytest.raises(ValueError, match="two different counts"):
        Split("A", DAYS[0], new, old)


async def test_a_simulator_is_started_with_a_market_for_any_symbol() -> None:
    config = quick(market=Scenario.CRASH, symbols={"AAAA": "AMEX"}, seed=3)
    async with running(config, prices=None) as desk:
        closes = []
        for _ in range(9):
            await desk.go("close")
            await desk.ask_token()
            closes.append(float((await desk.price("AAAA", "AMS"))["output"]["last"]))
        assert min(after / before for before, after in pairwise(closes)) < 0.82


def test_markets_are_worded_on_a_command_line() -> None:
    assert read_listings(["aaaa", "SOXL", "BRK.B:nyse"]) == {
        "AAAA": "NASD",
        "SOXL": "AMEX",
        "BRK.B": "NYSE",
    }
    assert read_split("tqqq:2027-01-15:2:1") == Split("TQQQ", date(2027, 1, 15), 2, 1)
    for word in ("A A", "AAAA:LSE", "", "가나"):
        with pytest.raises(ValueError, match=r"ticker|NASD"):
            read_listings([word])
    for word in ("TQQQ:2027-01-15:2", "TQQQ:15:2:1", "TQQQ:2027-01-15:2:x", "A:2027-01-15:2:2"):
        with pytest.raises(ValueError, match="a split is worded"):
            read_split(word)


@pytest.mark.parametrize(
    ("price", "stock", "fund"),
    [
        (1_999, 1, 1), (2_000, 5, 5), (5_000, 10, 5), (20_000, 50, 5), (50_000, 100, 5),
        (200_000, 500, 5), (500_000, 1_000, 5),
    ],
)  # fmt: skip
def test_krx_ticks_follow_the_price(price: int, stock: int, fund: int) -> None:
    assert (krx_tick(price, fund=False), krx_tick(price, fund=True)) == (stock, fund)


@given(price=st.integers(1, 3_000_000), fund=st.booleans(), seed=st.integers(0, 9))
def test_a_books_levels_are_apart_and_the_same_for_a_seed(
    price: int, seed: int, *, fund: bool
) -> None:
    us, krx = us_depth(seed, "A", price), krx_depth(seed, "A", price, fund=fund)
    for depth in (us, krx):
        assert depth.asks == tuple(sorted(set(depth.asks)))
        assert all(a > b or b == 0 for a, b in pairwise(depth.bids))
        assert depth.bids[0] < depth.asks[0]
        assert [size > 0 for size in depth.bid_sizes] == [bid > 0 for bid in depth.bids]


def test_a_book_that_crosses_a_band_changes_its_tick_there() -> None:
    assert krx_depth(7, "A", 50_100, fund=False).bids[:3] == (50_000, 49_950, 49_900)
    assert krx_depth(7, "A", 49_950, fund=False).asks[:3] == (49_950, 50_000, 50_100)
    assert krx_depth(7, "A", 2_000, fund=True).bids[:2] == (1_999, 1_998)


@given(difference=st.integers(-(10**7), 10**7), base=st.integers(1, 10**7))
def test_a_change_in_percent_is_the_one_of_the_rest_quotes(difference: int, base: int) -> None:
    expected = rate_text(Decimal(difference) / 10_000, Decimal(base) / 10_000).strip()
    assert percent(difference, base) == expected


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 1000), code=st.sampled_from(["005930", "069500", "000660", "0126Z0"]))
def test_a_made_up_krx_is_on_its_ticks_inside_its_bars_and_joined_day_to_day(
    seed: int, code: str
) -> None:
    market = Domestic(seed, (code,), DAYS[0], DAYS[40])
    days = market.days(code)
    for before, after in pairwise(days):
        assert after.base == before.close
        assert abs(after.close / before.close - 1) < 0.30
    for day in days:
        prints = market.prints(code, day.day)
        prices = [one.price for one in prints]
        assert (prices[0], max(prices), min(prices), prices[-1]) == (
            day.open,
            day.high,
            day.low,
            day.close,
        )
        assert all(price % krx_tick(price, fund=code in FUNDS) == 0 for price in prices)
        assert all(before.at < after.at for before, after in pairwise(prints))


def test_the_next_trades_on_krx_are_found_over_a_weekend_and_end_with_the_days() -> None:
    market = Domestic(7, ("005930", "069500"), date(2026, 10, 5), date(2026, 10, 12))
    friday = datetime(2026, 10, 9, 15, 30, tzinfo=SEOUL)
    found = market.next_prints(friday)
    assert found is not None
    assert found[0] == datetime(2026, 10, 12, 9, 0, tzinfo=SEOUL)
    assert [code for code, _ in found[1]] == ["005930", "069500"]
    assert market.next_prints(datetime(2026, 10, 12, 15, 30, tzinfo=SEOUL)) is None
    assert market.so_far("005930", datetime(2026, 10, 5, 8, 59, tzinfo=SEOUL)) is None
    weekend = market.so_far("005930", friday + timedelta(days=2))
    assert weekend is not None
    assert (weekend.day, weekend.close) == (friday.date(), market.days("005930")[4].close)
    with pytest.raises(KeyError):
        market.days("000000")
    assert set(LEVELS) == {"005930", "069500"}
