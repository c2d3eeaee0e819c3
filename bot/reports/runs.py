"""Every cycle that has a settled session, running or finished, to be chosen from a list."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from bot.events import RoundSettled
from bot.reports.completed import Completed
from bot.reports.record import Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Lived:
    """A cycle by its run and its number in it, from its first settled session to its last.

    `done` is None while it runs.
    """

    cycle_id: int
    number: int
    symbol: str
    method: str
    splits: int
    first: date
    last: date
    sessions: int
    done: Completed | None


def lived(record: Record) -> tuple[Lived, ...]:
    """List the cycles of a history, the running ones first, then the last that ended."""
    done = {(each.cycle_id, each.cycle.number): each for each in record.completed}
    ordered = sorted(record.settlements, key=lambda one: (*_key(one), one.session))
    found = [_lived(list(own), done.get(key)) for key, own in groupby(ordered, key=_key)]
    running = sorted((one for one in found if one.done is None), key=lambda one: one.cycle_id)
    ended = sorted(
        (one for one in found if one.done), key=lambda one: -(one.done.place if one.done else 0)
    )
    return (*running, *ended)


def _key(settled: RoundSettled) -> tuple[int, int]:
    return settled.cycle_id, settled.before.number


def _lived(own: list[RoundSettled], done: Completed | None) -> Lived:
    rules = own[-1].before.rules
    return Lived(
        cycle_id=own[-1].cycle_id,
        number=own[-1].before.number,
        symbol=rules.symbol,
        method=rules.method,
        splits=rules.splits,
        first=own[0].session,
        last=own[-1].session,
        sessions=len(own),
        done=done,
    )
