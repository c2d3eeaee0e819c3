"""What lies in the state file, counted and named: nothing of what it says."""

from typing import Any

from bot.storage.database import Database

Row = dict[str, Any]


class Inventory:
    """Count and list for somebody who is to help and need not know the owner's figures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def format(self) -> int:
        """Number the file's format."""
        row = await self._database.one("PRAGMA user_version")
        return int(row[0]) if row else 0

    async def tables(self) -> dict[str, int]:
        """Count the rows of every table."""
        names = await self._database.all(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            " ORDER BY name"
        )
        found = {}
        for row in names:
            name = str(row["name"])
            counted = await self._database.one(f'SELECT count(*) AS n FROM "{name}"')  # noqa: S608 - a table's own name
            found[name] = int(counted["n"]) if counted else 0
        return found

    async def states(self) -> dict[str, dict[str, int]]:
        """Count rounds, orders and letters by their state."""
        found = {}
        for table in ("round", "broker_order", "outbox"):
            rows = await self._database.all(
                f"SELECT state, count(*) AS n FROM {table} GROUP BY state ORDER BY state"  # noqa: S608 - three names of ours
            )
            found[table] = {str(row["state"]): int(row["n"]) for row in rows}
        return found

    async def events(self, limit: int) -> list[Row]:
        """List the latest lines of the journal, oldest first: when, of which type, about what."""
        rows = await self._database.all(
            "SELECT seq, at, type, round_id, slot FROM journal ORDER BY seq DESC LIMIT ?", (limit,)
        )
        return [dict(row) for row in reversed(rows)]

    async def dead_letters(self, limit: int) -> list[Row]:
        """List the latest letters that reached nobody: of which event, and why."""
        rows = await self._database.all(
            "SELECT o.id, j.at, j.type, o.tries, o.note FROM outbox o JOIN journal j ON"
            " j.seq = o.seq WHERE o.state = 'dead' ORDER BY o.id DESC LIMIT ?",
            (limit,),
        )
        return [dict(row) for row in reversed(rows)]
