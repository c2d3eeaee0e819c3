"""What plays a parcel of runs: the reference engine, by the name that a worker is given."""

from collections.abc import Mapping, Sequence

from strategy import sweep
from strategy.model import Bar
from strategy.sweep import Engine, Job, Outcome

REFERENCE = "reference"

ENGINES: Mapping[str, Engine] = {REFERENCE: sweep.reference}

SESSIONS: Mapping[str, int] = {REFERENCE: 10_000}
"""Sessions of a parcel: about a second of work, which is what Ctrl-C or a lost worker costs."""


def play(engine: str, bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Outcome]:
    """Play jobs over a symbol's bars in this process: what every worker is asked."""
    return list(ENGINES[engine](bars, jobs))
