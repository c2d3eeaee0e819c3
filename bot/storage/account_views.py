"""What the account's owner has done beside the bot, and what he has not said about it yet."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from bot.events import ChangeAgreed, MoneyCounted, MoneyMoved
from bot.storage import codec
from bot.storage.database import Row
from strategy.changes import HandTrade, ShareSplit
from strategy.model import Side

# A number that one of our slots owns by now was never anybody else's.
_OTHERS = (
    "NOT EXISTS (SELECT 1 FROM broker_order o"
    " WHERE o.session = f.session AND o.order_number = f.number)"
)
_ORDERS = (
    "SELECT f.*, (SELECT json_group_array(json_array(d.quantity, d.price))"
    " FROM foreign_decision d WHERE d.session = f.session AND d.number = f.number) AS decided,"
    " (SELECT json_group_array(json(s.split)) FROM share_split s"
    " WHERE s.symbol = f.symbol AND s.first_session > f.session) AS splits"
    " FROM foreign_order f"
)


class Reading(Protocol):
    """The state file, or a transaction of it."""

    async def one(self, sql: str, values: Iterable[Any] = ()) -> Row | None: ...

    async def all(self, sql: str, values: Iterable[Any] = ()) -> list[Row]: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class ForeignOrder:
    """An order that is not ours, as it was told last; `filled` shares at a mean `price` (USD).

    `left` of them, at `left_price` as they were traded, are in no ledger and not set aside yet;
    `undecided` and `open_price` are those in today's shares, where a split was booked since.
    """

    session: date
    number: str
    symbol: str
    side: Side
    by_api: bool
    filled: int
    price: Decimal
    left: int
    left_price: Decimal
    undecided: int
    open_price: Decimal

    @property
    def moved(self) -> int:
        """The undecided shares, sales negative."""
        return self.undecided if self.side is Side.BUY else -self.undecided

    def part(self, most: int) -> int:
        """Count the undecided shares that a heap of `most` takes; of a sale it gives what it has.

        Where a split came between, trade and decision count in other shares: all or nothing.
        """
        whole = self.side is Side.BUY or not most or self.left != self.undecided
        return self.undecided if whole else min(self.undecided, most)


@dataclass(frozen=True, kw_only=True, slots=True)
class AnnouncedSplit:
    """A split that KIS announced and the ledger has not booked."""

    symbol: str
    first_session: date
    split: ShareSplit


class AccountViews:
    """Answer questions; never writes. Reads the state file, or inside a transaction of it."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    async def foreign(self, session: date) -> dict[str, ForeignOrder]:
        """Read a session's orders that are not ours, by number."""
        rows = await self._orders("f.session = ?", session.isoformat())
        return {order.number: order for order in rows}

    async def foreign_order(self, session: date, number: str) -> ForeignOrder | None:
        rows = await self._orders("f.session = ? AND f.number = ?", session.isoformat(), number)
        return rows[0] if rows else None

    async def undecided(self, symbol: str | None = None) -> tuple[ForeignOrder, ...]:
        """Read the hand trades that the owner has not spoken about, oldest first."""
        rows = await self._orders("f.filled > 0 AND coalesce(?, f.symbol) = f.symbol", symbol)
        return tuple(order for order in rows if order.undecided)

    async def by_hand(self, symbol: str) -> int:
        """Count the shares of told hand trades that no ledger holds yet; sales are negative.

        Those adopted whose change waits for a round to be settled count too.
        """
        told = sum(order.moved for order in await self.undecided(symbol))
        rows = await self._reading.all(
            "SELECT body FROM pending_change WHERE symbol = ? AND type = 'ChangeAgreed'", (symbol,)
        )
        changes = [codec.loads(ChangeAgreed, row["body"]).change for row in rows]
        return told + sum(_moved(change) for change in changes if isinstance(change, HandTrade))

    async def moves(self) -> tuple[MoneyMoved, ...]:
        """Read the USD that moved and of which the owner has said nothing, oldest first."""
        rows = await self._reading.all(
            "SELECT event FROM money_move WHERE fate IS NULL ORDER BY move_id"
        )
        return tuple(codec.loads(MoneyMoved, row["event"]) for row in rows)

    async def counted(self) -> MoneyCounted | None:
        """Read the last count of the account's USD."""
        row = await self._reading.one(
            "SELECT body FROM journal WHERE type = 'MoneyCounted' ORDER BY seq DESC LIMIT 1"
        )
        return codec.loads(MoneyCounted, row["body"]) if row else None

    async def announced(self, symbol: str) -> tuple[AnnouncedSplit, ...]:
        """Read a symbol's announced splits that are neither booked, nor agreed, nor dismissed."""
        rows = await self._reading.all(
            "SELECT a.* FROM announced_split a WHERE a.symbol = ? AND a.dismissed = 0"
            " AND NOT EXISTS (SELECT 1 FROM share_split s WHERE s.symbol = a.symbol"
            " AND abs(julianday(s.first_session) - julianday(a.first_session)) <= 10)"
            " AND NOT EXISTS (SELECT 1 FROM pending_change p WHERE p.symbol = a.symbol"
            " AND p.type = 'SplitAgreed') ORDER BY a.first_session",
            (symbol,),
        )
        return tuple(_announced(row) for row in rows)

    async def told_of_split(self, symbol: str, around: date) -> bool:
        """Tell whether a split of about that day was announced to the owner, or booked, before."""
        for table in ("announced_split", "share_split"):
            row = await self._reading.one(
                f"SELECT 1 FROM {table} WHERE symbol = ?"  # noqa: S608 - the two names above
                " AND abs(julianday(first_session) - julianday(?)) <= 10",
                (symbol, around.isoformat()),
            )
            if row is not None:
                return True
        return False

    async def _orders(self, where: str, *values: str | None) -> list[ForeignOrder]:
        rows = await self._reading.all(
            f"{_ORDERS} WHERE {where} AND {_OTHERS} ORDER BY f.session, f.number",
            values,
        )
        return [_foreign(row) for row in rows]


def _foreign(row: Row) -> ForeignOrder:
    filled, price = int(row["filled"]), Decimal(row["price"] or 0)
    decided = codec.loads(tuple[tuple[int, Decimal], ...], row["decided"])
    left = filled - sum(quantity for quantity, _ in decided)
    amount = price * filled - sum(each * quantity for quantity, each in decided)
    # What was decided at its mean price of then leaves the later shares at theirs.
    left_price = amount / left if left and amount > 0 else price
    undecided, open_price = left, left_price
    for split in codec.loads(list[ShareSplit], row["splits"]):
        undecided = undecided * split.new // split.old
        open_price = open_price * split.old / split.new
    return ForeignOrder(
        session=date.fromisoformat(row["session"]),
        number=row["number"],
        symbol=row["symbol"],
        side=Side(row["side"]),
        by_api=bool(row["by_api"]),
        filled=filled,
        price=price,
        left=left,
        left_price=left_price,
        undecided=undecided,
        open_price=open_price,
    )


def _moved(trade: HandTrade) -> int:
    return trade.quantity if trade.side is Side.BUY else -trade.quantity


def _announced(row: Row) -> AnnouncedSplit:
    return AnnouncedSplit(
        symbol=row["symbol"],
        first_session=date.fromisoformat(row["first_session"]),
        split=codec.loads(ShareSplit, row["split"]),
    )
