"""The place in the queue of whatever nobody's order waits for: pictures, backtests, sweeps."""

import os

NICENESS = 5
"""Enough to let orders pass; with more, work would starve beside anything that never rests."""


def step_back() -> None:
    """Let this process wait behind what trades."""
    os.nice(NICENESS)
