"""A silence is asked about soon at first, then ever more rarely, and never later than agreed."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.trading.backoff import Backoff

MINUTE, LONGEST = timedelta(minutes=1), timedelta(minutes=5)
NOW = datetime(2026, 10, 6, 12, tzinfo=UTC)


def test_the_second_try_comes_as_soon_as_the_first_and_then_each_wait_doubles() -> None:
    backoff = Backoff(MINUTE)
    waits = [backoff.after("evening", NOW, longest=LONGEST) - NOW for _ in range(6)]
    assert waits == [MINUTE, MINUTE, 2 * MINUTE, 4 * MINUTE, LONGEST, LONGEST]


def test_what_went_well_is_asked_again_soon_and_others_keep_their_count() -> None:
    backoff = Backoff(MINUTE)
    for _ in range(5):
        backoff.after("evening", NOW, longest=LONGEST)
        backoff.after("settle", NOW, longest=LONGEST)
    backoff.forget("evening")
    assert backoff.until("evening", NOW) is None
    assert backoff.after("evening", NOW, longest=LONGEST) == NOW + MINUTE
    assert backoff.after("settle", NOW, longest=LONGEST) == NOW + LONGEST


def test_it_is_not_asked_before_its_time_and_may_be_at_it() -> None:
    backoff = Backoff(MINUTE)
    backoff.after("evening", NOW, longest=LONGEST)
    assert backoff.until("evening", NOW + MINUTE / 2) == NOW + MINUTE
    assert backoff.until("evening", NOW + MINUTE) is None
    assert backoff.until("settle", NOW) is None


def test_a_clock_that_went_back_makes_no_wait_longer() -> None:
    backoff = Backoff(MINUTE)
    backoff.after("evening", NOW, longest=LONGEST)
    assert backoff.until("evening", NOW - timedelta(hours=1)) is None


@given(failures=st.integers(1, 5000))
def test_no_number_of_failures_waits_longer_than_the_longest(failures: int) -> None:
    backoff = Backoff(MINUTE)
    for _ in range(failures):
        at = backoff.after("evening", NOW, longest=LONGEST)
    assert MINUTE <= at - NOW <= LONGEST
