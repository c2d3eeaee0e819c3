"""What each event does to the tables that are read: one small function per event type.

A projection holds nothing that could not be made again from the journal.
"""

from dataclasses import replace
from datetime import datetime

from bot.events import (
    CloseConfirmed,
    Event,
    LateFillSeen,
    LedgerMismatched,
    ReminderDue,
    RoundApproved,
    RoundCorrected,
    RoundCurtailed,
    RoundForeseen,
    RoundLapsed,
    RoundMissed,
    RoundProposed,
    RoundRestored,
    RoundSettled,
    RoundSkipped,
    RoundSubmitted,
    RoundVerified,
    UnattendedApplied,
)
from bot.storage import codec
from bot.storage.account_projections import OF_THE_ACCOUNT
from bot.storage.cycle_projections import OF_CYCLES, Projection
from bot.storage.database import Transaction
from bot.storage.ending_projections import OF_ENDINGS, reopened
from bot.storage.hold_projections import OF_HOLDS
from bot.storage.lock_projections import OF_LOCKS
from bot.storage.money_projections import OF_MONEY, forget_charge
from bot.storage.order_projections import OF_ORDERS, plan_slot
from bot.storage.watch_projections import OF_WATCHING
from bot.trading.model import RoundState


async def project(transaction: Transaction, at: datetime, event: Event) -> None:
    """Bring the projections up to date with an event, inside its own transaction."""
    apply = _PROJECTIONS.get(type(event))
    if apply is not None:
        await apply(transaction, at, event)


async def _round_proposed(tx: Transaction, at: datetime, event: RoundProposed) -> None:
    tx.later(
        "INSERT INTO round (round_id, cycle_id, session, state, digest, approval, deadline, plan,"
        " proposed_at, emulated) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (round_id) DO UPDATE SET digest = excluded.digest, plan = excluded.plan,"
        " state = excluded.state, approval = excluded.approval, reminded = NULL,"
        " emulated = excluded.emulated, deadline = excluded.deadline, reason = NULL,"
        " proposed_at = excluded.proposed_at, curtailed = '', let_go = ''",
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
    tx.later(
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


def _set_round(
    tx: Transaction, round_id: str, state: RoundState, *, by: str | None = None, why: str = ""
) -> None:
    tx.later(
        "UPDATE round SET state = ?, decided_by = coalesce(?, decided_by), reason = ?"
        " WHERE round_id = ?",
        (state.value, by, why, round_id),
    )


async def _round_approved(tx: Transaction, _at: datetime, event: RoundApproved) -> None:
    _set_round(tx, event.round_id, RoundState.APPROVED, by=codec.dumps(event.by))
    for position, slot in enumerate(event.slots):
        plan_slot(tx, slot, position)


async def _round_submitted(tx: Transaction, _at: datetime, event: RoundSubmitted) -> None:
    _set_round(tx, event.round_id, RoundState.WORKING)


async def _round_skipped(tx: Transaction, _at: datetime, event: RoundSkipped) -> None:
    _set_round(tx, event.round_id, RoundState.SKIPPED, by=codec.dumps(event.by))


async def _round_curtailed(tx: Transaction, _at: datetime, event: RoundCurtailed) -> None:
    # Calling buys back after everything takes nothing back of that.
    tx.later(
        "UPDATE round SET curtailed = CASE WHEN curtailed = 'all' THEN 'all' ELSE ? END"
        " WHERE round_id = ?",
        ("all" if event.sells else "buys", event.round_id),
    )


async def _round_restored(tx: Transaction, _at: datetime, event: RoundRestored) -> None:
    tx.later("UPDATE round SET curtailed = '' WHERE round_id = ?", (event.round_id,))


async def _unattended_applied(tx: Transaction, _at: datetime, event: UnattendedApplied) -> None:
    tx.later("UPDATE round SET let_go = ? WHERE round_id = ?", (event.choice.value, event.round_id))


async def _round_lapsed(tx: Transaction, _at: datetime, event: RoundLapsed) -> None:
    _set_round(tx, event.round_id, RoundState.LAPSED, why=event.reason)


async def _reminder_due(tx: Transaction, _at: datetime, event: ReminderDue) -> None:
    tx.later("UPDATE round SET reminded = ? WHERE round_id = ?", (event.minutes, event.round_id))


async def _round_verified(tx: Transaction, _at: datetime, event: RoundVerified) -> None:
    tx.later("UPDATE round SET verified = 1 WHERE round_id = ?", (event.round_id,))


async def _round_settled(tx: Transaction, _at: datetime, event: RoundSettled) -> None:
    tx.later(
        "UPDATE round SET state = ?, settlement = ? WHERE round_id = ?",
        (RoundState.SETTLED.value, codec.dumps(event), event.round_id),
    )
    tx.later(
        "UPDATE cycle SET state = ? WHERE cycle_id = ?", (codec.dumps(event.after), event.cycle_id)
    )


async def _round_corrected(tx: Transaction, _at: datetime, event: RoundCorrected) -> None:
    row = await tx.one("SELECT settlement FROM round WHERE round_id = ?", (event.round_id,))
    if row is None or not row["settlement"]:
        raise LookupError(f"round {event.round_id} was never settled")
    booked = replace(
        codec.loads(RoundSettled, row["settlement"]),
        before=event.before,
        after=event.after,
        bought=event.bought,
        sold=event.sold,
        realized=event.realized,
        fees=event.fees,
        finished=event.finished,
        notes=event.notes,
    )
    tx.later(
        "UPDATE round SET settlement = ?, late = 0 WHERE round_id = ?",
        (codec.dumps(booked), event.round_id),
    )
    tx.later(
        "UPDATE cycle SET state = ? WHERE cycle_id = ?", (codec.dumps(event.after), event.cycle_id)
    )
    await reopened(tx, event.cycle_id, event.after)
    await _free_if_explained(tx, event)
    await forget_charge(tx, _at, event)


async def _free_if_explained(tx: Transaction, event: RoundCorrected) -> None:
    """Lift the hold of a symbol when the correction is all that its ledger lacked."""
    row = await tx.one("SELECT held, symbol FROM cycle WHERE cycle_id = ?", (event.cycle_id,))
    if row is None or not row["held"]:
        return
    told = codec.loads(LedgerMismatched, row["held"])
    moved = event.after.quantity - event.ledger_before.quantity
    if told.ledger_quantity + moved == told.broker_quantity:
        tx.later("UPDATE cycle SET held = NULL WHERE symbol = ?", (row["symbol"],))


async def _late_fill_seen(tx: Transaction, _at: datetime, event: LateFillSeen) -> None:
    tx.later("UPDATE round SET late = 2 WHERE round_id = ?", (event.round_id,))


async def _round_foreseen(tx: Transaction, _at: datetime, event: RoundForeseen) -> None:
    tx.later(
        "UPDATE round SET foreseen_figures = ? WHERE round_id = ?",
        (codec.dumps(event), event.round_id),
    )


async def _close_confirmed(tx: Transaction, _at: datetime, event: CloseConfirmed) -> None:
    tx.later(
        "UPDATE round SET official_close = ? WHERE round_id = ?",
        (str(event.close), event.round_id),
    )


_PROJECTIONS: dict[type[Event], Projection] = {
    **OF_CYCLES,
    **OF_ORDERS,
    **OF_THE_ACCOUNT,
    **OF_ENDINGS,
    **OF_HOLDS,
    **OF_MONEY,
    **OF_LOCKS,
    **OF_WATCHING,
    RoundProposed: _round_proposed,
    RoundMissed: _round_missed,
    RoundApproved: _round_approved,
    RoundSubmitted: _round_submitted,
    RoundSkipped: _round_skipped,
    RoundCurtailed: _round_curtailed,
    RoundRestored: _round_restored,
    UnattendedApplied: _unattended_applied,
    RoundLapsed: _round_lapsed,
    ReminderDue: _reminder_due,
    RoundVerified: _round_verified,
    RoundSettled: _round_settled,
    RoundCorrected: _round_corrected,
    LateFillSeen: _late_fill_seen,
    RoundForeseen: _round_foreseen,
    CloseConfirmed: _close_confirmed,
}
