"""A store's CSV: bars as they were traded, written in today's shares and read back without a loss.

A price of before a split is divided by the shares that one share has become since, a volume is
multiplied. Prices have twelve decimals then, which is so many that the price that was traded comes
back out of them: a later split is applied to what was traded, never to a rounded figure.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

from bot.laboratory import csv_rows
from bot.laboratory.bars import COLUMNS
from bot.laboratory.csv_rows import FileRefused, RowError
from strategy.corporate_actions import SplitOn
from strategy.model import Bar
from strategy.price import plain

TRADED = Decimal("0.000001")
"""Decimals that a traded price may have; KIS gives four."""

_WRITTEN = Decimal("1E-12")
_SHARES = Decimal("1E-6")
_DIGITS = 50


def written(
    bars: Sequence[Bar],
    splits: Sequence[SplitOn],
    *,
    start: date | None = None,
    end: date | None = None,
) -> bytes:
    """Write bars (USD, as traded, oldest first) in the shares after the last of `splits`.

    `start` and `end` cut out the rows of some days.
    """
    wanted = [
        bar
        for bar in bars
        if (start is None or bar.day >= start) and (end is None or bar.day <= end)
    ]
    with localcontext(prec=_DIGITS):
        rows = [_row(bar, shares_since(bar.day, splits)) for bar in wanted]
    return "\n".join([",".join(COLUMNS), *rows, ""]).encode()


def read(content: bytes, name: str, splits: Sequence[SplitOn]) -> list[Bar]:
    """Read what `written` wrote with the same `splits`: the bars as they were traded.

    Raises FileRefused.
    """
    bars: list[Bar] = []
    with localcontext(prec=_DIGITS):
        for line, row in csv_rows.rows(content, name, COLUMNS):
            try:
                bar = _bar(row, splits)
            except RowError as error:
                raise FileRefused(f"{name}, line {line}: {error}") from None
            if bars and bar.day <= bars[-1].day:
                raise FileRefused(f"{name}, line {line}: the date {bar.day} is out of order")
            bars.append(bar)
    return bars


def shares_since(day: date, splits: Sequence[SplitOn]) -> Fraction:
    """Tell how many shares one share of `day` has become by the splits after it."""
    shares = Fraction(1)
    for split in splits:
        if split.day > day:
            shares *= Fraction(split.new, split.old)
    return shares


def _bar(row: csv_rows.Row, splits: Sequence[SplitOn]) -> Bar:
    day = csv_rows.day(row["date"])
    shares = shares_since(day, splits)
    opening, high, low, close = (
        _times(csv_rows.number(column, row[column]), shares).quantize(TRADED)
        for column in COLUMNS[1:5]
    )
    volume = _times(csv_rows.number("volume", row["volume"]), 1 / shares)
    return Bar(
        day=day,
        open=opening,
        high=high,
        low=low,
        close=close,
        volume=int(volume.to_integral_value()),
    )


def _row(bar: Bar, shares: Fraction) -> str:
    prices = (bar.open, bar.high, bar.low, bar.close)
    cells = [_times(price, 1 / shares).quantize(_WRITTEN) for price in prices]
    volume = _times(Decimal(bar.volume), shares).quantize(_SHARES)
    return ",".join([bar.day.isoformat(), *(f"{plain(cell):f}" for cell in [*cells, volume])])


def _times(value: Decimal, factor: Fraction) -> Decimal:
    return value * factor.numerator / factor.denominator
