"""How often and how long the units were used up, how long a cycle took, and what each mode took."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from strategy.backtest import Result, Session
from strategy.ledgers import Ledgers
from strategy.model import Phase


@dataclass(frozen=True, kw_only=True, slots=True)
class Spell:
    """A row of sessions of one ledger that each began with less than one unit left."""

    ledger: int
    start: date
    end: date
    sessions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Longest:
    """The cycle that took the most sessions; `ended` is None while it still runs."""

    ledger: int
    number: int
    sessions: int
    started: date | None
    ended: date | None


def spells(ledgers: Ledgers) -> tuple[Spell, ...]:
    """List when the units were used up, ledger by ledger, oldest first."""
    return tuple(
        Spell(ledger=number, start=row[0].day, end=row[-1].day, sessions=len(row))
        for number, result in enumerate(ledgers.results, 1)
        for row in _rows(result.sessions)
    )


def used_up_cycles(result: Result) -> frozenset[int]:
    """Name the cycles of a ledger that had less than one unit left at some plan."""
    return frozenset(each.cycle for each in result.sessions if each.plan.used_up)


def phases(ledgers: Ledgers) -> dict[Phase, int]:
    """Count the sessions traded in each phase, over all ledgers."""
    counted = Counter(
        session.plan.cycle.phase for result in ledgers.results for session in result.sessions
    )
    return {phase: counted[phase] for phase in Phase}


def longest_cycle(ledgers: Ledgers) -> Longest:
    """Find the cycle that took the most sessions, the running ones included."""
    return max(_lengths(ledgers), key=lambda each: each.sessions)


def _lengths(ledgers: Ledgers) -> Iterator[Longest]:
    for number, result in enumerate(ledgers.results, 1):
        for ended in result.finished:
            yield Longest(
                ledger=number,
                number=ended.number,
                sessions=ended.sessions,
                started=ended.started,
                ended=ended.ended,
            )
        running = result.cycle
        yield Longest(
            ledger=number,
            number=running.number,
            sessions=running.sessions,
            started=running.started,
            ended=None,
        )


def _rows(sessions: Sequence[Session]) -> Iterator[list[Session]]:
    row: list[Session] = []
    for session in sessions:
        if session.plan.used_up:
            row.append(session)
        elif row:
            yield row
            row = []
    if row:
        yield row
