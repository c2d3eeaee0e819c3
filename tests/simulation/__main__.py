"""Replay a seed, or run many: `python -m tests.simulation --seed N` or `--seeds 1-200 --jobs 2`."""

import argparse
import gc
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tests.simulation.drive import run
from tests.simulation.faults import Fault, quiet
from tests.simulation.verdict import Verdict

DAYS = 10
SHOWN = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Task:
    """One run to make."""

    seed: int
    days: int
    kill_at: int | None = None
    mutant: str | None = None
    calm: bool = False


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; answer 1 when an invariant did not hold."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seed", type=int, help="replay one seed and show what happened")
    which.add_argument("--seeds", metavar="A-B", help="run many seeds, both ends included")
    parser.add_argument("--days", type=int, default=DAYS, help="calendar days (default 10)")
    parser.add_argument("--kill-at", type=int, help="kill at this I/O point and nowhere else")
    parser.add_argument("--mutant", help="plant a bug of tests/simulation/mutants.py")
    parser.add_argument("--calm", action="store_true", help="without any fault")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--facts", action="store_true", help="list everything that truly happened")
    asked = parser.parse_args(arguments)
    first, last = (asked.seed,) * 2 if asked.seeds is None else _span(asked.seeds)
    tasks = [
        Task(
            seed=seed,
            days=asked.days,
            kill_at=asked.kill_at,
            mutant=asked.mutant,
            calm=asked.calm,
        )
        for seed in range(first, last + 1)
    ]
    if asked.seed is not None:
        verdict = one(tasks[0])
        _show(verdict, facts=asked.facts)
        return not verdict.sound
    return _many(tasks, asked.jobs)


def one(task: Task) -> Verdict:
    """Make one run."""
    swarm = quiet() if task.calm else None
    return run(task.seed, task.days, kill_at=task.kill_at, mutant=task.mutant, swarm=swarm)


def in_short(task: Task) -> Verdict:
    """Make one run of many; what one does not look into is not carried between processes."""
    return replace(one(task), log=(), facts=())


def verdicts(tasks: Sequence[Task], jobs: int) -> Iterator[Verdict]:
    """Make many runs, in so many processes; their order is that in which they end."""
    settle_in()
    if jobs == 1:
        yield from map(in_short, tasks)
        return
    with ProcessPoolExecutor(jobs, mp_context=get_context("fork")) as pool:
        for done in as_completed([pool.submit(in_short, task) for task in tasks]):
            yield done.result()


def settle_in() -> None:
    """Keep what is loaded out of every later collection of garbage."""
    gc.collect()
    gc.freeze()


def commit() -> str:
    """Name the program that ran; a + says that files were changed since."""
    try:
        words = ["git", "describe", "--always", "--dirty=+"]
        done = subprocess.run(words, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return done.stdout.strip()


def failure(verdict: Verdict) -> str:
    """Say what did not hold, and how to see it again."""
    lines = [f"seed {verdict.seed}, commit {commit()}, trace {verdict.digest}"]
    for violation in verdict.violations[:SHOWN]:
        kill = "" if violation.point is None else f", last kill at I/O point {violation.point}"
        slot = f" {violation.slot}" if violation.slot else ""
        when = f"{violation.at:%Y-%m-%d %H:%M:%S} UTC"
        lines.append(f"  {violation.invariant}{slot} at {when}{kill}: {violation.sentence}")
    if len(verdict.violations) > SHOWN:
        lines.append(f"  and {len(verdict.violations) - SHOWN} more")
    lines.append(f"  replay: {verdict.replay}")
    return "\n".join(lines)


def _span(words: str) -> tuple[int, int]:
    first, _, last = words.partition("-")
    return int(first), int(last or first)


def _many(tasks: Sequence[Task], jobs: int) -> int:
    bad, days, seconds, deaths = 0, 0, 0.0, 0
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeRemainingColumn()) as progress:
        bar = progress.add_task("seeds", total=len(tasks))
        for verdict in verdicts(tasks, jobs):
            days, seconds = days + verdict.days, seconds + verdict.seconds
            deaths += len(verdict.deaths)
            if not verdict.sound:
                bad += 1
                progress.console.print(failure(verdict), highlight=False, markup=False)
            rate = f"{days / seconds:.0f} days/s a core, {bad} bad"
            progress.update(bar, advance=1, description=rate)
    sys.stdout.write(
        f"{len(tasks)} seeds, {days} days, {deaths} deaths: {bad} with violations; "
        f"{days / seconds:.1f} simulated days/s a core\n"
    )
    return int(bad > 0)


def _show(verdict: Verdict, *, facts: bool) -> None:
    if facts:
        for fact in verdict.facts:
            sys.stdout.write(f"{fact!r}\n")
    hits = {fault.value: verdict.hits[fault] for fault in Fault if verdict.hits[fault]}
    sys.stdout.write(
        f"seed {verdict.seed}: {verdict.days} days, {verdict.points} I/O points, "
        f"{verdict.processes} processes, {len(verdict.deaths)} deaths\n"
        f"trace {verdict.digest}\nfaults {hits}\nevents {dict(verdict.events.most_common())}\n"
    )
    for death in verdict.deaths[:SHOWN]:
        sys.stdout.write(f"died {death.at:%m-%d %H:%M:%S} at point {death.point}: {death.why}\n")
    sys.stdout.write("every invariant held\n" if verdict.sound else f"{failure(verdict)}\n")


if __name__ == "__main__":
    sys.exit(main())
