"""Evidence made by hand: one true evening, which a test bends until an invariant must object.

The evening: a cycle that holds 40 TQQQ, its round of 2026-10-07, every order sent, accepted, filled
or expired, the settlement, and what the phone showed of it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count

from bot.events import (
    CycleStarted,
    Event,
    FillBooked,
    OrderAccepted,
    OrderClosed,
    OrderSent,
    RoundApproved,
    RoundProposed,
    RoundSettled,
    RoundSubmitted,
)
from bot.sessions import Calendar
from bot.storage.journal import Entry
from bot.timetable import timetable
from bot.trading.model import Actor, Approval, OrderState, Slot, round_id
from bot.trading.rounds import digest, slots
from strategy import versions
from strategy.cycle import settle
from strategy.model import Cycle, Fill, Market, Plan, Side
from tests.simulation import facts
from tests.simulation.evidence import Evidence
from tests.simulation.facts import Fact

CALENDAR = Calendar()
DAY = date(2026, 10, 7)
OWNER = Actor(kind="owner", user_id=4242)
PROCESS = 1
_CLOSES = tuple(map(Decimal, ("49", "50", "51", "50.5", "50")))
_RULES = versions.rules("4.0", "TQQQ", 20, ladder=2)
HELD = Cycle(
    rules=_RULES,
    number=1,
    seed=Decimal(10000),
    principal=Decimal(10000),
    cash=Decimal(8000),
    quantity=40,
    average=Decimal(50),
    turn=Decimal(4),
    max_turn=Decimal(4),
    started=date(2026, 10, 1),
    sessions=4,
)
_SESSION = CALENDAR.session(DAY)
if _SESSION is None:
    raise LookupError(DAY)
TABLE = timetable(_SESSION)
ROUND = round_id(1, DAY)
PLAN: Plan = versions.plan(HELD, Market(closes=_CLOSES))
SLOTS: tuple[Slot, ...] = slots(PLAN, ROUND)
CLOSE = min(slot.price for slot in SLOTS if slot.side is Side.BUY and slot.price is not None)
"""The session's close: every buy of the round is filled at it, and no sale."""


class Testimony:
    """Facts and lines of the journal, told in the order of time."""

    __test__ = False

    def __init__(self) -> None:
        self.now = TABLE.propose_at.astimezone(UTC) - timedelta(hours=1)
        self.facts: list[Fact] = []
        self.entries: list[Entry] = []
        self.letters: dict[int, str] = {}
        self.secrets: dict[str, str] = {}
        self.logs: list[str] = []
        self._requests = count(1)
        self._numbers = count(100)
        self.number_of: dict[str, str] = {}
        self.note(facts.Started(at=self.now, process=PROCESS))
        self.note(facts.Ready(at=self.now, process=PROCESS))

    # -- telling ---------------------------------------------------------------------------------

    def at(self, instant: datetime) -> None:
        self.now = max(self.now, instant.astimezone(UTC))

    def note(self, fact: Fact) -> None:
        self.facts.append(fact)

    def write(self, *events: Event, letter: str = "sent") -> Entry:
        """Commit events in one transaction; answer the last one's line."""
        for event in events:
            entry = Entry(seq=len(self.entries) + 1, at=self.now, event=event)
            self.entries.append(entry)
            self.letters[entry.seq] = letter
        self.note(facts.JournalWritten(at=self.now, process=PROCESS, seq=len(self.entries)))
        return self.entries[-1]

    def show(self, text: str) -> None:
        self.note(
            facts.MessageShown(
                at=self.now, process=PROCESS, message_id=1, text=text, buttons=(), edited=False
            )
        )

    def post(self, slot: Slot, *, sent: Iterable[str] | None = None) -> int:
        """Let an order's first byte leave; answer its request."""
        request = next(self._requests)
        self.note(
            facts.OrderPosted(
                at=self.now,
                process=PROCESS,
                request=request,
                sent=(slot.key,) if sent is None else tuple(sent),
                symbol=slot.symbol,
                side=slot.side,
                kind=slot.type.value.lower(),
                quantity=slot.quantity,
                price=slot.price or Decimal(0),
            )
        )
        return request

    def accept(self, slot: Slot, request: int | None, *, session: date = DAY) -> str:
        """Let the broker take an order; answer its number."""
        number = str(next(self._numbers))
        self.number_of.setdefault(slot.key, number)
        self.note(
            facts.OrderAccepted(
                at=self.now,
                request=request,
                session=session,
                number=f"{int(number):010d}",
                symbol=slot.symbol,
                side=slot.side,
                kind=slot.type.value.lower(),
                quantity=slot.quantity,
                price=slot.price or Decimal(0),
            )
        )
        return number

    def fill(self, slot: Slot, quantity: int, price: Decimal, *, number: str = "") -> None:
        self.note(
            facts.OrderFilled(
                at=self.now,
                session=DAY,
                number=number or self.number_of[slot.key],
                symbol=slot.symbol,
                side=slot.side,
                quantity=quantity,
                price=price,
                by_hand=bool(number),
            )
        )

    def end(self, slot: Slot, how: str) -> None:
        number = self.number_of[slot.key]
        self.note(facts.OrderEnded(at=self.now, session=DAY, number=number, how=how))

    def kill(self, point: int, why: str = "killed") -> None:
        self.note(facts.Died(at=self.now, process=PROCESS, point=point, why=why))

    def evidence(self) -> Evidence:
        return Evidence(
            facts=self.facts,
            entries=self.entries,
            letters=self.letters,
            end=self.now,
            calendar=CALENDAR,
            logs=self.logs,
            secrets=self.secrets,
        )

    # -- the true evening ------------------------------------------------------------------------

    def begin(self) -> None:
        """Hold 40 shares, start the cycle on them."""
        buy = replace(SLOTS[0], side=Side.BUY, quantity=40, price=Decimal(50))
        hand = self.accept(replace(buy, key="by hand"), None)
        self.fill(buy, 40, Decimal(50), number=hand)
        self.now += timedelta(minutes=30)
        self.write(CycleStarted(cycle_id=1, cycle=HELD, approval=Approval.CONFIRM, by=OWNER))

    def approve(self) -> None:
        self.at(TABLE.propose_at)
        self.write(
            RoundProposed(
                round_id=ROUND,
                cycle_id=1,
                session=DAY,
                plan=PLAN,
                market=Market(closes=_CLOSES),
                digest=digest(PLAN, ROUND),
                approval=Approval.CONFIRM,
                deadline=TABLE.deadline,
            )
        )
        self.write(RoundApproved(round_id=ROUND, slots=SLOTS, by=OWNER))
        self.at(TABLE.send_from)

    def send(self, slot: Slot) -> None:
        """Send one slot, and have it taken."""
        self.write(OrderSent(slot=slot.key, tries=1, baseline=()))
        number = self.accept(slot, self.post(slot))
        self.write(OrderAccepted(slot=slot.key, order_number=number))

    def close(self, taken: Iterable[Slot]) -> None:
        """Let the session end: what buys is filled at the close, what sells expires."""
        self.write(RoundSubmitted(round_id=ROUND))
        self.at(TABLE.session.close)
        taken = list(taken)
        for slot in taken:
            if slot.side is Side.BUY:
                self.fill(slot, slot.quantity, CLOSE)
            self.end(slot, "filled" if slot.side is Side.BUY else "expired")
        self.at(TABLE.settle_at)
        fills = []
        for slot in taken:
            if slot.side is Side.BUY:
                self.write(FillBooked(slot=slot.key, quantity=slot.quantity, price=CLOSE))
                fills.append(
                    Fill(order=PLAN.orders[slot.index], quantity=slot.quantity, price=CLOSE)
                )
            state = OrderState.FILLED if slot.side is Side.BUY else OrderState.EXPIRED
            self.write(OrderClosed(slot=slot.key, state=state, reason=""))
        self.settle(tuple(fills))

    def settle(self, fills: tuple[Fill, ...]) -> None:
        done = settle(PLAN, fills, DAY)
        self.write(
            RoundSettled(
                round_id=ROUND,
                cycle_id=1,
                session=DAY,
                before=PLAN.cycle,
                after=done.cycle,
                bought=done.bought,
                sold=done.sold,
                realized=done.realized,
                fees=done.fees,
                close=CLOSE,
                provisional=False,
                finished=done.finished,
                notes=(),
            )
        )
        self.show(f"10월 7일(수) 결과 · TQQQ\n보유 {done.cycle.quantity}주")
        self.at(CALENDAR.following(DAY).open + timedelta(minutes=1))


def evening() -> Testimony:
    """Tell the whole true evening."""
    told = Testimony()
    told.begin()
    told.approve()
    for slot in SLOTS:
        told.send(slot)
    told.close(SLOTS)
    return told
