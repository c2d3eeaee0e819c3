"""Two hundred seeds with all their faults: every invariant holds (`make simulate`: thousands)."""

import pytest

from tests.simulation.__main__ import Task, failure, in_short

SEEDS, CHUNK, DAYS = 200, 20, 1


@pytest.mark.parametrize("first", range(1, SEEDS + 1, CHUNK))
def test_every_invariant_holds(first: int) -> None:
    verdicts = (in_short(Task(seed=seed, days=DAYS)) for seed in range(first, first + CHUNK))
    bad = [failure(verdict) for verdict in verdicts if not verdict.sound]
    assert not bad, "\n".join(bad)
