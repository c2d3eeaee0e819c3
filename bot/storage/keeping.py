"""What of the state file may go, and when: the chat's own traces. History stays for ever.

The journal, rounds, orders, fills, rates and fees are what the years' reports and the tax are made
of; nothing here touches them. What goes is deleted a few hundred rows at a time, so that whoever
wants to write meanwhile waits for no longer than one such step.
"""

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.storage.damage import copies
from bot.storage.database import Database

BUTTONS = LETTERS = CARDS = timedelta(days=90)
"""How long a button may be pressed, a delivered letter is known as such, a round's message is."""
NOTICES = timedelta(days=400)
"""How long it is remembered that something was told: a week's end is not looked at a year later."""
COPIES = timedelta(days=90)
"""How long the copy that an update made of the file is kept; the newest stays."""

_AT_ONCE = 300
_SPARE_PAGES = 256
"""Free pages (a megabyte) that stay in the file: tomorrow's rows take them."""
_GIVEN_AT_ONCE = 200

# The latest letter stays, so that no number is given twice: a forum follows letters by number.
_OLD_LETTERS = (
    "SELECT o.id FROM outbox o JOIN journal j ON j.seq = o.seq"
    " WHERE o.state <> 'waiting' AND j.at < ? AND o.id < (SELECT max(id) FROM outbox)"
    " AND o.id NOT IN (SELECT letter FROM digest_line)"
)
_DELETIONS: tuple[tuple[str, timedelta, str], ...] = (
    ("tap", BUTTONS, "SELECT rowid FROM tap WHERE made_at < ?"),
    ("digest_line", LETTERS, "SELECT rowid FROM digest_line WHERE due_at < ?"),
    ("outbox", LETTERS, _OLD_LETTERS),
    (
        "chat_card",
        CARDS,
        "SELECT c.rowid FROM chat_card c JOIN round r USING (round_id) WHERE r.session < ?",
    ),
    ("notice", NOTICES, "SELECT rowid FROM notice WHERE at < ?"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What a day's keeping did: rows that went, and bytes that the file gave back."""

    rows: int
    given_back: int


class Keeping:
    """Keep the state file small; `path` is where it lies."""

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path

    async def keep(self, now: datetime) -> Kept:
        """Let go of what is too old, give its room back, and empty the log; answer how much.

        Meant for an hour when no order goes out. Raises StorageFailing.
        """
        async with self._database.transaction() as tx:
            await tx.execute("UPDATE tap SET made_at = ? WHERE made_at IS NULL", (now.isoformat(),))
        rows = 0
        for table, span, old in _DELETIONS:
            rows += await self._delete(table, old, now - span)
        given = await self._give_back()
        await self._database.checkpoint()
        self._forget_copies(now)
        return Kept(rows=rows, given_back=given)

    async def _delete(self, table: str, old: str, before: datetime) -> int:
        deleted, step = 0, _AT_ONCE
        while step == _AT_ONCE:
            async with self._database.transaction() as tx:
                step = await tx.execute(
                    f"DELETE FROM {table} WHERE rowid IN ({old} LIMIT {_AT_ONCE})",  # noqa: S608 - our own words
                    (before.isoformat(),),
                )
            deleted += step
        return deleted

    async def _give_back(self) -> int:
        """Shorten the file by its free pages; make a file of an older format able to, once.

        Answers by how many bytes it is shorter.
        """
        size, able, free = await self._pages()
        if able:
            while free > _SPARE_PAGES:
                await self._database.give_back(min(_GIVEN_AT_ONCE, free - _SPARE_PAGES))
                left, free = free, (await self._pages())[2]
                if free >= left:
                    break  # what cannot be given today is given another day
        elif shutil.disk_usage(self._path.parent).free > 3 * size:
            await self._database.rewrite()  # takes the size twice over for a moment
        return max(0, size - (await self._pages())[0])

    async def _pages(self) -> tuple[int, bool, int]:
        """Read the file's bytes, whether it can give pages back, and how many are free.

        The connection that writes is asked: the other may not have seen the last change yet.
        """
        names = ("page_count", "page_size", "auto_vacuum", "freelist_count")
        async with self._database.transaction() as tx:
            rows = [await tx.one(f"PRAGMA {name}") for name in names]
        count, size, able, free = (int(row[0]) if row else 0 for row in rows)
        return count * size, bool(able), free

    def _forget_copies(self, now: datetime) -> None:
        """Delete the copies that updates of long ago made, but for the newest."""
        for copy in copies(self._path)[1:]:
            if datetime.fromtimestamp(copy.stat().st_mtime, now.tzinfo) < now - COPIES:
                copy.unlink()
