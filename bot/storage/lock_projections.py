"""What guards the account, in the tables: the emergency stop, modes, codes, consent, people."""

from datetime import datetime

from bot.events import (
    ApprovalSet,
    CodeRefused,
    ConsentGiven,
    Event,
    PersonJoined,
    PersonRevoked,
    TradingKilled,
    TradingUnlocked,
    UnattendedSet,
)
from bot.storage.cycle_projections import TRADING, Projection, set_trading
from bot.storage.database import Transaction
from bot.trading.ladder import higher
from bot.trading.model import Approval, RoundState

CODE_STEP = "code step"


async def approval_of(tx: Transaction, cycle_id: int) -> tuple[str, Approval] | None:
    """Read a cycle's symbol and approval; None when there is no such cycle."""
    row = await tx.one("SELECT symbol, approval FROM cycle WHERE cycle_id = ?", (cycle_id,))
    return (row["symbol"], Approval(row["approval"])) if row else None


async def still_proposed(tx: Transaction, round_id: str, approval: Approval | None) -> bool:
    """Read whether a round still waits, with the approval that it was looked at with."""
    row = await tx.one("SELECT state, approval FROM round WHERE round_id = ?", (round_id,))
    return row is not None and (row["state"], row["approval"]) == (
        RoundState.PROPOSED.value,
        approval.value if approval else "",
    )


async def consent_of(tx: Transaction) -> str:
    """Read the edition of the risks that was agreed to last; "" when none was."""
    row = await tx.one("SELECT edition FROM consent ORDER BY id DESC LIMIT 1")
    return str(row["edition"]) if row else ""


async def last_step(tx: Transaction) -> int:
    """Read the half minute of the last code that was taken: it and those before are used up."""
    row = await tx.one("SELECT value FROM preference WHERE name = ?", (CODE_STEP,))
    return int(row["value"]) if row else 0


async def wrong_codes(tx: Transaction, since: datetime) -> int:
    """Count the wrong codes since an instant."""
    rows = await tx.all("SELECT at FROM wrong_code")
    return sum(datetime.fromisoformat(row["at"]) > since for row in rows)


async def _killed(tx: Transaction, _at: datetime, _event: TradingKilled) -> None:
    await set_trading(tx, "killed")


async def _unlocked(tx: Transaction, _at: datetime, event: TradingUnlocked) -> None:
    await tx.execute("UPDATE preference SET value = 'stopped' WHERE name = ?", (TRADING,))
    await _used(tx, event.step)


async def _refused(tx: Transaction, at: datetime, _event: CodeRefused) -> None:
    await tx.execute("INSERT INTO wrong_code (at) VALUES (?)", (at.isoformat(),))


async def _approval_set(tx: Transaction, _at: datetime, event: ApprovalSet) -> None:
    await tx.execute(
        "UPDATE cycle SET approval = ? WHERE cycle_id = ?", (event.after.value, event.cycle_id)
    )
    if higher(event.before, event.after):
        await tx.execute(
            "UPDATE round SET approval = ? WHERE cycle_id = ? AND state = ?",
            (event.after.value, event.cycle_id, RoundState.PROPOSED.value),
        )
    await _used(tx, event.step)


async def _unattended_set(tx: Transaction, _at: datetime, event: UnattendedSet) -> None:
    await tx.execute(
        "UPDATE cycle SET unattended = ? WHERE cycle_id = ?", (event.choice.value, event.cycle_id)
    )
    await _used(tx, event.step)


async def _used(tx: Transaction, step: int | None) -> None:
    if step is None:
        return
    await tx.execute(
        "INSERT INTO preference (name, value) VALUES (?, ?)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (CODE_STEP, str(step)),
    )
    await tx.execute("DELETE FROM wrong_code")


async def _consent_given(tx: Transaction, at: datetime, event: ConsentGiven) -> None:
    await tx.execute(
        "INSERT INTO consent (at, user_id, edition, method) VALUES (?, ?, ?, ?)",
        (at.isoformat(), event.by.user_id, event.edition, event.method),
    )


async def _joined(tx: Transaction, at: datetime, event: PersonJoined) -> None:
    await tx.execute("DELETE FROM person_revoked WHERE user_id = ?", (event.user_id,))
    await tx.execute(
        "INSERT INTO person (user_id, role, name, since) VALUES (?, ?, ?, ?) ON CONFLICT (user_id)"
        " DO UPDATE SET role = excluded.role, name = excluded.name, since = excluded.since",
        (event.user_id, event.role, event.name, at.isoformat()),
    )


async def _revoked(tx: Transaction, at: datetime, event: PersonRevoked) -> None:
    await tx.execute("DELETE FROM person WHERE user_id = ?", (event.user_id,))
    await tx.execute(
        "INSERT OR REPLACE INTO person_revoked (user_id, at) VALUES (?, ?)",
        (event.user_id, at.isoformat()),
    )


OF_LOCKS: dict[type[Event], Projection] = {
    TradingKilled: _killed,
    TradingUnlocked: _unlocked,
    CodeRefused: _refused,
    ApprovalSet: _approval_set,
    UnattendedSet: _unattended_set,
    ConsentGiven: _consent_given,
    PersonJoined: _joined,
    PersonRevoked: _revoked,
}
