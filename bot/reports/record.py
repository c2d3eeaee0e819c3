"""Everything that the reports are made of, read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.events import CycleChanged, RoundSettled
from bot.reports.beside import Beside, beside
from bot.reports.closes import Splits, last_closes
from bot.reports.completed import Completed, completed
from bot.reports.trades import Charged, Trade, trades
from bot.reports.worth import Worth, worths
from bot.storage.views import RoundView, Views
from strategy.model import ZERO, Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """The account's history as it is booked now, corrections included; all oldest first.

    `closes` are the last known of each cycle, in the shares of now (USD).
    """

    rounds: tuple[RoundView, ...]
    settlements: tuple[RoundSettled, ...]
    beside: tuple[Beside, ...]
    trades: tuple[Trade, ...]
    completed: tuple[Completed, ...]
    curve: tuple[Worth, ...]
    closes: Mapping[int, Decimal]

    def realized_by_day(self) -> tuple[tuple[date, Decimal], ...]:
        """Give what each session realized, net of fees, over all cycles; oldest first."""
        days: dict[date, Decimal] = {}
        booked = [(one.session, one.realized) for one in self.settlements]
        booked += [(one.session, one.realized) for one in self.beside]
        for day, amount in booked:
            days[day] = days.get(day, ZERO) + amount
        return tuple(sorted(days.items()))

    def won_and_lost(self, year: int) -> tuple[int, int]:
        """Count a year's sessions that sold something with a gain, and with a loss, net of fees.

        A session that only bought is neither: what it realized are its fees.
        """
        sold = {one.session for one in self.trades if one.side is Side.SELL}
        sold |= {one.session for one in self.beside if one.realized + one.fees}
        gains = [gain for day, gain in self.realized_by_day() if day.year == year and day in sold]
        return sum(gain > 0 for gain in gains), sum(gain < 0 for gain in gains)


def record(
    rounds: Iterable[RoundView],
    changes: Iterable[CycleChanged],
    charged: Charged | None = None,
    *,
    ended: Mapping[int, date] | None = None,
    splits: Splits = (),
) -> Record:
    """Put a history together from settled rounds and booked changes.

    `charged` are the broker's own fees by round, `ended` the days on which runs ended, by cycle.
    """
    settled = tuple(sorted(rounds, key=lambda each: (each.session, each.cycle_id)))
    settlements = tuple(each.settlement for each in settled if each.settlement is not None)
    aside = beside(changes)
    traded = trades(settled, charged)
    return Record(
        rounds=settled,
        settlements=settlements,
        beside=aside,
        trades=traded,
        completed=completed(settlements, traded),
        curve=worths(settlements, aside, ended),
        closes=last_closes(settlements, splits),
    )


async def read(views: Views) -> Record:
    """Read the history from the state file."""
    charged = await views.money.charges()
    rounds, changes = await views.settled_rounds(), await views.changes_booked()
    splits = await views.money.splits()
    return record(rounds, changes, charged, ended=await views.ended(), splits=splits)


async def read_completed(views: Views, cycle_id: int, number: int) -> Completed | None:
    """Read one finished cycle of a run as the whole history has it; None where it is not over.

    Its own rounds alone are read, however many years lie before them.
    """
    rounds = await views.rounds_of_cycle(cycle_id, number)
    own = record(rounds, ())  # what a cycle bought and sold is before fees, whoever told them
    ends = (one.session for one in own.settlements if one.finished is not None)
    for done, session in zip(own.completed, ends, strict=True):
        return replace(done, place=await views.finished_until(session, cycle_id))
    return None
