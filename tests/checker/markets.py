"""Markets in whole cents: drawn ones for hypothesis, and long seeded walks with crashes."""

import random
from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import strategies as st

from tests.checker.terms import Bar

FIRST = date(2024, 7, 1)  # a Monday
LOWEST = 100
REACHES = (0, 0, 5, 12, 24, 48, 90, 180)


def weekday(number: int) -> date:
    """Give the weekday so many after the first; markets here have no holidays."""
    return FIRST + timedelta(days=number // 5 * 7 + number % 5)


def bars_of(first_close: int, shapes: Iterable[tuple[int, int, int, int]]) -> list[Bar]:
    """Make bars of (close's move, open's share of it, high's and low's reach), in 1/1000."""
    bars = [Bar(FIRST, first_close, first_close, first_close, first_close)]
    for number, (move, gap, reach, depth) in enumerate(shapes, start=1):
        before = bars[-1].close
        close = max(LOWEST, before * (1000 + move) // 1000)
        opened = max(LOWEST, before + (close - before) * gap // 1000)
        high = max(opened, close) * (1000 + reach) // 1000
        low = max(LOWEST, min(opened, close) * (1000 - depth) // 1000)
        bars.append(Bar(weekday(number), opened, high, low, close))
    return bars


@st.composite
def wild_markets(draw: st.DrawFn, sessions: int = 120) -> list[Bar]:
    """Draw a market that drifts, jumps and gaps; hypothesis shrinks it bar by bar."""
    first_close = draw(st.integers(300, 60_000))
    drift = draw(st.sampled_from((-30, -12, -4, 0, 5, 15)))
    moves = st.one_of(st.integers(-60, 60), st.integers(-60, 60), st.integers(-330, 330))
    days = draw(
        st.lists(st.tuples(moves, st.integers(0, 255)), min_size=sessions, max_size=sessions)
    )
    return bars_of(
        first_close,
        (
            (move + drift, 150 * (form & 7), REACHES[form >> 3 & 7], 12 * (form >> 6))
            for move, form in days
        ),
    )


def long_walk(seed: int, sessions: int) -> list[Bar]:
    """Walk for years through calm, rises, slides and crashes, pulled back towards $60."""
    rng = random.Random(seed)
    shapes: list[tuple[int, int, int, int]] = []
    drift, height = 0, 60.0
    for number in range(sessions):
        if number % 25 == 0:
            falls = (-35, -20, -6) if height > 20 else (8, 14)
            drift = rng.choice((*falls, 2, 6, 12) if height < 400 else (-30, -15))
        move = drift + rng.randint(-70, 70)
        if rng.random() < 0.03:
            move += rng.choice((-250, -140, 130, 280))
        height *= 1 + move / 1000
        reach = rng.randint(0, 40) if rng.random() < 0.985 else rng.randint(150, 600)
        shapes.append((move, rng.randint(-200, 1200), reach, rng.randint(0, 40)))
    return bars_of(6000, shapes)
