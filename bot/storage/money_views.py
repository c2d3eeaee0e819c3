"""What is known of money: the rates of past days, what KIS took, every trade and where it began."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot.events import CycleChanged, CycleStarted, FeesDiffer, RoundSettled
from bot.storage import codec
from bot.storage.account_views import Reading
from bot.storage.answers import OrderView, order_of
from bot.storage.database import Row
from strategy.changes import HandTrade, ShareSplit
from strategy.model import Cycle, Plan

_UNCHARGED = (
    "SELECT round_id FROM round WHERE settlement IS NOT NULL AND session >= ?"
    " AND round_id NOT IN (SELECT round_id FROM charge)"
    " AND EXISTS (SELECT 1 FROM broker_order o WHERE o.round_id = round.round_id AND o.filled > 0)"
    " ORDER BY session, cycle_id"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RoundTraded:
    """What a settled round traded; `charged` is KIS's own figure (buys, sales), None while unknown.

    `booked` is what the agreed rate came to (USD).
    """

    cycle_id: int
    session: date
    plan: Plan
    orders: tuple[OrderView, ...]
    booked: Decimal
    charged: tuple[Decimal, Decimal] | None


@dataclass(frozen=True, kw_only=True, slots=True)
class TakenOver:
    """A position that a cycle began with; when its shares were bought nobody told."""

    cycle_id: int
    at: datetime
    cycle: Cycle


@dataclass(frozen=True, kw_only=True, slots=True)
class HandTraded:
    """A trade by hand that the owner took into a cycle; `cycle` as it stood before."""

    cycle_id: int
    cycle: Cycle
    trade: HandTrade


class MoneyViews:
    """Answer questions; never writes. Rates are KRW a dollar, days are Seoul's."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def rate(self, day: date) -> Decimal | None:
        """Read the rate that was kept of a day."""
        row = await self._reading.one(
            "SELECT rate FROM exchange_rate WHERE day = ?", (day.isoformat(),)
        )
        return Decimal(row["rate"]) if row else None

    async def rates(self, *, since: date = date.min) -> dict[date, Decimal]:
        """Read every rate that was kept from a day on, oldest first."""
        rows = await self._reading.all(
            "SELECT day, rate FROM exchange_rate WHERE day >= ? ORDER BY day", (since.isoformat(),)
        )
        return {date.fromisoformat(row["day"]): Decimal(row["rate"]) for row in rows}

    async def latest_rate(self) -> tuple[date, Decimal] | None:
        """Read the newest rate that was kept, with its day."""
        row = await self._reading.one(
            "SELECT day, rate FROM exchange_rate ORDER BY day DESC LIMIT 1"
        )
        return (date.fromisoformat(row["day"]), Decimal(row["rate"])) if row else None

    async def uncharged(self, *, since: date) -> tuple[str, ...]:
        """Name the settled rounds from a session on that traded and whose fees KIS has not told."""
        rows = await self._reading.all(_UNCHARGED, (since.isoformat(),))
        return tuple(row["round_id"] for row in rows)

    async def charges(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Read what KIS took from each round of which it told: of buys, of sales (USD)."""
        rows = await self._reading.all("SELECT round_id, bought, sold FROM charge")
        return {row["round_id"]: (Decimal(row["bought"]), Decimal(row["sold"])) for row in rows}

    async def differed(self, cycle_id: int) -> FeesDiffer | None:
        """Read what was told last of a cycle's fees."""
        rows = await self._reading.all(
            "SELECT body FROM journal WHERE type = 'FeesDiffer' ORDER BY seq DESC LIMIT 50"
        )
        events = (codec.loads(FeesDiffer, row["body"]) for row in rows)
        return next((event for event in events if event.cycle_id == cycle_id), None)

    async def traded(self) -> tuple[RoundTraded, ...]:
        """Read what every settled round traded, oldest first."""
        orders: dict[str, list[OrderView]] = {}
        for row in await self._reading.all(
            "SELECT * FROM broker_order WHERE filled > 0 ORDER BY round_id, position"
        ):
            orders.setdefault(row["round_id"], []).append(order_of(row))
        rows = await self._reading.all(
            "SELECT r.round_id, r.cycle_id, r.session, r.plan, r.settlement,"
            " c.booked, c.bought, c.sold FROM round r LEFT JOIN charge c USING (round_id)"
            " WHERE r.settlement IS NOT NULL AND r.plan IS NOT NULL ORDER BY r.session, r.cycle_id"
        )
        return tuple(
            _traded(row, tuple(orders[row["round_id"]]))
            for row in rows
            if row["round_id"] in orders
        )

    async def taken_over(self) -> tuple[TakenOver, ...]:
        """Read the cycles that began with shares."""
        rows = await self._reading.all(
            "SELECT at, body FROM journal WHERE type = 'CycleStarted' ORDER BY seq"
        )
        begun = [(datetime.fromisoformat(row["at"]), row["body"]) for row in rows]
        events = [(at, codec.loads(CycleStarted, body)) for at, body in begun]
        return tuple(
            TakenOver(cycle_id=event.cycle_id, at=at, cycle=event.cycle)
            for at, event in events
            if event.cycle.quantity
        )

    async def by_hand(self) -> tuple[HandTraded, ...]:
        """Read the trades by hand that are in a ledger, in the order they were booked."""
        rows = await self._reading.all(
            "SELECT body FROM journal WHERE type = 'CycleChanged' ORDER BY seq"
        )
        events = [codec.loads(CycleChanged, row["body"]) for row in rows]
        return tuple(
            HandTraded(cycle_id=event.cycle_id, cycle=event.before, trade=event.change)
            for event in events
            if isinstance(event.change, HandTrade)
        )

    async def splits(self) -> tuple[tuple[str, date, int, int], ...]:
        """Read every share split: symbol, first session at the new price, new, old."""
        rows = await self._reading.all(
            "SELECT symbol, first_session, split FROM share_split ORDER BY first_session"
        )
        found = [
            (row["symbol"], date.fromisoformat(row["first_session"]), _ratio(row["split"]))
            for row in rows
        ]
        return tuple((symbol, day, *ratio) for symbol, day, ratio in found)


def _ratio(split: str) -> tuple[int, int]:
    loaded = codec.loads(ShareSplit, split)
    return loaded.new, loaded.old


def _traded(row: Row, orders: tuple[OrderView, ...]) -> RoundTraded:
    settled = codec.loads(RoundSettled, row["settlement"])
    charged = None if row["bought"] is None else (Decimal(row["bought"]), Decimal(row["sold"]))
    return RoundTraded(
        cycle_id=row["cycle_id"],
        session=date.fromisoformat(row["session"]),
        plan=codec.loads(Plan, row["plan"]),
        orders=orders,
        booked=settled.fees if row["booked"] is None else Decimal(row["booked"]),
        charged=charged,
    )
