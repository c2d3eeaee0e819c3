"""How far a forum chat has followed the outbox, and which topic of it is whose."""

from bot.storage.database import Database
from bot.storage.outbox import Letter, Outbox


class ForumStore:
    """The notes of the forum `chat_id`; it reads the outbox and changes nothing of it."""

    def __init__(self, database: Database, outbox: Outbox, chat_id: int) -> None:
        self._database = database
        self._outbox = outbox
        self.chat_id = chat_id

    async def begin(self) -> None:
        """Begin to follow with the next letter, where the forum is new: no flood of old ones."""
        async with self._database.transaction() as tx:
            await tx.execute(
                "INSERT OR IGNORE INTO forum (chat_id, letter)"
                " SELECT ?, coalesce(max(id), 0) FROM outbox",
                (self.chat_id,),
            )

    async def following(self, *, limit: int = 100) -> list[Letter]:
        """Read the letters that a forum has not had yet, oldest first."""
        row = await self._database.one(
            "SELECT letter FROM forum WHERE chat_id = ?", (self.chat_id,)
        )
        return await self._outbox.after(int(row["letter"]) if row else 0, limit=limit)

    async def passed(self, letter: int) -> None:
        """Note that a forum has had its letters up to this one."""
        async with self._database.transaction() as tx:
            await tx.execute(
                "UPDATE forum SET letter = ? WHERE chat_id = ?", (letter, self.chat_id)
            )

    async def topic(self, symbol: str) -> int | None:
        """Find the topic of a symbol."""
        row = await self._database.one(
            "SELECT thread_id FROM forum_topic WHERE chat_id = ? AND symbol = ?",
            (self.chat_id, symbol),
        )
        return int(row["thread_id"]) if row else None

    async def remember_topic(self, symbol: str, thread_id: int) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(
                "INSERT INTO forum_topic VALUES (?, ?, ?) ON CONFLICT (chat_id, symbol)"
                " DO UPDATE SET thread_id = excluded.thread_id",
                (self.chat_id, symbol, thread_id),
            )

    async def forget_topic(self, symbol: str) -> None:
        """Let a topic go that somebody deleted."""
        async with self._database.transaction() as tx:
            await tx.execute(
                "DELETE FROM forum_topic WHERE chat_id = ? AND symbol = ?", (self.chat_id, symbol)
            )
