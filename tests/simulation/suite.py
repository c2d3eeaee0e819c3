"""The proof as a whole: `python -m tests.simulation.suite --seeds 2000 --days 10 --jobs 2`.

Random seeds with all faults, the kill sweep, every mutant, and the gates. Prints what was covered;
answers 1 when an invariant did not hold, a mutant lives or a gate is not passed.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.simulation.__main__ import Task, commit, failure, verdicts
from tests.simulation.counts import Tally, every_edge, name, shortfalls, table
from tests.simulation.drive import run
from tests.simulation.faults import Fault
from tests.simulation.mutants import FRESH, MUTANTS, Mutant
from tests.simulation.report import PATH, keep, written
from tests.simulation.sweep import DAYS as SWEPT_DAYS
from tests.simulation.sweep import points
from tests.simulation.verdict import Verdict

EVERY = 50
WHOLE = 2000 * 10
"""The simulated days of the whole proof, for which the gates' figures are; fewer days, less."""
KILLERS = PATH.with_name("mutants")
"""Where the run that kills each mutant is kept."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the parts that were asked for, in turn."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation.suite", description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000, help="random seeds (default 2000)")
    parser.add_argument("--first", type=int, default=1, help="the first of them (default 1)")
    parser.add_argument("--days", type=int, default=10, help="calendar days of each (default 10)")
    parser.add_argument("--sweep", type=int, default=20, help="seeds of the kill sweep (20)")
    parser.add_argument("--every", type=int, default=1, help="sweep every so-many-th point (1)")
    parser.add_argument("--jobs", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--no-mutants", action="store_true")
    asked = parser.parse_args(arguments)
    tally, swept = Tally(), Tally()
    seeds = range(asked.first, asked.first + asked.seeds)
    _judge(tally, [Task(seed=seed, days=asked.days) for seed in seeds], asked.jobs, "seeds")
    kills = list(_kills(range(1, asked.sweep + 1), asked.every))
    _judge(swept, kills, asked.jobs, "kills")
    killed = {} if asked.no_mutants else dict(_mutants(asked.jobs))
    part = min(1.0, asked.seeds * asked.days / WHOLE)
    both, short = _conclude(tally, swept, killed, part)
    keep(
        written(
            both,
            commit=commit(),
            at=datetime.now(UTC),  # noqa: TID251 - when the suite ran, not the simulated world
            mutants=killed,
            shortfalls=short,
            swept=swept.runs,
        )
    )
    return int(bool(short))


def _judge(tally: Tally, tasks: Sequence[Task], jobs: int, what: str) -> None:
    """Make runs and add them up; print every one that an invariant did not hold in."""
    for verdict in verdicts(tasks, jobs):
        tally.add(_counted(verdict))
        if not verdict.sound:
            _say(failure(verdict))
        if verdict.kill_at not in (None, *(death.point for death in verdict.deaths)):
            tally.violations += 1
            _say(f"seed {verdict.seed}: nobody was killed at I/O point {verdict.kill_at}")
        if tally.runs % EVERY == 0 or tally.runs == len(tasks):
            rate = f"{tally.rate:.1f} days/s a core"
            _say(f"{what}: {tally.runs}/{len(tasks)}, {tally.violations} violations, {rate}")


def _counted(verdict: Verdict) -> Tally:
    return Tally(
        runs=1,
        days=verdict.days,
        seconds=verdict.seconds,
        kills=len(verdict.deaths),
        points=verdict.points,
        violations=len(verdict.violations),
        hits=verdict.hits,
        edges=verdict.edges,
    )


def _kills(seeds: Sequence[int], every: int) -> Iterator[Task]:
    """Kill at each point; with `every`, each seed begins at another one."""
    for seed in seeds:
        for point in range(seed % every, points(seed), every):
            yield Task(seed=seed, days=SWEPT_DAYS, kill_at=point)


def _mutants(jobs: int) -> Iterator[tuple[str, str]]:
    """Try every mutant on its recorded seeds, then on fresh ones; say what killed it."""
    KILLERS.mkdir(parents=True, exist_ok=True)
    for named, mutant in MUTANTS.items():
        death = killer(named, jobs=jobs)
        if death is not None:
            _keep(KILLERS / f"{named}.txt", mutant, death)
        told = f"seed {death.seed}" if death else ""
        fate = f"dead, {told}, kept in build/mutants/{named}.txt" if death else "LIVES"
        _say(f"mutant {named}: {fate} ({mutant.what})")
        yield named, told


def killer(named: str, *, fresh: int = FRESH, jobs: int = 1) -> Verdict | None:
    """Find a run that kills a mutant, on recorded seeds or fresh ones; None when it lives."""
    mutant = MUTANTS[named]
    recorded = list(mutant.kills)
    others = [seed for seed in range(1, fresh + 1) if seed not in recorded]
    for some in (recorded, others):
        tasks = [Task(seed=seed, days=mutant.days, mutant=named) for seed in some]
        for batch in (tasks[at : at + jobs] for at in range(0, len(tasks), jobs)):
            for verdict in verdicts(batch, jobs):
                if _caught(mutant, verdict) and not _caught(mutant, _unharmed(mutant, verdict)):
                    return verdict
    return None


def _caught(mutant: Mutant, verdict: Verdict) -> bool:
    return any(each.invariant in mutant.caught for each in verdict.violations)


def _unharmed(mutant: Mutant, death: Verdict) -> Verdict:
    """Run a mutant's seed without the bug, under the same faults: what dies then proves nothing."""
    return run(death.seed, mutant.days, swarm=mutant.swarm(death.seed))


def _keep(path: Path, mutant: Mutant, death: Verdict) -> None:
    path.write_text(f"{mutant.what}\n{failure(death)}\n", encoding="utf-8")


def _conclude(
    tally: Tally, swept: Tally, killed: dict[str, str], part: float
) -> tuple[Tally, list[str]]:
    """Print what was covered, seeds and sweep together, and what that is short of."""
    both = Tally()
    both.add(tally)
    both.add(swept)
    short = shortfalls(both, part=part)
    short += [f"mutant {named} lives" for named, by in killed.items() if not by]
    _say("\nfaults\n" + table({fault.value: both.hits[fault] for fault in Fault}))
    _say(
        "\nedges of the journal\n" + table({name(edge): both.edges[edge] for edge in every_edge()})
    )
    _say(
        f"\n{tally.runs} seeds, {tally.days} days, {tally.points} I/O points, {tally.kills} deaths:"
        f" {tally.violations} violations; {tally.rate:.1f} simulated days/s a core"
        f"\n{swept.runs} kills in the sweep: {swept.violations} violations"
        f"\n{sum(map(bool, killed.values()))} of {len(killed)} mutants dead"
    )
    for each in short:
        _say(f"SHORT: {each}")
    return both, short


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
