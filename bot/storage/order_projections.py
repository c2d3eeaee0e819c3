"""What the events of orders do to their table: one small function per event type.

An order's row follows the table of its life (`trading.life`); a wrong turn is never written.
"""

from datetime import datetime

from bot.events import (
    CancelAsked,
    Event,
    FillBooked,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderClosed,
    OrderDeferred,
    OrderLeftUnknown,
    OrderNotSent,
    OrderRecognised,
    OrderRefused,
    OrderReleased,
    OrderResent,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    ResendDeclined,
)
from bot.storage import codec
from bot.storage.cycle_projections import Projection
from bot.storage.database import Transaction
from bot.trading.life import before
from bot.trading.model import OrderState, RoundState, Slot


class WrongTurn(Exception):
    """An event would take an order along an edge that its life does not have: a defect."""


def plan_slot(tx: Transaction, slot: Slot, position: int) -> None:
    tx.later(
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
    plan_slot(tx, event.slot, int(row["position"]) if row else 0)


async def _set_order(
    tx: Transaction, slot: str, state: OrderState, **columns: str | int | None
) -> None:
    # Column names are this file's own keywords, never anything that came from outside.
    assignments = "".join(f", {name} = ?" for name in columns)
    allowed = before(state)
    marks = ", ".join("?" for _ in allowed)
    changed = await tx.execute(
        f"UPDATE broker_order SET state = ?{assignments} WHERE slot = ? AND state IN ({marks})",  # noqa: S608 - see above
        (state.value, *columns.values(), slot, *(one.value for one in allowed)),
    )
    if changed != 1:
        row = await tx.one("SELECT state FROM broker_order WHERE slot = ?", (slot,))
        raise WrongTurn(f"{slot}: {row['state'] if row else 'no such order'} -> {state.value}")


def _late_if_settled(tx: Transaction, slot: str) -> None:
    """Have a settled round looked at again: the broker shows more of one of its orders."""
    tx.later(
        "UPDATE round SET late = 1 WHERE state = ?"
        " AND round_id = (SELECT round_id FROM broker_order WHERE slot = ?)",
        (RoundState.SETTLED.value, slot),
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
    tx.later(
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
        candidates=None,
    )
    _late_if_settled(tx, event.slot)


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


async def _resend_declined(tx: Transaction, _at: datetime, event: ResendDeclined) -> None:
    await tx.execute("UPDATE broker_order SET may_resend = 0 WHERE slot = ?", (event.slot,))


async def _order_ambiguous(tx: Transaction, _at: datetime, event: OrderAmbiguous) -> None:
    await _set_order(
        tx,
        event.slot,
        OrderState.AMBIGUOUS,
        detail=", ".join(event.candidates),
        candidates=codec.dumps(list(event.candidates)),
        may_resend=0,
    )


async def _order_recognised(tx: Transaction, at: datetime, event: OrderRecognised) -> None:
    row = await tx.one("SELECT state, baseline FROM broker_order WHERE slot = ?", (event.slot,))
    if row is None:
        raise WrongTurn(f"{event.slot}: no such order")
    # What the owner called somebody else's is known from now on, like what was listed before.
    before = codec.loads(tuple[str, ...], row["baseline"] or "[]")
    known = [*before, *event.others]
    baseline = codec.dumps(known)
    if event.order_number is None:
        told = row["state"] == OrderState.UNKNOWN_TOLD.value
        state = OrderState.ABSENT if told else OrderState.UNKNOWN
        await _set_order(tx, event.slot, state, baseline=baseline, candidates=None, detail=None)
        return
    await _set_order(
        tx,
        event.slot,
        OrderState.OPEN,
        order_number=event.order_number,
        baseline=baseline,
        candidates=None,
        detail=None,
        answered_at=at.isoformat(),
    )
    _late_if_settled(tx, event.slot)


async def _order_left_unknown(tx: Transaction, _at: datetime, event: OrderLeftUnknown) -> None:
    await _set_order(tx, event.slot, OrderState.UNKNOWN_TOLD, detail=event.why)


async def _order_released(tx: Transaction, _at: datetime, event: OrderReleased) -> None:
    await _set_order(tx, event.slot, OrderState.PLANNED, detail=None, retry_at=None)


async def _fill_booked(tx: Transaction, _at: datetime, event: FillBooked) -> None:
    await _set_order(
        tx,
        event.slot,
        OrderState.PARTIAL,
        filled=event.quantity,
        fill_price=str(event.price),
    )
    _late_if_settled(tx, event.slot)


async def _order_closed(tx: Transaction, _at: datetime, event: OrderClosed) -> None:
    await _set_order(tx, event.slot, event.state, detail=event.reason or None)


async def _cancel_asked(tx: Transaction, at: datetime, event: CancelAsked) -> None:
    await tx.execute(
        "UPDATE broker_order SET cancel_asked = ? WHERE slot = ?", (at.isoformat(), event.slot)
    )


OF_ORDERS: dict[type[Event], Projection] = {
    OrderResent: _order_resent,
    ResendDeclined: _resend_declined,
    OrderWithheld: _order_withheld,
    OrderSent: _order_sent,
    OrderNotSent: _order_back,
    OrderDeferred: _order_back,
    OrderAccepted: _order_accepted,
    OrderRefused: _order_refused,
    OrderUnknown: _order_unknown,
    OrderAbsent: _order_absent,
    OrderAmbiguous: _order_ambiguous,
    OrderRecognised: _order_recognised,
    OrderLeftUnknown: _order_left_unknown,
    OrderReleased: _order_released,
    FillBooked: _fill_booked,
    OrderClosed: _order_closed,
    CancelAsked: _cancel_asked,
}
