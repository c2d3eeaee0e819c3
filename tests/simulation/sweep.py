"""Kill at every I/O point of some days, and come back after 1 s, 30 s or 7 h (rows 54 and 55).

The seed's own faults stay on, its chance kills do not; where the seed kills in recovery, the
recovery from the chosen kill is killed too, again and again. `kill_at` replays any of the runs.
"""

from collections.abc import Iterator

from tests.simulation.drive import run
from tests.simulation.verdict import Verdict

DAYS = 2
NEVER = -1
"""No point has this number: a run in which nobody is killed."""


def points(seed: int, *, days: int = DAYS) -> int:
    """Count a seed's I/O points when nobody is killed."""
    return run(seed, days, kill_at=NEVER).points


def sweep(seed: int, *, days: int = DAYS, every: int = 1, first: int = 0) -> Iterator[Verdict]:
    """Run a seed once for every (or every so-many-th) of its points, killed there."""
    for point in range(first, points(seed, days=days), every):
        yield run(seed, days, kill_at=point)
