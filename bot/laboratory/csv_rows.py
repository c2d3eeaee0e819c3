"""Rows of a CSV file from outside, refused with file and line where they cannot be read."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

Row = Mapping[str, str | None]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?")


class FileRefused(ValueError):
    """Carry one sentence that says which file, which line and what is wrong there."""


class RowError(ValueError):
    """What is wrong with a row, before its place is known."""


def read_bytes(path: Path) -> bytes:
    """Read a file whole; raises FileRefused where there is none to read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise FileRefused(f"{path}: there is no such file") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise FileRefused(f"{path}: the file cannot be read: {reason}") from error


def digest(content: bytes) -> str:
    """Give the SHA-256 of a file's content in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def rows(content: bytes, name: str, columns: Sequence[str]) -> Iterator[tuple[int, Row]]:
    """Give each row with its line number; cells that a short row lacks are None.

    The header must hold `columns`, in any order and case, each once; others are let pass. `name`
    is what the sentences call the file. Raises FileRefused.
    """
    reader = csv.reader(io.StringIO(_text(content, name), newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if not header:
            raise FileRefused(f"{name}: the file is empty")
        _check_header(header, name, columns)
        for cells in reader:
            if not cells:
                continue
            padded = [*cells, *([None] * (len(header) - len(cells)))]
            yield reader.line_num, dict(zip(header, padded, strict=False))
    except csv.Error as error:
        raise FileRefused(f"{name}, line {reader.line_num}: not CSV: {error}") from None


def day(cell: str | None) -> date:
    """Read a day written YYYY-MM-DD; raises RowError."""
    text = (cell or "").strip()
    if not text:
        raise RowError("the date is blank")
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise RowError(f"the date {text!r} is not a day written YYYY-MM-DD") from None


def number(column: str, cell: str | None) -> Decimal:
    """Read a plain decimal number; raises RowError."""
    text = (cell or "").strip()
    if not text:
        raise RowError(f"the {column} is blank")
    # Decimal alone would take 1_000, digits of other scripts and exponents beyond any price.
    if not _NUMBER.fullmatch(text):
        raise RowError(f"the {column} {text!r} is not a number")
    return Decimal(text)


def _text(content: bytes, name: str) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRefused(f"{name}, line {line}: the file is not UTF-8 text") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise FileRefused(f"{name}, line {line}: the file is not text, it holds a zero byte")
    return text


def _check_header(header: list[str], name: str, columns: Sequence[str]) -> None:
    for column in columns:
        if column not in header:
            raise FileRefused(f"{name}, line 1: the column {column} is missing")
        if header.count(column) > 1:
            raise FileRefused(f"{name}, line 1: the column {column} comes twice")
