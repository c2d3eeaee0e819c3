"""The tests' own broker: rows in memory, answers by script, and the world's clock.

What has been posted belongs to the world: it lands whether or not the bot lives to hear of it.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum, auto
from pathlib import Path

from bot.events import Event
from bot.sessions import Calendar
from bot.trading.model import RestingOrder, Slot
from bot.trading.ports import (
    Accepted,
    Announced,
    BrokerOrder,
    BrokerSilent,
    GatewayRefused,
    Held,
    NotSent,
    OrderList,
    PlaceAnswer,
    Refused,
    RestingList,
    Touch,
    Unknown,
)
from strategy.model import Bar, OrderType, Side


class WorldClock:
    """A clock that stands where the test puts it; sleeping moves it."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)

    async def sleep_until(
        self, at: datetime, *, hold: str | None = None, nudge: asyncio.Event | None = None
    ) -> None:
        del hold, nudge
        self.at = max(self.at, at)

    @contextmanager
    def working(self) -> Iterator[None]:
        yield


class Say(Enum):
    """What the counter answers to an order."""

    ACCEPT = auto()
    REFUSE = auto()
    NO_USD = auto()
    OUTSIDE_HOURS = auto()
    GATEWAY = auto()
    NOT_SENT = auto()
    UNKNOWN_ACCEPTED = auto()
    UNKNOWN_LOST = auto()
    UNKNOWN_LATE = auto()


class List(Enum):
    """How a listing of orders comes out."""

    COMPLETE = auto()
    INCOMPLETE = auto()
    SILENT = auto()


@dataclass
class Posted:
    """An order in the world; it is listed from `lands` on."""

    row: BrokerOrder
    type: OrderType
    session: date
    lands: datetime
    slot: str | None


def _never() -> None:
    return


def _nowhere(_moment: str, _events: Sequence[Event]) -> None:
    return


@dataclass
class Counter:
    """A `trading.ports.Broker` whose every answer the test decides.

    `closes` are official closes by session (USD), 50 where none is given. `io` is called before
    and after whatever a process could die in; `step` hears of events "inside" and "after" their
    transaction and of an order's "post" and "answer". With `journal` set, `place` looks through a
    second connection whether the slot is durably "sent". A `mock` counter takes limit orders only,
    fills them as they come in where the market has crossed them, and takes `call_takes` for each.
    """

    clock: WorldClock
    calendar: Calendar
    closes: dict[date, Decimal] = field(default_factory=dict)
    holdings: dict[str, int] = field(default_factory=dict)
    script: deque[Say] = field(default_factory=deque)
    listings: deque[List] = field(default_factory=deque)
    always_list: List = List.COMPLETE
    prices: dict[str, Decimal | None] = field(default_factory=dict)
    usd: Decimal | None = Decimal(1_000_000)
    bars_known: bool = True
    quantity_lag: int = 0
    averages: dict[str, Decimal] = field(default_factory=dict)
    reserved: list[RestingOrder] = field(default_factory=list)
    restings: deque[List] = field(default_factory=deque)
    rested: list[date] = field(default_factory=list)
    lists_reservations: bool = True
    deposits: Decimal = Decimal(100_000)
    fee_percent: Decimal = Decimal(0)
    counts_money: bool = True
    rights: list[Announced] = field(default_factory=list)
    journal: Path | None = None
    io: Callable[[], None] = _never
    step: Callable[[str, Sequence[Event]], None] = _nowhere
    before_place: Callable[[Slot], None] | None = None
    placed: list[Slot] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    cancels_refused: bool = False
    posted: list[Posted] = field(default_factory=list)
    late: timedelta = timedelta(seconds=20)
    lag: timedelta = timedelta()
    default_close: Decimal = Decimal(50)
    mock: bool = False
    call_takes: timedelta = timedelta()
    books: dict[str, Touch] = field(default_factory=dict)
    calls: int = 0
    part: Callable[[Slot | None, int], int] = lambda _slot, quantity: quantity
    _number: int = 100
    _auctions: set[date] = field(default_factory=set)

    # -- the world ------------------------------------------------------------------------------

    def close_of(self, day: date) -> Decimal:
        return self.closes.get(day, self.default_close)

    def post(
        self,
        slot: Slot,
        *,
        session: date,
        by_api: bool = True,
        lands: datetime | None = None,
        key: str | None = None,
    ) -> str:
        """Take an order in, the bot's (with its key) or anybody else's; answer its number."""
        self._number += 1
        row = BrokerOrder(
            order_number=str(self._number),
            original_number="",
            symbol=slot.symbol,
            side=slot.side,
            is_cancel=False,
            quantity=slot.quantity,
            price=slot.price or Decimal(0),
            filled=0,
            filled_price=Decimal(0),
            open_quantity=slot.quantity,
            done=False,
            refusal="",
            ordered_at=lands or self.clock.now(),
            by_api=by_api,
        )
        self.posted.append(
            Posted(
                row=row,
                type=slot.type,
                session=session,
                lands=lands or self.clock.now(),
                slot=key,
            )
        )
        if self.mock:
            self.trade(row.order_number)
        return row.order_number

    def trade(self, number: str) -> None:
        """Fill an order that the market has crossed by now, at the market's price."""
        each = self.find(number)
        row, price = each.row, self.prices.get(each.row.symbol) or self.default_close
        session = self.calendar.session(each.session)
        if session is None or not session.open <= self.clock.now() < session.close or row.done:
            return
        if price <= row.price if row.side is Side.BUY else price >= row.price:
            quantity = self.part(None, row.quantity)
            if quantity:
                self.fill(number, quantity, str(price))

    def find(self, number: str) -> Posted:
        return next(each for each in self.posted if each.row.order_number == number)

    def fill(self, number: str, quantity: int, price: str, *, done: bool | None = None) -> None:
        """Let an order's fills come to a total at a mean price."""
        each = self.find(number)
        grown = quantity - each.row.filled
        sign = 1 if each.row.side is Side.BUY else -1
        symbol = each.row.symbol
        self.holdings[symbol] = self.holdings.get(symbol, 0) + sign * grown
        left = each.row.quantity - quantity
        each.row = replace(
            each.row,
            filled=quantity,
            filled_price=Decimal(price),
            open_quantity=left,
            done=left == 0 if done is None else done,
        )

    def end(self, number: str, refusal: str = "") -> None:
        """End an order without a further fill."""
        each = self.find(number)
        each.row = replace(each.row, open_quantity=0, done=True, refusal=refusal)

    def tick(self) -> None:
        """Hold the closing auctions that are due."""
        now = self.clock.now()
        for day in {each.session for each in self.posted} - self._auctions:
            session = self.calendar.session(day)
            if session is not None and now >= session.close:
                self._auctions.add(day)
                for each in self.posted:
                    if each.session == day and not each.row.done and each.lands <= session.close:
                        self._auction(each, self.close_of(day))

    def _auction(self, each: Posted, close: Decimal) -> None:
        row = each.row
        fits = (
            each.type is OrderType.MOC
            or (row.side is Side.BUY and row.price >= close)
            or (row.side is Side.SELL and row.price <= close)
        )
        if not fits:
            self.end(row.order_number, "장종료")
            return
        quantity = self.part(None, row.quantity)
        price = row.price if each.type is OrderType.LIMIT else close
        if quantity:
            self.fill(row.order_number, quantity, str(price), done=True)
        else:
            self.end(row.order_number, "장종료")

    # -- the port -------------------------------------------------------------------------------

    def _call(self, calls: int = 1) -> None:
        self.calls += calls
        self.clock.at += calls * self.call_takes

    async def touch(self, symbol: str) -> Touch:
        last = await self.last_price(symbol)
        return self.books.get(symbol, Touch(bid=last, ask=last, traded=True))

    async def ready(self, valid_for: timedelta) -> None:
        del valid_for
        self.io()

    async def bars(self, symbol: str, *, before: date, count: int) -> Sequence[Bar]:
        del symbol
        self.io()
        if not self.bars_known:
            return ()
        days: list[date] = []
        day = before
        for _ in range(count):
            day = self.calendar.previous(day).day
            days.append(day)
        closes = [(day, self.close_of(day)) for day in reversed(days)]
        return [Bar(day=day, open=c, high=c, low=c, close=c) for day, c in closes]

    async def last_price(self, symbol: str) -> Decimal:
        self.io()
        self._call()
        price = self.prices.get(symbol, self.default_close)
        if price is None:
            raise BrokerSilent("no price")
        return price

    async def orderable_usd(self, symbol: str) -> Decimal:
        del symbol
        self.io()
        self._call()
        if self.usd is None:
            raise BrokerSilent("no orderable amount")
        return self.usd

    async def quantity(self, symbol: str) -> int:
        self.io()
        self.tick()
        return self.holdings.get(symbol, 0) - self.quantity_lag

    async def holding(self, symbol: str) -> Held:
        quantity = await self.quantity(symbol)
        average = self.averages.get(symbol, self.default_close) if quantity else Decimal(0)
        return Held(quantity=quantity, average=average)

    async def resting(self, symbol: str, *, today: date) -> RestingList:
        self.io()
        self.tick()
        self.rested.append(today)
        how = self.restings.popleft() if self.restings else List.COMPLETE
        if how is List.SILENT:
            raise BrokerSilent("the counter says nothing")
        now = self.clock.now()
        orders = [
            RestingOrder(
                number=each.row.order_number,
                symbol=symbol,
                side=each.row.side,
                quantity=each.row.open_quantity,
                price=each.row.price,
                reservation=False,
            )
            for each in self.posted
            if each.row.symbol == symbol and not each.row.done and each.lands <= now
        ]
        orders += [order for order in self.reserved if order.symbol == symbol]
        return RestingList(
            orders=tuple(orders),
            complete=how is List.COMPLETE,
            reservations=self.lists_reservations,
        )

    async def orders(self, session: date) -> OrderList:
        self.io()
        self._call(max(1, -(-len(self.posted) // 15)))
        self.tick()
        how = self.listings.popleft() if self.listings else self.always_list
        if how is List.SILENT:
            raise BrokerSilent("the counter says nothing")
        now = self.clock.now()
        rows = tuple(
            each.row
            for each in self.posted
            if each.session == session and each.lands + self.lag <= now
        )
        if how is List.INCOMPLETE:
            return OrderList(orders=rows[:1], complete=False, reason="page 2 failed: HTTP 500")
        return OrderList(orders=rows, complete=True)

    async def money(self, symbol: str) -> Decimal | None:
        del symbol
        self.io()
        self._call()
        self.tick()
        if not self.counts_money:
            return None
        rows = [each.row for each in self.posted]
        flows = [
            row.filled * row.filled_price * (1 if row.side is Side.SELL else -1) for row in rows
        ]
        fees = sum((abs(flow) * self.fee_percent / 100 for flow in flows), Decimal(0))
        held_back = sum(
            (
                row.open_quantity * row.price
                for row in rows
                if row.side is Side.BUY and not row.done
            ),
            Decimal(0),
        )
        return self.deposits + sum(flows, Decimal(0)) - fees - held_back

    async def announced(self, symbol: str, start: date, end: date) -> Sequence[Announced]:
        self.io()
        self._call()
        return [each for each in self.rights if each.symbol == symbol and start <= each.day <= end]

    async def place(self, slot: Slot) -> PlaceAnswer:
        self.io()
        if self.journal is not None:
            assert _state_on_disk(self.journal, slot.key) == "sent"
        if self.before_place is not None:
            self.before_place(slot)
        self._call()
        self.step("post", ())
        assert not self.mock or slot.type is OrderType.LIMIT
        self.placed.append(slot)
        answer = self._answer(slot, self.script.popleft() if self.script else Say.ACCEPT)
        self.io()
        self.step("answer", ())
        return answer

    def _answer(self, slot: Slot, say: Say) -> PlaceAnswer:
        session = date.fromisoformat(slot.round_id.split(".", maxsplit=1)[0])
        match say:
            case Say.ACCEPT:
                return Accepted(order_number=self.post(slot, session=session, key=slot.key))
            case Say.REFUSE:
                return Refused(code="APBK0400", message="주문가능금액을 초과했습니다")
            case Say.NO_USD:
                return Refused(code="APBK0400", message="주문가능수량 초과", lacks="shares")
            case Say.OUTSIDE_HOURS:
                return Refused(code="APBK0918", message="장운영시간이 아닙니다", outside_hours=True)
            case Say.GATEWAY:
                return GatewayRefused(code="EGW00201", message="초당 거래건수 초과")
            case Say.NOT_SENT:
                return NotSent(reason="no route")
            case Say.UNKNOWN_ACCEPTED:
                self.post(slot, session=session, key=slot.key)
            case Say.UNKNOWN_LATE:
                lands = self.clock.now() + self.late
                self.post(slot, session=session, key=slot.key, lands=lands)
            case Say.UNKNOWN_LOST:
                pass
        return Unknown(reason="no answer in time")

    async def cancel(self, slot: Slot, order_number: str, open_quantity: int) -> PlaceAnswer:
        del slot, open_quantity
        self.io()
        self._call()
        self.cancelled.append(order_number)
        if self.cancels_refused:
            return Refused(code="APBK1", message="취소할 수 없습니다")
        self.end(order_number)
        return Accepted(order_number=f"9{order_number}")


def _state_on_disk(path: Path, slot: str) -> str:
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        row = connection.execute(
            "SELECT state FROM broker_order WHERE slot = ?", (slot,)
        ).fetchone()
    finally:
        connection.close()
    return str(row[0])
