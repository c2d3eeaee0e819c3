"""One seed is one run: the same trace in one process, in another, and with another hash seed."""

import os
import subprocess
import sys

from tests.simulation.drive import run
from tests.simulation.faults import quiet

DAYS = 2
SEED = 2
SCRIPT = "from tests.simulation.drive import run; print(run({seed}, {days}).digest)"


def _elsewhere(seed: int, hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(seed=seed, days=DAYS)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    return done.stdout.strip()


def test_a_seed_is_the_same_run_every_time_and_in_every_process() -> None:
    first, second = run(SEED, DAYS), run(SEED, DAYS)
    assert first.deaths, "a run without a death shows less: choose another seed"
    assert first.digest == second.digest
    assert {_elsewhere(SEED, hash_seed) for hash_seed in "01"} == {first.digest}


def test_two_seeds_are_two_runs() -> None:
    assert run(1, 1, swarm=quiet()).digest != run(2, 1, swarm=quiet()).digest


def test_a_kill_at_a_point_happens_there_and_nowhere_else() -> None:
    whole = run(5, 2, swarm=quiet())
    killed = run(5, 2, swarm=quiet(), kill_at=whole.points // 2)
    assert [death.point for death in killed.deaths] == [whole.points // 2]
    assert killed.processes == 2
    assert killed.sound
