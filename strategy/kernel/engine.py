"""The kernel as a sweep's engine: what it cannot follow to the cent, the reference plays."""

from collections.abc import Sequence

from strategy import sweep
from strategy.kernel import fields as f
from strategy.kernel.many import Days, Ends, Run, each_day, prices_of, run_many
from strategy.kernel.terms import Unsupported, terms
from strategy.ledgers import Course
from strategy.model import Bar, Rules
from strategy.price import CENT
from strategy.sweep import Job, Outcome


def refusal(rules: Rules) -> str | None:
    """Say why the kernel does not play an agreement; None where it does."""
    try:
        terms(rules)
    except Unsupported as why:
        return str(why)
    return None


def play(bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Outcome]:
    """Play jobs over one symbol's bars, on all cores; equal to `sweep.reference`.

    Where the kernel refuses, the whole or one run, the reference plays. Raises what it raises.
    """
    rules, runs = _laid_out(jobs)
    try:
        ends = run_many(rules, prices_of(bars), runs)
    except Unsupported:
        return list(sweep.reference(bars, jobs))
    return [_outcome(bars, job, ends, place) for place, job in enumerate(jobs)]


def follow(bars: Sequence[Bar], jobs: Sequence[Job]) -> list[Course]:
    """Play jobs as `play` does, and keep every session; equal to `sweep.followed`."""
    rules, runs = _laid_out(jobs)
    try:
        played = each_day(rules, prices_of(bars), runs)
    except Unsupported:
        return sweep.followed(bars, jobs)
    return [_course(bars, job, days) for job, days in zip(jobs, played, strict=True)]


def _laid_out(jobs: Sequence[Job]) -> tuple[list[Rules], list[Run]]:
    rules = list(dict.fromkeys(job.rules for job in jobs))
    places = {each: place for place, each in enumerate(rules)}
    return rules, [Run(places[job.rules], job.first, job.last, job.principal) for job in jobs]


def _course(bars: Sequence[Bar], job: Job, days: Days) -> Course:
    if days.trouble:
        (course,) = sweep.followed(bars, [job])
        return course
    return Course(
        job.principal,
        tuple(cents * CENT for cents in days.table[:, f.DAY_EQUITY].tolist()),
        int(days.table[:, f.DAY_USED_UP].sum()),
    )


def _outcome(bars: Sequence[Bar], job: Job, ends: Ends, place: int) -> Outcome:
    if ends.troubles[place]:
        (outcome,) = sweep.reference(bars, [job])
        return outcome
    return Outcome(
        final_equity=ends.final_equity(place),
        max_drawdown_percent=ends.max_drawdown_percent(place),
        exhausted_sessions=int(ends.exhausted_sessions[place]),
        cycles=int(ends.cycles[place]),
    )
