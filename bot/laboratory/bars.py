"""Daily bars from a CSV file, refused with file and line number where they cannot be trusted."""

import csv
import hashlib
import io
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from holidays import HolidayBase, financial_holidays

from strategy.model import Bar
from strategy.price import round_half_up

COLUMNS = ("date", "open", "high", "low", "close", "volume")
PENNY_LIMIT = Decimal(1)
_PRICES = COLUMNS[1:5]
_ONE = Decimal(1)
_LARGEST = Decimal("1E9")
_LARGEST_VOLUME = Decimal("1E15")
_SATURDAY = 5
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMBER = re.compile(r"[+-]?([0-9]{1,30}\.?[0-9]{0,30}|\.[0-9]{1,30})([eE][+-]?[0-9]{1,2})?")


class BarsError(ValueError):
    """Carry one sentence that says which file, which line and what is wrong there."""


def read_bars(
    path: Path,
    *,
    scale: Decimal = _ONE,
    allow_penny: bool = False,
    start: date | None = None,
    closed: Collection[date] = (),
) -> list[Bar]:
    """Read daily bars, oldest first; prices in USD, half-up to the cent after scaling.

    The file needs the columns date, open, high, low, close and volume, others are ignored. `scale`
    multiplies prices and divides volume. Every NYSE session between the first and the last row
    must be there, but for days in `closed`; a row on a day without a session is let pass. Unless
    `allow_penny`, no bar from the row before `start` on may lie under $1.

    Raises BarsError with one sentence for a file that is missing, unreadable or empty, and for a
    row that breaks a rule. Source: settled.md, Prices and figures.
    """
    return parse_bars(
        read_bytes(path),
        str(path),
        scale=scale,
        allow_penny=allow_penny,
        start=start,
        closed=closed,
    )


def read_bytes(path: Path) -> bytes:
    """Read a file whole; raises BarsError where there is none to read."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise BarsError(f"{path}: there is no such file") from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise BarsError(f"{path}: the file cannot be read: {reason}") from error


def parse_bars(
    content: bytes,
    name: str,
    *,
    scale: Decimal = _ONE,
    allow_penny: bool = False,
    start: date | None = None,
    closed: Collection[date] = (),
) -> list[Bar]:
    """Parse a CSV file's content as `read_bars` does; `name` is what the sentences call it."""
    if not scale.is_finite() or not 0 < scale <= _LARGEST:
        raise BarsError(f"{name}: the scale must be a number above 0, not {scale}")
    bars: list[Bar] = []
    lines: list[int] = []
    exchange = financial_holidays("NYSE")
    for line, row in _rows(content, name):
        try:
            bar = _bar(row, scale)
            if bars:
                _check_order(bars[-1].day, bar.day, exchange, closed)
        except _RowError as error:
            raise BarsError(f"{name}, line {line}: {error}") from None
        bars.append(bar)
        lines.append(line)
    if not bars:
        raise BarsError(f"{name}: the file has no row under its header")
    if not allow_penny:
        _refuse_pennies(bars, lines, name, start)
    return bars


def digest(content: bytes) -> str:
    """Give the SHA-256 of a file's content in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


class _RowError(ValueError):
    """What is wrong with a row, before its place is known."""


def _rows(content: bytes, name: str) -> Iterator[tuple[int, Mapping[str, str | None]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BarsError(f"{name}, line {line}: the file is not UTF-8 text") from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise BarsError(f"{name}, line {line}: the file is not text, it holds a zero byte")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if not header:
            raise BarsError(f"{name}: the file is empty")
        _check_header(header, name)
        for cells in reader:
            if not cells:
                continue
            padded = [*cells, *([None] * (len(header) - len(cells)))]
            yield reader.line_num, dict(zip(header, padded, strict=False))
    except csv.Error as error:
        raise BarsError(f"{name}, line {reader.line_num}: not CSV: {error}") from None


def _check_header(header: list[str], name: str) -> None:
    for column in COLUMNS:
        if column not in header:
            raise BarsError(f"{name}, line 1: the column {column} is missing")
        if header.count(column) > 1:
            raise BarsError(f"{name}, line 1: the column {column} comes twice")


def _bar(row: Mapping[str, str | None], scale: Decimal) -> Bar:
    day = _day(row["date"])
    prices = {column: _price(column, row[column], scale) for column in _PRICES}
    if prices["high"] < max(prices["open"], prices["close"]):
        raise _RowError(f"the high {prices['high']} is below the open or the close")
    if prices["low"] > min(prices["open"], prices["close"]):
        raise _RowError(f"the low {prices['low']} is above the open or the close")
    volume = _number("volume", row["volume"])
    if not 0 <= volume <= _LARGEST_VOLUME:
        raise _RowError(f"the volume {volume} is negative or beyond reason")
    return Bar(
        day=day,
        open=prices["open"],
        high=prices["high"],
        low=prices["low"],
        close=prices["close"],
        volume=int(volume / scale),
    )


def _day(cell: str | None) -> date:
    text = (cell or "").strip()
    if not text:
        raise _RowError("the date is blank")
    try:
        return date.fromisoformat(text if _DAY.fullmatch(text) else "")
    except ValueError:
        raise _RowError(f"the date {text!r} is not a day written YYYY-MM-DD") from None


def _number(column: str, cell: str | None) -> Decimal:
    text = (cell or "").strip()
    if not text:
        raise _RowError(f"the {column} is blank")
    # Decimal alone would take 1_000, digits of other scripts and exponents beyond any price.
    if not _NUMBER.fullmatch(text):
        raise _RowError(f"the {column} {text!r} is not a number")
    return Decimal(text)


def _price(column: str, cell: str | None, scale: Decimal) -> Decimal:
    value = _number(column, cell)
    if value <= 0:
        raise _RowError(f"the {column} {value} is not above 0")
    if value * scale > _LARGEST:
        raise _RowError(f"the {column} {value} is beyond reason")
    price = round_half_up(value * scale)
    if price <= 0:
        raise _RowError(f"the {column} {value} is less than half a cent: use a scale")
    return price


def _check_order(before: date, day: date, exchange: HolidayBase, closed: Collection[date]) -> None:
    if day == before:
        raise _RowError(f"the date {day} comes twice")
    if day < before:
        raise _RowError(f"the date {day} is out of order, it comes after {before}")
    between = before + timedelta(days=1)
    while between < day:
        is_session = between.weekday() < _SATURDAY and between not in exchange
        if is_session and between not in closed:
            raise _RowError(f"a gap: the session of {between} is missing before {day}")
        between += timedelta(days=1)


def _refuse_pennies(bars: list[Bar], lines: list[int], name: str, start: date | None) -> None:
    first = 0
    if start is not None:
        first = max(sum(bar.day < start for bar in bars) - 1, 0)
    for bar, line in zip(bars[first:], lines[first:], strict=True):
        if bar.low < PENNY_LIMIT:
            raise BarsError(
                f"{name}, line {line}: a price under $1 ({bar.low}), where a cent is too coarse: "
                "start later, give a scale, or allow penny prices (--allow-penny)"
            )
