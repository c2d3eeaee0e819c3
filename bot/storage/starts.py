"""When processes started on this state file, and which of them ended well."""

from datetime import datetime, timedelta

from bot.storage.database import Database


class Starts:
    """Count the starts that no orderly end followed."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._mine = 0

    async def begin(self, now: datetime, *, within: timedelta) -> int:
        """Note that a process starts; answer how many did within a span, this one included.

        Those that ended well do not count.
        """
        async with self._database.transaction() as tx:
            self._mine = await tx.insert(
                "INSERT INTO process_start (at) VALUES (?)", (now.isoformat(),)
            )
            await tx.execute("DELETE FROM process_start WHERE id < ?", (self._mine - 100,))
            row = await tx.one(
                "SELECT count(*) AS n FROM process_start"
                " WHERE ended = 0 AND julianday(at) BETWEEN julianday(?) AND julianday(?)",
                ((now - within).isoformat(), now.isoformat()),
            )
        return int(row["n"]) if row else 1

    async def held_since(self, since: datetime) -> bool:
        """Read whether the owner was told of many starts since an instant."""
        row = await self._database.one(
            "SELECT 1 FROM process_start WHERE held_at IS NOT NULL"
            " AND julianday(held_at) >= julianday(?)",
            (since.isoformat(),),
        )
        return row is not None

    async def held(self, now: datetime) -> None:
        """Note that the owner is told now."""
        async with self._database.transaction() as tx:
            await tx.execute(
                "UPDATE process_start SET held_at = ? WHERE id = ?", (now.isoformat(), self._mine)
            )

    async def end(self) -> None:
        """Note that this process ends well."""
        async with self._database.transaction() as tx:
            await tx.execute("UPDATE process_start SET ended = 1 WHERE id = ?", (self._mine,))
