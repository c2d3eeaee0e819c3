"""Killed at an I/O point, the program comes back and every invariant holds; some points of many."""

import pytest

from tests.simulation.__main__ import failure
from tests.simulation.assassin import RESTS
from tests.simulation.sweep import points, sweep

SEED, DAYS = 4, 1
SOME = 12
"""How many of the points are tried here."""


@pytest.mark.fault(54)
def test_a_kill_at_any_io_point_breaks_no_invariant() -> None:
    every = max(1, points(SEED, days=DAYS) // SOME)
    every += every % len(RESTS) == 0  # so that every length of the rest comes up
    bad = [failure(v) for v in sweep(SEED, days=DAYS, every=every) if not v.sound]
    assert not bad, "\n".join(bad)
