"""The 78 faults that Muhan is held to, as data: what goes wrong, how it is made, what must happen.

A test proves rows with `@pytest.mark.fault(7, 8)`: it dies when the behaviour of a row breaks. Its
level follows from where it lives (`level_of`), unless the marker says otherwise (`level="P"`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from tests.faults import rows_broker, rows_machine, rows_owner

MARKER = "fault"


class Level(StrEnum):
    """How a fault is brought about."""

    SIMULATION = "S"
    """Seeded, in the simulated world (tests/simulation)."""
    WIRE = "W"
    """By a server on loopback that answers as it is told (real HTTP and websocket)."""
    PROCESS = "P"
    """By real processes and files: signals, limits, full disks, damaged files."""
    UNIT = "U"
    """By values handed to the rule itself, hypothesis included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One fault; `levels` are all the levels that it has to be proved at."""

    number: int
    fault: str
    levels: tuple[Level, ...]
    must: str


PLACES: tuple[tuple[str, Level], ...] = (
    ("tests/simulation/", Level.SIMULATION),
    ("tests/kis/fuzz/", Level.UNIT),
    ("tests/kis/", Level.WIRE),
    ("tests/faults/wire/", Level.WIRE),
    ("tests/faults/processes/", Level.PROCESS),
    ("tests/test_kill.py", Level.PROCESS),
    ("tests/bot/test_instance.py", Level.PROCESS),
    ("tests/", Level.UNIT),
)
"""Where a test lives and what level that is; the first that fits counts."""


def level_of(test: str) -> Level:
    """Tell the level of a test by its node id."""
    return next(level for place, level in PLACES if test.startswith(place))


def _rows(written: Sequence[tuple[int, str, str, str]]) -> tuple[Row, ...]:
    return tuple(
        Row(number=number, levels=tuple(map(Level, levels)), fault=fault, must=must)
        for number, levels, fault, must in written
    )


CATALOGUE: tuple[Row, ...] = _rows((*rows_broker.ROWS, *rows_owner.ROWS, *rows_machine.ROWS))
