"""The question desk: frozen answers for chat, report and recovery, read from the projections."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.events import (
    ChangeAgreed,
    LedgerMismatched,
    RestingOrdersSeen,
    RoundForeseen,
    RoundProposed,
    RoundSettled,
    SplitAgreed,
)
from bot.storage import codec
from bot.storage.cycle_projections import TRADING
from bot.storage.database import Database, Row
from bot.trading.model import Approval, Emulated, OrderState, RoundState, Slot, as_sent
from strategy.changes import ShareSplit
from strategy.model import Cycle, Plan

UNRESOLVED = (OrderState.SENT, OrderState.UNKNOWN, OrderState.AMBIGUOUS)
AT_THE_BROKER = (OrderState.OPEN, OrderState.PARTIAL)


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleView:
    """A running cycle: its ledger state and whether something holds its trading back.

    It `waits` while orders that are not ours may rest on its symbol; `resting` is what was told of
    them last. `no_reservations` is the owner's word where the broker lists none.
    """

    cycle_id: int
    symbol: str
    approval: Approval
    cycle: Cycle
    started_at: datetime
    held: LedgerMismatched | None
    first_session: date | None = None
    waits: bool = False
    resting: RestingOrdersSeen | None = None
    no_reservations: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderView:
    """One slot with all that became of it. `fill_price` is the mean price (USD) of `filled`.

    `emulated` says how a LOC or MOC was sent where neither is taken.
    """

    slot: Slot
    round_id: str
    session: date
    state: OrderState
    tries: int
    order_number: str | None
    sent_at: datetime | None
    answered_at: datetime | None
    unknown_at: datetime | None
    retry_at: datetime | None
    cancel_asked: datetime | None
    baseline: tuple[str, ...]
    detail: str
    filled: int
    fill_price: Decimal | None
    may_resend: bool
    emulated: Emulated | None = None

    @property
    def as_sent(self) -> Slot:
        """The slot with the type and the price that the broker has seen of it."""
        return as_sent(self.slot, self.emulated)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundView:
    """A round with its plan, its orders and, after the close, its settlement.

    `emulated`: its LOC and MOC are imitated; `official_close` (USD) is what they are held against.
    `foreseen` is the provisional result that was shown, where the official one comes later.
    """

    round_id: str
    cycle_id: int
    session: date
    state: RoundState
    digest: str
    approval: Approval | None
    deadline: datetime | None
    plan: Plan | None
    proposed_at: datetime
    reason: str
    reminded: int | None
    verified: bool
    settlement: RoundSettled | None
    orders: tuple[OrderView, ...]
    emulated: bool = False
    official_close: Decimal | None = None
    foreseen: RoundForeseen | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """The home card: `trading` is running, paused, paused_all or stopped."""

    trading: str
    cycles: tuple[CycleView, ...]
    unresolved: int


class Views:
    """Answer questions; never writes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def trading(self) -> str:
        row = await self._database.one("SELECT value FROM preference WHERE name = ?", (TRADING,))
        return str(row["value"]) if row else "running"

    async def status(self) -> Status:
        return Status(
            trading=await self.trading(),
            cycles=await self.cycles(),
            unresolved=len(await self.orders_in(*UNRESOLVED)),
        )

    async def cycles(self) -> tuple[CycleView, ...]:
        rows = await self._database.all("SELECT * FROM cycle ORDER BY cycle_id")
        return tuple(_cycle(row) for row in rows)

    async def cycle(self, cycle_id: int) -> CycleView | None:
        row = await self._database.one("SELECT * FROM cycle WHERE cycle_id = ?", (cycle_id,))
        return _cycle(row) if row else None

    async def cycles_of(self, symbol: str) -> tuple[CycleView, ...]:
        return tuple(view for view in await self.cycles() if view.symbol == symbol)

    async def set_aside(self, symbol: str) -> int:
        """Read how many of a symbol's shares in the account are not the bot's."""
        row = await self._database.one("SELECT quantity FROM set_aside WHERE symbol = ?", (symbol,))
        return int(row["quantity"]) if row else 0

    async def splits(self, symbol: str) -> tuple[tuple[date, ShareSplit], ...]:
        """Read a symbol's share splits with the first session at the new price, oldest first."""
        rows = await self._database.all(
            "SELECT * FROM share_split WHERE symbol = ? ORDER BY first_session", (symbol,)
        )
        return tuple(
            (date.fromisoformat(row["first_session"]), codec.loads(ShareSplit, row["split"]))
            for row in rows
        )

    async def waiting_changes(self) -> tuple[ChangeAgreed | SplitAgreed, ...]:
        """Read the owner's changes that are not booked yet, oldest first."""
        rows = await self._database.all("SELECT type, body FROM pending_change ORDER BY change_id")
        events = [codec.event_of(row["type"], row["body"]) for row in rows]
        return tuple(event for event in events if isinstance(event, ChangeAgreed | SplitAgreed))

    async def proposals(self, session: date) -> tuple[RoundProposed, ...]:
        """Read what was planned for a session, from the journal; the last word of each round."""
        rows = await self._database.all(
            "SELECT type, body FROM journal WHERE type = 'RoundProposed' AND round_id LIKE ?"
            " ORDER BY seq",
            (f"{session.isoformat()}.%",),
        )
        events = (codec.event_of(row["type"], row["body"]) for row in rows)
        latest = {event.round_id: event for event in events if isinstance(event, RoundProposed)}
        return tuple(sorted(latest.values(), key=lambda event: event.cycle_id))

    async def round(self, round_id: str) -> RoundView | None:
        row = await self._database.one("SELECT * FROM round WHERE round_id = ?", (round_id,))
        return await self._round(row) if row else None

    async def latest_round(self, cycle_id: int) -> RoundView | None:
        row = await self._database.one(
            "SELECT * FROM round WHERE cycle_id = ? ORDER BY session DESC LIMIT 1", (cycle_id,)
        )
        return await self._round(row) if row else None

    async def today(self) -> tuple[RoundView, ...]:
        """Read the rounds of the latest session that has any."""
        rows = await self._database.all(
            "SELECT * FROM round WHERE session = (SELECT max(session) FROM round) ORDER BY cycle_id"
        )
        return tuple([await self._round(row) for row in rows])

    async def rounds_in(self, *states: RoundState) -> tuple[RoundView, ...]:
        rows = await self._database.all(
            f"SELECT * FROM round WHERE state IN ({_marks(states)}) ORDER BY session, cycle_id",  # noqa: S608 - marks only
            [state.value for state in states],
        )
        return tuple([await self._round(row) for row in rows])

    async def settlements(
        self, *, cycle_id: int | None = None, limit: int = 10_000
    ) -> tuple[RoundSettled, ...]:
        """Read the latest settlements, newest first."""
        rows = await self._database.all(
            "SELECT settlement FROM round WHERE settlement IS NOT NULL"
            " AND (? IS NULL OR cycle_id = ?) ORDER BY session DESC, cycle_id LIMIT ?",
            (cycle_id, cycle_id, limit),
        )
        return tuple(codec.loads(RoundSettled, row["settlement"]) for row in rows)

    async def order(self, slot: str) -> OrderView | None:
        row = await self._database.one("SELECT * FROM broker_order WHERE slot = ?", (slot,))
        return _order(row) if row else None

    async def orders_in(self, *states: OrderState) -> tuple[OrderView, ...]:
        rows = await self._database.all(
            f"SELECT * FROM broker_order WHERE state IN ({_marks(states)})"  # noqa: S608 - marks only
            " ORDER BY session, round_id, position",
            [state.value for state in states],
        )
        return tuple(_order(row) for row in rows)

    async def orders_of_session(self, session: date) -> tuple[OrderView, ...]:
        rows = await self._database.all(
            "SELECT * FROM broker_order WHERE session = ? ORDER BY round_id, position",
            (session.isoformat(),),
        )
        return tuple(_order(row) for row in rows)

    async def _round(self, row: Row) -> RoundView:
        orders = await self._database.all(
            "SELECT * FROM broker_order WHERE round_id = ? ORDER BY position", (row["round_id"],)
        )
        foreseen = row["foreseen_figures"]
        return RoundView(
            round_id=row["round_id"],
            cycle_id=row["cycle_id"],
            session=date.fromisoformat(row["session"]),
            state=RoundState(row["state"]),
            digest=row["digest"],
            approval=Approval(row["approval"]) if row["approval"] else None,
            deadline=_instant(row["deadline"]),
            plan=codec.loads(Plan, row["plan"]) if row["plan"] else None,
            proposed_at=datetime.fromisoformat(row["proposed_at"]),
            reason=row["reason"] or "",
            reminded=row["reminded"],
            verified=bool(row["verified"]),
            settlement=codec.loads(RoundSettled, row["settlement"]) if row["settlement"] else None,
            orders=tuple(_order(order) for order in orders),
            emulated=bool(row["emulated"]),
            official_close=Decimal(row["official_close"]) if row["official_close"] else None,
            foreseen=codec.loads(RoundForeseen, foreseen) if foreseen else None,
        )


def _marks(states: tuple[object, ...]) -> str:
    return ", ".join("?" for _ in states)


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _cycle(row: Row) -> CycleView:
    return CycleView(
        cycle_id=row["cycle_id"],
        symbol=row["symbol"],
        approval=Approval(row["approval"]),
        cycle=codec.loads(Cycle, row["state"]),
        started_at=datetime.fromisoformat(row["started_at"]),
        held=codec.loads(LedgerMismatched, row["held"]) if row["held"] else None,
        first_session=date.fromisoformat(row["first_session"]) if row["first_session"] else None,
        waits=row["waiting"] is not None,
        resting=codec.loads(RestingOrdersSeen, row["waiting"]) if row["waiting"] else None,
        no_reservations=bool(row["vouched"]),
    )


def _order(row: Row) -> OrderView:
    return OrderView(
        slot=codec.loads(Slot, row["description"]),
        round_id=row["round_id"],
        session=date.fromisoformat(row["session"]),
        state=OrderState(row["state"]),
        tries=row["tries"],
        order_number=row["order_number"],
        sent_at=_instant(row["sent_at"]),
        answered_at=_instant(row["answered_at"]),
        unknown_at=_instant(row["unknown_at"]),
        retry_at=_instant(row["retry_at"]),
        cancel_asked=_instant(row["cancel_asked"]),
        baseline=tuple(codec.loads(list[str], row["baseline"])) if row["baseline"] else (),
        detail=row["detail"] or "",
        filled=row["filled"],
        fill_price=Decimal(row["fill_price"]) if row["fill_price"] else None,
        may_resend=bool(row["may_resend"]),
        emulated=codec.loads(Emulated, row["emulated"]) if row["emulated"] else None,
    )
