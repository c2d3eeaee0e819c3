"""Breaks answers and frames by a seeded chance: what KIS, a proxy or a bug might send."""

import json
import os
import random
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

Row = dict[str, Any]
HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
WORDS = (
    "", " ", "0", "-0", "00", "0.0", "-1", "+5", "1e5", "1E400", "NaN", "Infinity", "-Infinity",
    "1,234", "1_000", "0x1F", "1.2.3", ".5", "5.", "--3", "12 34", "1\n2", "9" * 19, "9" * 40,
    "0." + "1" * 30, "１２３", "٣٤٥", "²", "½", "五", "\u200b7", "7\u00a0", "\ufeff8", "null",
    "None", "99999999", "20261332", "250000", "240000", "000000", "Y", "N", "01", "02", "NASD", "%",
    HTML,
)  # fmt: skip
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 7, -3, 10**18, 10**60, Decimal("1.5"), Decimal("1E+3"), [], {}, ["1"],
    {"value": "1"}, [[]], [{"qty": "5"}],
)  # fmt: skip
# Sent to every surface whatever the chance says: nothing at all, no object, too deep, too large.
NASTY = (
    HTML.encode(), b"", b"null", b"[]", b"NaN", b'"text"', b"[" * 5000, b'{"a":' * 5000,
    b'{"rt_cd": 1e999}', b'{"rt_cd": "0", "output": ' + b"9" * 6000 + b"}",
)  # fmt: skip


def share(whole: int, *, of: int) -> int:
    """Give each of so many tests its share: of all with KIS_FUZZ=full, of a tenth otherwise."""
    full = os.environ.get("KIS_FUZZ") == "full"
    return (whole if full else whole // 10) // of + 1


class Mutator:
    """Changes made by one generator: the same seed breaks the same things."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)

    def row(self, row: Row) -> Row:
        """Break one to three fields of a row."""
        broken = dict(row)
        for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
            self.rng.choice(ROW_CHANGES)(self, broken)
        return broken

    def word(self, word: str) -> str:
        """Break a word: cut, pad, double, swap a character, or put another in its place."""
        change = self.rng.randrange(6)
        place = self.rng.randrange(len(word) + 1)
        if change == 0:
            return word[:place]
        if change == 1:
            return self.rng.choice((f"  {word}", f"{word}   ", f"\t{word}\r\n", f"\u3000{word}"))
        if change == 2:
            return word + word
        if change == 3:
            return word[:place] + self.rng.choice("0123456789.-+eE^| x가") + word[place:]
        if change == 4 and word:
            place = self.rng.randrange(len(word))
            return word[:place] + chr(self.rng.randrange(33, 0x3000)) + word[place + 1 :]
        return self.rng.choice(WORDS)

    def body(self, body: Row) -> bytes:
        """Break an answer as a whole: its rows, its tables, its text, or its bytes."""
        broken = json.loads(json.dumps(body))
        for _ in range(self.rng.choice((1, 1, 2))):
            self.rng.choice(BODY_CHANGES)(self, broken)
        raw = json.dumps(broken, ensure_ascii=self.rng.random() < 0.5, default=str).encode()
        if self.rng.random() < 0.15:
            raw = self.rng.choice(BYTE_CHANGES)(self, raw)
        return raw

    def frame(self, text: str) -> str:
        """Break a websocket frame: a column, the head, the joints, or any character."""
        for _ in range(self.rng.choice((1, 1, 1, 2, 3))):
            text = self.rng.choice(FRAME_CHANGES)(self, text)
        return text


def _drop(mutator: Mutator, row: Row) -> None:
    if row:
        del row[mutator.rng.choice(sorted(row))]


def _blank(mutator: Mutator, row: Row) -> None:
    _put(mutator, row, mutator.rng.choice(("", "   ")))


def _pad(mutator: Mutator, row: Row) -> None:
    if row:
        name = mutator.rng.choice(sorted(row))
        row[name] = f"  {row[name]}\t "


def _another_word(mutator: Mutator, row: Row) -> None:
    _put(mutator, row, mutator.rng.choice(WORDS))


def _another_type(mutator: Mutator, row: Row) -> None:
    _put(mutator, row, mutator.rng.choice(VALUES))


def _mangle(mutator: Mutator, row: Row) -> None:
    if row:
        name = mutator.rng.choice(sorted(row))
        row[name] = mutator.word(str(row[name]))


def _exchange(mutator: Mutator, row: Row) -> None:
    if len(row) > 1:
        one, other = mutator.rng.sample(sorted(row), 2)
        row[one], row[other] = row[other], row[one]


def _blank_all(_: Mutator, row: Row) -> None:
    for name in row:
        row[name] = ""


def _upper(mutator: Mutator, row: Row) -> None:
    if row:
        name = mutator.rng.choice(sorted(row))
        row[name.upper()] = row.pop(name)


def _put(mutator: Mutator, row: Row, value: object) -> None:
    if row:
        row[mutator.rng.choice(sorted(row))] = value


ROW_CHANGES: Sequence[Callable[[Mutator, Row], None]] = (
    _drop, _blank, _pad, _another_word, _another_word, _another_type, _mangle, _mangle, _exchange,
    _blank_all, _upper,
)  # fmt: skip


def _tables(body: Row) -> list[list[Row]]:
    """Give the rows of every table of an answer; an object is a table of one row."""
    found = []
    for value in body.values():
        if isinstance(value, dict):
            found.append([value])
        elif isinstance(value, list) and value and all(isinstance(row, dict) for row in value):
            found.append(value)
    return found


def _a_row(mutator: Mutator, body: Row) -> None:
    tables = _tables(body)
    if tables:
        row = mutator.rng.choice(mutator.rng.choice(tables))
        changed = mutator.row(row)
        row.clear()
        row.update(changed)


def _double_a_row(mutator: Mutator, body: Row) -> None:
    rows = [table for table in body.values() if isinstance(table, list) and table]
    if rows:
        table = mutator.rng.choice(rows)
        table.insert(mutator.rng.randrange(len(table) + 1), mutator.rng.choice(table))


def _junk_among_rows(mutator: Mutator, body: Row) -> None:
    rows = [table for table in body.values() if isinstance(table, list)]
    if rows:
        mutator.rng.choice(rows).append(mutator.rng.choice((*VALUES, HTML)))


def _another_table(mutator: Mutator, body: Row) -> None:
    _put(mutator, body, mutator.rng.choice((*VALUES, *WORDS)))


def _nest(mutator: Mutator, body: Row) -> None:
    if body:
        name = mutator.rng.choice(sorted(body))
        body[name] = {"inner": body[name]} if mutator.rng.random() < 0.5 else [[body[name]]]


BODY_CHANGES: Sequence[Callable[[Mutator, Row], None]] = (
    _a_row, _a_row, _a_row, _a_row, _a_row, _a_row, _double_a_row, _junk_among_rows, _drop,
    _another_table, _nest,
)  # fmt: skip


def _cut(mutator: Mutator, raw: bytes) -> bytes:
    return raw[: mutator.rng.randrange(len(raw))]


def _flip(mutator: Mutator, raw: bytes) -> bytes:
    place = mutator.rng.randrange(len(raw))
    return raw[:place] + bytes([mutator.rng.randrange(256)]) + raw[place + 1 :]


def _other_bytes(mutator: Mutator, raw: bytes) -> bytes:
    again = (raw + raw, b"\xff\xfe" + raw, raw.decode().encode("utf-16"))
    return mutator.rng.choice((*NASTY, *again))


BYTE_CHANGES: Sequence[Callable[[Mutator, bytes], bytes]] = (_cut, _cut, _flip, _other_bytes)


def _a_column(mutator: Mutator, text: str) -> str:
    head, bar, payload = text.rpartition("|")
    fields = payload.split("^")
    place = mutator.rng.randrange(len(fields))
    fields[place] = mutator.word(fields[place])
    return head + bar + "^".join(fields)


def _drop_column(mutator: Mutator, text: str) -> str:
    head, bar, payload = text.rpartition("|")
    fields = payload.split("^")
    del fields[mutator.rng.randrange(len(fields))]
    return head + bar + "^".join(fields)


def _more_columns(mutator: Mutator, text: str) -> str:
    return text + "^" + "^".join(mutator.rng.choice(WORDS) for _ in range(mutator.rng.randrange(4)))


def _the_head(mutator: Mutator, text: str) -> str:
    parts = text.split("|")
    place = mutator.rng.randrange(len(parts))
    parts[place] = mutator.word(parts[place])
    return "|".join(parts)


def _another_count(mutator: Mutator, text: str) -> str:
    parts = text.split("|", 3)
    if len(parts) > 3:
        parts[2] = mutator.rng.choice(("000", "001", "002", "003", "9999", "-1", "1.0", "", "１"))
    return "|".join(parts)


def _a_character(mutator: Mutator, text: str) -> str:
    return mutator.word(text)


FRAME_CHANGES: Sequence[Callable[[Mutator, str], str]] = (
    _a_column, _a_column, _a_column, _a_column, _drop_column, _more_columns, _the_head,
    _another_count, _a_character,
)  # fmt: skip
