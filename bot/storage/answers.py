"""The frozen answers of the question desk, and how the rows of the projections become them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from bot.events import LedgerMismatched, RestingOrdersSeen, RoundForeseen, RoundSettled
from bot.storage import codec
from bot.storage.database import Row
from bot.trading.model import (
    Afterwards,
    Approval,
    Emulated,
    OrderState,
    RoundState,
    Slot,
    Unattended,
    as_sent,
)
from strategy.model import Cycle, Plan, Side

SIDES_CALLED_BACK: dict[str, frozenset[Side]] = {
    "": frozenset(),
    "buys": frozenset({Side.BUY}),
    "all": frozenset(Side),
}
"""What a round's column says of the sides that the owner called back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleView:
    """A running cycle: its ledger state and whether something holds its trading back.

    `afterwards` is what becomes of it when it holds nothing. It `waits` while orders that are not
    ours may rest on its symbol; `resting` is what was told of them last. `no_reservations` is the
    owner's word where the broker lists none.
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
    afterwards: Afterwards = Afterwards.GO_ON
    ended: bool = False
    unattended: Unattended = Unattended.NOTHING

    @property
    def rests(self) -> bool:
        """Tell whether it holds nothing and is not to buy: it rests, or is to end."""
        return self.afterwards is not Afterwards.GO_ON and not self.cycle.quantity


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderView:
    """One slot with all that became of it. `fill_price` is the mean price (USD) of `filled`.

    `emulated` says how a LOC or MOC was sent where neither is taken. `candidates` are the order
    numbers of which one may be it, while nobody knows which.
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
    candidates: tuple[str, ...] = ()

    @property
    def as_sent(self) -> Slot:
        """The slot with the type and the price that the broker has seen of it."""
        return as_sent(self.slot, self.emulated)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundView:
    """A round with its plan, its orders and, after the close, its settlement.

    `emulated`: its LOC and MOC are imitated; `official_close` (USD) is what they are held against.
    `foreseen` is the provisional result that was shown, where the official one comes later. The
    owner has `called_back` the sides named; `let_go` is what went out for want of a tap.
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
    called_back: frozenset[Side] = frozenset()
    let_go: Unattended | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """The home card: `trading` is running, paused, paused_all or stopped."""

    trading: str
    cycles: tuple[CycleView, ...]
    unresolved: int


def instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


# The same rows are read again and again, at every look; what they become is frozen.
@lru_cache(maxsize=64)
def cycle_of(row: Row) -> CycleView:
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
        afterwards=Afterwards(row["afterwards"]),
        ended=row["ended_at"] is not None,
        unattended=Unattended(row["unattended"]),
    )


@lru_cache(maxsize=1024)
def order_of(row: Row) -> OrderView:
    return OrderView(
        slot=codec.loads(Slot, row["description"]),
        round_id=row["round_id"],
        session=date.fromisoformat(row["session"]),
        state=OrderState(row["state"]),
        tries=row["tries"],
        order_number=row["order_number"],
        sent_at=instant(row["sent_at"]),
        answered_at=instant(row["answered_at"]),
        unknown_at=instant(row["unknown_at"]),
        retry_at=instant(row["retry_at"]),
        cancel_asked=instant(row["cancel_asked"]),
        baseline=codec.loads(tuple[str, ...], row["baseline"] or "[]"),
        detail=row["detail"] or "",
        filled=row["filled"],
        fill_price=Decimal(row["fill_price"]) if row["fill_price"] else None,
        may_resend=bool(row["may_resend"]),
        emulated=codec.loads(Emulated, row["emulated"]) if row["emulated"] else None,
        candidates=codec.loads(tuple[str, ...], row["candidates"] or "[]"),
    )


def round_of(row: Row, orders: Sequence[Row]) -> RoundView:
    foreseen = row["foreseen_figures"]
    return RoundView(
        round_id=row["round_id"],
        cycle_id=row["cycle_id"],
        session=date.fromisoformat(row["session"]),
        state=RoundState(row["state"]),
        digest=row["digest"],
        approval=Approval(row["approval"]) if row["approval"] else None,
        deadline=instant(row["deadline"]),
        plan=codec.loads(Plan, row["plan"]) if row["plan"] else None,
        proposed_at=datetime.fromisoformat(row["proposed_at"]),
        reason=row["reason"] or "",
        reminded=row["reminded"],
        verified=bool(row["verified"]),
        settlement=codec.loads(RoundSettled, row["settlement"]) if row["settlement"] else None,
        orders=tuple(order_of(order) for order in orders),
        emulated=bool(row["emulated"]),
        official_close=Decimal(row["official_close"]) if row["official_close"] else None,
        foreseen=codec.loads(RoundForeseen, foreseen) if foreseen else None,
        called_back=SIDES_CALLED_BACK[row["curtailed"]],
        let_go=Unattended(row["let_go"]) if row["let_go"] else None,
    )
