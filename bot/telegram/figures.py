"""Figures and dates as the owner reads them: "$1,234.56", "10월 7일(수)", Seoul time."""

import unicodedata
from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from bot import dates
from bot.amounts import gain, money, percent, signed, turn, won, won_gain
from bot.dates import clock, clock_seconds
from bot.telegram.catalogue import Words

__all__ = [
    "cents",
    "clock",
    "clock_seconds",
    "day",
    "fall",
    "gain",
    "money",
    "month",
    "percent",
    "realized",
    "signed",
    "table",
    "turn",
    "width",
    "won",
    "won_gain",
]

_CENT = Decimal("0.01")


def cents(amount: Decimal | int) -> str:
    """Write USD to the cent as the book's sentences do: 1234.56."""
    return f"{Decimal(amount).quantize(_CENT, ROUND_HALF_UP):f}"


def realized(words: Words, gained: Decimal, fees: Decimal) -> str:
    """Write what was realized and what it cost (USD): +$412.55 · 수수료 $6.20."""
    return words.plain("{realized} · 수수료 {fees}", realized=gain(gained), fees=money(fees))


def fall(value: Decimal) -> str:
    """Write a fall in percent: -8.1%, and 0.0% for none."""
    shown = percent(value)
    return shown if shown == "0.0%" else f"-{shown}"


def day(words: Words, session: date) -> str:
    """Write a session's date: 10월 7일(수), Wed 7 Oct."""
    return dates.day(session, korean=words.korean)


def month(words: Words, first: date) -> str:
    """Write the month of a day: 2026년 10월, Oct 2026."""
    return dates.month(first, korean=words.korean)


def width(text: str) -> int:
    """Count the columns of a text where a Korean letter takes two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def table(rows: Sequence[tuple[str, ...]], *, right: frozenset[int] = frozenset()) -> str:
    """Align rows in columns of one width; columns numbered in `right` end on the same column."""
    columns = max((len(row) for row in rows), default=0)
    widths = [
        max((width(row[n]) for row in rows if n < len(row)), default=0) for n in range(columns)
    ]
    return "\n".join(
        " ".join(
            (" " * gap + cell) if n in right else (cell + " " * gap)
            for n, cell in enumerate(row)
            for gap in (widths[n] - width(cell),)
        ).rstrip()
        for row in rows
    )
