"""What the broker told of the account's money: rates, and what trades cost in the end."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar

from bot.events.event import Event, Priority
from strategy.cycle import FinishedCycle
from strategy.model import Cycle


@dataclass(frozen=True, kw_only=True, slots=True)
class RateSeen(Event):
    """The won stood so against the dollar (KRW for one) on a date in Seoul."""

    day: date
    rate: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class FeesCharged(Event):
    """KIS's own figure of a settled round's fees takes the place of the agreed rate's.

    `bought` and `sold` are its fees by side, `booked` what the settlement had (USD). `before` and
    `after` are the ledger around it, `result` the round's own end as it is now. `result` and
    `finished` are None where the fees were right, or others booked on the ledger since.
    """

    round_id: str
    cycle_id: int
    session: date
    booked: Decimal
    bought: Decimal
    sold: Decimal
    before: Cycle
    after: Cycle
    result: Cycle | None = None
    finished: FinishedCycle | None = None

    @property
    def charged(self) -> Decimal:
        return self.bought + self.sold


@dataclass(frozen=True, kw_only=True, slots=True)
class FeesDiffer(Event):
    """KIS takes another rate than the agreed one (percent of what was traded); told once a change.

    `fees` and `booked` are USD, `amount` is what the session traded of the symbol.
    """

    priority: ClassVar[Priority] = Priority.NORMAL
    cycle_id: int
    symbol: str
    session: date
    amount: Decimal
    fees: Decimal
    booked: Decimal

    @property
    def percent(self) -> Decimal:
        """What KIS took, in percent of what was traded."""
        return self.fees * 100 / self.amount

    @property
    def agreed_percent(self) -> Decimal:
        return self.booked * 100 / self.amount
