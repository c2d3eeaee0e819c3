"""What a seed has in store for a session: outages, halts, splits, and what the owner does by hand.

Thrown when the session begins; counted when it is met or done.
"""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial

from tests.simulation.facts import SharesMoved
from tests.simulation.faults import Fault
from tests.simulation.kis.book import PROGRAM, SEOUL, Day, Order
from tests.simulation.kis.desk_orders import OrderDesk
from tests.simulation.kis.desk_prices import PriceDesk
from tests.simulation.kis.exchange import Exchange
from tests.simulation.kis.hand import Hand
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.request import Request
from tests.simulation.kis.ways import Outage, Ways
from tests.simulation.market import Split
from tests.simulation.world import World

OUTAGES: tuple[Outage, ...] = ("refused", "maintenance")
NEAR, LAST_ORDERS = timedelta(hours=2), timedelta(minutes=30)
"""The program's last orders leave half an hour before the close."""
TWINS, FEW_TWINS = 20, 3
"""How many occasions an order that nobody confirmed counts for, where likes of it come: few when
the question which it is would stay open, and be looked into, for hours."""
A_DAY = 4
"""How many occasions a session counts for, where a fault is thrown for once a session."""

RATIOS = ((2, 1), (2, 1), (15, 1), (1, 5))
_LOWEST, _HIGHEST = Decimal("1.50"), Decimal(900)


class Plans:
    """Plans sessions from a seed's rates."""

    def __init__(
        self,
        world: World,
        mishaps: Mishaps,
        exchange: Exchange,
        *,
        ways: Ways,
        hand: Hand,
        orders: OrderDesk,
        prices: PriceDesk,
    ) -> None:
        self._world = world
        self._mishaps = mishaps
        self._exchange = exchange
        self._ways = ways
        self._hand = hand
        self._orders = orders
        self._prices = prices
        self._chance = world.chance("kis.plans")

    def plan(self, day: Day, before: list[Order]) -> None:
        """Plan a session; `before` are the orders of the one before it."""
        self._outages(day)
        self._money(day)
        self._halts(day)
        if not day.closed:
            self._hands(day)
            self._copy(day, before)
        midnight = datetime.combine(day.day + timedelta(days=1), time(0), SEOUL)
        self._world.at(midnight, self._midnight)

    def split(self, day: Day) -> None:
        """Have the splits of a session happen, before its pre-market."""
        for symbol, split in self._prices.announced:
            if split.day == day.day:
                self._exchange.market.tapes[symbol].split(split)
                self._mishaps.struck(Fault.SPLIT, f"{symbol} {split.new}:{split.old}")
                self._split_shares(symbol, split)

    def announce(self, following: Day) -> None:
        """Throw for the splits of the session after this one, which KIS announces from now on."""
        for symbol, tape in self._exchange.market.tapes.items():
            if tape.splits or not self._mishaps.comes(Fault.SPLIT):
                continue
            new, old = self._chance.choice(RATIOS)
            if _LOWEST < tape.last * old / new < _HIGHEST:
                self._prices.announced.append((symbol, Split(following.day, new, old)))

    def landed(self, request: Request, fate: Fault) -> None:
        """Have follow what hides an order nobody confirmed: silence past the deadline, its like.

        A program's like of it comes at once, or while nobody can look: later on the order is known.
        """
        order, day, chance = (
            self._orders.accepted.get(request.id),
            self._exchange.today,
            self._chance,
        )
        if order is None or day is None:
            return
        straggles = fate is Fault.LISTING_LAGS
        length = None if straggles else self._silence(day, fate)
        if length:
            self._ways.go_down(length, chance.choice(OUTAGES))
        brief = straggles or length or self._left(day) < NEAR
        if not self._mishaps.comes(Fault.HAND_TWIN, TWINS if brief else FEW_TWINS):
            return
        entry, waits = order.entry(), [chance.uniform(0.1, 1.5)]
        if not straggles and chance.random() < 0.5:
            waits.append(chance.uniform(60.0, 400.0))
        for wait in waits:
            self._world.later(wait, lambda: self._hand.repeat(entry, PROGRAM))

    def _silence(self, day: Day, fate: Fault) -> timedelta | None:
        """Throw for an outage until no order can go out any more: mostly where that is near."""
        left = self._left(day)
        likely = 0.6 if left < NEAR else 0.2 if fate is Fault.RATE_ON_ORDER else 0.06
        if not self._mishaps.on(Fault.BROKER_DOWN) or self._chance.random() > likely:
            return None
        return max(left, timedelta()) + timedelta(minutes=self._chance.uniform(11.0, 60.0))

    def _left(self, day: Day) -> timedelta:
        return day.closes - LAST_ORDERS - self._world.now

    # -- inside ----------------------------------------------------------------------------------

    def _outages(self, day: Day) -> None:
        chance = self._chance
        if self._mishaps.comes(Fault.BROKER_DOWN, A_DAY):
            length = timedelta(minutes=min(360.0, 1.0 + chance.expovariate(1 / 40)))
            how: Outage = "refused" if chance.random() < 0.8 else "maintenance"
            self._at(self._busy(day), partial(self._ways.go_down, length, how))
        if self._mishaps.comes(Fault.RATE_STORM, A_DAY):
            self._at(self._busy(day), self._ways.storm)

    def _money(self, day: Day) -> None:
        exchange = self._exchange
        exchange.withheld = None
        if self._mishaps.comes(Fault.USD_SHORT, A_DAY):
            part = Decimal(round(self._chance.uniform(0.0, 0.04), 4))
            exchange.withheld = exchange.account.cash * part
            exchange.withheld_shown = self._chance.random() < 0.5
        late = self._mishaps.on(Fault.REFUSED) and self._chance.random() < 0.2
        self._orders.no_auction_before = day.opens if late else None
        if self._mishaps.comes(Fault.CASH_MOVES):
            self._at(self._somewhen(day), self._move_cash)

    def _halts(self, day: Day) -> None:
        for symbol in self._exchange.market.tapes:
            if not self._mishaps.comes(Fault.HALTED, A_DAY):
                continue
            begins, ends = day.pre - timedelta(minutes=1), day.closes + timedelta(hours=2)
            if self._chance.random() < 0.5:
                begins, ends = sorted((self._somewhen(day), self._somewhen(day)))
            self._at(begins, partial(self._exchange.halted.add, symbol))
            self._at(ends, partial(self._exchange.halted.discard, symbol))

    def _hands(self, day: Day) -> None:
        deeds = {
            Fault.HAND_BUY: self._buy,
            Fault.HAND_CANCEL: self._cancel,
            Fault.HAND_SALE: self._sell,
        }
        for fault, deed in deeds.items():
            if self._mishaps.comes(fault, A_DAY):
                self._at(self._somewhen(day), deed)

    def _copy(self, day: Day, before: list[Order]) -> None:
        """Have the owner repeat an order of the bot's of the day before, ahead of the round."""
        ours = [each for each in before if each.request is not None and each.original is None]
        if not ours or not self._mishaps.comes(Fault.HAND_TWIN):
            return
        order = self._chance.choice(ours)
        entry = order.entry()
        early = day.pre + timedelta(minutes=self._chance.uniform(11.0, 29.0))
        self._at(early, lambda: self._hand.repeat(entry))

    def _buy(self) -> None:
        symbol = self._chance.choice(list(self._exchange.market.tapes))
        order = self._hand.at_the_market(symbol, "buy", self._chance.randrange(1, 6))
        if order is not None:
            self._mishaps.struck(Fault.HAND_BUY, f"{symbol} {order.quantity}")

    def _cancel(self) -> None:
        ours = [each for each in self._exchange.working() if each.request is not None]
        limits = [each for each in ours if each.kind == "limit"]
        some = limits if limits and self._chance.random() < 0.8 else ours
        if ours and self._hand.cancel((order := self._chance.choice(some)).number):
            self._mishaps.struck(Fault.HAND_CANCEL, order.odno)

    def _sell(self) -> None:
        quantity = self._exchange.account.quantity
        held = [name for name in self._exchange.market.tapes if quantity(name)]
        if not held:
            return
        symbol = self._chance.choice(held)
        order = self._hand.sell_all(symbol)
        if order is not None:
            self._mishaps.struck(Fault.HAND_SALE, f"{symbol} {order.quantity}")

    def _move_cash(self) -> None:
        chance = self._chance
        how = chance.choice(("in", "out", "dividend"))
        amount = Decimal(chance.randrange(100, 5_000))
        if how == "dividend":
            symbol, cash = chance.choice(list(self._exchange.market.tapes)), Decimal("0.21")
            self._prices.dividends.append((symbol, self._world.now.astimezone(SEOUL).date(), cash))
            self._hand.dividend(symbol, cash)
        else:
            self._hand.deposit(amount if how == "in" else -amount)
        self._mishaps.struck(Fault.CASH_MOVES, f"{how} {amount}")

    def _split_shares(self, symbol: str, split: Split) -> None:
        account = self._exchange.account
        position = account.positions.get(symbol)
        if position is None or not position.quantity:
            return
        before, average = position.quantity, position.average
        after, rest = divmod(before * split.new, split.old)
        price = self._exchange.market.last(symbol)
        account.cash += (price * rest / split.old).quantize(Decimal("0.01"))
        position.quantity = after
        position.cost = average * split.old / split.new * after
        account.show(symbol)
        self._world.note(SharesMoved(at=self._world.now, symbol=symbol, before=before, after=after))

    def _midnight(self) -> None:
        if any(each.request is not None for each in self._exchange.working()):
            self._mishaps.met(Fault.SEOUL_MIDNIGHT)

    def _busy(self, day: Day) -> datetime:
        """Choose an instant at which the bot has work to do, or one shortly before it."""
        evening = datetime.combine(day.day, time(18, 20), SEOUL)
        near = self._chance.choice(
            (
                evening,
                evening + timedelta(minutes=10),
                day.opens + timedelta(minutes=5),
                day.closes + timedelta(minutes=10),
                day.closes + timedelta(minutes=40),
                self._somewhen(day),
            )
        )
        return near - timedelta(seconds=self._chance.uniform(-60.0, 600.0))

    def _somewhen(self, day: Day) -> datetime:
        return day.pre + (day.closes - day.pre) * self._chance.random()

    def _at(self, instant: datetime, action: Callable[[], object]) -> None:
        """Do something at an instant, unless that has passed."""

        def act() -> None:
            action()

        if instant > self._world.now:
            self._world.at(instant, act)
