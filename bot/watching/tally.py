"""The journal counted once more, by adding up and by nothing else: laws that always hold.

Every event is looked at as it becomes durable. No rule of the method and no projection is used, so
that an error in either shows here. A law that is broken stops trading (safety.md, section 1: better
to stop than to go on wrong); it is told once for what it was found on.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from bot.events import (
    CancelAsked,
    CycleStarted,
    Event,
    FillBooked,
    LawBroken,
    OrderAccepted,
    OrderDeferred,
    OrderNotSent,
    OrderResent,
    OrderSent,
    RoundApproved,
    RoundProposed,
    RoundSettled,
)
from bot.trading.model import Slot
from bot.trading.rounds import spending_cap
from strategy.model import ZERO, Cycle, Side

CENT = Decimal("0.01")
# The broker's mean price has four decimals.
ROUNDING = Decimal("0.0001")
KEPT = timedelta(days=90)
"""How long before the newest session a round is remembered: what ran for years would grow so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """A law that does not hold, on what, with the figures that show it."""

    law: str
    subject: str
    detail: str


@dataclass(kw_only=True, slots=True)
class _Order:
    slot: Slot
    session: date
    may_go: bool = True
    number: str = ""
    filled: int = 0
    price: Decimal = ZERO


@dataclass(kw_only=True)
class Tally:
    """What the journal adds up to: orders, their fills, and each cycle's last words."""

    orders: dict[str, _Order] = field(default_factory=dict)
    ledgers: dict[int, Cycle] = field(default_factory=dict)
    told: set[tuple[str, str]] = field(default_factory=set)
    _sessions: dict[str, date] = field(default_factory=dict)
    _caps: dict[str, Decimal] = field(default_factory=dict)
    _numbers: dict[tuple[date, str], str] = field(default_factory=dict)
    _on_its_way: str = ""
    _newest: date = date.min

    def feed(self, event: Event) -> list[Broken]:
        """Count an event; answer the laws that it breaks, and that were not told before."""
        return [
            broken for broken in self._count(event) if (broken.law, broken.subject) not in self.told
        ]

    def filled(self, session: date) -> dict[str, int]:
        """Answer how many shares each slot of a session had filled, by the journal."""
        return {key: order.filled for key, order in self.orders.items() if order.session == session}

    def _count(self, event: Event) -> list[Broken]:
        broken: list[Broken] = []
        match event:
            case OrderSent():
                broken = self._sent(event)
            case OrderAccepted():
                broken = self._accepted(event)
            case FillBooked():
                broken = self._filled(event)
            case RoundSettled():
                broken = self._settled(event)
            case _:
                self._note(event)
        self._answered(event)
        after = getattr(event, "after", None)
        if isinstance(after, Cycle):
            self.ledgers[getattr(event, "cycle_id", 0)] = after
        return broken

    def _note(self, event: Event) -> None:
        """Take up what has no law of its own."""
        match event:
            case LawBroken():
                self.told.add((event.law, event.subject))
            case CycleStarted():
                self.ledgers[event.cycle_id] = event.cycle
            case RoundProposed():
                self._begin(event.session)
                self._sessions[event.round_id] = event.session
                self._caps[event.round_id] = spending_cap(event.plan)
            case RoundApproved():
                for slot in event.slots:
                    self._planned(slot)
            case OrderResent():
                self._planned(event.slot)

    def _begin(self, session: date) -> None:
        """Forget the rounds of long ago when the first one of a new session is planned."""
        if session <= self._newest:
            return
        self._newest = session
        for name in [name for name, day in self._sessions.items() if self._old(day)]:
            del self._sessions[name]
            self._caps.pop(name, None)
        for slot in [slot for slot, order in self.orders.items() if self._old(order.session)]:
            del self.orders[slot]
        for number in [number for number in self._numbers if self._old(number[0])]:
            del self._numbers[number]

    def _old(self, session: date) -> bool:
        return self._newest > date.min and session < self._newest - KEPT

    def _planned(self, slot: Slot) -> None:
        session = self._sessions.get(slot.round_id)
        if session is not None:
            self.orders[slot.key] = _Order(slot=slot, session=session)

    def _answered(self, event: Event) -> None:
        slot = getattr(event, "slot", None)
        if not isinstance(slot, str) or isinstance(event, OrderSent | CancelAsked):
            return
        if slot == self._on_its_way:
            self._on_its_way = ""
        if isinstance(event, OrderNotSent | OrderDeferred) and slot in self.orders:
            self.orders[slot].may_go = True

    def _sent(self, event: OrderSent) -> list[Broken]:
        """One order at a time, and each once unless it was turned away before the order system."""
        broken = []
        if self._on_its_way:
            broken.append(Broken(law="one_sent", subject=event.slot, detail=self._on_its_way))
        order = self.orders.get(event.slot)
        if order is None or not order.may_go:
            broken.append(Broken(law="sent_twice", subject=event.slot, detail=f"{event.tries}"))
        else:
            order.may_go = False
        self._on_its_way = event.slot
        return broken

    def _accepted(self, event: OrderAccepted) -> list[Broken]:
        order = self.orders.get(event.slot)
        if order is None:
            return []
        key = (order.session, event.order_number)
        owner = self._numbers.setdefault(key, event.slot)
        order.number = event.order_number
        if owner == event.slot:
            return []
        detail = f"{event.order_number} {owner}"
        return [Broken(law="one_number", subject=event.slot, detail=detail)]

    def _filled(self, event: FillBooked) -> list[Broken]:
        order = self.orders.get(event.slot)
        if order is None:
            return []
        broken = []
        if event.quantity < order.filled:
            detail = f"{order.filled} {event.quantity}"
            broken.append(Broken(law="fill_shrank", subject=event.slot, detail=detail))
        if event.quantity > order.slot.quantity:
            detail = f"{order.slot.quantity} {event.quantity}"
            broken.append(Broken(law="fill_beyond", subject=event.slot, detail=detail))
        order.filled, order.price = event.quantity, event.price
        return broken

    def _settled(self, event: RoundSettled) -> list[Broken]:
        """Shares move by the fills alone, and what was bought cost no more than it might."""
        if self._old(event.session):
            return []  # its orders are forgotten: an account that lay still for months is no fault
        mine = [each for each in self.orders.values() if each.slot.round_id == event.round_id]
        buys = [each for each in mine if each.slot.side is Side.BUY]
        bought = _ordered(buys)
        sold = _ordered(each for each in mine if each.slot.side is Side.SELL)
        cost = sum((each.filled * each.price for each in buys), ZERO)
        broken = []
        expected = event.before.quantity + bought - sold
        if event.after.quantity != expected or event.after.quantity < 0:
            detail = f"{expected} {event.after.quantity}"
            broken.append(Broken(law="shares", subject=event.round_id, detail=detail))
        cap = self._caps.get(event.round_id)
        if cap is not None and bought and cost > cap + CENT + ROUNDING * bought:
            detail = f"{cost:.2f} {cap:.2f}"
            broken.append(Broken(law="overspent", subject=event.round_id, detail=detail))
        # A day's fees may take the last cents below nothing; a purchase may not.
        if event.after.cash < min(ZERO, event.before.cash) - event.fees - CENT:
            detail = f"{event.before.cash:.2f} {event.after.cash:.2f}"
            broken.append(Broken(law="cash", subject=event.round_id, detail=detail))
        return broken


def _ordered(orders: Iterable[_Order]) -> int:
    """Add up fills as a ledger books them: two attempts at one order are one order.

    What both had filled beyond it is at the broker alone, and told as a difference there.
    """
    filled: dict[int, int] = {}
    for each in orders:
        slot = each.slot
        filled[slot.index] = min(filled.get(slot.index, 0) + each.filled, slot.quantity)
    return sum(filled.values())
