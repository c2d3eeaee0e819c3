"""What the end of a run does to the tables."""

from datetime import datetime

from bot.events import AfterwardsSet, CycleEnded, Event
from bot.storage.cycle_projections import Projection
from bot.storage.database import Transaction
from bot.trading.model import Afterwards
from strategy.model import Cycle


async def _afterwards_set(tx: Transaction, _at: datetime, event: AfterwardsSet) -> None:
    await tx.execute(
        "UPDATE cycle SET afterwards = ?, first_session = coalesce(?, first_session)"
        " WHERE cycle_id = ?",
        (
            event.afterwards.value,
            event.first_session.isoformat() if event.first_session else None,
            event.cycle_id,
        ),
    )


async def _cycle_ended(tx: Transaction, at: datetime, event: CycleEnded) -> None:
    await tx.execute(
        "UPDATE cycle SET ended_at = ? WHERE cycle_id = ?", (at.isoformat(), event.cycle_id)
    )


async def reopened(tx: Transaction, cycle_id: int, after: Cycle) -> None:
    """Take a run up again that a fill shown late has given shares."""
    if after.quantity:
        await tx.execute("UPDATE cycle SET ended_at = NULL WHERE cycle_id = ?", (cycle_id,))


async def afterwards_of(tx: Transaction, cycle_id: int) -> tuple[Afterwards, bool]:
    """Read, inside a transaction, what is to become of a run, and whether it is over."""
    row = await tx.one("SELECT afterwards, ended_at FROM cycle WHERE cycle_id = ?", (cycle_id,))
    if row is None:
        raise LookupError(f"no cycle {cycle_id}")
    return Afterwards(row["afterwards"]), row["ended_at"] is not None


OF_ENDINGS: dict[type[Event], Projection] = {
    AfterwardsSet: _afterwards_set,
    CycleEnded: _cycle_ended,
}
