"""The lives of the slots as the journal tells them: which edge of the state machine, and when."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from bot.events import (
    Event,
    FillBooked,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderClosed,
    OrderDeferred,
    OrderLeftUnknown,
    OrderNotSent,
    OrderRecognised,
    OrderRefused,
    OrderReleased,
    OrderResent,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    RoundApproved,
)
from bot.storage.journal import Entry
from bot.trading.model import OrderState

Edge = tuple[OrderState, OrderState]

# Where an event leads, whatever stood before; a closed order says itself where.
_LEADS_TO: dict[type[Event], OrderState] = {
    OrderWithheld: OrderState.WITHHELD,
    OrderSent: OrderState.SENT,
    OrderNotSent: OrderState.PLANNED,
    OrderDeferred: OrderState.PLANNED,
    OrderAccepted: OrderState.OPEN,
    OrderRefused: OrderState.REFUSED,
    OrderUnknown: OrderState.UNKNOWN,
    OrderAbsent: OrderState.ABSENT,
    OrderAmbiguous: OrderState.AMBIGUOUS,
    OrderLeftUnknown: OrderState.UNKNOWN_TOLD,
    OrderReleased: OrderState.PLANNED,
    FillBooked: OrderState.PARTIAL,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One change of a slot's state, and the line of the journal that made it."""

    entry: Entry
    before: OrderState | None
    after: OrderState


def lives(entries: Iterable[Entry]) -> dict[str, list[Step]]:
    """Walk the journal; give every slot's steps, the first of which has nothing before it."""
    steps: dict[str, list[Step]] = defaultdict(list)
    for entry in entries:
        for slot, after in _changes(entry.event):
            before = steps[slot][-1].after if steps[slot] else None
            steps[slot].append(
                Step(entry=entry, before=before, after=_turned(entry, before, after))
            )
    return steps


def edges(entries: Iterable[Entry]) -> Counter[Edge]:
    """Count how often every edge of the state machine was crossed."""
    return Counter(
        (step.before, step.after)
        for life in lives(entries).values()
        for step in life
        if step.before is not None
    )


def _changes(event: Event) -> list[tuple[str, OrderState]]:
    match event:
        case RoundApproved(slots=slots):
            return [(slot.key, OrderState.PLANNED) for slot in slots]
        case OrderResent(slot=slot):
            return [(slot.key, OrderState.PLANNED)]
        case OrderClosed(slot=key, state=state):
            return [(key, state)]
        case OrderRecognised(slot=key):
            return [(key, OrderState.OPEN)]
    after = _LEADS_TO.get(type(event))
    return [] if after is None else [(str(getattr(event, "slot", "")), after)]


def _turned(entry: Entry, before: OrderState | None, after: OrderState) -> OrderState:
    """Say where an event led; the owner's "none of them" sets the search going, or ends it."""
    event = entry.event
    if not isinstance(event, OrderRecognised) or event.order_number is not None:
        return after
    return OrderState.ABSENT if before is OrderState.UNKNOWN_TOLD else OrderState.UNKNOWN
