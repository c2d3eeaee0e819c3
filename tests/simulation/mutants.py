"""Bugs planted on purpose: the judge has to find every one, or it is the judge that is broken.

A mutant replaces methods of the real code for as long as its context is open; the code under test
knows nothing of it. Each has seeds that are known to kill it and a budget of fresh ones, with the
faults turned up under which the bug would show.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from unittest.mock import patch

from tests.simulation import mutations_account, mutations_chat, mutations_orders
from tests.simulation.faults import Fault, Swarm, swarm_of
from tests.simulation.mutations import Patch

DAYS = 5
FRESH = 100
"""How many seeds that nobody has tried a mutant may need at most."""


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """A planted bug: what it does, where it is known from, and under which faults it shows.

    `kills` are seeds recorded to kill it; `caught` the invariants of which at least one must speak.
    """

    what: str
    patches: Callable[[], list[Patch]]
    caught: tuple[str, ...]
    rates: Mapping[Fault, float] = field(default_factory=dict)
    kills: tuple[int, ...] = ()
    days: int = DAYS

    @contextmanager
    @contextmanager
def planted(name: str | None) -> Iterator[None]:
    """Plant a mutant by its name; None plants nothing. Raises KeyError for one that is unknown."""
    if name is None:
        yield
        return
    with MUTANTS[name].planted():
        yield
