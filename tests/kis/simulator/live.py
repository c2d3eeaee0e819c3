"""A live exchange in a test: its wall clock is moved by hand, its trades are said aloud."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from kis.simulator.happenings import Request
from kis.simulator.live.exchange import LiveExchange
from kis.simulator.live.market import LiveMarket
from kis.simulator.live.rules import LiveRules, Tick
from kis.simulator.live.symbols import LiveSymbols
from kis.simulator.model import SEOUL, Bar, Order, OrderType, Phase, Session, Side
from kis.simulator.store import Store
from kis.simulator.timetable import Timetable

from .desk import WEDNESDAY, new_york, week

CASH = Decimal(20000)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


class LiveDay:
    """One exchange on a hand-moved clock; `again` is a restart on the same state file."""

    def __init__(
        self,
        at: datetime,
        state: Path | None = None,
        sessions: list[Session] | None = None,
        *,
        stale: timedelta = timedelta(seconds=60),
    ) -> None:
        self.wall = at
        self._state = state
        self._sessions = sessions or week()
        self._stale = stale
        self.exchange = self._open()

    def _open(self) -> LiveExchange:
        self.store = Store(self._state)
        self.symbols = LiveSymbols(self.store, {"TQQQ": "NASD", "SOXL": "AMEX"})
        return LiveExchange(
            market=LiveMarket(self.store, self.symbols, lambda: self.wall),
            timetable=Timetable(self._sessions),
            store=self.store,
            cash=CASH,
            fee_percent=Decimal(0),
            rules=LiveRules(wall=lambda: self.wall, stale=self._stale),
        )

    def again(self, at: datetime | None = None) -> None:
        """Stop without a word and start anew, at the same or a later instant."""
        self.store.close()
        self.wall = at or self.wall
        self.exchange = self._open()

    def step_to(self, at: datetime) -> None:
        """Let the clock go on as a machine that is awake sees it: in small steps."""
        while self.wall < at:
            self.wall = min(at, self.wall + timedelta(seconds=20))
            self.exchange.catch_up()

    def sleep_to(self, at: datetime) -> None:
        """Let the machine sleep."""
        self.wall = at
        self.exchange.catch_up()

    def order(
        self,
        side: Side,
        kind: OrderType,
        quantity: int,
        price: str = "0",
        symbol: str = "TQQQ",
    ) -> Order:
        self.exchange.catch_up()
        return self.exchange.submit(
            Request(
                symbol=symbol,
                exchange=self.symbols[symbol],
                side=side,
                type=kind,
                quantity=quantity,
                price=Decimal(price),
            )
        )

    def now(self, order: Order) -> Order:
        return self.exchange.book.orders[order.key]

    def trade(
        self,
        price: str,
        volume: int = 100,
        *,
        after: float = 1,
        symbol: str = "TQQQ",
        hours: Phase | None = None,
    ) -> None:
        """A trade some seconds after now, seen as it happens."""
        self.step_to(self.wall + timedelta(seconds=after))
        self.tick(self.wall, price, volume, symbol=symbol, hours=hours)

    def tick(
        self,
        at: datetime,
        price: str,
        volume: int = 100,
        *,
        symbol: str = "TQQQ",
        hours: Phase | None = None,
    ) -> None:
        tick = Tick(symbol=symbol, at=at, price=Decimal(price), volume=volume, hours=hours)
        self.exchange.trades([tick])

    def up(self, symbols: Iterable[str] = ("TQQQ", "SOXL")) -> None:
        self.exchange.feed_up(symbols)

    def official(self, day: date, close: str, *, asked_at: datetime, symbol: str = "TQQQ") -> None:
        prices = [Decimal(price) for price in ("50", "60", "40", close)]
        bar = Bar(day, prices[0], prices[1], prices[2], prices[3], 1_000_000)
        self.exchange.bars(symbol, [bar], asked_at=asked_at)


def evening(state: Path | None = None) -> LiveDay:
    """Half past six in Seoul of a Wednesday: the pre-market runs, the feed is up."""
    day = LiveDay(new_york("2026-10-07T05:30"), state)
    day.official(WEDNESDAY - timedelta(days=1), "50", asked_at=day.wall)
    day.up()
    return day
