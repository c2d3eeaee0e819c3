"""Which runs go in step, and with whom (strategy/kernel/lanes.py plays them)."""

import numpy as np
from numpy.typing import NDArray

from strategy.kernel import fields as f
from strategy.kernel.rows import Table

LANES = 64
"""Runs of a group."""


def are_plain(terms: Table) -> NDArray[np.bool_]:
    """Tell which agreements have a plain day: V4.0 sized daily in whole cents, without fees."""
    plain: NDArray[np.bool_] = (
        (terms[:, f.METHOD] == f.V4_0)
        & (terms[:, f.SIZING] == f.DAILY)
        & (terms[:, f.MONEY_UNITS] == 1)
        & (terms[:, f.BY_COST] == 0)
        & (terms[:, f.HAS_FEES] == 0)
        & (terms[:, f.TWO_FLOORS] == 0)
        & (terms[:, f.HAS_LADDER_FLOOR] == 0)
        & (terms[:, f.SIZED] == 1)
        & (terms[:, f.SIZED + 1] == 1)
    )
    return plain


def in_step(runs: Table, terms: Table) -> NDArray[np.intp]:
    """Choose runs to play in step: places of runs, group by group.

    Only whole groups are chosen, and those whose runs go over nearly the same sessions: a lane
    waits for the others of its group.
    """
    places = np.flatnonzero(are_plain(terms)[runs[:, f.RUN_TERMS]])
    places = places[np.lexsort((runs[places, f.RUN_STOP], runs[places, f.RUN_FIRST]))]
    groups = places[: len(places) // LANES * LANES].reshape(-1, LANES)
    first, stop = runs[groups, f.RUN_FIRST], runs[groups, f.RUN_STOP]
    from_first_to_last = stop.max(axis=1, initial=0) - first[:, 0]
    played = (stop - first).sum(axis=1)
    chosen: NDArray[np.intp] = groups[2 * played >= LANES * from_first_to_last]
    return chosen.reshape(-1)
