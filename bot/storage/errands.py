"""Statements taken to a connection's thread together: the way there costs more than most of them.

The thread is aiosqlite's. Every way to it and back costs two changes of thread, some 50 to 100 µs,
where an INSERT costs 10.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite

Statement = tuple[str, tuple[Any, ...]]

BEGIN: Statement = ("BEGIN IMMEDIATE", ())
COMMIT: Statement = ("COMMIT", ())


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What the last statement of an errand did: rows changed, the new row's id, rows found."""

    changed: int
    number: int
    rows: list[aiosqlite.Row]


async def errand(connection: aiosqlite.Connection, statements: Sequence[Statement]) -> Answer:
    """Run statements one after the other; answer for the last one. Raises what one of them raises.

    Those after it are not run then: whoever sent them rolls back.
    """
    # aiosqlite has no public way to run more than one statement with values in its thread.
    answer: Answer = await connection._execute(in_turn, connection._conn, *statements)  # type: ignore[no-untyped-call]  # noqa: SLF001
    return answer


def in_turn(raw: sqlite3.Connection, *statements: Statement) -> Answer:
    """Be the errand, in the connection's own thread."""
    answer = Answer(changed=0, number=0, rows=[])
    for statement in statements:
        answer = one_step(raw, statement)
    return answer


def one_step(raw: sqlite3.Connection, statement: Statement) -> Answer:
    """Run one statement of a transaction.

    Only BEGIN may run outside of one: after its end, or after a disk that undid the whole of it,
    a statement would be durable by itself.
    """
    sql, values = statement
    if statement != BEGIN and not raw.in_transaction:
        raise sqlite3.OperationalError("a statement came when its transaction was over")
    if statement == COMMIT:
        raw.commit()
        return Answer(changed=0, number=0, rows=[])
    cursor = raw.execute(sql, values)
    return Answer(changed=cursor.rowcount, number=cursor.lastrowid or 0, rows=cursor.fetchall())
