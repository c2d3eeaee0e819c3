"""What each event does to the tables that are read: one small function per event type.

A projection holds nothing that could not be made again from the journal.
"""

from datetime import datetime

from bot.events import (
    CancelAsked,
    CloseConfirmed,
    Event,
    FillBooked,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderClosed,
    OrderDeferred,
    OrderNotSent,
    OrderRefused,
    OrderResent,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    ReminderDue,
    RoundApproved,
    RoundForeseen,
    RoundLapsed,
    RoundMissed,
    RoundProposed,
    RoundSettled,
    RoundSkipped,
    RoundSubmitted,
    RoundVerified,
)
from bot.storage import codec
from bot.storage.cycle_projections import OF_CYCLES, Projection
from bot.storage.database import Transaction
from bot.storage.watch_projections import OF_WATCHING
from bot.trading.model import OrderState, RoundState, Slot


async def project(transaction: Transaction, at: datetime, event: Event) -> None:
    """Bring the projections up to date with an event, inside its own transaction."""
    apply = _PROJECTIONS.get(type(event))
    if apply is not None:
        await apply(transaction, at, event)


async def _round_proposed(tx: Transaction, at: datetime, event: RoundProposed) -> None:
    await tx.execute(
        "INSERT INTO round (round_id, cycle_id, session, state, digest, approval, deadline, plan,"
        " proposed_at, emulated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (round_id) DO UPDATE SET digest = excluded.digest, plan = excluded.plan,"
        " state = excluded.state, approval = excluded.approval, reminded = NULL,"
        " emulated = excluded.emulated",
        (
            event.round_id,
            event.cycle_id,
            event.session.isoformat(),
            RoundState.PROPOSED.value,
            event.digest,
            event.approval.value,
            event.deadline.isoformat(),
            codec.dumps(event.plan),
            at.isoformat(),
            int(event.emulated),
        ),
    )


async def _round_missed(tx: Transaction, at: datetime, event: RoundMissed) -> None:
    await tx.execute(
        "INSERT INTO round (round_id, cycle_id, session, state, digest, approval, proposed_at,"
        " reason) VALUES (?, ?, ?, ?, '', '', ?, ?)",
        (
            event.round_id,
            event.cycle_id,
            event.session.isoformat(),
            RoundState.MISSED.value,
            at.isoformat(),
            event.reason,
        ),
    )


async def _set_round(
    tx: Transaction, round_id: str, state: RoundState, *, by: str | None = None, why: str = ""
) -> None:
    await tx.execute(
        "UPDATE round SET state = ?, decided_by = coalesce(?, decided_by), reason = ?"
        " WHERE round_id = ?",
        (state.value, by, why, round_id),
    )


async def _round_approved(tx: Transaction, _at: datetime, event: RoundApproved) -> None:
    await _set_round(tx, event.round_id, RoundState.APPROVED, by=codec.dumps(event.by))
    for position, slot in enumerate(event.slots):
        await _plan_slot(tx, slot, position)


async def _plan_slot(tx: Transaction, slot: Slot, position: int) -> None:
    await tx.execute(
        "INSERT INTO broker_order (slot, round_id, session, position, description, state)"
        " SELECT ?, round_id, session, ?, ?, ? FROM round WHERE round_id = ?",
        (slot.key, position, codec.dumps(slot), OrderState.PLANNED.value, slot.round_id),
    )


async def _order_resent(tx: Transaction, _at: datetime, event: OrderResent) -> None:
    row = await tx.one(
        "SELECT max(position) + 1 AS position FROM broker_order WHERE round_id = ?",
        (event.slot.round_id,),
    )
    await tx.execute("UPDATE broker_order SET may_resend = 0 WHERE slot = ?", (event.previous,))
    await _plan_slot(tx, event.slot, int(row["position"]) if row else 0)


async def _round_submitted(tx: Transaction, _at: datetime, event: RoundSubmitted) -> None:
    await _set_round(tx, event.round_id, RoundState.WORKING)


async def _round_skipped(tx: Transaction, _at: datetime, event: RoundSkipped) -> None:
    await _set_round(tx, event.round_id, RoundState.SKIPPED, by=codec.dumps(event.by))


async def _round_lapsed(tx: Transaction, _at: datetime, event: RoundLapsed) -> None:
    await _set_round(tx, event.round_id, RoundState.LAPSED, why=event.reason)


async def _reminder_due(tx: Transaction, _at: datetime, event: ReminderDue) -> None:
    await tx.execute(
        "UPDATE round SET reminded = ? WHERE round_id = ?", (event.minutes, event.round_id)
    )


async def _round_verified(tx: Transaction, _at: datetime, event: RoundVerified) -> None:
    await tx.execute("UPDATE round SET verified = 1 WHERE round_id = ?", (event.round_id,))


async def _round_settled(tx: Transaction, _at: datetime, event: RoundSettled) -> None:
    await tx.execute(
        "UPDATE round SET state = ?, settlement = ? WHERE round_id = ?",
        (RoundState.SETTLED.value, codec.dumps(event), event.round_id),
    )
    await tx.execute(
        "UPDATE cycle SET state = ? WHERE cycle_id = ?", (codec.dumps(event.after), event.cycle_id)
    )


async def _round_foreseen(tx: Transaction, _at: datetime, event: RoundForeseen) -> None:
    await tx.execute(
        "UPDATE round SET foreseen_figures = ? WHERE round_id = ?",
        (codec.dumps(event), event.round_id),
    )


async def _close_confirmed(tx: Transaction, _at: datetime, event: CloseConfirmed) -> None:
    await tx.execute(
        "UPDATE round SET official_close = ? WHERE round_id = ?",
        (str(event.close), event.round_id),
    )


async def _set_order(
    tx: Transaction, slot: str, state: OrderState, **columns: str | int | None
) -> None:
    # Column names are this file's own keywords, never anything that came from outside.
    assignments = "".join(f", {name} = ?" for name in columns)
    await tx.execute(
        f"UPDATE broker_order SET state = ?{assignments} WHERE slot = ?",  # noqa: S608 - see above
        (state.value, *columns.values(), slot),
    )


async def _order_withheld(tx: Transaction, at: datetime, event: OrderWithheld) -> None:
    await _set_order(
        tx,
        event.slot,
        OrderState.WITHHELD,
        detail="; ".join(event.reasons),
        answered_at=at.isoformat(),
    )


async def _order_sent(tx: Transaction, at: datetime, event: OrderSent) -> None:
    await _set_order(
        tx,
        event.slot,
        OrderState.SENT,
        tries=event.tries,
        sent_at=at.isoformat(),
        baseline=codec.dumps(event.baseline),
        emulated=codec.dumps(event.emulated) if event.emulated else None,
        retry_at=None,
    )
    await tx.execute(
        "UPDATE round SET state = ? WHERE state = ?"
        " AND round_id = (SELECT round_id FROM broker_order WHERE slot = ?)",
        (RoundState.SUBMITTING.value, RoundState.APPROVED.value, event.slot),
    )


async def _order_back(tx: Transaction, _at: datetime, event: OrderNotSent | OrderDeferred) -> None:
    detail = event.reason if isinstance(event, OrderNotSent) else f"{event.code} {event.message}"
    await _set_order(
        tx, event.slot, OrderState.PLANNED, detail=detail, retry_at=event.retry_at.isoformat()
    )


async def _order_accepted(tx: Transaction, at: datetime, event: OrderAccepted) -> None:
    await _set_order(
        tx,
        event.slot,
        OrderState.OPEN,
        order_number=event.order_number,
        answered_at=at.isoformat(),
        detail=None,
        may_resend=0,
    )


async def _order_refused(tx: Transaction, at: datetime, event: OrderRefused) -> None:
    await _set_order(
        tx,
        event.slot,
        OrderState.REFUSED,
        detail=f"{event.code} {event.message}",
        answered_at=at.isoformat(),
    )


async def _order_unknown(tx: Transaction, at: datetime, event: OrderUnknown) -> None:
    await _set_order(
        tx, event.slot, OrderState.UNKNOWN, detail=event.reason, unknown_at=at.isoformat()
    )


async def _order_absent(tx: Transaction, _at: datetime, event: OrderAbsent) -> None:
    await _set_order(tx, event.slot, OrderState.ABSENT, may_resend=int(event.may_resend))


async def _order_ambiguous(tx: Transaction, _at: datetime, event: OrderAmbiguous) -> None:
    await _set_order(tx, event.slot, OrderState.AMBIGUOUS, detail=", ".join(event.candidates))


async def _fill_booked(tx: Transaction, _at: datetime, event: FillBooked) -> None:
    await _set_order(
        tx,
        event.slot,
        OrderState.PARTIAL,
        filled=event.quantity,
        fill_price=str(event.price),
    )


async def _order_closed(tx: Transaction, _at: datetime, event: OrderClosed) -> None:
    await _set_order(tx, event.slot, event.state, detail=event.reason or None)


async def _cancel_asked(tx: Transaction, at: datetime, event: CancelAsked) -> None:
    await tx.execute(
        "UPDATE broker_order SET cancel_asked = ? WHERE slot = ?", (at.isoformat(), event.slot)
    )


_PROJECTIONS: dict[type[Event], Projection] = {
    **OF_CYCLES,
    **OF_WATCHING,
    RoundProposed: _round_proposed,
    RoundMissed: _round_missed,
    RoundApproved: _round_approved,
    OrderResent: _order_resent,
    RoundSubmitted: _round_submitted,
    RoundSkipped: _round_skipped,
    RoundLapsed: _round_lapsed,
    ReminderDue: _reminder_due,
    RoundVerified: _round_verified,
    RoundSettled: _round_settled,
    RoundForeseen: _round_foreseen,
    CloseConfirmed: _close_confirmed,
    OrderWithheld: _order_withheld,
    OrderSent: _order_sent,
    OrderNotSent: _order_back,
    OrderDeferred: _order_back,
    OrderAccepted: _order_accepted,
    OrderRefused: _order_refused,
    OrderUnknown: _order_unknown,
    OrderAbsent: _order_absent,
    OrderAmbiguous: _order_ambiguous,
    FillBooked: _fill_booked,
    OrderClosed: _order_closed,
    CancelAsked: _cancel_asked,
}
