"""What the owner's own bookings did between two sessions: seed, dividends, hand trades (USD)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.events import CycleChanged
from strategy.changes import SeedChange
from strategy.model import ZERO


@dataclass(frozen=True, kw_only=True, slots=True)
class Beside:
    """A booked change: what it put into the cycle, and what it realized net of its fees.

    `session` is the first that is planned with it.
    """

    cycle_id: int
    symbol: str
    session: date
    put_in: Decimal
    realized: Decimal
    fees: Decimal


def beside(changes: Iterable[CycleChanged]) -> tuple[Beside, ...]:
    """Read booked changes, oldest first."""
    return tuple(
        Beside(
            cycle_id=changed.cycle_id,
            symbol=changed.after.rules.symbol,
            session=changed.from_session,
            put_in=changed.change.amount if isinstance(changed.change, SeedChange) else ZERO,
            realized=changed.after.realized - changed.before.realized,
            fees=changed.after.fees - changed.before.fees,
        )
        for changed in changes
    )
