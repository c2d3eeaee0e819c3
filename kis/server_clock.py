"""How far KIS's clock is from ours, by the Date that stands on every answer."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

MOST_ANSWERS = 5
FRESH = 120.0
"""Seconds by the loop's own clock, which nobody sets: an older answer says nothing of now."""
_HALF_A_SECOND = timedelta(seconds=0.5)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Answer:
    gap: timedelta
    steady: float


class ServerClock:
    """Compare the Dates of the last answers with our clock.

    `now` gives aware instants, `steady` seconds that no setting of the clock moves.
    """

    def __init__(self, now: Callable[[], datetime], steady: Callable[[], float]) -> None:
        self._now = now
        self._steady = steady
        self._answers: deque[_Answer] = deque(maxlen=MOST_ANSWERS)

    def heard(self, date: str, seconds: float) -> None:
        """Note an answer's Date ("" where it had none) that was so many seconds on its way."""
        gap = _gap(date, self._now(), timedelta(seconds=seconds)) if date else None
        if gap is not None:
            self._answers.append(_Answer(gap=gap, steady=self._steady()))

    @property
    def ahead(self) -> timedelta | None:
        """How far KIS's clock is ahead of ours at least; None when no answer is fresh.

        It is the median of the last answers. What the way there and back may explain, and the
        second that a Date is cut down to, is taken off.
        """
        since = self._steady() - FRESH
        found = sorted(each.gap for each in self._answers if each.steady >= since)
        if not found:
            return None
        middle = len(found) // 2
        return found[middle] if len(found) % 2 else (found[middle - 1] + found[middle]) / 2


@lru_cache(maxsize=4 * MOST_ANSWERS)
def _date(text: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, OverflowError):  # a year or a zone beyond all measure
        return None
    return date.replace(tzinfo=date.tzinfo or UTC)


def _gap(text: str, came: datetime, took: timedelta) -> timedelta | None:
    date = _date(text)
    if date is None:
        return None
    shown = date + _HALF_A_SECOND
    gap = shown - (came - took / 2)
    doubt = took / 2 + _HALF_A_SECOND
    sure = max(abs(gap) - doubt, timedelta())
    return sure if gap > timedelta() else -sure
