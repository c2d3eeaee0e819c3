"""Dates and times of day as front ends write them: "10월 7일(수)", "Wed 7 Oct", Seoul time."""

from datetime import date, datetime

from bot.clock import SEOUL

_WEEKDAYS = "월화수목금토일"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(session: date, *, korean: bool) -> str:
    """Write a session's date: 10월 7일(수), Wed 7 Oct."""
    if korean:
        return f"{session.month}월 {session.day}일({_WEEKDAYS[session.weekday()]})"
    return f"{_DAYS[session.weekday()]} {session.day} {_MONTHS[session.month - 1]}"


def month(first: date, *, korean: bool) -> str:
    """Write the month of a day: 2026년 10월, Oct 2026."""
    if korean:
        return f"{first.year}년 {first.month}월"
    return f"{_MONTHS[first.month - 1]} {first.year}"


def clock(instant: datetime) -> str:
    """Write an instant's time of day in Seoul: 04:30."""
    return f"{instant.astimezone(SEOUL):%H:%M}"


def clock_seconds(instant: datetime) -> str:
    """Write an instant's time of day in Seoul to the second: 18:30:12."""
    return f"{instant.astimezone(SEOUL):%H:%M:%S}"
