"""Letters to the owner: written with the event they tell of, kept until the chat has them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.events import Event
from bot.storage import codec
from bot.storage.database import Database, Row


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """One event that the owner is to be told of; `tries` have failed so far."""

    id: int
    at: datetime
    event: Event
    round_id: str | None
    slot: str | None
    tries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class LaterLine:
    """A letter that a chat's digest names, once it is due (aware)."""

    chat_id: int
    letter: int
    due_at: datetime


_LETTERS = (
    "SELECT o.id, o.tries, o.not_before, j.at, j.type, j.round_id, j.slot, j.body"
    " FROM outbox o JOIN journal j ON j.seq = o.seq"
)


def _letter_of(row: Row) -> Letter:
    return Letter(
        id=row["id"],
        at=datetime.fromisoformat(row["at"]),
        event=codec.event_of(row["type"], row["body"]),
        round_id=row["round_id"],
        slot=row["slot"],
        tries=row["tries"],
    )


class Outbox:
    """Hand out waiting letters in order and remember what became of them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def waiting(self, now: datetime, *, limit: int = 100) -> list[Letter]:
        """Read the letters that may go now, oldest first; none may overtake a deferred one."""
        rows = await self._database.all(
            f"{_LETTERS} WHERE o.state = 'waiting' ORDER BY o.id LIMIT ?", (limit,)
        )
        letters: list[Letter] = []
        for row in rows:
            if row["not_before"] and datetime.fromisoformat(row["not_before"]) > now:
                break
            letters.append(_letter_of(row))
        return letters

    async def after(self, letter: int, *, limit: int) -> list[Letter]:
        """Read the letters after one, whatever became of them, oldest first."""
        rows = await self._database.all(
            f"{_LETTERS} WHERE o.id > ? ORDER BY o.id LIMIT ?", (letter, limit)
        )
        return [_letter_of(row) for row in rows]

    async def next_due(self) -> datetime | None:
        """Read when the first deferred letter may go; None when nothing waits for a time."""
        row = await self._database.one(
            "SELECT not_before FROM outbox WHERE state = 'waiting' ORDER BY id LIMIT 1"
        )
        return datetime.fromisoformat(row["not_before"]) if row and row["not_before"] else None

    async def oldest(self) -> datetime | None:
        """Read when the first letter that still waits was written; None when none waits."""
        row = await self._database.one(
            "SELECT j.at FROM outbox o JOIN journal j ON j.seq = o.seq"
            " WHERE o.state = 'waiting' ORDER BY o.id LIMIT 1"
        )
        return datetime.fromisoformat(row["at"]) if row else None

    async def unsent(self) -> int:
        row = await self._database.one("SELECT count(*) AS n FROM outbox WHERE state = 'waiting'")
        return int(row["n"]) if row else 0

    async def sent(self, *letters: int, later: Iterable[LaterLine] = ()) -> None:
        """Mark letters as delivered, and keep what the morning's digest is to name."""
        async with self._database.transaction() as tx:
            for letter in letters:
                await tx.execute("UPDATE outbox SET state = 'sent' WHERE id = ?", (letter,))
            for line in later:
                await tx.execute(
                    "INSERT OR IGNORE INTO digest_line (chat_id, letter, due_at) VALUES (?, ?, ?)",
                    (line.chat_id, line.letter, line.due_at.isoformat()),
                )

    async def digests(self) -> dict[int, datetime]:
        """Read which chats are owed a digest, and from when on."""
        rows = await self._database.all(
            "SELECT chat_id, min(due_at) AS due FROM digest_line GROUP BY chat_id ORDER BY chat_id"
        )
        return {int(row["chat_id"]): datetime.fromisoformat(row["due"]) for row in rows}

    async def digest(self, chat_id: int) -> list[Letter]:
        """Read the letters that a chat's digest is to name, oldest first."""
        rows = await self._database.all(
            f"{_LETTERS} JOIN digest_line d ON d.letter = o.id WHERE d.chat_id = ? ORDER BY o.id",
            (chat_id,),
        )
        return [_letter_of(row) for row in rows]

    async def digested(self, chat_id: int, letters: Iterable[int]) -> None:
        """Note that a chat has its digest of these letters."""
        async with self._database.transaction() as tx:
            for letter in letters:
                await tx.execute(
                    "DELETE FROM digest_line WHERE chat_id = ? AND letter = ?", (chat_id, letter)
                )

    async def dead(self) -> tuple[int, str]:
        """Count the letters that were given up; the latest one's reason, "" when there is none."""
        row = await self._database.one(
            "SELECT count(*) AS n, (SELECT note FROM outbox WHERE state = 'dead'"
            " ORDER BY id DESC LIMIT 1) AS why FROM outbox WHERE state = 'dead'"
        )
        return (int(row["n"]), str(row["why"] or "")) if row else (0, "")

    async def defer(self, letter: int, until: datetime) -> None:
        """Keep a letter until an instant, as the chat asked (retry_after) or after a failure."""
        async with self._database.transaction() as tx:
            await tx.execute(
                "UPDATE outbox SET tries = tries + 1, not_before = ? WHERE id = ?",
                (until.isoformat(), letter),
            )

    async def buried(self, why: str) -> list[Letter]:
        """Read the letters that were given up for a reason, oldest first."""
        rows = await self._database.all(
            f"{_LETTERS} WHERE o.state = 'dead' AND o.note = ? ORDER BY o.id", (why,)
        )
        return [_letter_of(row) for row in rows]

    async def bury(self, letter: int, why: str) -> None:
        """Give a letter up for good (blocked by the owner, refused text); `why` is kept."""
        async with self._database.transaction() as tx:
            await tx.execute(
                "UPDATE outbox SET state = 'dead', note = ? WHERE id = ?", (why, letter)
            )
