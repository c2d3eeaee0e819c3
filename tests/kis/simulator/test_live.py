"""Live mode's exchange: what fills, what waits for the official close, what a gap does."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kis.simulator.live.exchange import NO_CLOSE, NO_OPENING
from kis.simulator.model import End, OrderType, Phase, Side, Split

from .desk import WEDNESDAY, new_york
from .live import CASH, LiveDay, evening, seoul

CLOSE = new_york("2026-10-07T16:00")
OVER = CLOSE + timedelta(minutes=2)
NOON = seoul("2026-10-08T12:00")
SIX = seoul("2026-10-08T18:00")


def holding(day: LiveDay, quantity: int = 20, average: str = "45") -> None:
    day.exchange.ledger.transfer("TQQQ", quantity, Decimal(average))


# -- limit orders fill on trades that were seen after them ----------------------------------------


def test_a_trade_after_acceptance_fills_a_limit_at_the_limit() -> None:
    day = evening()
    holding(day)
    order = day.order(Side.SELL, OrderType.LIMIT, 5, "51.00")
    day.trade("51.40", 100)
    assert (day.now(order).filled, day.now(order).amount) == (5, Decimal("255.00"))
    assert day.now(order).end is End.FILLED
    assert day.exchange.fills[0].at == day.wall


def test_the_same_second_as_the_acceptance_is_not_after_it() -> None:
    day = evening()
    day.wall += timedelta(milliseconds=300)
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "51.00")
    day.tick(day.wall - timedelta(milliseconds=300), "50.00")
    assert day.now(order).filled == 0
    day.trade("50.00", after=2)
    assert day.now(order).filled == 5


def test_a_marketable_limit_waits_for_the_next_trade() -> None:
    day = evening()
    day.trade("49.00")
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "51.00")
    assert day.now(order).filled == 0


def test_a_trade_gives_its_own_shares_and_no_more_the_oldest_order_first() -> None:
    day = evening()
    first = day.order(Side.BUY, OrderType.LIMIT, 30, "50.00")
    second = day.order(Side.BUY, OrderType.LIMIT, 30, "50.00")
    day.trade("49.90", 40)
    assert (day.now(first).filled, day.now(second).filled) == (30, 10)
    day.trade("49.90", 5)
    assert day.now(second).filled == 15
    assert day.exchange.account.held("TQQQ").quantity == 45


@given(st.lists(st.integers(1, 40), max_size=12), st.lists(st.integers(1, 60), max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_shares_filled_never_exceed_the_shares_traded(
    quantities: list[int], volumes: list[int]
) -> None:
    day = evening()
    orders = [day.order(Side.BUY, OrderType.LIMIT, quantity, "1.00") for quantity in quantities]
    for volume in volumes:
        day.trade("0.99", volume)
    filled = sum(day.now(order).filled for order in orders)
    assert filled == min(sum(quantities), sum(volumes))
    assert day.exchange.account.held("TQQQ").quantity == filled
    assert day.exchange.account.cash == CASH - filled


@pytest.mark.parametrize("hours", [Phase.AFTER, Phase.CLOSED])
def test_a_trade_of_the_after_market_fills_nothing(hours: Phase) -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.trade("49.00", hours=hours)
    assert day.now(order).filled == 0


def test_an_order_of_the_after_market_is_not_filled() -> None:
    day = evening()
    day.step_to(CLOSE + timedelta(minutes=1))
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.trade("49.00")
    day.trade("49.00", hours=Phase.REGULAR)
    assert day.now(order).filled == 0


def _stale(day: LiveDay) -> None:
    day.tick(day.wall - timedelta(seconds=61), "49.00")


def _ahead(day: LiveDay) -> None:
    day.tick(day.wall + timedelta(seconds=61), "49.00")


def _late(day: LiveDay) -> None:
    day.tick(day.wall, "51.00")
    day.tick(day.wall - timedelta(seconds=1), "49.00")


def _unknown(day: LiveDay) -> None:
    day.tick(day.wall, "49.00", symbol="NONE")


def _free(day: LiveDay) -> None:
    day.tick(day.wall, "0")


def _empty(day: LiveDay) -> None:
    day.tick(day.wall, "49.00", 0)


def _not_a_number(day: LiveDay) -> None:
    day.tick(day.wall, "NaN")


@pytest.mark.parametrize(
    ("say", "why"),
    [
        (_stale, "stale"),
        (_ahead, "ahead of the clock"),
        (_late, "out of order"),
        (_unknown, "unknown symbol"),
        (_free, "malformed"),
        (_empty, "malformed"),
        (_not_a_number, "malformed"),
    ],
)
def test_a_trade_that_cannot_be_believed_is_counted_and_fills_nothing(
    say: Callable[[LiveDay], None], why: str
) -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.step_to(day.wall + timedelta(minutes=5))
    say(day)
    assert day.exchange.dropped == {why: 1}
    assert day.now(order).filled == 0


def test_a_price_that_was_asked_for_is_shown_and_fills_nothing() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.step_to(day.wall + timedelta(minutes=1))
    day.exchange.price("TQQQ", Decimal("49.00"))
    assert day.exchange.last_trade("TQQQ") == (WEDNESDAY, Decimal("49.00"))
    assert day.now(order).filled == 0


def test_orders_of_an_opening_auction_are_refused_with_a_sentence() -> None:
    day = evening()
    holding(day)
    order = day.order(Side.SELL, OrderType.MOO, 5)
    day.step_to(new_york("2026-10-07T09:31"))
    assert (day.now(order).end, day.now(order).reason) == (End.REFUSED, NO_OPENING)


# -- gaps -----------------------------------------------------------------------------------------


def test_a_limit_that_nothing_reached_ends_at_the_close_without_a_reason() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "40.00")
    day.step_to(OVER)
    assert (day.now(order).end, day.now(order).reason) == (End.EXPIRED, "")


def test_a_gap_in_the_feed_ends_a_limit_as_unfilled_and_says_when() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "40.00")
    day.step_to(new_york("2026-10-07T10:41"))
    day.exchange.feed_down(["TQQQ"], "disconnected")
    day.step_to(new_york("2026-10-07T10:52"))
    day.up()
    day.step_to(OVER)
    assert (day.now(order).filled, day.now(order).end) == (0, End.EXPIRED)
    assert day.now(order).reason == "시세 끊김, feed gap 23:41-23:52"


def test_a_gap_takes_no_fill_away_that_was_seen() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.exchange.feed_down(["TQQQ"], "disconnected")
    day.step_to(new_york("2026-10-07T06:30"))
    day.up()
    day.trade("49.00", 3)
    day.step_to(OVER)
    assert (day.now(order).filled, day.now(order).end) == (3, End.EXPIRED)
    assert "feed gap" in day.now(order).reason
    whole = evening()
    order = whole.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    whole.exchange.feed_down(["TQQQ"], "disconnected")
    whole.up()
    whole.trade("49.00", 5)
    assert (whole.now(order).end, whole.now(order).reason) == (End.FILLED, "")


def test_a_gap_before_the_order_or_of_another_symbol_is_none_of_its_business() -> None:
    day = evening()
    day.exchange.feed_down(["TQQQ"], "disconnected")
    day.step_to(new_york("2026-10-07T06:30"))
    day.up()
    day.step_to(new_york("2026-10-07T06:31"))
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "40.00")
    day.step_to(new_york("2026-10-07T10:00"))
    day.exchange.feed_down(["SOXL"], "disconnected")
    day.step_to(OVER)
    assert day.now(order).reason == ""


def test_a_gap_that_is_told_afterwards_counts_like_one_that_was_seen() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "40.00")
    day.step_to(new_york("2026-10-07T11:00"))
    start, end = new_york("2026-10-07T10:41"), new_york("2026-10-07T10:43")
    day.exchange.feed_gap(["TQQQ"], start, end, "shared socket moved")
    day.step_to(OVER)
    assert day.now(order).reason.endswith("feed gap 23:41-23:43")


def test_a_feed_that_died_silently_is_down_since_its_last_sign_of_life() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "40.00")
    day.step_to(new_york("2026-10-07T10:43"))
    day.exchange.feed_down(["TQQQ"], "silent", since=new_york("2026-10-07T10:41"))
    day.step_to(new_york("2026-10-07T10:45"))
    day.exchange.feed_gap(["TQQQ"], new_york("2026-10-07T10:40"), day.wall, "silent")
    day.up()
    day.step_to(OVER)
    assert day.now(order).reason.endswith("feed gap 23:40-23:45")


def test_a_machine_that_slept_over_the_close_has_a_gap_until_the_close() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "40.00")
    day.step_to(new_york("2026-10-07T15:00"))
    day.sleep_to(new_york("2026-10-07T22:00"))
    assert (day.now(order).end, day.now(order).reason[-11:]) == (End.EXPIRED, "04:00-05:00")


def test_a_restart_in_mid_session_leaves_the_order_alive_with_the_gap_noted(
    tmp_path: Path,
) -> None:
    day = evening(tmp_path / "paper.sqlite3")
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "45.00")
    day.step_to(new_york("2026-10-07T10:41"))
    day.again(new_york("2026-10-07T10:52"))
    day.exchange.catch_up()
    day.up()
    assert day.now(order).end is None
    day.trade("44.00", 2)
    day.step_to(OVER)
    assert (day.now(order).filled, day.now(order).end) == (2, End.EXPIRED)
    assert day.now(order).reason.endswith("feed gap 23:41-23:52")


def test_even_a_quick_restart_is_a_gap(tmp_path: Path) -> None:
    day = evening(tmp_path / "paper.sqlite3")
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "40.00")
    day.step_to(new_york("2026-10-07T10:41"))
    day.again(day.wall + timedelta(seconds=15))
    day.exchange.catch_up()
    day.up()
    day.step_to(OVER)
    assert day.now(order).reason.endswith("feed gap 23:41-23:41")


def test_without_any_feed_the_whole_life_of_an_order_is_a_gap() -> None:
    day = LiveDay(new_york("2026-10-07T05:30"))
    day.official(WEDNESDAY - timedelta(days=1), "50", asked_at=day.wall)
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "45.00")
    day.step_to(OVER)
    assert day.now(order).reason.endswith("feed gap 18:30-05:00")


# -- the official close ---------------------------------------------------------------------------


def test_loc_and_moc_wait_for_the_official_close_and_fill_at_it() -> None:
    day = evening()
    holding(day)
    buy = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
    sell = day.order(Side.SELL, OrderType.MOC, 5)
    dear = day.order(Side.BUY, OrderType.LOC, 7, "49.00")
    day.step_to(new_york("2026-10-07T15:59"))
    day.trade("49.80", 1000)
    day.step_to(NOON)
    assert [day.now(one).filled for one in (buy, sell, dear)] == [0, 0, 0]
    assert len(day.exchange.waiting()) == 3
    day.official(WEDNESDAY, "49.70", asked_at=NOON)
    assert [day.now(one).amount for one in (buy, sell)] == [Decimal("347.90"), Decimal("248.50")]
    assert (day.now(dear).end, day.now(dear).filled) == (End.EXPIRED, 0)
    assert {fill.at for fill in day.exchange.fills} == {CLOSE}
    assert not day.exchange.waiting()


def test_before_the_close_is_official_a_result_is_provisional_and_nothing_is_listed() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
    day.step_to(new_york("2026-10-07T15:59"))
    assert day.exchange.provisional() == []
    day.trade("49.80", 1000)
    day.step_to(CLOSE + timedelta(minutes=1))
    seen = day.exchange.provisional()
    assert [(one.close, one.quantity) for one in seen] == [(Decimal("49.80"), 7)]
    assert (day.now(order).reported_filled, day.now(order).reported_remaining) == (0, 7)
    assert day.exchange.orderable_cash == CASH - 350


def test_a_correction_of_the_close_turns_a_provisional_fill_into_none() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
    day.step_to(new_york("2026-10-07T15:59"))
    day.trade("50.20", 1000)
    day.step_to(CLOSE + timedelta(minutes=30))
    day.official(WEDNESDAY, "49.99", asked_at=day.wall)
    assert day.exchange.provisional()[0].quantity == 7
    assert day.now(order).filled == 0
    day.step_to(NOON + timedelta(minutes=5))
    day.official(WEDNESDAY, "50.01", asked_at=day.wall)
    assert (day.now(order).filled, day.now(order).end) == (0, End.EXPIRED)
    assert day.exchange.account.held("TQQQ").quantity == 0


def test_a_bar_that_was_asked_for_before_noon_is_not_official_however_late_it_comes() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
    day.step_to(NOON + timedelta(minutes=1))
    day.official(WEDNESDAY, "49.00", asked_at=NOON - timedelta(seconds=1))
    assert day.now(order).end is None
    day.official(WEDNESDAY, "49.00", asked_at=NOON)
    assert day.now(order).filled == 7


def test_a_bar_of_the_running_session_decides_nothing() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
    day.step_to(new_york("2026-10-07T12:00"))
    day.official(WEDNESDAY, "49.00", asked_at=day.wall)
    assert day.now(order).end is None
    assert day.exchange.market.provisional_close("TQQQ", WEDNESDAY) is None


def test_without_an_official_close_by_six_the_orders_end_unfilled_and_say_so() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
    day.step_to(SIX - timedelta(seconds=1))
    assert day.now(order).end is None
    day.step_to(SIX)
    assert (day.now(order).end, day.now(order).filled) == (End.EXPIRED, 0)
    assert day.now(order).reason == NO_CLOSE
    day.official(WEDNESDAY, "49.00", asked_at=day.wall)
    assert day.now(order).filled == 0


def test_a_start_after_six_gives_the_official_close_ten_minutes_to_come_in(
    tmp_path: Path,
) -> None:
    for minutes, filled in ((9, 7), (11, 0)):
        day = evening(tmp_path / f"{minutes}.sqlite3")
        order = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
        day.step_to(new_york("2026-10-07T12:00"))
        day.again(seoul("2026-10-08T21:00"))
        day.exchange.catch_up()
        day.step_to(seoul(f"2026-10-08T21:{minutes:02}"))
        day.official(WEDNESDAY, "49.00", asked_at=day.wall)
        assert day.now(order).filled == filled


def test_a_close_that_should_be_official_and_is_not_is_no_base_of_a_plan() -> None:
    day = evening()
    day.step_to(new_york("2026-10-07T15:59"))
    day.trade("49.80")
    day.step_to(CLOSE + timedelta(minutes=1))
    day.official(WEDNESDAY, "49.90", asked_at=day.wall)
    assert day.exchange.market.days_until("TQQQ", WEDNESDAY)[-1] == WEDNESDAY
    day.step_to(NOON)
    assert day.exchange.market.days_until("TQQQ", WEDNESDAY)[-1] < WEDNESDAY


# -- restarts and splits --------------------------------------------------------------------------


@pytest.mark.parametrize("at", ["05:40", "09:20", "12:00", "15:55", "16:30", "21:59"])
def test_a_restart_in_any_phase_changes_no_result(tmp_path: Path, at: str) -> None:
    day = evening(tmp_path / "paper.sqlite3")
    holding(day)
    limit = day.order(Side.SELL, OrderType.LIMIT, 5, "51.00")
    closing = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
    for price, moment in (("51.00", "05:35"), ("50.50", "09:30"), ("49.60", "15:59")):
        when = new_york(f"2026-10-07T{moment}")
        if day.wall < new_york(f"2026-10-07T{at}") <= when:
            day.step_to(new_york(f"2026-10-07T{at}"))
            day.again()
            day.up()
        day.step_to(when)
        day.trade(price, 3)
    if day.wall < new_york(f"2026-10-07T{at}"):
        day.step_to(new_york(f"2026-10-07T{at}"))
        day.again()
        day.up()
    day.step_to(NOON)
    day.official(WEDNESDAY, "49.70", asked_at=NOON)
    assert (day.now(limit).filled, day.now(closing).filled) == (3, 7)
    assert day.exchange.account.held("TQQQ").quantity == 24
    assert day.exchange.account.cash == CASH + 3 * 51 - 7 * Decimal("49.70")
    kept = day.exchange.account.cash, day.exchange.account.held("TQQQ")
    day.again()
    assert (day.exchange.account.cash, day.exchange.account.held("TQQQ")) == kept


def test_a_split_multiplies_the_shares_before_the_pre_market_of_its_day() -> None:
    day = evening()
    holding(day, 21, "45")
    thursday = WEDNESDAY + timedelta(days=1)
    loc = day.order(Side.BUY, OrderType.LOC, 7, "50.00")
    day.exchange.announce(Split("TQQQ", thursday, 2, 1))
    day.exchange.announce(Split("TQQQ", thursday, 2, 1))
    day.step_to(new_york("2026-10-08T03:59"))
    assert day.exchange.account.held("TQQQ").quantity == 21
    day.step_to(new_york("2026-10-08T04:00"))
    held = day.exchange.account.held("TQQQ")
    assert (held.quantity, held.average) == (42, Decimal("22.5"))
    assert day.exchange.reported.held("TQQQ") == held
    assert (day.now(loc).end, "split 2:1" in day.now(loc).reason) == (End.EXPIRED, True)


def test_a_reverse_split_drops_the_fraction_and_is_made_once_over_a_restart(
    tmp_path: Path,
) -> None:
    day = evening(tmp_path / "paper.sqlite3")
    holding(day, 21, "4.50")
    day.exchange.announce(Split("TQQQ", WEDNESDAY + timedelta(days=1), 1, 10))
    day.step_to(new_york("2026-10-07T12:00"))
    day.again(new_york("2026-10-08T12:00"))
    day.exchange.catch_up()
    held = day.exchange.account.held("TQQQ")
    assert (held.quantity, held.average) == (2, Decimal("45.00"))
    day.again(new_york("2026-10-09T12:00"))
    day.exchange.catch_up()
    assert day.exchange.account.held("TQQQ") == held


def test_a_split_that_is_heard_of_after_shares_were_traded_changes_nothing() -> None:
    day = evening()
    day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.trade("49.00")
    day.exchange.announce(Split("TQQQ", WEDNESDAY, 2, 1))
    assert day.exchange.account.held("TQQQ").quantity == 5


def test_a_clock_that_goes_back_is_waited_for() -> None:
    day = evening()
    before = day.exchange.now
    day.wall -= timedelta(hours=1)
    day.exchange.catch_up()
    assert day.exchange.now == before


def test_a_trade_from_before_the_close_that_comes_after_it_still_fills() -> None:
    day = evening()
    order = day.order(Side.BUY, OrderType.LIMIT, 5, "50.00")
    day.step_to(CLOSE + timedelta(seconds=20))
    day.tick(CLOSE - timedelta(seconds=1), "49.00", 2)
    day.tick(CLOSE, "49.00", 2)
    assert day.now(order).filled == 2
    day.step_to(OVER)
    assert day.now(order).end is End.EXPIRED


def test_the_last_word_about_the_day_of_a_split_counts() -> None:
    day = evening()
    holding(day, 20, "45")
    thursday, friday = (WEDNESDAY + timedelta(days=n) for n in (1, 2))
    day.exchange.announce(Split("TQQQ", thursday, 2, 1))
    day.exchange.announce(Split("TQQQ", friday, 2, 1))
    day.step_to(new_york("2026-10-08T12:00"))
    assert day.exchange.account.held("TQQQ").quantity == 20
    day.step_to(new_york("2026-10-09T12:00"))
    assert day.exchange.account.held("TQQQ").quantity == 40
    day.exchange.announce(Split("TQQQ", friday + timedelta(days=3), 2, 1))
    day.step_to(new_york("2026-10-13T12:00"))
    assert day.exchange.account.held("TQQQ").quantity == 40
