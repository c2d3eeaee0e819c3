"""The append-only journal: an event, its effect on the projections and its letter, at once."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TypeVar

from bot.events import (
    CancelAsked,
    ConsentGiven,
    Event,
    FeesCharged,
    MoneyCounted,
    OrderResent,
    OrderSent,
    RateSeen,
    ResendDeclined,
)
from bot.storage import codec
from bot.storage.database import Database, Row, Transaction
from bot.storage.projections import project

Kind = TypeVar("Kind", bound=Event)

PAGE = 500

# The journal's own business; of everything else the owner is told.
QUIET: tuple[type[Event], ...] = (
    ConsentGiven,
    ResendDeclined,
    OrderSent,
    OrderResent,
    CancelAsked,
    MoneyCounted,
    RateSeen,
    FeesCharged,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One line of the journal."""

    seq: int
    at: datetime
    event: Event


@dataclass
class Recording:
    """An open transaction that events are recorded into; published by the caller afterwards."""

    transaction: Transaction
    at: datetime
    events: list[Event] = field(default_factory=list)
    seqs: list[int] = field(default_factory=list)

    async def record(self, event: Event) -> None:
        """Append an event, project it, and leave a letter where the owner is to be told."""
        seq = await self.transaction.insert(
            "INSERT INTO journal (at, type, round_id, slot, body) VALUES (?, ?, ?, ?, ?)",
            (
                self.at.isoformat(),
                type(event).__name__,
                getattr(event, "round_id", None),
                _slot_of(event),
                codec.dumps(event),
            ),
        )
        await project(self.transaction, self.at, event)
        if not isinstance(event, QUIET):
            self.transaction.later("INSERT INTO outbox (seq) VALUES (?)", (seq,))
        self.events.append(event)
        self.seqs.append(seq)


def _slot_of(event: Event) -> str | None:
    slot = getattr(event, "slot", None)
    return slot if slot is None or isinstance(slot, str) else str(slot.key)


class Journal:
    """Write and read the journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @asynccontextmanager
    async def recording(self, at: datetime) -> AsyncIterator[Recording]:
        """Open one transaction for events that happened at `at`; durable when the block ends."""
        async with self._database.transaction() as transaction:
            yield Recording(transaction, at)

    async def entries(self, *, after: int = 0) -> list[Entry]:
        """Read all entries after a sequence number, oldest first."""
        rows = await self._database.all(
            "SELECT seq, at, type, body FROM journal WHERE seq > ? ORDER BY seq", (after,)
        )
        return [entry_of(row) for row in rows]

    async def pages(self, *, after: int = 0) -> AsyncIterator[list[Entry]]:
        """Read all entries after a sequence number, oldest first, some hundreds at a time.

        Years of them are more than a small machine should hold at once.
        """
        while True:
            rows = await self._database.all(
                "SELECT seq, at, type, body FROM journal WHERE seq > ? ORDER BY seq LIMIT ?",
                (after, PAGE),
            )
            if not rows:
                return
            page = [entry_of(row) for row in rows]
            yield page
            after = page[-1].seq

    async def proposals(self, session: date) -> list[Entry]:
        """Read the lines that proposed the rounds of a session, oldest first."""
        rows = await self._database.all(
            "SELECT seq, at, type, body FROM journal WHERE +type = 'RoundProposed'"
            " AND round_id >= ? AND round_id < ? ORDER BY seq",
            (f"{session.isoformat()}.", f"{session.isoformat()}/"),
        )
        return [entry_of(row) for row in rows]

    async def last_seq(self) -> int:
        """Read the number of the last entry; 0 when there is none. Numbers have no gaps."""
        row = await self._database.one("SELECT coalesce(max(seq), 0) AS seq FROM journal")
        return int(row["seq"]) if row else 0

    async def last(self, kind: type[Kind]) -> Kind | None:
        """Read the latest event of a type; None when there is none."""
        found = await self.latest_of(kind)
        return found if isinstance(found, kind) else None

    async def latest_of(self, *kinds: type[Event]) -> Event | None:
        """Read the latest event of several types; None when there is none."""
        marks = ", ".join("?" for _ in kinds)
        row = await self._database.one(
            f"SELECT type, body FROM journal WHERE type IN ({marks}) ORDER BY seq DESC LIMIT 1",  # noqa: S608 - marks only
            tuple(kind.__name__ for kind in kinds),
        )
        return codec.event_of(row["type"], row["body"]) if row else None


def entry_of(row: Row) -> Entry:
    return Entry(
        seq=row["seq"],
        at=datetime.fromisoformat(row["at"]),
        event=codec.event_of(row["type"], row["body"]),
    )
