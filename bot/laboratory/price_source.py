"""Where daily bars come from, as the store sees it: one side is KIS, the other a test's table."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from strategy.corporate_actions import SplitOn
from strategy.model import Bar

OnPage = Callable[[int, date], None]
"""Told, page by page, how many days there are and which is the oldest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """Bars as they were traded, oldest first, and why they are not all that was asked for."""

    bars: tuple[Bar, ...]
    reason: str = ""


class DailySource(Protocol):
    """One symbol's daily bars; `name` says whose, `exchange` where it is listed."""

    @property
    def name(self) -> str: ...

    @property
    def exchange(self) -> str: ...

    async def history(self, start: date, end: date, on_page: OnPage) -> Fetched:
        """List the bars as traded; raises MuhanError when not even the newest can be had."""

    async def adjusted(self, until: date) -> Mapping[date, Bar]:
        """Give some bars up to a day, adjusted for splits; none when they cannot be had."""

    async def announced(self, start: date, end: date) -> Sequence[SplitOn]:
        """List announced splits; none when they cannot be had."""
