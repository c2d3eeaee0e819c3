"""That a stretch of the account's history is whole."""

from dataclasses import dataclass
from datetime import date

from bot.charts.model import Period
from bot.events.event import Event


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodEnded(Event):
    """Every session of a week or month is settled: the owner is told once what it brought.

    `first` and `last` are its first and last day; the figures are those of the journal when it is
    told.
    """

    period: Period
    first: date
    last: date
