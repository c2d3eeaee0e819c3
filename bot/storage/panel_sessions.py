"""Keys and sessions of the dashboard: kept as digests, so that the state file opens no door.

Their time is the machine's: a browser's session lasts over a demo's days and a bot's restarts.
"""

import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from bot.storage.chat import use_tap
from bot.storage.database import Database, Row, Transaction

IDLE = timedelta(days=7)
"""A session ends when it was not used for so long."""
LONGEST = timedelta(days=30)
"""And after so long, however much it was used."""
MOST = 5
"""Sessions of one person: the one that was used last longest ago makes room."""
_FRESH = timedelta(minutes=10)
"""How old the note of a session's last use may be: not every look is worth a write."""


class PanelSessions:
    """Offer keys and know whose a session is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def offer(self, key: str, user_id: int, now: datetime, until: datetime) -> None:
        """Let a key be used once until it expires; the person's one before is dead then."""
        async with self._database.transaction() as tx:
            for row in await tx.all("SELECT * FROM panel_key"):
                if row["user_id"] == user_id or _over(row["expires_at"], now):
                    await tx.execute("DELETE FROM panel_key WHERE digest = ?", (row["digest"],))
            await tx.execute(
                "INSERT INTO panel_key VALUES (?, ?, ?)", (digest(key), user_id, until.isoformat())
            )

    async def use(self, session: str, now: datetime) -> tuple[int, datetime] | None:
        """Say whose a session is and until when it lasts unused; None where it is over."""
        row = await _row(self._database, session)
        if row is None or _ended(row, now):
            return None
        used = datetime.fromisoformat(row["used_at"])
        if now - used > _FRESH:
            used = now
            async with self._database.transaction() as tx:
                await tx.execute(
                    "UPDATE panel_session SET used_at = ? WHERE digest = ?",
                    (now.isoformat(), row["digest"]),
                )
        return int(row["user_id"]), _end(row, used)

    async def end(self, session: str) -> None:
        """End a session; nothing happens when there is none."""
        async with self._database.transaction() as tx:
            await tx.execute("DELETE FROM panel_session WHERE digest = ?", (digest(session),))

    async def close(self, user_id: int, now: datetime, *, tap: str | None) -> int | None:
        """End all that a person has here; answers the sessions, None for a button that was used."""
        async with self._database.transaction() as tx:
            if tap is not None and not await use_tap(tx, tap, now, user_id=user_id):
                return None
            return await end_all(tx, user_id)

    async def count(self, user_id: int, now: datetime) -> int:
        """Count the sessions of a person that are not over."""
        rows = await self._database.all("SELECT * FROM panel_session WHERE user_id = ?", (user_id,))
        return sum(not _ended(row, now) for row in rows)


async def begin(tx: Transaction, key: str, session: str, now: datetime) -> int | None:
    """Use a key up and begin a session; answers whose, None for a key that is dead or none."""
    found = _matching(await tx.all("SELECT * FROM panel_key"), key)
    if found is None:
        return None
    await tx.execute("DELETE FROM panel_key WHERE digest = ?", (found["digest"],))
    if _over(found["expires_at"], now):
        return None
    await _make_room(tx, found["user_id"], now)
    await tx.execute(
        "INSERT INTO panel_session VALUES (?, ?, ?, ?)",
        (digest(session), found["user_id"], now.isoformat(), now.isoformat()),
    )
    return int(found["user_id"])


async def holder(database: Database, session: str, now: datetime) -> int | None:
    """Read whose a session is without noting its use, for when no bot runs; None where it is over.

    Whether that person is still let in is another question (`storage.people`).
    """
    row = await _row(database, session)
    return None if row is None or _ended(row, now) else int(row["user_id"])


async def end_all(tx: Transaction, user_id: int) -> int:
    """End a person's sessions and keys in the transaction of its reason; answers the sessions."""
    await tx.execute("DELETE FROM panel_key WHERE user_id = ?", (user_id,))
    return await tx.execute("DELETE FROM panel_session WHERE user_id = ?", (user_id,))


def digest(secret: str) -> str:
    """Give what is kept of a secret: enough to know it again, and of no use to a thief.

    A plain hash will do: 128 random bits are not found by trying.
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def _matching(rows: Iterable[Row], key: str) -> Row | None:
    """Look at every key, and at each for as long: the time it takes tells nothing."""
    asked, found = digest(key), None
    for row in rows:
        if hmac.compare_digest(row["digest"], asked):
            found = row
    return found


async def _row(database: Database, session: str) -> Row | None:
    return await database.one("SELECT * FROM panel_session WHERE digest = ?", (digest(session),))


async def _make_room(tx: Transaction, user_id: int, now: datetime) -> None:
    rows = await tx.all("SELECT * FROM panel_session ORDER BY julianday(used_at) DESC")
    over = [row for row in rows if _ended(row, now)]
    own = [row for row in rows if row["user_id"] == user_id and row not in over]
    for row in [*over, *own[MOST - 1 :]]:
        await tx.execute("DELETE FROM panel_session WHERE digest = ?", (row["digest"],))


def _ended(row: Row, now: datetime) -> bool:
    return _end(row, datetime.fromisoformat(row["used_at"])) <= now


def _end(row: Row, used: datetime) -> datetime:
    return min(used + IDLE, datetime.fromisoformat(row["began_at"]) + LONGEST)


def _over(text: str, now: datetime) -> bool:
    return datetime.fromisoformat(text) <= now
