"""What the events of the owner's own doings do to the tables: hand trades, moved money, splits."""

from datetime import datetime

from bot.events import (
    ChangeDropped,
    CycleChanged,
    Event,
    ForeignFillDecided,
    ForeignFillSeen,
    ForeignOrderSeen,
    MoneyDecided,
    MoneyMoved,
    SplitAnnounced,
    SplitDismissed,
)
from bot.storage import codec
from bot.storage.cycle_projections import Projection, change_booked, change_dropped
from bot.storage.database import Transaction


async def _order_seen(tx: Transaction, _at: datetime, event: ForeignOrderSeen) -> None:
    await _note(tx, event)


async def _fill_seen(tx: Transaction, _at: datetime, event: ForeignFillSeen) -> None:
    await _note(tx, event)
    await tx.execute(
        "UPDATE foreign_order SET filled = ?, price = ? WHERE session = ? AND number = ?",
        (event.quantity, str(event.price), event.session.isoformat(), event.number),
    )


async def _note(tx: Transaction, event: ForeignOrderSeen | ForeignFillSeen) -> None:
    await tx.execute(
        "INSERT OR IGNORE INTO foreign_order (session, number, symbol, side, by_api)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            event.session.isoformat(),
            event.number,
            event.symbol,
            event.side.value,
            int(event.by_api),
        ),
    )


async def _fill_decided(tx: Transaction, _at: datetime, event: ForeignFillDecided) -> None:
    await tx.execute(
        "INSERT INTO foreign_decision (session, number, quantity, price, change_id)"
        " VALUES (?, ?, ?, ?, ?)",
        (
            event.session.isoformat(),
            event.number,
            event.quantity,
            str(event.price),
            event.change_id,
        ),
    )


async def _money_moved(tx: Transaction, _at: datetime, event: MoneyMoved) -> None:
    await tx.execute(
        "INSERT INTO money_move (move_id, event) VALUES (?, ?)",
        (event.move_id, codec.dumps(event)),
    )


async def _money_decided(tx: Transaction, _at: datetime, event: MoneyDecided) -> None:
    await tx.execute(
        "UPDATE money_move SET fate = ?, change_id = ? WHERE move_id = ?",
        (event.fate.value, event.change_id, event.move_id),
    )


async def _split_announced(tx: Transaction, _at: datetime, event: SplitAnnounced) -> None:
    await tx.execute(
        "INSERT OR IGNORE INTO announced_split (symbol, first_session, split) VALUES (?, ?, ?)",
        (event.symbol, event.first_session.isoformat(), codec.dumps(event.split)),
    )


async def _split_dismissed(tx: Transaction, _at: datetime, event: SplitDismissed) -> None:
    await tx.execute(
        "UPDATE announced_split SET dismissed = 1 WHERE symbol = ? AND first_session = ?",
        (event.symbol, event.first_session.isoformat()),
    )


async def _change_booked(tx: Transaction, at: datetime, event: CycleChanged) -> None:
    """A decision whose change is booked waits for nothing any more."""
    await change_booked(tx, at, event)
    for table in ("foreign_decision", "money_move"):
        await tx.execute(
            f"UPDATE {table} SET change_id = NULL WHERE change_id = ?",  # noqa: S608 - names above
            (event.change_id,),
        )


async def _change_dropped(tx: Transaction, at: datetime, event: ChangeDropped) -> None:
    """A decision whose change came to nothing is none: the question is open again."""
    await change_dropped(tx, at, event)
    await tx.execute("DELETE FROM foreign_decision WHERE change_id = ?", (event.change_id,))
    await tx.execute(
        "UPDATE money_move SET fate = NULL, change_id = NULL WHERE change_id = ?",
        (event.change_id,),
    )


OF_THE_ACCOUNT: dict[type[Event], Projection] = {
    ForeignOrderSeen: _order_seen,
    ForeignFillSeen: _fill_seen,
    ForeignFillDecided: _fill_decided,
    MoneyMoved: _money_moved,
    MoneyDecided: _money_decided,
    SplitAnnounced: _split_announced,
    SplitDismissed: _split_dismissed,
    CycleChanged: _change_booked,
    ChangeDropped: _change_dropped,
}
