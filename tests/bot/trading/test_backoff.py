"""A silence is asked about soon at first, then ever more rarely, and never later than agreed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.trading.backoff import Backoff

MINUTE, LONGEST = timedelta(minutes=1), timedelta(minutes=5)


def test_the_second_try_comes_as_soon_as_the_first_and_then_each_wait_doubles() -> None:
    backoff = Backoff(MINUTE)
    waits = [backoff.after("evening", longest=LONGEST) for _ in range(6)]
    assert waits == [MINUTE, MINUTE, 2 * MINUTE, 4 * MINUTE, LONGEST, LONGEST]


def test_what_went_well_is_asked_again_soon_and_others_keep_their_count() -> None:
    backoff = Backoff(MINUTE)
    for _ in range(5):
        backoff.after("evening", longest=LONGEST)
        backoff.after("settle", longest=LONGEST)
    backoff.forget("evening")
    assert backoff.after("evening", longest=LONGEST) == MINUTE
    assert backoff.after("settle", longest=LONGEST) == LONGEST


@given(failures=st.integers(1, 5000))
def test_no_number_of_failures_waits_longer_than_the_longest(failures: int) -> None:
    backoff = Backoff(MINUTE)
    for _ in range(failures):
        wait = backoff.after("evening", longest=LONGEST)
    assert MINUTE <= wait <= LONGEST
