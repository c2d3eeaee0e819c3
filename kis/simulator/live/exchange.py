"""Live mode: the exchange on the wall clock, fed with what really happened at KIS.

A limit order fills only on a trade that was seen after its acceptance, at its own limit, at most
the trade's shares. LOC and MOC wait for the official close, known at noon in Seoul; without one by
six in the evening they end unfilled. Where the feed had a gap, an unfilled limit order ends as
unfilled and says so: nothing is guessed.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from kis.simulator import auction
from kis.simulator.exchange import Exchange
from kis.simulator.happenings import Traded
from kis.simulator.live.coverage import Coverage, gap_words
from kis.simulator.live.market import LiveMarket, corrected_at
from kis.simulator.live.rules import LiveRules, Provisional, Tick
from kis.simulator.live.splits import LiveSplits
from kis.simulator.market import Print
from kis.simulator.model import NEW_YORK, SEOUL, Bar, End, Order, Phase, Session, Split
from kis.simulator.store import Store
from kis.simulator.timetable import (
    AFTER_MARKET_END,
    Event,
    EventKind,
    Timetable,
    daytime,
)

GIVEN_UP_AT = time(18, 0)
MAY_HAVE_FILLED = frozenset({"stale", "ahead of the clock", "out of order"})
BAND = Decimal("0.2")
"""How far a trade may lie from the price that was asked for: trades come over plain text."""
ONE_SECOND = timedelta(seconds=1)
NO_CLOSE = "공식 종가가 오지 않음, no official close came"
NO_OPENING = "시가 단일가 주문은 리허설에 없음, no opening auction in rehearsal"


class LiveExchange(Exchange):
    """An exchange that makes nothing up.

    `dropped` counts the trades that counted for nothing, by why.
    """

    market: LiveMarket

    def __init__(
        self,
        *,
        market: LiveMarket,
        timetable: Timetable,
        store: Store,
        cash: Decimal,
        fee_percent: Decimal,
        rules: LiveRules,
    ) -> None:
        self.rules = rules
        self.dropped: Counter[str] = Counter()
        super().__init__(
            market=market,
            timetable=timetable,
            store=store,
            cash=cash,
            fee_percent=fee_percent,
            lag=timedelta(0),
            start=rules.wall(),
        )
        self.coverage = Coverage(store, self.now)
        self._awake_since = rules.wall()
        self._last_tick: dict[str, datetime] = {}
        self.splits = LiveSplits(self, self.market, store)

    # -- time -------------------------------------------------------------------------------

    def catch_up(self) -> None:
        """Move to the wall's instant; a wall clock that went back is waited for."""
        wall = self.rules.wall()
        if wall > self.now:
            self.advance(wall)

    def advance(self, to: datetime) -> None:
        with self._store.transaction():
            if to - self.now > self.rules.jump:
                self.coverage.missed(self.market.symbols, self.now, to, "asleep")
                self._awake_since = to
            super().advance(to)
            self.splits.make_due()
            self._expire()
            self._give_up()

    def _prints(self, _: Session) -> Iterator[Event]:
        return iter(())

    def _happen(self, event: Event) -> None:
        if event.kind is EventKind.OPEN:
            self.before_the_open()
            for order in self.book.open_orders():
                if order.type.at_the_open:
                    self._end(order, End.REFUSED, NO_OPENING)

    def _expire(self) -> None:
        """End the limit orders whose day is over, and say when trades may have been missed."""
        for order in self.book.open_orders():
            if order.type.at_the_close:
                continue
            over = self._over_at(order)
            if self.now >= over + self.rules.late:
                gaps = self.coverage.during(order.symbol, order.at, over)
                self.expire(order, gap_words(gaps))

    def _over_at(self, order: Order) -> datetime:
        """Give when an order dies: at the end of the hours in which it was taken."""
        session = self.timetable.by_day.get(order.day)
        ends = [daytime(order.day)[1], *([] if session is None else [session.close])]
        after_market = datetime.combine(order.day, AFTER_MARKET_END, NEW_YORK)
        return next((end for end in ends if order.at < end), after_market)

    # -- trades -----------------------------------------------------------------------------

    def last_trade(self, symbol: str) -> tuple[date, Decimal] | None:
        return self.market.latest(symbol, self.today)

    def _arrive(self, order: Order, *, daytime: bool) -> None:
        """An order that comes in waits for the next trade."""

    def trades(self, ticks: Iterable[Tick]) -> None:
        """Take in trades in the order in which they were seen."""
        self.catch_up()
        with self._store.transaction():
            for tick in ticks:
                refusal = self._unusable(tick)
                if refusal:
                    self.dropped[refusal] += 1
                    if refusal in MAY_HAVE_FILLED:
                        self._missed(tick, refusal)
                else:
                    self._take(tick)

    def _unusable(self, tick: Tick) -> str:
        if tick.symbol not in self.market.symbols:
            return "unknown symbol"
        if not tick.price.is_finite() or tick.price <= 0 or tick.volume <= 0:
            return "malformed"
        if self.now - tick.at > self.rules.stale:
            return "stale"
        if tick.at - self.now > self.rules.stale:
            return "ahead of the clock"
        if tick.at < self._last_tick.get(tick.symbol, tick.at):
            return "out of order"
        if self.timetable.session_at(tick.at) is None:
            return "outside the sessions"
        return ""

    def believes(self, symbol: str, price: Decimal) -> bool:
        """Tell whether a trade's price (USD) can be one: near the price that KIS was asked for.

        Without such a price there is nothing to hold it against, and it is believed.
        """
        asked = self.market.asked_for(symbol, self.today)
        return asked is None or abs(price - asked) <= asked * BAND

    def _missed(self, tick: Tick, reason: str) -> None:
        """Note a gap where a dropped trade would have filled an order: unfilled then, and told."""
        went_back = max(self.now - self.rules.wall(), timedelta(0))
        for order in self.book.open_orders(tick.symbol):
            after = order.at < tick.at + went_back + ONE_SECOND
            if after and auction.at_a_trade(order, tick.price) is not None:
                start, end = min(tick.at, self.now), self.now + ONE_SECOND
                self.coverage.missed([tick.symbol], start, end, reason)
                return

    def _take(self, tick: Tick) -> None:
        session = self.timetable.session_at(tick.at)
        if session is None:
            return
        self._last_tick[tick.symbol] = tick.at
        hours = tick.hours or self.timetable.phase(tick.at)
        regular = hours is Phase.REGULAR and tick.at >= session.open
        trade = Print(tick.at, tick.price, tick.volume)
        self.market.traded(tick.symbol, session.day, trade, regular=regular)
        if hours in {Phase.PRE, Phase.REGULAR} and tick.at < session.close:
            self._fill_from(tick, session)
        self._tell(Traded(tick.symbol, tick.at, tick.price, tick.volume))

    def _fill_from(self, tick: Tick, session: Session) -> None:
        """Give a trade's shares to the orders that were there before it, the oldest first."""
        left = tick.volume
        for order in self.book.open_orders(tick.symbol):
            if not left:
                return
            if order.day != session.day or order.at >= tick.at:
                continue
            price = auction.at_a_trade(order, tick.price)
            if price is not None:
                quantity = min(order.remaining, left)
                self._fill(order, quantity, price, reported=True, at=tick.at)
                left -= quantity

    def price(self, symbol: str, price: Decimal) -> None:
        """Show a price that was asked for; it fills nothing."""
        self.catch_up()
        session = self.timetable.session_at(self.now) or self.timetable.latest_started(self.now)
        if session is not None:
            with self._store.transaction():
                self.market.polled(symbol, session.day, price)

    # -- splits -----------------------------------------------------------------------------

    def announce(self, split: Split) -> None:
        """Take in a split; it is made at its day's pre-market, or at once when that has passed."""
        self.catch_up()
        with self._store.transaction():
            self.splits.announce(split)

    # -- the feed's own state ---------------------------------------------------------------

    def feed_up(self, symbols: Iterable[str]) -> None:
        """Note that trades of these symbols are seen from now on."""
        self.catch_up()
        with self._store.transaction():
            for symbol in symbols:
                self.coverage.up(symbol, self.now)

    def feed_down(
        self, symbols: Iterable[str], reason: str, *, since: datetime | None = None
    ) -> None:
        """Note that trades of these symbols are not seen any more, since the last sign of life."""
        self.catch_up()
        with self._store.transaction():
            for symbol in symbols:
                self.coverage.down(symbol, min(since or self.now, self.now), reason)

    def feed_gap(self, symbols: Iterable[str], start: datetime, end: datetime, reason: str) -> None:
        """Note that trades between two instants may have been missed."""
        self.catch_up()
        with self._store.transaction():
            self.coverage.missed(symbols, start, end, reason)

    # -- the official close -----------------------------------------------------------------

    def bars(self, symbol: str, bars: Sequence[Bar], *, asked_at: datetime) -> None:
        """Take in daily bars as KIS showed them at an instant, and execute what waited for one."""
        self.catch_up()
        with self._store.transaction():
            for bar in bars:
                session = self.timetable.by_day.get(bar.day)
                official = asked_at >= corrected_at(bar.day)
                if official or (session is not None and asked_at >= session.close):
                    self.market.keep(symbol, bar, official=official)
                if official and session is not None:
                    self._auction(symbol, bar, session)

    def waiting(self) -> list[Order]:
        """Give the LOC and MOC orders whose session is over, and whose close is not known yet."""
        return [
            order
            for order in self.book.open_orders()
            if order.type.at_the_close and self._closed_by(order) <= self.now
        ]

    def provisional(self) -> list[Provisional]:
        """Give what the waiting orders look like by the last price; nothing of it is booked."""
        seen = []
        for order in self.waiting():
            close = self.market.provisional_close(order.symbol, order.day)
            price = None if close is None else auction.at_the_close(order, close)
            seen.append(
                Provisional(
                    order=order, close=close, quantity=0 if price is None else order.remaining
                )
            )
        return seen

    def _closed_by(self, order: Order) -> datetime:
        session = self.timetable.by_day.get(order.day)
        return order.at if session is None else session.close

    def _auction(self, symbol: str, bar: Bar, session: Session) -> None:
        for order in self.book.open_orders(symbol):
            if order.day != bar.day or not order.type.at_the_close:
                continue
            price = auction.at_the_close(order, bar.close)
            quantity = order.remaining * self.share_at_the_close(order) // 100
            if price is not None and quantity:
                self._fill(order, quantity, price, reported=True, at=session.close)
            if self.book.orders[order.key].end is None:
                self._end(order, End.EXPIRED)

    def _give_up(self) -> None:
        """End the orders whose official close did not come in time."""
        for order in self.waiting():
            evening = datetime.combine(order.day + timedelta(days=1), GIVEN_UP_AT, SEOUL)
            if self.now >= max(evening, self._awake_since + self.rules.grace):
                self.expire(order, NO_CLOSE)
