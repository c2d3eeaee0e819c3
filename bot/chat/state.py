"""The server's memory: one SQLite file that a kill -9 leaves whole.

Every request is one transaction. WAL without an fsync per commit: what was committed survives the
death of the process, which is all that this server promises; a power cut may take the tail.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS updates (
    update_id INTEGER PRIMARY KEY AUTOINCREMENT, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS messages (
    message_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, author TEXT NOT NULL,
    body TEXT NOT NULL, markup TEXT NOT NULL, deleted INTEGER NOT NULL DEFAULT 0,
    rev INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS messages_by_rev ON messages (chat_id, rev);
CREATE TABLE IF NOT EXISTS queries (
    query_id INTEGER PRIMARY KEY AUTOINCREMENT, chat_id INTEGER NOT NULL, at REAL NOT NULL,
    answered INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS notices (
    rev INTEGER PRIMARY KEY, chat_id INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS commands (
    scope TEXT NOT NULL, language TEXT NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (scope, language)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS chats (chat_id INTEGER PRIMARY KEY, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (
    file_id TEXT PRIMARY KEY, name TEXT NOT NULL, mime TEXT NOT NULL, data BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS transcript (n INTEGER PRIMARY KEY AUTOINCREMENT, line TEXT NOT NULL);
"""
FIRST_UPDATE = 700_000_000  # real update ids are large; code that squeezes them would fail here too
FIRST_QUERY = 4_380_000_000_000_000_000  # and callback query ids are 64-bit numbers sent as text

Json = dict[str, Any]


class State:
    """Open the file, or make it; hand out single facts and rows of the tables."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(SCHEMA)
        for table, first in (("updates", FIRST_UPDATE), ("queries", FIRST_QUERY)):
            self._db.execute(
                "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? WHERE NOT EXISTS"
                " (SELECT 1 FROM sqlite_sequence WHERE name = ?)",
                (table, first, table),
            )
        self.rev = int(self.fact("rev") or 0)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everything inside, or nothing of it when it raises."""
        before = self.rev
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            self.rev = before
            raise
        if self.rev != before:
            self.set_fact("rev", str(self.rev))
        self._db.execute("COMMIT")

    def next_rev(self) -> int:
        self.rev += 1
        return self.rev

    def fact(self, name: str) -> str | None:
        row = self._db.execute("SELECT value FROM facts WHERE name = ?", (name,)).fetchone()
        return None if row is None else str(row[0])

    def set_fact(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO facts VALUES (?, ?)", (name, value))

    def json(self, name: str) -> Any:
        """Read a fact that is JSON; None when it was never set."""
        value = self.fact(name)
        return None if value is None else json.loads(value)

    def set_json(self, name: str, value: Any) -> None:
        self.set_fact(name, _dump(value))

    # updates

    def add_update(self, body: Json) -> int:
        """Queue an update; its id replaces whatever `update_id` the body has."""
        cursor = self._db.execute("INSERT INTO updates (body) VALUES ('')")
        update_id = cursor.lastrowid or 0
        self._db.execute(
            "UPDATE updates SET body = ? WHERE update_id = ?",
            (_dump({"update_id": update_id, **body}), update_id),
        )
        return update_id

    def pending(self, offset: int, limit: int) -> list[Json]:
        rows = self._db.execute(
            "SELECT body FROM updates WHERE update_id >= ? ORDER BY update_id LIMIT ?",
            (offset, limit),
        )
        return [json.loads(row[0]) for row in rows]

    def pending_count(self) -> int:
        return int(self._db.execute("SELECT count(*) FROM updates").fetchone()[0])

    def confirm_below(self, update_id: int) -> None:
        self._db.execute("DELETE FROM updates WHERE update_id < ?", (update_id,))

    def keep_last(self, count: int) -> None:
        self._db.execute(
            "DELETE FROM updates WHERE update_id NOT IN"
            " (SELECT update_id FROM updates ORDER BY update_id DESC LIMIT ?)",
            (count,),
        )

    # messages

    def next_message_id(self) -> int:
        """Reserve an id; they rise over all chats of the bot, as in private chats at Telegram."""
        cursor = self._db.execute(
            "INSERT INTO messages (chat_id, author, body, markup, deleted, rev)"
            " VALUES (0, '', '{}', 'null', 1, 0)"
        )
        return cursor.lastrowid or 0

    def save_message(self, body: Json, author: str, markup: Json | None) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO messages VALUES (?, ?, ?, ?, ?, 0, ?)",
            (
                body["message_id"],
                body["chat"]["id"],
                author,
                _dump(body),
                _dump(markup),
                self.next_rev(),
            ),
        )

    def message(self, message_id: int) -> tuple[str, Json, Json | None] | None:
        """Give author, body and markup of a message that is still there."""
        if message_id.bit_length() > 63:
            return None
        row = self._db.execute(
            "SELECT author, body, markup FROM messages WHERE message_id = ? AND deleted = 0",
            (message_id,),
        ).fetchone()
        return None if row is None else (row[0], json.loads(row[1]), json.loads(row[2]))

    def delete_message(self, message_id: int) -> None:
        self._db.execute(
            "UPDATE messages SET deleted = 1, rev = ? WHERE message_id = ?",
            (self.next_rev(), message_id),
        )

    def messages_after(self, chat_id: int, rev: int, limit: int) -> list[tuple[Any, ...]]:
        """List (message_id, author, body, markup, deleted) that changed after `rev`, the newest."""
        rows = self._db.execute(
            "SELECT message_id, author, body, markup, deleted FROM messages"
            " WHERE chat_id = ? AND rev > ? AND NOT (deleted AND ? < 0)"
            " ORDER BY message_id DESC LIMIT ?",
            (chat_id, rev, rev, limit),
        ).fetchall()
        return [(r[0], r[1], json.loads(r[2]), json.loads(r[3]), bool(r[4])) for r in rows[::-1]]

    # callback queries and what the owner is shown besides messages

    def add_query(self, chat_id: int, at: float) -> str:
        cursor = self._db.execute("INSERT INTO queries (chat_id, at) VALUES (?, ?)", (chat_id, at))
        return str(cursor.lastrowid)

    def open_query(self, query_id: str) -> tuple[int, float] | None:
        """Give chat and time of a query that was not answered yet."""
        if not query_id.isdecimal() or len(query_id) > 19:
            return None
        row = self._db.execute(
            "SELECT chat_id, at FROM queries WHERE query_id = ? AND answered = 0",
            (int(query_id),),
        ).fetchone()
        return None if row is None else (int(row[0]), float(row[1]))

    def close_query(self, query_id: str) -> None:
        self._db.execute("UPDATE queries SET answered = 1 WHERE query_id = ?", (int(query_id),))

    def add_notice(self, chat_id: int, body: Json) -> None:
        self._db.execute(
            "INSERT INTO notices VALUES (?, ?, ?)", (self.next_rev(), chat_id, _dump(body))
        )

    def notices_after(self, chat_id: int, rev: int) -> list[Json]:
        rows = self._db.execute(
            "SELECT body FROM notices WHERE chat_id = ? AND rev > ? ORDER BY rev", (chat_id, rev)
        )
        return [json.loads(row[0]) for row in rows]

    # the rest

    def set_commands(self, scope: str, language: str, commands: list[Json] | None) -> None:
        self._db.execute("DELETE FROM commands WHERE scope = ? AND language = ?", (scope, language))
        if commands:
            self._db.execute(
                "INSERT INTO commands VALUES (?, ?, ?)", (scope, language, _dump(commands))
            )

    def commands(self, scope: str, language: str) -> list[Json] | None:
        row = self._db.execute(
            "SELECT body FROM commands WHERE scope = ? AND language = ?", (scope, language)
        ).fetchone()
        return None if row is None else list(json.loads(row[0]))

    def save_chat(self, body: Json) -> None:
        self._db.execute("INSERT OR REPLACE INTO chats VALUES (?, ?)", (body["id"], _dump(body)))

    def chats(self) -> list[Json]:
        rows = self._db.execute("SELECT body FROM chats ORDER BY chat_id DESC")
        return [json.loads(row[0]) for row in rows]

    def chat(self, chat_id: int) -> Json | None:
        row = self._db.execute("SELECT body FROM chats WHERE chat_id = ?", (chat_id,)).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def save_file(self, file_id: str, name: str, mime: str, data: bytes) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", (file_id, name, mime, data)
        )

    def file(self, file_id: str) -> tuple[str, str, bytes] | None:
        row = self._db.execute(
            "SELECT name, mime, data FROM files WHERE file_id = ?", (file_id,)
        ).fetchone()
        return None if row is None else (str(row[0]), str(row[1]), bytes(row[2]))

    def add_line(self, line: Json) -> None:
        self._db.execute("INSERT INTO transcript (line) VALUES (?)", (_dump(line),))

    def lines(self) -> Iterator[str]:
        for row in self._db.execute("SELECT line FROM transcript ORDER BY n"):
            yield str(row[0])


def _dump(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
