"""What the events of cycles do to the tables: begun, changed by the owner, held, waiting."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.events import (
    ChangeAgreed,
    ChangeDropped,
    CycleChanged,
    CycleStarted,
    Event,
    LedgerMismatched,
    RestingOrdersGone,
    RestingOrdersSeen,
    SharesSetAside,
    SplitAgreed,
    TradingPaused,
    TradingResumed,
    TradingStopped,
)
from bot.storage import codec
from bot.storage.database import Transaction
from strategy.changes import ShareSplit

Projection = Callable[[Transaction, datetime, Any], Awaitable[None]]

TRADING = "trading"  # the preference: running, paused, paused_all, stopped or killed


async def _cycle_started(tx: Transaction, at: datetime, event: CycleStarted) -> None:
    await tx.execute(
        "INSERT INTO cycle (cycle_id, symbol, approval, state, started_at, first_session, waiting,"
        " vouched, unattended) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            event.cycle_id,
            event.cycle.rules.symbol,
            event.approval.value,
            codec.dumps(event.cycle),
            at.isoformat(),
            event.first_session.isoformat() if event.first_session else None,
            "" if event.waits_for_resting else None,
            int(event.no_reservations),
            event.unattended.value,
        ),
    )


async def _change_waits(tx: Transaction, _at: datetime, event: ChangeAgreed | SplitAgreed) -> None:
    await tx.execute(
        "INSERT INTO pending_change (change_id, symbol, cycle_id, from_session, type, body)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            event.change_id,
            event.symbol,
            event.cycle_id if isinstance(event, ChangeAgreed) else None,
            event.from_session.isoformat(),
            type(event).__name__,
            codec.dumps(event),
        ),
    )


async def change_booked(tx: Transaction, _at: datetime, event: CycleChanged) -> None:
    """Give a cycle its changed ledger, and a symbol its split."""
    await tx.execute(
        "UPDATE cycle SET state = ? WHERE cycle_id = ?", (codec.dumps(event.after), event.cycle_id)
    )
    await tx.execute("DELETE FROM pending_change WHERE change_id = ?", (event.change_id,))
    if isinstance(event.change, ShareSplit):
        await tx.execute(
            "INSERT OR REPLACE INTO share_split (symbol, first_session, split) VALUES (?, ?, ?)",
            (
                event.after.rules.symbol,
                event.from_session.isoformat(),
                codec.dumps(event.change),
            ),
        )


async def change_dropped(tx: Transaction, _at: datetime, event: ChangeDropped) -> None:
    """Let go of a change that waited."""
    await tx.execute("DELETE FROM pending_change WHERE change_id = ?", (event.change_id,))


async def _set_aside(tx: Transaction, _at: datetime, event: SharesSetAside) -> None:
    await tx.execute(
        "INSERT INTO set_aside (symbol, quantity) VALUES (?, ?)"
        " ON CONFLICT (symbol) DO UPDATE SET quantity = excluded.quantity",
        (event.symbol, event.quantity),
    )


async def _resting_seen(tx: Transaction, _at: datetime, event: RestingOrdersSeen) -> None:
    await tx.execute(
        "UPDATE cycle SET waiting = ? WHERE cycle_id = ?", (codec.dumps(event), event.cycle_id)
    )


async def _resting_gone(tx: Transaction, _at: datetime, event: RestingOrdersGone) -> None:
    await tx.execute("UPDATE cycle SET waiting = NULL WHERE cycle_id = ?", (event.cycle_id,))


async def _ledger_mismatched(tx: Transaction, _at: datetime, event: LedgerMismatched) -> None:
    # The shares are one heap at the broker: which cycle lacks them, only the owner can say.
    await tx.execute(
        "UPDATE cycle SET held = ? WHERE symbol = ?", (codec.dumps(event), event.symbol)
    )


async def set_trading(tx: Transaction, value: str) -> None:
    """Say whether trading runs; an emergency stop is lifted by nothing but its unlocking."""
    await tx.execute(
        "INSERT INTO preference (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        " WHERE preference.value <> 'killed'",
        (TRADING, value),
    )


async def _paused(tx: Transaction, _at: datetime, event: TradingPaused) -> None:
    await set_trading(tx, "paused_all" if event.everything else "paused")


async def _resumed(tx: Transaction, _at: datetime, _event: TradingResumed) -> None:
    await set_trading(tx, "running")
    await tx.execute("UPDATE cycle SET held = NULL")


async def _stopped(tx: Transaction, _at: datetime, _event: TradingStopped) -> None:
    await set_trading(tx, "stopped")


OF_CYCLES: dict[type[Event], Projection] = {
    CycleStarted: _cycle_started,
    ChangeAgreed: _change_waits,
    SplitAgreed: _change_waits,
    SharesSetAside: _set_aside,
    RestingOrdersSeen: _resting_seen,
    RestingOrdersGone: _resting_gone,
    LedgerMismatched: _ledger_mismatched,
    TradingPaused: _paused,
    TradingResumed: _resumed,
    TradingStopped: _stopped,
}
