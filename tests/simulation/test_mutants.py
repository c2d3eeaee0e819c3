"""Every planted bug is found: on its recorded seed here, on fresh ones in `make simulate`."""

import pytest

from tests.simulation.drive import run
from tests.simulation.mutants import MUTANTS


def test_there_are_at_least_a_dozen_and_each_has_a_seed_that_kills_it() -> None:
    assert len(MUTANTS) >= 12
    assert [name for name, mutant in MUTANTS.items() if not mutant.kills] == []


@pytest.mark.parametrize("name", MUTANTS)
def test_a_planted_bug_dies_on_its_recorded_seed(name: str) -> None:
    mutant = MUTANTS[name]
    verdict = run(mutant.kills[0], mutant.days, mutant=name)
    spoken = {violation.invariant for violation in verdict.violations}
    assert spoken & set(mutant.caught), f"{name} lives: {mutant.what}"
