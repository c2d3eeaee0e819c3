"""Figures and dates as the owner reads them: "$1,234.56", "10월 7일(수)", Seoul time."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from bot.amounts import gain, money, percent, signed, turn, won, won_gain
from bot.clock import SEOUL
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
_WEEKDAYS = "월화수목금토일"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


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
    if words.korean:
        return f"{session.month}월 {session.day}일({_WEEKDAYS[session.weekday()]})"
    return f"{_DAYS[session.weekday()]} {session.day} {_MONTHS[session.month - 1]}"


def month(words: Words, first: date) -> str:
    """Write the month of a day: 2026년 10월, Oct 2026."""
    if words.korean:
        return f"{first.year}년 {first.month}월"
    return f"{_MONTHS[first.month - 1]} {first.year}"


def clock(instant: datetime) -> str:
    """Write an instant's time of day in Seoul: 04:30."""
    return f"{instant.astimezone(SEOUL):%H:%M}"


def clock_seconds(instant: datetime) -> str:
    """Write an instant's time of day in Seoul to the second: 18:30:12."""
    return f"{instant.astimezone(SEOUL):%H:%M:%S}"


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
