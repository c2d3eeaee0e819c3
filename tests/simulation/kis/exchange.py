"""The trading floor and the account behind it: orders taken, matched, cancelled, dead at the close.

The truth changes at once and is noted as facts; what KIS's lists and balance show of it follows,
after a close some minutes later.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from kis.models import NoticeKind
from tests.simulation.facts import OrderAccepted, OrderEnded, OrderFilled
from tests.simulation.faults import Fault
from tests.simulation.kis.book import FEE, ZERO, Account, Day, Entry, Order, State
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.shown import Shown
from tests.simulation.kis.stream import Pushes
from tests.simulation.kis.words import DIED_AT_THE_CLOSE, LATE_REFUSAL
from tests.simulation.market import Market, Print
from tests.simulation.world import World

FEW_CANCELS = 20  # occasions that a cancel counts for: the program asks for few
IN_PART = 0.2  # how often a print takes only a part of a resting order
FEW_FILLS = 5  # occasions that a fill counts for
LISTED_LATE = 660.0, 2_100.0
"""Seconds after the close until the lists have a fill that came to them late: by then the program
has asked them once, and it has not settled over an account that differs."""


class Exchange:
    """The account's orders at the market. `today` is the running or the last session.

    `withheld` is all the money that KIS lets be used, where it is less than there is; whether it
    shows in what may be ordered or only in the refusal is `withheld_shown`.
    """

    def __init__(
        self, world: World, mishaps: Mishaps, market: Market, account: Account, pushes: Pushes
    ) -> None:
        self._world = world
        self._mishaps = mishaps
        self.market = market
        self.account = account
        self.pushes = pushes
        self.shown = Shown(world, mishaps, account)
        self.today: Day | None = None
        self.halted: set[str] = set()
        self.withheld: Decimal | None = None
        self.withheld_shown = False
        self.book: dict[date, list[Order]] = {}
        self._number = 0

    # -- the day ---------------------------------------------------------------------------------

    def begin(self, day: Day) -> None:
        """Begin a session: numbers start anew, nobody is halted."""
        self.today = day
        self.halted.clear()
        self._mishaps.begin_day()
        self.book[day.day] = []
        self._number = self._world.chance("kis.numbers").randrange(1_000, 40_000)
        self.account.settle()

    @property
    def trading(self) -> Day | None:
        """The session, while orders are taken: from the pre-market to the close."""
        day = self.today
        if day is None or day.closed or not day.pre <= self._world.now < day.closes:
            return None
        return day

    def working(self, symbol: str | None = None) -> Iterator[Order]:
        """Give the orders that still work."""
        if self.today is None:
            return
        for order in self.book[self.today.day]:
            if order.left and order.original is None and symbol in {None, order.symbol}:
                yield order

    def find(self, number: int) -> Order | None:
        """Find an order of today by its number."""
        orders = self.book.get(self.today.day, []) if self.today else []
        return next((each for each in orders if each.number == number), None)

    @property
    def orderable_cash(self) -> Decimal:
        """Give what a buy may cost, commission included."""
        usable = self.account.cash if self.withheld is None else self.withheld
        return min(usable, self.account.cash) - self._reserved

    @property
    def orderable_shown(self) -> Decimal:
        """Give what KIS says that a buy may cost."""
        if self.withheld is None or self.withheld_shown:
            return self.orderable_cash
        return self.account.cash - self._reserved

    @property
    def _reserved(self) -> Decimal:
        held = sum(
            (each.price * each.left for each in self.working() if each.side == "buy"), start=ZERO
        )
        return held * (1 + FEE)

    def orderable_shares(self, symbol: str) -> int:
        locked = sum(each.left for each in self.working(symbol) if each.side == "sell")
        return self.account.quantity(symbol) - locked

    # -- orders ----------------------------------------------------------------------------------

    def submit(self, entry: Entry) -> Order:
        """Take an order in: from here on it lives, whoever hears of it."""
        day = self._session()
        order = Order(
            session=day.day,
            number=self._next_number(),
            listed=self.market.tapes[entry.symbol].listed,
            side=entry.side,
            kind=entry.kind,
            quantity=entry.quantity,
            price=entry.price,
            request=entry.request,
            media=entry.media,
            at=self._world.now,
            left=entry.quantity,
        )
        self.book[day.day].append(order)
        self._world.note(
            OrderAccepted(
                at=order.at,
                request=order.request,
                session=day.day,
                number=str(order.number),
                symbol=order.symbol,
                side=order.side,
                kind=order.kind,
                quantity=order.quantity,
                price=order.price,
            )
        )
        self.shown.first(order)
        self.pushes.tell(order, NoticeKind.ACCEPTED, order.quantity, order.price)
        self._meet_market(order)
        if order.left and order.request is not None and self._mishaps.comes(Fault.LATE_REJECTION):
            wait = self._world.chance("kis.lags").uniform(1.0, 60.0)
            self._world.later(wait, lambda: self._reject(order))
        return order

    def cancel(self, original: Order, quantity: int, request: int | None, media: str) -> Order:
        """Take a cancel in and end the order, unless a fill is faster."""
        asked = Order(
            session=original.session,
            number=self._next_number(),
            listed=original.listed,
            side=original.side,
            kind=original.kind,
            quantity=quantity,
            price=ZERO,
            request=request,
            media=media,
            at=self._world.now,
            original=original.number,
        )
        self.book[original.session].append(asked)
        before = original.filled
        if self._mishaps.comes(Fault.CANCEL_RACES_FILL, FEW_CANCELS):
            self._mishaps.struck(Fault.CANCEL_RACES_FILL, original.odno)
            self._race(original, asked)
        gone = min(quantity, original.left)
        if gone and asked.state == "open":
            original.left -= gone
            if not original.left:
                self._end(original, "cancelled")
            if original.filled > before:
                until = self._world.chance("kis.lags").uniform(300.0, 1_800.0)
                self.shown.short(original, before, after=0.0, until=until, why="")
            else:
                self.shown.order(original)
            self.pushes.tell(asked, NoticeKind.CANCELLED, gone, original.price)
            asked.state = "cancelled"
        self.shown.order(asked)
        return asked

    def fill(self, order: Order, quantity: int, price: Decimal, *, catch_up: float = 0.0) -> None:
        """Execute so many shares of an order; the lists show it after so many seconds."""
        parts = [quantity]
        splits = quantity > 1 or catch_up > 0.0
        oddly = splits and self._mishaps.strikes(Fault.FILLS_OUT_OF_ORDER, order.odno, FEW_FILLS)
        if oddly and quantity > 1:
            first = self._world.chance("kis.parts").randrange(1, quantity)
            parts = [first, quantity - first]
        for part in parts:
            self._execute(order, part, price)
        for late, part in enumerate(reversed(parts)):
            self.pushes.tell(order, NoticeKind.FILLED, part, price, after=catch_up + 0.5 * late)
        if oddly:
            self._list_oddly(order, parts, catch_up)
        else:
            self.shown.order(order, catch_up)
        self.shown.balance(order.symbol, catch_up)

    # -- the market ------------------------------------------------------------------------------

    def happen(self, symbol: str, one: Print) -> None:
        """Let a print of the running session happen, and match what it reaches."""
        day = self._session()
        if day.closed or symbol in self.halted:
            return
        tape = self.market.tapes[symbol]
        tape.show(day.day, one)
        self.pushes.trade(tape.listed, one)
        for order in list(self.working(symbol)):
            if one.moment == "close":
                self._auction(order, one.price)
            elif order.kind == "limit" and _reached(order, one.price):
                price = one.price if one.moment == "open" else order.price
                self.fill(order, self._taken(order), price)

    def close(self) -> None:
        """End the session: whatever still works dies."""
        for order in list(self.working()):
            order.left = 0
            order.refusal = DIED_AT_THE_CLOSE
            self._end(order, "expired")
            self._mishaps.met(Fault.EXPIRES)
            self.shown.order(order, self._after_the_close())

    # -- inside ----------------------------------------------------------------------------------

    def _session(self) -> Day:
        if self.today is None:
            raise RuntimeError("no session has begun")
        return self.today

    def _next_number(self) -> int:
        self._number += self._world.chance("kis.numbers").randrange(1, 40)
        return self._number

    def _meet_market(self, order: Order) -> None:
        """Fill a limit order that the market's price satisfies already."""
        price = self.market.last(order.symbol)
        if order.kind == "limit" and order.symbol not in self.halted and _reached(order, price):
            self.fill(order, order.left, price)

    def _taken(self, order: Order) -> int:
        """Throw for how much of a resting limit order a print takes: mostly all of it."""
        chance = self._world.chance("kis.parts")
        if order.left > 1 and chance.random() < IN_PART:
            return chance.randrange(1, order.left)
        return order.left

    def _auction(self, order: Order, close: Decimal) -> None:
        if order.kind != "moc" and not _reached(order, close):
            return
        quantity = order.left
        if quantity > 1 and order.kind != "limit" and self._mishaps.comes(Fault.PARTIAL_AT_CLOSE):
            quantity = self._world.chance("kis.parts").randrange(1, quantity)
            self._mishaps.struck(Fault.PARTIAL_AT_CLOSE, f"{order.odno} {quantity}")
        self.fill(order, quantity, close, catch_up=self._after_the_close())

    def _after_the_close(self) -> float:
        return self._world.chance("kis.lags").uniform(40.0, 200.0)

    def _list_oddly(self, order: Order, parts: list[int], catch_up: float) -> None:
        """Have the lists show fills backwards, or those of a close late: open or dead meanwhile."""
        chance = self._world.chance("kis.lags")
        throw = chance.random() if catch_up and not order.left else 0.0
        without, until = order.filled - parts[0], chance.uniform(*LISTED_LATE)
        if throw < 0.15:
            self.shown.order(order, catch_up)
            self.shown.backwards(order, without, catch_up)
        elif throw < 0.3:
            self.shown.in_pieces(order, without, after=catch_up, until=until)
        else:
            filled = without if throw < 0.85 else order.filled - sum(parts)
            self.shown.short(order, filled, after=catch_up, until=until, why=DIED_AT_THE_CLOSE)

    def _execute(self, order: Order, quantity: int, price: Decimal) -> None:
        order.filled += quantity
        order.left -= quantity
        order.amount += price * quantity
        self.account.trade(order.symbol, order.side, quantity, price)
        self._world.note(
            OrderFilled(
                at=self._world.now,
                session=order.session,
                number=str(order.number),
                symbol=order.symbol,
                side=order.side,
                quantity=quantity,
                price=price,
                by_hand=order.by_hand,
            )
        )
        if not order.left:
            self._end(order, "filled")

    def _end(self, order: Order, how: State) -> None:
        order.state = how
        self._world.note(
            OrderEnded(at=self._world.now, session=order.session, number=str(order.number), how=how)
        )

    def _reject(self, order: Order) -> None:
        if not order.left or order.filled:
            return
        self._mishaps.struck(Fault.LATE_REJECTION, order.odno)
        order.left = 0
        order.refusal = LATE_REFUSAL
        self._end(order, "rejected")
        self.shown.order(order)
        self.pushes.tell(order, NoticeKind.REFUSED, order.quantity, order.price)

    def _race(self, original: Order, asked: Order) -> None:
        """Let a fill come before the cancel, or the exchange keep what waits for its auction."""
        if original.kind == "limit" and original.symbol not in self.halted:
            quantity = self._world.chance("kis.parts").randrange(1, original.left + 1)
            self.fill(original, quantity, original.price)
        else:
            asked.state, asked.refusal = "rejected", LATE_REFUSAL


def _reached(order: Order, price: Decimal) -> bool:
    return price <= order.price if order.side == "buy" else price >= order.price
