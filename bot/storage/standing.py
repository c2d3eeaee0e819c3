"""What has to be read in the same transaction as the effect that hangs on it."""

from collections.abc import Collection
from datetime import date
from decimal import Decimal

from bot.events import ChangeAgreed, SplitAgreed
from bot.storage import codec
from bot.storage.answers import SIDES_CALLED_BACK
from bot.storage.cycle_projections import TRADING
from bot.storage.database import Row, Transaction
from bot.trading.model import (
    GOING_OUT,
    UNSETTLED,
    Emulated,
    OrderState,
    RoundState,
    Slot,
    Unattended,
    as_sent,
)
from strategy.model import Cycle, Side


async def trading_of(tx: Transaction) -> str:
    """Read, inside a transaction, whether trading is running, paused, paused_all or stopped."""
    row = await tx.one("SELECT value FROM preference WHERE name = ?", (TRADING,))
    return str(row["value"]) if row else "running"


async def standing_of(tx: Transaction, round_id: str) -> tuple[str, bool, RoundState]:
    """Read, inside a transaction, whether trading runs, the cycle is held, and a round's state."""
    row = await tx.one(
        "SELECT c.held, r.state FROM round r JOIN cycle c ON c.cycle_id = r.cycle_id"
        " WHERE r.round_id = ?",
        (round_id,),
    )
    if row is None:
        raise LookupError(f"no round {round_id}")
    return await trading_of(tx), bool(row["held"]), RoundState(row["state"])


async def called_back(tx: Transaction, round_id: str) -> frozenset[Side]:
    """Read, inside a transaction, which sides of a round the owner called back."""
    row = await tx.one("SELECT curtailed FROM round WHERE round_id = ?", (round_id,))
    return SIDES_CALLED_BACK[row["curtailed"] if row else ""]


async def state_of(tx: Transaction, round_id: str) -> RoundState | None:
    """Read, inside a transaction, a round's state; None where there is no such round."""
    row = await tx.one("SELECT state FROM round WHERE round_id = ?", (round_id,))
    return RoundState(row["state"]) if row else None


async def unattended_of(tx: Transaction, cycle_id: int) -> Unattended | None:
    """Read what the owner chose for a cycle's rounds without a tap; None for no such cycle."""
    row = await tx.one("SELECT unattended FROM cycle WHERE cycle_id = ?", (cycle_id,))
    return Unattended(row["unattended"]) if row else None


async def state_of_order(tx: Transaction, slot: str) -> OrderState | None:
    """Read, inside a transaction, an order's state; None where there is no such slot."""
    row = await tx.one("SELECT state FROM broker_order WHERE slot = ?", (slot,))
    return OrderState(row["state"]) if row else None


async def attempts_of(tx: Transaction, round_id: str) -> dict[int, int]:
    """Read the last attempt that was made of each of a round's slots, by its place in the plan."""
    rows = await tx.all("SELECT description FROM broker_order WHERE round_id = ?", (round_id,))
    made: dict[int, int] = {}
    for row in rows:
        slot = codec.loads(Slot, row["description"])
        made[slot.index] = max(made.get(slot.index, 0), slot.attempt)
    return made


async def never_sent(
    tx: Transaction, round_id: str, sides: Collection[Side] = tuple(Side)
) -> tuple[str, ...]:
    """Read the keys of a round's slots that are still planned, in the order of sending."""
    rows = await tx.all(
        "SELECT slot, description FROM broker_order WHERE round_id = ? AND state = ?"
        " ORDER BY position",
        (round_id, OrderState.PLANNED.value),
    )
    return tuple(row["slot"] for row in rows if codec.loads(Slot, row["description"]).side in sides)


async def slots_of_round(
    tx: Transaction, round_id: str, states: tuple[OrderState, ...]
) -> tuple[Slot, ...]:
    """Read, inside a transaction, a round's slots in one of `states`, as they were sent."""
    rows = await tx.all(
        "SELECT description, state, emulated FROM broker_order WHERE round_id = ?", (round_id,)
    )
    wanted = {state.value for state in states}
    return tuple(_sent(row) for row in rows if row["state"] in wanted)


async def slots_of_session(
    tx: Transaction, session: date, states: tuple[OrderState, ...]
) -> tuple[Slot, ...]:
    """Read a session's slots, of all cycles, that are in one of `states`, as they were sent."""
    rows = await tx.all(
        "SELECT description, state, emulated FROM broker_order WHERE session = ?",
        (session.isoformat(),),
    )
    wanted = {state.value for state in states}
    return tuple(_sent(row) for row in rows if row["state"] in wanted)


async def orders_out(
    tx: Transaction, states: tuple[OrderState, ...]
) -> tuple[tuple[date, Slot], ...]:
    """Read the slots in one of `states` of rounds that are out, with their sessions."""
    marks = ", ".join("?" for _ in GOING_OUT)
    rows = await tx.all(
        "SELECT o.session, o.description, o.state, o.emulated FROM broker_order o"  # noqa: S608 - marks only
        f" JOIN round r ON r.round_id = o.round_id WHERE r.state IN ({marks})",
        [state.value for state in GOING_OUT],
    )
    wanted = {state.value for state in states}
    return tuple(
        (date.fromisoformat(row["session"]), _sent(row)) for row in rows if row["state"] in wanted
    )


async def cost_of_shares(tx: Transaction) -> Decimal:
    """Add up what the shares of all cycles cost (USD), by the ledger's own averages."""
    rows = await tx.all(
        "SELECT json_extract(state, '$.quantity') AS quantity,"
        " json_extract(state, '$.average') AS average FROM cycle"
    )
    return sum((int(row["quantity"]) * Decimal(row["average"]) for row in rows), Decimal(0))


async def previous_close_of(tx: Transaction, round_id: str) -> Decimal | None:
    """Read the official close (USD) that a round was planned from; None when there was none."""
    row = await tx.one(
        "SELECT json_extract(body, '$.market.closes[#-1]') AS close FROM journal"
        " WHERE round_id = ? AND type = 'RoundProposed' ORDER BY seq DESC LIMIT 1",
        (round_id,),
    )
    return Decimal(row["close"]) if row and row["close"] is not None else None


async def known_numbers(tx: Transaction, session: date) -> frozenset[str]:
    """Read the broker's numbers of our orders of a session."""
    rows = await tx.all(
        "SELECT order_number FROM broker_order WHERE session = ? AND order_number IS NOT NULL",
        (session.isoformat(),),
    )
    return frozenset(row["order_number"] for row in rows)


async def cycle_of(tx: Transaction, cycle_id: int) -> Cycle | None:
    """Read a cycle's ledger state; None when there is no such cycle."""
    row = await tx.one("SELECT state FROM cycle WHERE cycle_id = ?", (cycle_id,))
    return codec.loads(Cycle, row["state"]) if row else None


async def cycles_of(tx: Transaction, symbol: str) -> dict[int, Cycle]:
    """Read the ledger states of a symbol's cycles, by id."""
    rows = await tx.all(
        "SELECT cycle_id, state FROM cycle WHERE symbol = ? AND ended_at IS NULL ORDER BY cycle_id",
        (symbol,),
    )
    return {row["cycle_id"]: codec.loads(Cycle, row["state"]) for row in rows}


async def unsettled_session(tx: Transaction, cycle_id: int) -> date | None:
    """Read the last session of a cycle's rounds that are not over; None when all are."""
    marks = ", ".join("?" for _ in UNSETTLED)
    row = await tx.one(
        f"SELECT max(session) AS session FROM round WHERE cycle_id = ? AND state IN ({marks})",  # noqa: S608 - marks only
        (cycle_id, *(state.value for state in UNSETTLED)),
    )
    return date.fromisoformat(row["session"]) if row and row["session"] else None


async def latest_session(tx: Transaction, cycle_id: int) -> date | None:
    """Read the last session of which a cycle has a round, whatever became of it."""
    row = await tx.one("SELECT max(session) AS session FROM round WHERE cycle_id = ?", (cycle_id,))
    return date.fromisoformat(row["session"]) if row and row["session"] else None


async def first_session_of(tx: Transaction, cycle_id: int) -> date | None:
    """Read before which session a cycle has no round; None when it begins with the next."""
    row = await tx.one("SELECT first_session FROM cycle WHERE cycle_id = ?", (cycle_id,))
    return date.fromisoformat(row["first_session"]) if row and row["first_session"] else None


async def split_between(tx: Transaction, symbol: str, start: date, end: date) -> date | None:
    """Read the first session of a split of a symbol that was booked in a span of days."""
    row = await tx.one(
        "SELECT first_session FROM share_split WHERE symbol = ? AND first_session BETWEEN ? AND ?",
        (symbol, start.isoformat(), end.isoformat()),
    )
    return date.fromisoformat(row["first_session"]) if row else None


async def filled_since(tx: Transaction, symbol: str, session: date) -> date | None:
    """Read the first session from one on in which an order of a symbol was filled."""
    row = await tx.one(
        "SELECT min(session) AS session FROM broker_order WHERE session >= ? AND filled > 0"
        " AND json_extract(description, '$.symbol') = ?",
        (session.isoformat(), symbol),
    )
    return date.fromisoformat(row["session"]) if row and row["session"] else None


async def set_aside_of(tx: Transaction, symbol: str) -> int:
    """Read how many of a symbol's shares are not ours."""
    row = await tx.one("SELECT quantity FROM set_aside WHERE symbol = ?", (symbol,))
    return int(row["quantity"]) if row else 0


async def waiting_changes(tx: Transaction) -> list[ChangeAgreed | SplitAgreed]:
    """Read the changes that wait to be booked, oldest first."""
    rows = await tx.all("SELECT type, body FROM pending_change ORDER BY change_id")
    events = [codec.event_of(row["type"], row["body"]) for row in rows]
    return [event for event in events if isinstance(event, ChangeAgreed | SplitAgreed)]


async def next_change_id(tx: Transaction) -> int:
    """Number a change by the journal's next line, so that no number comes twice."""
    row = await tx.one("SELECT coalesce(max(seq), 0) + 1 AS n FROM journal")
    return int(row["n"]) if row else 1


def _sent(row: Row) -> Slot:
    emulated = codec.loads(Emulated, row["emulated"]) if row["emulated"] else None
    return as_sent(codec.loads(Slot, row["description"]), emulated)
