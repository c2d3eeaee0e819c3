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
NONE_OF_THEM: dict[OrderState | None, OrderState] = {
    OrderState.AMBIGUOUS: OrderState.UNKNOWN,
    OrderState.UNKNOWN_TOLD: OrderState.ABSENT,
}
"""Where an order goes of which the owner says that none of the candidates is it."""


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
        for slot in _planned(entry.event):
            steps[slot].append(_step(entry, steps[slot], OrderState.PLANNED))
        key = getattr(entry.event, "slot", None)
        if isinstance(key, str):
            before = steps[key][-1].after if steps[key] else None
            after = state_after(entry.event, before)
            if after is not None:
                steps[key].append(_step(entry, steps[key], after))
    return steps


def _step(entry: Entry, life: list[Step], after: OrderState) -> Step:
    return Step(entry=entry, before=life[-1].after if life else None, after=after)


def edges(entries: Iterable[Entry]) -> Counter[Edge]:
    """Count how often every edge of the state machine was crossed."""
    return Counter(
        (step.before, step.after)
        for life in lives(entries).values()
        for step in life
        if step.before is not None
    )


def state_after(event: Event, before: OrderState | None) -> OrderState | None:
    """Say where an event leads an order that stood at a state; None where it leads nowhere."""
    match event:
        case OrderClosed(state=state):
            return state
        case OrderRecognised(order_number=None):
            return NONE_OF_THEM[before]
        case OrderRecognised():
            return OrderState.OPEN
    return _LEADS_TO.get(type(event))


def _planned(event: Event) -> tuple[str, ...]:
    """List the slots whose lives an event begins."""
    match event:
        case RoundApproved(slots=slots):
            return tuple(slot.key for slot in slots)
        case OrderResent(slot=slot):
            return (slot.key,)
    return ()
