"""The state file: all that happened, and the clock, written before anything is answered.

SQLite in WAL mode: a commit survives the process being killed at any instant.
"""

import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from kis.simulator.model import End, Fill, Order, OrderType, Reservation, RowKind, Side, Transfer

SCHEMA = """
CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS orders (
    day TEXT, number INTEGER, record TEXT NOT NULL, PRIMARY KEY (day, number));
CREATE TABLE IF NOT EXISTS fills (id INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS reservations (
    day TEXT, number INTEGER, record TEXT NOT NULL, PRIMARY KEY (day, number));
CREATE TABLE IF NOT EXISTS transfers (id INTEGER PRIMARY KEY, record TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS live (
    kind TEXT, key TEXT, record TEXT NOT NULL, PRIMARY KEY (kind, key));
CREATE TABLE IF NOT EXISTS tokens (
    token TEXT PRIMARY KEY, issued TEXT NOT NULL, expires TEXT NOT NULL);
"""


@dataclass(frozen=True, slots=True)
class Token:
    """An access token with the simulated instants of its issue and its end."""

    token: str
    issued: datetime
    expires: datetime


LOCK_SECONDS = 1.0


class Store:
    """The state of one simulator; without a path it lives in memory.

    A file is its owner's alone (0600), and this process's while it is open. Raises ValueError with
    a sentence for a file that cannot be had so.
    """

    def __init__(self, path: Path | None) -> None:
        self._depth = 0
        try:
            self._db = _opened(path)
        except (sqlite3.Error, OSError) as error:
            raise ValueError(f"the state file {path} cannot be used: {error}") from error

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Write everything inside at once or not at all; nested blocks join the outer one."""
        if self._depth:
            yield
            return
        self._db.execute("BEGIN IMMEDIATE")
        self._depth = 1
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        else:
            self._db.execute("COMMIT")
        finally:
            self._depth = 0

    def meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return None if row is None else str(row[0])

    def set_meta(self, key: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def save_orders(self, orders: Iterable[Order]) -> None:
        self._db.executemany(
            "INSERT OR REPLACE INTO orders VALUES (?, ?, ?)",
            [(order.day.isoformat(), order.number, _dumped(order)) for order in orders],
        )

    def save_fill(self, index: int, fill: Fill) -> None:
        self._db.execute("INSERT OR REPLACE INTO fills VALUES (?, ?)", (index, _dumped(fill)))

    def orders(self) -> Iterator[Order]:
        for (record,) in self._db.execute("SELECT record FROM orders ORDER BY day, number"):
            yield _loaded(Order, record)

    def fills(self) -> Iterator[Fill]:
        for (record,) in self._db.execute("SELECT record FROM fills ORDER BY id"):
            yield _loaded(Fill, record)

    def save_reservation(self, reservation: Reservation) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO reservations VALUES (?, ?, ?)",
            (reservation.day.isoformat(), reservation.number, _dumped(reservation)),
        )

    def reservations(self) -> Iterator[Reservation]:
        for (record,) in self._db.execute("SELECT record FROM reservations ORDER BY day, number"):
            yield _loaded(Reservation, record)

    def save_transfer(self, index: int, transfer: Transfer) -> None:
        self._db.execute("INSERT INTO transfers VALUES (?, ?)", (index, _dumped(transfer)))

    def transfers(self) -> Iterator[Transfer]:
        for (record,) in self._db.execute("SELECT record FROM transfers ORDER BY id"):
            yield _loaded(Transfer, record)

    def keep(self, kind: str, key: str, record: Mapping[str, object]) -> None:
        """Write what the live market knows of something, as plain values."""
        self._db.execute(
            "INSERT OR REPLACE INTO live VALUES (?, ?, ?)", (kind, key, json.dumps(record))
        )

    def forget(self, kind: str, key: str) -> None:
        """Remove what the live market knew of something."""
        self._db.execute("DELETE FROM live WHERE kind = ? AND key = ?", (kind, key))

    def kept(self, kind: str) -> list[dict[str, Any]]:
        """Read everything of a kind that the live market knows."""
        rows = self._db.execute("SELECT record FROM live WHERE kind = ? ORDER BY key", (kind,))
        return [json.loads(record) for (record,) in rows]

    def save_token(self, token: Token) -> None:
        self._db.execute(
            "INSERT OR REPLACE INTO tokens VALUES (?, ?, ?)",
            (token.token, token.issued.isoformat(), token.expires.isoformat()),
        )

    def delete_token(self, token: str) -> None:
        self._db.execute("DELETE FROM tokens WHERE token = ?", (token,))

    def tokens(self) -> list[Token]:
        rows = self._db.execute("SELECT token, issued, expires FROM tokens ORDER BY issued")
        return [
            Token(str(token), datetime.fromisoformat(issued), datetime.fromisoformat(expires))
            for token, issued, expires in rows
        ]


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        # SQLite gives the files beside it the same mode.
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        path.chmod(0o600)
    db = sqlite3.connect(path or ":memory:", timeout=LOCK_SECONDS, isolation_level=None)
    try:
        db.execute("PRAGMA locking_mode=EXCLUSIVE")
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("PRAGMA synchronous=NORMAL")
        db.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
    except sqlite3.Error:
        db.close()
        raise
    return db


Record = TypeVar("Record", Order, Fill, Reservation, Transfer)

READERS: dict[str, Any] = {
    "day": date.fromisoformat,
    "at": datetime.fromisoformat,
    "hidden_until": datetime.fromisoformat,
    "side": Side,
    "type": OrderType,
    "kind": RowKind,
    "end": End,
    "reported_end": End,
    "price": Decimal,
    "order_day": date.fromisoformat,
    "sent_at": datetime.fromisoformat,
    "cost": Decimal,
    "amount": Decimal,
    "fee": Decimal,
    "reported_amount": Decimal,
}


def _plain(value: object) -> object:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return value


def _dumped(record: Order | Fill | Reservation | Transfer) -> str:
    return json.dumps({f.name: _plain(getattr(record, f.name)) for f in fields(record)})


def _loaded(kind: type[Record], text: str) -> Record:
    raw: dict[str, Any] = json.loads(text)
    return kind(
        **{
            name: READERS[name](value) if value is not None and name in READERS else value
            for name, value in raw.items()
        }
    )
