"""The kernel as a sweep's engine: what it cannot follow to the cent, the reference plays."""

from collections.abc import Sequence

from strategy import sweep
from strategy.kernel.many import Ends, Run, prices_of, run_many
from strategy.kernel.terms import Unsupported, terms
from strategy.model import Bar, Rules
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
    rules = list(dict.fromkeys(job.rules for job in jobs))
    places = {each: place for place, each in enumerate(rules)}
    runs = [Run(places[job.rules], job.first, job.last, job.principal) for job in jobs]
    try:
        ends = run_many(rules, prices_of(bars), runs)
    except Unsupported:
        return list(sweep.reference(bars, jobs))
    return [_outcome(bars, job, ends, place) for place, job in enumerate(jobs)]


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
