"""Daily bars from a CSV file, refused with file and line number where they cannot be trusted."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from holidays import financial_holidays

from bot.laboratory import csv_rows
from bot.laboratory.csv_rows import FileRefused, Row, RowError, digest, read_bytes
from strategy.model import Bar
from strategy.price import round_half_up

__all__ = ["FileRefused", "digest", "missing_sessions", "parse_bars", "read_bars", "read_bytes"]

COLUMNS = ("date", "open", "high", "low", "close", "volume")
PENNY_LIMIT = Decimal(1)
_PRICES = COLUMNS[1:5]
_ONE = Decimal(1)
_LARGEST = Decimal("1E9")
_LARGEST_VOLUME = Decimal("1E15")
_SATURDAY = 5


def read_bars(
    path: Path,
    *,
    scale: Decimal = _ONE,
    allow_penny: bool = False,
    start: date | None = None,
) -> list[Bar]:
    """Read daily bars, oldest first; prices in USD, half-up to the cent after scaling.

    The file needs the columns date, open, high, low, close and volume, others are ignored. `scale`
    multiplies prices and divides volume. A row on a day without a session is let pass, a session
    without a row is left out: `missing_sessions` names those. Unless `allow_penny`, no bar from the
    row before `start` on may lie under $1.

    Raises FileRefused with one sentence for a file that is missing, unreadable or empty, and for a
    row that breaks a rule. Source: settled.md, Prices and figures.
    """
    return parse_bars(
        read_bytes(path), str(path), scale=scale, allow_penny=allow_penny, start=start
    )


def parse_bars(
    content: bytes,
    name: str,
    *,
    scale: Decimal = _ONE,
    allow_penny: bool = False,
    start: date | None = None,
) -> list[Bar]:
    """Parse a CSV file's content as `read_bars` does; `name` is what the sentences call it."""
    if not scale.is_finite() or not 0 < scale <= _LARGEST:
        raise FileRefused(f"{name}: the scale must be a number above 0, not {scale}")
    bars: list[Bar] = []
    lines: list[int] = []
    for line, row in csv_rows.rows(content, name, COLUMNS):
        try:
            bar = _bar(row, scale)
            if bars:
                _check_order(bars[-1].day, bar.day)
        except RowError as error:
            raise FileRefused(f"{name}, line {line}: {error}") from None
        bars.append(bar)
        lines.append(line)
    if not bars:
        raise FileRefused(f"{name}: the file has no row under its header")
    if not allow_penny:
        _refuse_pennies(bars, lines, name, start)
    return bars


def missing_sessions(bars: Sequence[Bar], closed: Collection[date] = ()) -> list[date]:
    """Name the NYSE sessions between the first and the last bar that have none.

    `closed` are days that the calendar takes for sessions and that were none. Nothing is put in
    their place: no trading happens there.
    """
    exchange = financial_holidays("NYSE")
    there = {bar.day for bar in bars}
    missing: list[date] = []
    day = bars[0].day if bars else date.max
    while bars and day < bars[-1].day:
        if day not in there and day.weekday() < _SATURDAY and day not in exchange:
            missing.append(day)
        day += timedelta(days=1)
    return [day for day in missing if day not in closed]


def _bar(row: Row, scale: Decimal) -> Bar:
    day = csv_rows.day(row["date"])
    prices = {column: _price(column, row[column], scale) for column in _PRICES}
    if prices["high"] < max(prices["open"], prices["close"]):
        raise RowError(f"the high {prices['high']} is below the open or the close")
    if prices["low"] > min(prices["open"], prices["close"]):
        raise RowError(f"the low {prices['low']} is above the open or the close")
    volume = csv_rows.number("volume", row["volume"])
    if not 0 <= volume <= _LARGEST_VOLUME:
        raise RowError(f"the volume {volume} is negative or beyond reason")
    return Bar(
        day=day,
        open=prices["open"],
        high=prices["high"],
        low=prices["low"],
        close=prices["close"],
        volume=int(volume / scale),
    )


def _price(column: str, cell: str | None, scale: Decimal) -> Decimal:
    value = csv_rows.number(column, cell)
    if value <= 0:
        raise RowError(f"the {column} {value} is not above 0")
    if value * scale > _LARGEST:
        raise RowError(f"the {column} {value} is beyond reason")
    price = round_half_up(value * scale)
    if price <= 0:
        raise RowError(f"the {column} {value} is less than half a cent: use a scale")
    return price


def _check_order(before: date, day: date) -> None:
    if day == before:
        raise RowError(f"the date {day} comes twice")
    if day < before:
        raise RowError(f"the date {day} is out of order, it comes after {before}")


def _refuse_pennies(bars: list[Bar], lines: list[int], name: str, start: date | None) -> None:
    first = 0
    if start is not None:
        first = max(sum(bar.day < start for bar in bars) - 1, 0)
    for bar, line in zip(bars[first:], lines[first:], strict=True):
        if bar.low < PENNY_LIMIT:
            raise FileRefused(
                f"{name}, line {line}: a price under $1 ({bar.low}), where a cent is too coarse: "
                "start later, give a scale, or allow penny prices (--allow-penny)"
            )
