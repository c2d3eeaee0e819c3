"""Every planted bug is found: here within a few seeds, `make simulate` gives each a hundred.

A change of the program or of the world moves what a seed brings, so the recorded seed is tried
first and some fresh ones after it.
"""

import pytest

from tests.simulation.mutants import MUTANTS
from tests.simulation.suite import killer

HERE = 15
"""How many fresh seeds a mutant may need here."""


def test_there_are_at_least_a_dozen() -> None:
    assert len(MUTANTS) >= 12


@pytest.mark.parametrize("name", [name for name, mutant in MUTANTS.items() if mutant.kills])
def test_a_planted_bug_dies(name: str) -> None:
    assert killer(name, fresh=HERE) is not None, f"{name} lives: {MUTANTS[name].what}"
