"""The question desk: frozen answers for chat, report and recovery, read from the projections."""

import asyncio
from datetime import date, datetime

from bot.clock import SEOUL
from bot.events import (
    ChangeAgreed,
    CycleChanged,
    RoundProposed,
    RoundSettled,
    SplitAgreed,
)
from bot.storage import codec
from bot.storage.account_views import AccountViews
from bot.storage.answers import (
    CycleView,
    OrderView,
    RoundView,
    Status,
    cycle_of,
    order_of,
    round_of,
)
from bot.storage.cycle_projections import TRADING
from bot.storage.database import Database, Row
from bot.storage.kept import Kept, kept
from bot.storage.money_views import MoneyViews
from bot.storage.settled import FINISHED, NUMBER, of_cycle
from bot.trading import life
from bot.trading.model import REPLANNED, OrderState, RoundState
from strategy.changes import ShareSplit

UNRESOLVED = life.UNRESOLVED
AT_THE_BROKER = life.AT_THE_BROKER
# What was agreed and did not go out before its round was planned anew is no order of that plan.
OF_THE_PLAN = "NOT (tries = 0 AND state = 'withheld' AND coalesce(detail, '') = ?)"

PAGE, A_SLICE = 200, 50

__all__ = ["AT_THE_BROKER", "UNRESOLVED", "CycleView", "OrderView", "RoundView", "Status", "Views"]


class Views:
    """Answer questions; never writes."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.kept = Kept(database)
        self.account = AccountViews(database)
        self.money = MoneyViews(database)

    async def trading(self) -> str:
        row = await self._database.one("SELECT value FROM preference WHERE name = ?", (TRADING,))
        return str(row["value"]) if row else "running"

    async def consent(self) -> str:
        """Read the edition of the risks that the owner agreed to last; "" when to none."""
        row = await self._database.one("SELECT edition FROM consent ORDER BY id DESC LIMIT 1")
        return str(row["edition"]) if row else ""

    async def status(self) -> Status:
        return Status(
            trading=await self.trading(),
            cycles=await self.cycles(),
            unresolved=len(await self.orders_in(*UNRESOLVED)),
        )

    @kept
    async def cycles(self) -> tuple[CycleView, ...]:
        rows = await self._database.all(
            "SELECT * FROM cycle WHERE ended_at IS NULL ORDER BY cycle_id"
        )
        return tuple(cycle_of(row) for row in rows)

    async def ever_begun(self) -> bool:
        """Tell whether any cycle was begun in this file, over or not."""
        return await self._database.one("SELECT 1 FROM cycle LIMIT 1") is not None

    async def ended(self) -> dict[int, date]:
        """Read the runs that are over, by cycle, with the day in Seoul on which each ended."""
        rows = await self._database.all(
            "SELECT cycle_id, ended_at FROM cycle WHERE ended_at IS NOT NULL"
        )
        return {
            row["cycle_id"]: datetime.fromisoformat(row["ended_at"]).astimezone(SEOUL).date()
            for row in rows
        }

    @kept
    async def cycle(self, cycle_id: int) -> CycleView | None:
        row = await self._database.one("SELECT * FROM cycle WHERE cycle_id = ?", (cycle_id,))
        return cycle_of(row) if row else None

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
            "SELECT type, body FROM journal WHERE +type = 'RoundProposed'"
            " AND round_id >= ? AND round_id < ? ORDER BY seq",
            (f"{session.isoformat()}.", f"{session.isoformat()}/"),
        )
        events = (codec.event_of(row["type"], row["body"]) for row in rows)
        latest = {event.round_id: event for event in events if isinstance(event, RoundProposed)}
        return tuple(sorted(latest.values(), key=lambda event: event.cycle_id))

    @kept
    async def round(self, round_id: str) -> RoundView | None:
        row = await self._database.one("SELECT * FROM round WHERE round_id = ?", (round_id,))
        return await self._round(row) if row else None

    @kept
    async def latest_round(self, cycle_id: int) -> RoundView | None:
        row = await self._database.one(
            "SELECT * FROM round WHERE cycle_id = ? ORDER BY session DESC LIMIT 1", (cycle_id,)
        )
        return await self._round(row) if row else None

    async def today(self) -> tuple[RoundView, ...]:
        """Read the rounds of the latest session that has any."""
        latest = "(SELECT max(session) FROM round)"
        return await self._rounds(f"WHERE session = {latest} ORDER BY cycle_id")

    async def rounds_of(self, session: date) -> tuple[RoundView, ...]:
        """Read a session's rounds, whatever became of them."""
        return await self._rounds("WHERE session = ? ORDER BY cycle_id", session.isoformat())

    @kept
    async def rounds_in(self, *states: RoundState) -> tuple[RoundView, ...]:
        return await self._rounds(
            f"WHERE state IN ({_marks(states)}) ORDER BY session, cycle_id",
            *(state.value for state in states),
        )

    async def settlements(
        self, *, cycle_id: int | None = None, limit: int = 10_000
    ) -> tuple[RoundSettled, ...]:
        """Read the latest settlements, newest first."""
        mine, values = of_cycle(cycle_id)
        rows = await self._database.all(
            f"SELECT settlement FROM round WHERE settlement IS NOT NULL{mine}"  # noqa: S608 - a constant
            " ORDER BY session DESC, cycle_id LIMIT ?",
            (*values, limit),
        )
        return tuple(codec.loads(RoundSettled, row["settlement"]) for row in rows)

    async def read_through(self) -> None:
        """Read every round with its orders once, and keep nothing; what is illegible raises."""
        after = ""
        while True:
            rows = await self._database.all(
                "SELECT * FROM round WHERE round_id > ? ORDER BY round_id LIMIT ?", (after, PAGE)
            )
            if not rows:
                return
            for row in rows:
                await self._round(row)
            after = rows[-1]["round_id"]

    async def rounds_of_cycle(self, cycle_id: int, number: int) -> tuple[RoundView, ...]:
        """Read the settled rounds of one cycle of a run, oldest first."""
        return await self._rounds(
            f"WHERE cycle_id = ? AND settlement IS NOT NULL AND {NUMBER} = ? ORDER BY session",
            cycle_id,
            number,
        )

    async def finished_until(self, session: date, cycle_id: int) -> int:
        """Count the finished cycles of all runs up to that which a run's session ended."""
        row = await self._database.one(
            f"SELECT count(*) AS n FROM round WHERE {FINISHED} AND (session, cycle_id) <= (?, ?)",  # noqa: S608 - a constant
            (session.isoformat(), cycle_id),
        )
        return int(row["n"]) if row else 0

    async def settled_rounds(self, cycle_id: int | None = None) -> tuple[RoundView, ...]:
        """Read every settled round, or a cycle's, oldest first; two questions for any number."""
        mine, values = of_cycle(cycle_id)
        rows = await self._database.all(
            f"SELECT * FROM round WHERE settlement IS NOT NULL{mine} ORDER BY session, cycle_id",  # noqa: S608 - a constant
            values,
        )
        orders: dict[str, list[Row]] = {}
        for order in await self._database.all(
            f"SELECT * FROM broker_order WHERE {OF_THE_PLAN} AND round_id IN"  # noqa: S608 - a constant
            f" (SELECT round_id FROM round WHERE settlement IS NOT NULL{mine}) ORDER BY position",
            (REPLANNED, *values),
        ):
            orders.setdefault(order["round_id"], []).append(order)
        found: list[RoundView] = []
        for row in rows:
            if len(found) % A_SLICE == A_SLICE - 1:
                await asyncio.sleep(0)  # years of rounds take a second: nobody waits for all of it
            found.append(round_of(row, orders.get(row["round_id"], ())))
        return tuple(found)

    async def settled_between(self, first: date, last: date) -> bool:
        """Tell whether a session of some days, both ends included, was settled."""
        row = await self._database.one(
            "SELECT 1 FROM round WHERE settlement IS NOT NULL AND session BETWEEN ? AND ? LIMIT 1",
            (first.isoformat(), last.isoformat()),
        )
        return row is not None

    async def changes_booked(self) -> tuple[CycleChanged, ...]:
        """Read the owner's changes that are booked, oldest first."""
        rows = await self._database.all(
            "SELECT body FROM journal WHERE type = ? ORDER BY seq", (CycleChanged.__name__,)
        )
        return tuple(codec.loads(CycleChanged, row["body"]) for row in rows)

    async def rounds_shown_late(self) -> tuple[RoundView, ...]:
        """Read the settled rounds of which the broker has shown more since; nobody was told yet."""
        return await self._rounds("WHERE late = 1 ORDER BY session")

    async def settled_after(self, cycle_id: int, session: date) -> RoundView | None:
        """Read a cycle's first settled round after a session."""
        row = await self._database.one(
            "SELECT * FROM round WHERE cycle_id = ? AND session > ? AND state = ?"
            " ORDER BY session LIMIT 1",
            (cycle_id, session.isoformat(), RoundState.SETTLED.value),
        )
        return await self._round(row) if row else None

    @kept
    async def order(self, slot: str) -> OrderView | None:
        row = await self._database.one("SELECT * FROM broker_order WHERE slot = ?", (slot,))
        return order_of(row) if row else None

    async def turned_away(self, slot: str) -> int:
        """Count how often a slot came back from the broker to be sent again."""
        return await self._lines(slot, "OrderDeferred")

    async def cancels(self, slot: str) -> int:
        """Count how often an order was asked to be cancelled."""
        return await self._lines(slot, "CancelAsked")

    async def _lines(self, slot: str, kind: str) -> int:
        row = await self._database.one(
            "SELECT count(*) AS n FROM journal WHERE slot = ? AND type = ?", (slot, kind)
        )
        return int(row["n"]) if row else 0

    @kept
    async def orders_in(self, *states: OrderState) -> tuple[OrderView, ...]:
        rows = await self._database.all(
            f"SELECT * FROM broker_order WHERE state IN ({_marks(states)})"  # noqa: S608 - marks only
            " ORDER BY session, round_id, position",
            [state.value for state in states],
        )
        return tuple(order_of(row) for row in rows)

    @kept
    async def orders_of_session(self, session: date) -> tuple[OrderView, ...]:
        rows = await self._database.all(
            "SELECT * FROM broker_order WHERE session = ? ORDER BY round_id, position",
            (session.isoformat(),),
        )
        return tuple(order_of(row) for row in rows)

    async def _rounds(self, which: str, *values: str | int) -> tuple[RoundView, ...]:
        rows = await self._database.all(f"SELECT * FROM round {which}", values)  # noqa: S608 - our own words
        return tuple([await self._round(row) for row in rows])

    async def _round(self, row: Row) -> RoundView:
        orders = await self._database.all(
            f"SELECT * FROM broker_order WHERE round_id = ? AND {OF_THE_PLAN} ORDER BY position",  # noqa: S608 - a constant
            (row["round_id"], REPLANNED),
        )
        return round_of(row, orders)


def _marks(states: tuple[object, ...]) -> str:
    return ", ".join("?" for _ in states)
