from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kis.minute_bars import MinuteBars, Session, join, merge
from kis.minute_bars_forming import Tick
from kis.models import (
    NEW_YORK,
    SEOUL,
    DomesticTrade,
    Exchange,
    Feed,
    MarketHours,
    MinuteBar,
    StreamGap,
    Trade,
)

OPENS = datetime(2026, 11, 20, 9, 30, tzinfo=NEW_YORK)
REGULAR = Session(OPENS, OPENS + timedelta(hours=6, minutes=30))
GRACE = timedelta(seconds=30)


def tick(second: float, price: str, quantity: int = 1, volume: int = 0) -> Trade:
    """Give a trade so many seconds after the opening; its volume tells its place."""
    return Trade(
        symbol="TQQQ",
        exchange=Exchange.NASDAQ,
        price=Decimal(price),
        quantity=quantity,
        day_volume=volume,
        at=(OPENS + timedelta(seconds=second)).astimezone(SEOUL),
        hours=MarketHours.REGULAR,
    )


def tape(steps: Iterable[tuple[int, int, int]]) -> list[Trade]:
    """Give trades in order from (seconds on, cents, shares), with KIS's running volume."""
    trades, second, volume = [], 0, 0
    for on, cents, shares in steps:
        second += on
        volume += shares
        trades.append(tick(second, str(Decimal(cents) / 100), shares, volume))
    return trades


def bars_of(
    trades: Iterable[Tick], *, minutes: int = 1, batch: int = 1, grace: timedelta = GRACE
) -> list[MinuteBar]:
    rows = list(trades)
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS, minutes=minutes, grace=grace)
    out: list[MinuteBar] = []
    for at in range(0, len(rows), batch):
        progress = bars.add(rows[at : at + batch])
        assert not progress.late
        out += progress.bars
    return out + bars.until(REGULAR.closes + timedelta(days=1))


def minute(number: int, price: str, *, complete: bool = True, volume: int = 1) -> MinuteBar:
    return MinuteBar(
        symbol="TQQQ",
        start=OPENS + timedelta(minutes=number),
        minutes=1,
        open=Decimal(price),
        high=Decimal(price),
        low=Decimal(price),
        close=Decimal(price),
        volume=volume,
        complete=complete,
    )


STEPS = st.lists(
    st.tuples(st.integers(0, 45), st.integers(1, 50_000), st.integers(1, 1000)),
    min_size=1,
    max_size=80,
)


def test_a_minute_of_trades_is_a_bar_and_an_empty_minute_is_none() -> None:
    found = bars_of(tape([(1, 7650, 10), (2, 7700, 5), (3, 7600, 1), (130, 7620, 4)]))
    assert found == [
        MinuteBar(
            symbol="TQQQ",
            start=OPENS,
            minutes=1,
            open=Decimal("76.50"),
            high=Decimal(77),
            low=Decimal(76),
            close=Decimal(76),
            volume=16,
            complete=True,
        ),
        MinuteBar(
            symbol="TQQQ",
            start=OPENS + timedelta(minutes=2),
            minutes=1,
            open=Decimal("76.2"),
            high=Decimal("76.2"),
            low=Decimal("76.2"),
            close=Decimal("76.2"),
            volume=4,
            complete=True,
        ),
    ]


def test_a_bar_is_final_when_the_trades_moved_on_by_the_grace() -> None:
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS, grace=timedelta(seconds=5))
    assert not bars.add([tick(59, "76")]).bars
    assert not bars.add([tick(64, "76")]).bars
    assert [bar.start for bar in bars.add([tick(65, "76")]).bars] == [OPENS]


def test_a_trade_within_the_grace_is_merged_as_if_it_had_come_in_order() -> None:
    in_order = [tick(57, "76", 1, 1), tick(58, "75", 2, 3), tick(61, "77", 4, 7)]
    late = [in_order[0], in_order[2], in_order[1]]
    assert bars_of(late, grace=timedelta(seconds=5)) == bars_of(in_order)


def test_a_trade_after_its_bar_was_final_is_counted_and_handed_back() -> None:
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS, grace=timedelta(seconds=5))
    bars.add([tick(10, "76", 1, 1), tick(70, "76", 1, 2)])
    straggler = tick(11, "99", 7, 2)
    assert bars.add([straggler]) == ([], [straggler])
    assert bars.late == 1
    assert [bar.volume for bar in bars.until(REGULAR.closes)] == [1]


def test_a_trade_for_an_empty_minute_that_is_past_is_late_too() -> None:
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS, grace=timedelta(seconds=5))
    bars.add([tick(0, "76"), tick(185, "76")])
    assert bars.add([tick(61, "76")]).late


def test_within_one_second_the_days_volume_says_which_trade_was_last() -> None:
    trades = [tick(5, "76", 1, 3), tick(5, "75", 1, 1), tick(5, "77", 1, 2)]
    (bar,) = bars_of(trades)
    assert (bar.open, bar.close) == (Decimal(75), Decimal(76))


def test_a_batch_of_one_second_is_put_in_order_by_the_days_volume() -> None:
    trades = [tick(5, str(70 + place), 1, place) for place in (5, 9, 2, 8, 3, 7, 4, 6, 1, 10)]
    trades[0], trades[-1] = trades[2], trades[3]
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS)
    bars.add([tick(0, "50", 1, 0)])
    bars.add(trades)
    (bar,) = bars.until(REGULAR.closes)
    assert (bar.open, bar.close) == (Decimal(50), Decimal(79))


def test_a_trade_of_nothing_within_a_batch_changes_nothing() -> None:
    trades = [tick(5, "76", 1, place) for place in range(1, 10)]
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS)
    bars.add(trades)
    bars.add([*trades, tick(5, "99", 0, 9)])
    (bar,) = bars.until(REGULAR.closes)
    assert (bar.high, bar.volume, bars.empty) == (Decimal(76), 18, 1)


def test_trades_outside_the_sessions_make_no_bar_and_are_counted() -> None:
    early = Session(OPENS, OPENS + timedelta(hours=3, minutes=30))
    bars = MinuteBars("TQQQ", [early], since=OPENS)
    bars.add([tick(-1, "76"), tick(3.5 * 3600 + 1, "76"), tick(0, "76", 0)])
    assert (bars.outside, bars.empty, bars.until(REGULAR.closes)) == (2, 1, [])


CLOSE = 6.5 * 3600
AFTER = Session(REGULAR.closes, REGULAR.closes + timedelta(hours=4), MarketHours.AFTER)


@pytest.mark.parametrize("minutes", [1, 5, 15])
@pytest.mark.parametrize("length", [timedelta(hours=6.5), timedelta(hours=3.5, minutes=2)])
def test_the_closing_print_is_the_close_of_the_last_bar(minutes: int, length: timedelta) -> None:
    session = Session(OPENS, OPENS + length)
    bars = MinuteBars("TQQQ", [session], since=OPENS, minutes=minutes)
    close = length.total_seconds()
    bars.add([tick(close - 10, "76", 1, 1), tick(close, "77", 9, 10), tick(close + 1, "99", 1, 11)])
    (bar,) = bars.until(session.closes + timedelta(minutes=1))
    assert bar.start < session.closes <= bar.start + timedelta(minutes=minutes)
    assert (bar.close, bar.volume, bars.outside) == (Decimal(77), 10, 1)


@pytest.mark.parametrize("batch", [1, 40])
def test_at_the_close_the_closing_print_is_told_from_after_market_by_its_hours(batch: int) -> None:
    regular = REGULAR._replace(hours=MarketHours.REGULAR)
    after = [tick(CLOSE, "70", 1, volume)._replace(hours=MarketHours.AFTER) for volume in (2, 3)]
    trades = [tick(CLOSE - 10, "76", 1, 1), *after, *(tick(CLOSE, "77", 1, at) for at in range(12))]
    bars = MinuteBars("TQQQ", [AFTER, regular], since=OPENS)
    for at in range(0, len(trades), batch):
        bars.add(trades[at : at + batch])
    found = [(bar.start, bar.close, bar.volume) for bar in bars.until(AFTER.closes)]
    last = REGULAR.closes - timedelta(minutes=1)
    assert found == [(last, Decimal(77), 13), (REGULAR.closes, Decimal(70), 2)]


def test_without_a_word_of_hours_the_instant_of_two_sessions_is_the_later_ones() -> None:
    bars = MinuteBars("TQQQ", [REGULAR, AFTER._replace(hours=None)], since=OPENS)
    bars.add([tick(CLOSE, "77")])
    assert [bar.start for bar in bars.until(AFTER.closes)] == [REGULAR.closes]


def test_the_charts_bar_of_the_closing_instant_goes_into_the_last_one() -> None:
    """KIS's own example of 5-minute bars ends with one of 16:00:00, 5,695 shares."""
    rows = [("15:50", "197.7320", 1063296), ("15:55", "197.38", 1810184), ("16:00", "197.41", 5695)]
    chart = [
        replace(
            minute(0, last, volume=volume),
            start=datetime.fromisoformat(f"2026-11-20T{clock}-05:00"),
            minutes=5,
        )
        for clock, last, volume in rows
    ]
    five, last = join(chart, [], [REGULAR])
    assert (last.start, last.close) == (REGULAR.closes - timedelta(minutes=5), Decimal("197.41"))
    assert last.volume == 1810184 + 5695
    assert merge(chart, [REGULAR], 5) == [five, last]
    (fifteen,) = merge(chart, [REGULAR], 15)
    assert (fifteen.close, fifteen.volume) == (last.close, five.volume + last.volume)
    live = replace(last, close=Decimal("197.42"))
    assert join(chart, [live], [REGULAR]) == [five, live]
    # Where after-market is a session too, that bar is its first one.
    assert join(chart, [], [REGULAR, AFTER]) == chart


def test_a_bar_that_an_early_close_cuts_is_final_with_the_session() -> None:
    early = Session(OPENS, OPENS + timedelta(minutes=7))
    bars = MinuteBars("TQQQ", [early], since=OPENS, minutes=5, grace=timedelta())
    bars.add([tick(6 * 60, "76")])
    assert [bar.start for bar in bars.until(early.closes)] == [OPENS + timedelta(minutes=5)]


def test_bars_are_counted_from_each_sessions_opening() -> None:
    before = Session(OPENS - timedelta(minutes=8), OPENS)
    bars = MinuteBars("TQQQ", [REGULAR, before], since=before.opens, minutes=5)
    bars.add([tick(-60, "75", 1, 1), tick(0, "76", 1, 2)])
    starts = [bar.start for bar in bars.until(REGULAR.closes)]
    assert starts == [before.opens + timedelta(minutes=5), OPENS]


def test_a_bar_that_began_before_the_stream_is_not_complete() -> None:
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS + timedelta(seconds=1))
    bars.add([tick(5, "76", 1, 1), tick(62, "76", 1, 2)])
    assert [bar.complete for bar in bars.until(REGULAR.closes)] == [False, True]


def test_a_gap_marks_the_bars_that_it_touches_even_final_ones() -> None:
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS, grace=timedelta())
    assert all(bar.complete for bar in bars.add([tick(5, "76", 1, 1), tick(65, "76", 1, 2)]).bars)
    at = OPENS + timedelta(seconds=50)
    gap = StreamGap(start=at, end=at + timedelta(seconds=40), reason="", symbols=("TQQQ",))
    (amended,) = bars.gap(gap)
    assert (amended.start, amended.complete) == (OPENS, False)
    assert bars.gap(gap) == []
    bars.add([tick(125, "76", 1, 3)])
    assert [bar.complete for bar in bars.until(REGULAR.closes)] == [True]


@pytest.mark.parametrize("change", [{"symbols": ("SOXL",)}, {"feed": Feed.BOOKS}])
def test_a_gap_of_another_symbol_or_feed_marks_nothing(change: dict[str, object]) -> None:
    bars = MinuteBars("TQQQ", [REGULAR], since=OPENS)
    values: dict[str, object] = {"symbols": ("TQQQ",), "feed": Feed.TRADES, **change}
    bars.gap(StreamGap(start=OPENS, end=REGULAR.closes, reason="", **values))  # type: ignore[arg-type]
    bars.add([tick(5, "76")])
    assert [bar.complete for bar in bars.until(REGULAR.closes)] == [True]


def test_korean_trades_make_bars_as_american_ones_do() -> None:
    opens = datetime(2026, 11, 20, 9, 0, tzinfo=SEOUL)
    bars = MinuteBars("005930", [Session(opens, opens + timedelta(hours=6.5))], since=opens)
    trade = DomesticTrade(
        symbol="005930",
        price=Decimal(71900),
        quantity=3,
        day_volume=3,
        at=opens,
        hours=MarketHours.REGULAR,
    )
    bars.add([trade] * 10)
    (bar,) = bars.until(opens + timedelta(hours=1))
    assert (bar.close, bar.volume) == (Decimal(71900), 30)


@pytest.mark.parametrize(
    "sessions",
    [[Session(OPENS, OPENS)], [REGULAR, Session(OPENS + timedelta(hours=1), REGULAR.closes)]],
)
def test_sessions_that_cannot_be_are_refused(sessions: list[Session]) -> None:
    with pytest.raises(ValueError, match="session"):
        MinuteBars("TQQQ", sessions, since=OPENS)


@given(STEPS, st.integers(1, 40), st.integers(0, 1 << 30))
def test_any_order_of_trades_within_the_grace_and_any_batches_give_the_same_bars(
    steps: list[tuple[int, int, int]], batch: int, seed: int
) -> None:
    trades = tape(steps)
    delays = Random(seed)
    jumbled = sorted(trades, key=lambda trade: trade.at + delays.random() * GRACE)
    assert bars_of(jumbled, batch=batch) == bars_of(trades)


@given(STEPS, st.sampled_from([5, 15]))
def test_longer_bars_are_one_minute_bars_merged(
    steps: list[tuple[int, int, int]], minutes: int
) -> None:
    trades = tape(steps)
    merged = merge(bars_of(trades), [REGULAR], minutes)
    assert merged == bars_of(trades, minutes=minutes)


@given(STEPS, st.integers(1, 40))
def test_no_share_is_lost_and_none_is_made(steps: list[tuple[int, int, int]], batch: int) -> None:
    trades = tape(steps)
    found = bars_of(trades, batch=batch)
    assert sum(bar.volume for bar in found) == sum(trade.quantity for trade in trades)
    assert all(bar.low <= min(bar.open, bar.close) for bar in found)
    assert all(bar.high >= max(bar.open, bar.close) for bar in found)


def test_a_bar_outside_the_sessions_is_not_merged() -> None:
    with pytest.raises(ValueError, match="outside"):
        merge([minute(-1, "76")], [REGULAR], 5)


def test_chart_and_stream_join_without_a_seam() -> None:
    chart = [minute(0, "70"), minute(1, "71"), minute(2, "72"), minute(4, "74", complete=False)]
    live = [minute(2, "82", complete=False), minute(4, "84"), minute(5, "85", complete=False)]
    assert join(chart, live, [REGULAR]) == [
        minute(0, "70"),
        minute(1, "71"),
        minute(2, "72"),
        minute(4, "84"),
        minute(5, "85", complete=False),
    ]


def test_where_both_saw_a_part_the_widest_stands_and_is_not_complete() -> None:
    (bar,) = join(
        [minute(0, "70", complete=False, volume=5)],
        [minute(0, "72", complete=False, volume=9)],
        [REGULAR],
    )
    assert (bar.open, bar.high, bar.low, bar.close) == tuple(map(Decimal, (70, 72, 70, 72)))
    assert (bar.volume, bar.complete) == (9, False)


def test_bars_are_in_the_zone_of_their_sessions_as_the_charts_are() -> None:
    live = bars_of(tape([(5, 7650, 1), (120, 7650, 1)]))
    chart = [minute(1, "70"), minute(389, "70"), minute(390, "71")]
    found = [*join(chart, live, [REGULAR]), *merge(chart, [REGULAR], 15)]
    assert {bar.start.tzinfo for bar in found} == {NEW_YORK}


def test_a_bar_that_a_gap_gave_again_takes_the_place_of_the_one_given_before() -> None:
    live = [minute(0, "82"), minute(1, "83"), minute(0, "82", complete=False)]
    assert join([minute(0, "70")], live, [REGULAR]) == [minute(0, "70"), minute(1, "83")]
    assert join([], live, [REGULAR]) == [minute(0, "82", complete=False), minute(1, "83")]


def test_bars_of_different_symbols_are_not_joined() -> None:
    other = minute(1, "71")
    with pytest.raises(ValueError, match="one symbol"):
        join([minute(0, "70")], [replace(other, symbol="SOXL")], [REGULAR])


@given(st.lists(st.integers(0, 30)), st.lists(st.integers(0, 30)))
def test_joining_leaves_no_bar_twice_and_no_hole(chart: list[int], live: list[int]) -> None:
    joined = join(
        [minute(at, "70") for at in sorted(set(chart))],
        [minute(at, "80") for at in sorted(set(live))],
        [REGULAR],
    )
    starts = [bar.start for bar in joined]
    assert starts == sorted({minute(at, "1").start for at in chart + live})
