"""The evidence put in order: what each slot truly met at the broker, and what was written of it.

A slot and an order of the broker's belong together by the request that carried it: `OrderPosted`
says which slot the file called "sent" at its first byte, `OrderAccepted` what became of it.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TypeVar

from bot.events import OrderRecognised, OrderResent, OrderSent, RoundApproved, RoundProposed
from bot.storage.journal import Entry
from bot.trading.model import Slot, as_sent
from strategy.model import Side
from tests.simulation.evidence import Evidence
from tests.simulation.facts import (
    Died,
    EndShownShort,
    Fact,
    OrderAccepted,
    OrderEnded,
    OrderFilled,
    OrderPosted,
    Ready,
    SharesMoved,
    Slept,
)
from tests.simulation.lives import Step, lives

Kind = TypeVar("Kind", bound=Fact)
A_LOOK = timedelta(minutes=2)
"""How long after it was listed a thing may be written: a look takes its time."""
Number = tuple[date, str]
"""The broker's name of an order: its session and its number there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Violation:
    """An invariant that did not hold: which, what happened, when by true time, and to which slot.

    `point` is the I/O point of the last kill before it, None when there was none.
    """

    invariant: str
    sentence: str
    at: datetime
    slot: str = ""
    point: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """An acceptance at the broker, and from which fact on it stood."""

    position: int
    fact: OrderAccepted

    @property
    def number(self) -> Number:
        return self.fact.session, bare(self.fact.number)


def bare(number: str) -> str:
    """Write an order number without its leading zeros, as the program does."""
    return number.lstrip("0") or number


def session_of(slot: str) -> date:
    return date.fromisoformat(slot.partition(".")[0])


def line_of(slot: str) -> str:
    """Name the line of the plan that a slot is an attempt at."""
    return slot.rpartition(".")[0]


def round_of(slot: str) -> str:
    return line_of(line_of(slot))


class Case:
    """One run's evidence with its indices; every invariant is asked about it."""

    def __init__(self, evidence: Evidence) -> None:
        self.evidence = evidence

    def positions(self, kind: type[Kind]) -> list[tuple[int, Kind]]:
        """Give the facts of a type with their positions, in their order."""
        return [
            (position, fact)
            for position, fact in enumerate(self.evidence.facts)
            if isinstance(fact, kind)
        ]

    @cached_property
    def posts(self) -> list[tuple[int, OrderPosted]]:
        return self.positions(OrderPosted)

    @cached_property
    def slots(self) -> dict[str, Slot]:
        """Every slot that may be sent, as it goes to the broker."""
        slots: dict[str, Slot] = {}
        for entry in self.evidence.of(RoundApproved, OrderResent, OrderSent):
            match entry.event:
                case RoundApproved(slots=approved):
                    slots.update({slot.key: slot for slot in approved})
                case OrderResent(slot=slot):
                    slots[slot.key] = slot
                case OrderSent(slot=key, emulated=emulated) if key in slots:
                    slots[key] = as_sent(slots[key], emulated)
        return slots

    @cached_property
    def accepted(self) -> dict[str, list[Placed]]:
        """By slot, every order that the broker took for it, in order."""
        slot_of = {post.request: post.sent[0] for _, post in self.posts if len(post.sent) == 1}
        placed: dict[str, list[Placed]] = defaultdict(list)
        for position, fact in self.positions(OrderAccepted):
            if fact.request is not None and fact.request in slot_of:
                placed[slot_of[fact.request]].append(Placed(position=position, fact=fact))
        return placed

    @cached_property
    def owner_of(self) -> dict[Number, str]:
        """By the broker's name of an order, the slot that it was accepted for."""
        return {
            placed.number: slot for slot, several in self.accepted.items() for placed in several
        }

    @cached_property
    def lives(self) -> dict[str, list[Step]]:
        """By slot, its life as the journal tells it."""
        return lives(self.evidence.entries)

    @cached_property
    def misled(self) -> set[str]:
        """The slots that the owner gave another order's number: his word, not the program's."""
        misled: set[str] = set()
        for entry in self.evidence.of(OrderRecognised):
            event = entry.event
            if isinstance(event, OrderRecognised):
                truly = {placed.number[1] for placed in self.accepted.get(event.slot, ())}
                wrong = event.order_number not in truly if event.order_number else bool(truly)
                misled |= {event.slot} if wrong else set()
        return misled

    @cached_property
    def fills(self) -> dict[Number, list[tuple[int, OrderFilled]]]:
        fills: dict[Number, list[tuple[int, OrderFilled]]] = defaultdict(list)
        for position, fact in self.positions(OrderFilled):
            fills[fact.session, bare(fact.number)].append((position, fact))
        return fills

    @cached_property
    def ended(self) -> dict[Number, tuple[int, OrderEnded]]:
        return {
            (fact.session, bare(fact.number)): (position, fact)
            for position, fact in self.positions(OrderEnded)
        }

    def shown_short(self, number: Number, entry: Entry) -> bool:
        """Tell whether KIS's lists called an order dead too early, not long before a line."""
        at = self.evidence.at(entry)
        return any(
            (fact.session, bare(fact.number)) == number and fact.at <= at <= fact.until + A_LOOK
            for _, fact in self.positions(EndShownShort)
        )

    @cached_property
    def plans(self) -> dict[str, RoundProposed]:
        """By round, what was proposed last before it was approved."""
        plans: dict[str, RoundProposed] = {}
        for entry in self.evidence.of(RoundProposed):
            if isinstance(entry.event, RoundProposed):
                plans[entry.event.round_id] = entry.event
        return plans

    def held(self, entry: Entry, symbol: str) -> int:
        """Count what the account truly held of a symbol when a line was written."""
        held = 0
        for fact in self.evidence.facts[: self.evidence.position(entry)]:
            match fact:
                case OrderFilled(symbol=named, side=side, quantity=quantity) if named == symbol:
                    held += quantity if side == Side.BUY else -quantity
                case SharesMoved(symbol=named, after=after) if named == symbol:
                    held = after
                case _:
                    pass
        return held

    @cached_property
    def _awake(self) -> list[tuple[datetime, datetime]]:
        """The spans in which the program was recovered and its machine awake."""
        spans: list[tuple[datetime, datetime]] = []
        since: datetime | None = None
        for fact in self.evidence.facts:
            match fact:
                case Ready():
                    since = fact.at
                case Died() if since is not None:
                    spans.append((since, fact.at))
                    since = None
                case Slept(since=asleep) if since is not None:
                    spans.append((since, max(since, asleep)))
                    since = fact.at
        if since is not None:
            spans.append((since, self.evidence.end))
        return spans

    def awake(self, start: datetime, end: datetime) -> timedelta:
        """Say how long of a span the program was up and could have acted."""
        return sum(
            (max(min(end, until) - max(start, since), timedelta()) for since, until in self._awake),
            timedelta(),
        )

    def violation(
        self,
        invariant: str,
        sentence: str,
        *,
        entry: Entry | None = None,
        at: datetime | None = None,
        slot: str = "",
    ) -> Violation:
        """Make a violation, at a line of the journal or at an instant."""
        when = at or (self.evidence.at(entry) if entry else self.evidence.end)
        return Violation(
            invariant=invariant,
            sentence=sentence,
            at=when,
            slot=slot,
            point=self.evidence.died_before(when),
        )
