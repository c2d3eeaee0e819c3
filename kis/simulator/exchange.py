"""The exchange: accepts orders, moves through the market's events and books fills."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from kis.simulator import auction
from kis.simulator.account import fee_of
from kis.simulator.appointments import Appointments
from kis.simulator.book import Book
from kis.simulator.happenings import Accepted, Executed, Happening, Refused, Request, Traded
from kis.simulator.last_sale import last_sale
from kis.simulator.ledger import Ledger
from kis.simulator.market import Market
from kis.simulator.model import NEW_YORK, End, Fill, Order, OrderType, Phase, Session
from kis.simulator.store import Store
from kis.simulator.timetable import Event, EventKind, Timetable


class Exchange:
    """Account, book and market at one simulated instant; time only moves by `advance`.

    `share_at_the_close` and `share_of_a_limit` give the percentage of an order that executes (100
    but for a fault); `before_the_open` is called at each regular open, ahead of its trades.
    """

    def __init__(
        self,
        *,
        market: Market,
        timetable: Timetable,
        store: Store,
        cash: Decimal,
        fee_percent: Decimal,
        lag: timedelta,
        start: datetime,
    ) -> None:
        self.market = market
        self.timetable = timetable
        self.listeners: list[Callable[[Happening], None]] = []
        self.share_at_the_close: Callable[[Order], int] = lambda _: 100
        self.share_of_a_limit: Callable[[Order], int] = lambda _: 100
        self.before_the_open: Callable[[], None] = lambda: None
        self._store = store
        self._fee_percent = fee_percent
        self._lag = lag
        self.book = Book(store)
        self.cash_at_start = Decimal(store.meta("cash") or cash)
        self.ledger = Ledger(store, self.cash_at_start)
        self.account, self.reported = self.ledger.account, self.ledger.reported
        self.fills = self.ledger.fills
        stored = store.meta("now")
        self.now = (datetime.fromisoformat(stored) if stored else start).astimezone(UTC)
        with store.transaction():
            store.set_meta("cash", str(self.cash_at_start))
            store.set_meta("now", self.now.isoformat())
        self._next_session = timetable.index_at(self.now)
        self._agenda: deque[Event] = deque()
        self._appointments = Appointments()
        self._refill()

    # -- what is known ----------------------------------------------------------------------

    @property
    def today(self) -> date:
        """The US date, by which orders are numbered."""
        return self.now.astimezone(NEW_YORK).date()

    @property
    def phase(self) -> Phase:
        return self.timetable.phase(self.now)

    @property
    def orderable_cash(self) -> Decimal:
        """USD that a new buy may reserve: cash less what open buys hold at their limits."""
        return self.reported.cash - self.book.reserved_cash()

    def orderable_quantity(self, symbol: str) -> int:
        """Shares that a new sale may reserve."""
        return self.reported.held(symbol).quantity - self.book.reserved_quantity(symbol)

    def last_trade(self, symbol: str) -> tuple[date, Decimal] | None:
        """Give the last regular trade and its session's day; None before the first bar."""
        return last_sale(self.market, self.timetable, symbol, self.now)

    # -- what the customer asks -------------------------------------------------------------

    def submit(self, request: Request, *, original: Order | None = None) -> Order:
        """Take in an order that the counter has already checked, durably, and number it."""
        with self._store.transaction():
            if original is not None:
                self._end(original, End.REVISED)
            order = self.book.add(
                day=request.day or self.today,
                at=self.now,
                request=request,
                original=original,
            )
            self._tell(Accepted(order))
            self._arrive(order, daytime=request.day is not None)
        return self.book.orders[order.key]

    def _arrive(self, order: Order, *, daytime: bool) -> None:
        last = self.last_trade(order.symbol)
        if last is not None and (daytime or self.phase is Phase.REGULAR):
            price = auction.on_arrival(order, last[1])
            if price is not None:
                self._fill_share(order, price)

    def cancel(self, original: Order, quantity: int, *, by_hand: bool = False) -> Order:
        """Take in a cancel request for a quantity of an open order; it gets its own number."""
        with self._store.transaction():
            row = self.book.add_cancel(
                day=original.day,
                at=self.now,
                original=original,
                quantity=quantity,
                by_hand=by_hand,
            )
            if quantity == original.remaining:
                self._end(original, End.CANCELLED)
            else:
                self.book.put(replace(original, cancelled=original.cancelled + quantity))
            self._tell(Accepted(row))
        return row

    def refuse(self, order: Order) -> None:
        """Turn down an accepted order, as an exchange may some time later; a filled one stays."""
        if self.book.orders[order.key].end is End.FILLED:
            return
        with self._store.transaction():
            self._end(order, End.REFUSED)
        self._tell(Refused(order))

    def expire(self, order: Order, reason: str) -> None:
        """End an order for a reason that its listing tells."""
        self._end(order, End.EXPIRED, reason)

    def hide(self, order: Order, until: datetime) -> None:
        """Keep an accepted order out of the listings until an instant."""
        with self._store.transaction():
            self.book.put(replace(order, hidden_until=until))

    # -- time -------------------------------------------------------------------------------

    def later(self, at: datetime, action: Callable[[], None]) -> None:
        """Do something once market time has come to an instant; a kill forgets it."""
        if at <= self.now:
            action()
        else:
            self._appointments.add(at, action)

    def _keep_appointments(self, until: datetime) -> None:
        for at, action in self._appointments.due(until):
            self.now = at
            action()

    def advance(self, to: datetime) -> None:
        """Move time forward through every event on the way, in order, in one transaction."""
        with self._store.transaction():
            while self._agenda and self._agenda[0].at <= to:
                self._keep_appointments(self._agenda[0].at)
                event = self._agenda.popleft()
                self.now = event.at
                self._happen(event)
                if not self._agenda:
                    self._refill()
            self._keep_appointments(to)
            self.now = to
            self._store.set_meta("now", to.isoformat())

    def _refill(self) -> None:
        while not self._agenda and self._next_session < len(self.timetable.sessions):
            session = self.timetable.sessions[self._next_session]
            events = self.timetable.agenda(self._next_session, self._lag)
            events.extend(self._prints(session))
            self._agenda.extend(event for event in sorted(events) if event.at > self.now)
            self._next_session += 1

    def _prints(self, session: Session) -> Iterator[Event]:
        """Give the trades of a session that are known before it begins."""
        for symbol in self.market.symbols:
            for index, trade in enumerate(self.market.path(symbol, session)):
                kind = EventKind.OPEN if index == 0 else EventKind.PRINT
                yield Event(trade.at, kind, session.day, symbol, trade.price, trade.volume)

    def _happen(self, event: Event) -> None:
        match event.kind:
            case EventKind.OPEN | EventKind.PRINT if event.symbol:
                self._trade(event)
            case EventKind.OPEN:
                self.before_the_open()
            case EventKind.CLOSE:
                self._close(event.day)
            case EventKind.REPORT:
                self._report(event.day)
            case EventKind.AFTER_MARKET_END | EventKind.DAYTIME_END:
                for order in self.book.open_orders():
                    self._end(order, End.EXPIRED)
            case _:
                pass

    def _trade(self, event: Event) -> None:
        opening = event.kind is EventKind.OPEN
        rule = auction.at_the_open if opening else auction.at_a_trade
        for order in self.book.open_orders(event.symbol):
            price = rule(order, event.price)
            if price is not None:
                self._fill_share(order, price)
            elif opening and order.type.at_the_open:
                self._end(order, End.EXPIRED)
        self._tell(Traded(event.symbol, event.at, event.price, event.volume))

    def _close(self, day: date) -> None:
        for order in self.book.open_orders():
            bar = self.market.bar(order.symbol, day)
            price = None if bar is None else auction.at_the_close(order, bar.close)
            if price is not None:
                quantity = order.remaining * self.share_at_the_close(order) // 100
                if quantity:
                    self._fill(order, quantity, price, reported=False)
            rest = self.book.orders[order.key]
            if rest.end is None:
                self.book.put(replace(rest, end=End.EXPIRED))

    def _report(self, day: date) -> None:
        for index in self.ledger.unpublished():
            self._publish(index)
        for order in list(self.book.unreported()):
            if order.day == day:
                self.book.put(replace(order, reported_end=order.end))

    # -- booking ----------------------------------------------------------------------------

    def _fill_share(self, order: Order, price: Decimal) -> None:
        limit = order.type is OrderType.LIMIT
        quantity = order.remaining * (self.share_of_a_limit(order) if limit else 100) // 100
        if quantity:
            self._fill(order, quantity, price, reported=True)

    def _fill(
        self,
        order: Order,
        quantity: int,
        price: Decimal,
        *,
        reported: bool,
        at: datetime | None = None,
    ) -> None:
        amount = order.amount + price * quantity
        fee = fee_of(amount, self._fee_percent)
        fill = Fill(
            day=order.day,
            number=order.number,
            symbol=order.symbol,
            side=order.side,
            quantity=quantity,
            price=price,
            fee=fee - order.fee,
            at=at or self.now,
            reported=False,
        )
        filled = order.filled + quantity
        done = filled + order.cancelled == order.quantity
        self.book.put(
            replace(
                order,
                filled=filled,
                amount=amount,
                fee=fee,
                end=End.FILLED if done else order.end,
            )
        )
        index = self.ledger.book(fill)
        if reported:
            self._publish(index)

    def _publish(self, index: int) -> None:
        fill = self.ledger.publish(index)
        order = self.book.orders[fill.day, fill.number]
        shown = replace(
            order,
            reported_filled=order.reported_filled + fill.quantity,
            reported_amount=order.reported_amount + fill.amount,
        )
        self.book.put(replace(shown, reported_end=shown.end))
        self._tell(Executed(shown, fill))

    def _end(self, order: Order, end: End, reason: str = "") -> None:
        now = self.book.orders[order.key]
        self.book.put(replace(now, end=end, reported_end=end, reason=reason))

    def _tell(self, happening: Happening) -> None:
        for listener in self.listeners:
            listener(happening)
