"""A sweep from its question to its sums: what is known is not played again."""

import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.laboratory.engines import SESSIONS
from bot.laboratory.sweeps.crews import Crew
from bot.laboratory.sweeps.kept import Kept
from bot.laboratory.sweeps.question import Question, Run
from strategy import performance, sweep
from strategy.sweep import Found, Outcome, Summary

HORIZON = "horizon"
"""What the sums call the horizon, beside the names of the options."""


@dataclass(frozen=True, kw_only=True)
class Swept:
    """A sweep that is done: the outcomes in the order of the question's runs.

    `played` of them took `seconds` now; the others were known from before.
    """

    question: Question
    engine: str
    outcomes: tuple[Outcome, ...]
    played: int
    seconds: float

    @cached_property
    def found(self) -> tuple[Found, ...]:
        """Each run as the sums see it."""
        held, principal = self.question.held, self.question.principal
        return tuple(
            Found(
                performance.return_percent(principal, outcome.final_equity),
                held[run.rules.symbol, run.span.first, run.span.last],
                outcome.max_drawdown_percent,
                outcome.exhausted_sessions,
            )
            for run, outcome in zip(self.question.runs, self.outcomes, strict=True)
        )

    @cached_property
    def by_agreement(self) -> tuple[tuple[Run, Summary], ...]:
        """The sums of each agreement and horizon; the run stands for those of the group."""
        return tuple(
            (self.question.runs[numbers[0]], self._summed(numbers))
            # By identity: to hash an agreement for each of a million runs takes long.
            for numbers in self._grouped(lambda run: (id(run.rules), run.span.horizon))
        )

    def by(self, name: str) -> tuple[tuple[Any, Summary], ...]:
        """Give the sums by each value of something varied, whatever the rest."""
        return tuple(
            (value_of(self.question.runs[numbers[0]], name), self._summed(numbers))
            for numbers in self._grouped(lambda run: value_of(run, name))
        )

    def _grouped(self, key: Callable[[Run], object]) -> Iterable[list[int]]:
        groups: dict[object, list[int]] = {}
        for number, run in enumerate(self.question.runs):
            groups.setdefault(key(run), []).append(number)
        return groups.values()

    def _summed(self, numbers: Iterable[int]) -> Summary:
        return sweep.summed([self.found[number] for number in numbers])


def value_of(run: Run, name: str) -> Any:
    """Give what a run was played with: a field of its agreement, or its horizon."""
    return run.span.horizon if name == HORIZON else getattr(run.rules, name)


def swept(
    question: Question, engine: str, crew: Crew, kept: Kept, on_runs: Callable[[int], None]
) -> Swept:
    """Play what is not kept yet; `on_runs` hears how many runs a parcel brought.

    Raises StrategyError for what cannot be run, SweepRefused where it cannot go on, OSError where
    nothing can be kept. Whatever ends it, what was done is kept.
    """
    began = time.monotonic()
    known: Mapping[int, Outcome] = kept.known
    before = len(known)
    parcels = question.parcels(frozenset(known), SESSIONS[engine])
    with closing(crew(question, engine, parcels)) as coming:
        for parcel, outcomes in coming:
            kept.add(parcel, outcomes)
            on_runs(len(outcomes))
    return Swept(
        question=question,
        engine=engine,
        outcomes=tuple(known[number] for number in range(len(question.runs))),
        played=len(known) - before,
        seconds=time.monotonic() - began,
    )
