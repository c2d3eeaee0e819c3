"""What the broker told of money, in tables: rates by day, fees by round."""

from dataclasses import replace
from datetime import datetime

from bot.events import Event, FeesCharged, RateSeen, RoundCorrected, RoundSettled
from bot.storage import codec
from bot.storage.cycle_projections import Projection
from bot.storage.database import Transaction


async def _rate_seen(tx: Transaction, _at: datetime, event: RateSeen) -> None:
    await tx.execute(
        "INSERT OR IGNORE INTO exchange_rate (day, rate) VALUES (?, ?)",
        (event.day.isoformat(), str(event.rate)),
    )


async def _fees_charged(tx: Transaction, _at: datetime, event: FeesCharged) -> None:
    await tx.execute(
        "INSERT OR REPLACE INTO charge (round_id, booked, bought, sold) VALUES (?, ?, ?, ?)",
        (event.round_id, str(event.booked), str(event.bought), str(event.sold)),
    )
    if event.charged == event.booked:
        return
    row = await tx.one("SELECT settlement FROM round WHERE round_id = ?", (event.round_id,))
    if row is None or not row["settlement"]:
        raise LookupError(f"round {event.round_id} was never settled")
    booked = codec.loads(RoundSettled, row["settlement"])
    shown = replace(
        booked,
        fees=event.charged,
        realized=booked.realized - (event.charged - event.booked),
        after=event.result or booked.after,
        finished=event.finished or booked.finished,
    )
    await tx.execute(
        "UPDATE round SET settlement = ? WHERE round_id = ?",
        (codec.dumps(shown), event.round_id),
    )
    await tx.execute(
        "UPDATE cycle SET state = ? WHERE cycle_id = ?", (codec.dumps(event.after), event.cycle_id)
    )


async def forget_charge(tx: Transaction, _at: datetime, event: RoundCorrected) -> None:
    """Booked again by the agreed rate, a round is held against KIS's figure once more."""
    await tx.execute("DELETE FROM charge WHERE round_id = ?", (event.round_id,))


OF_MONEY: dict[type[Event], Projection] = {
    RateSeen: _rate_seen,
    FeesCharged: _fees_charged,
}
