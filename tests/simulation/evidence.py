"""What lies before the judge: the world's facts, and what the program wrote and said by itself.

The facts stand in the order in which they happened, so a position in them is the finest clock there
is: `Evidence.position` says from which fact on a line of the journal was durable. The program's own
instants are never trusted here; its clock may be wrong.
"""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path

from bot.events import Event
from bot.sessions import Calendar
from bot.storage import codec
from bot.storage.journal import Entry
from tests.simulation.facts import Died, Fact, JournalWritten


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """One run. `end` is true time; `letters` maps a line of the journal to its letter's state.

    `logs` is everything the program logged, `state` the bytes of its file, `secrets` the canaries
    by name; the limits are the owner's (USD), None where there is none.
    """

    facts: Sequence[Fact]
    entries: Sequence[Entry]
    letters: Mapping[int, str]
    end: datetime
    calendar: Calendar
    logs: Sequence[str] = ()
    state: bytes = b""
    secrets: Mapping[str, str] = field(default_factory=dict)
    daily_limit: Decimal | None = None
    total_limit: Decimal | None = None

    @cached_property
    def _commits(self) -> tuple[list[int], list[int]]:
        """Give every commit's last line and position; a restored file may begin lower again."""
        seqs: list[int] = []
        positions: list[int] = []
        for position, fact in enumerate(self.facts):
            if isinstance(fact, JournalWritten) and (not seqs or fact.seq > seqs[-1]):
                seqs.append(fact.seq)
                positions.append(position)
        return seqs, positions

    def position(self, entry: Entry) -> int:
        """Say at which fact a line of the journal became durable."""
        seqs, positions = self._commits
        index = bisect_left(seqs, entry.seq)
        return positions[index] if index < len(seqs) else len(self.facts)

    def at(self, entry: Entry) -> datetime:
        """Say when, by true time, a line of the journal became durable."""
        position = self.position(entry)
        return self.facts[position].at if position < len(self.facts) else self.end

    def of(self, *kinds: type[Event]) -> Iterator[Entry]:
        """Give the journal's lines of some types, oldest first."""
        return (entry for entry in self.entries if isinstance(entry.event, kinds))

    def died_before(self, at: datetime) -> int | None:
        """Name the I/O point at which the program was killed last before an instant."""
        points = [fact.point for fact in self.facts if isinstance(fact, Died) and fact.at <= at]
        return points[-1] if points else None


def gather(
    facts: Sequence[Fact],
    state_file: Path,
    *,
    end: datetime,
    calendar: Calendar,
    logs: Sequence[str] = (),
    secrets: Mapping[str, str] | None = None,
    daily_limit: Decimal | None = None,
    total_limit: Decimal | None = None,
) -> Evidence:
    """Read the program's file through a connection of our own, when the run is over."""
    with closing(sqlite3.connect(f"file:{state_file}?mode=ro", uri=True)) as connection:
        lines = connection.execute("SELECT seq, at, type, body FROM journal ORDER BY seq")
        entries = [
            Entry(seq=seq, at=datetime.fromisoformat(at), event=codec.event_of(kind, body))
            for seq, at, kind, body in lines
        ]
        letters: dict[int, str] = dict(connection.execute("SELECT seq, state FROM outbox"))
        state = "\n".join(connection.iterdump()).encode() if secrets else b""
    return Evidence(
        facts=facts,
        entries=entries,
        letters=letters,
        end=end,
        calendar=calendar,
        logs=logs,
        state=state,
        secrets=secrets or {},
        daily_limit=daily_limit,
        total_limit=total_limit,
    )
