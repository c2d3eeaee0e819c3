"""Never twice, never lost: I1, I2, I5 and I10, from the broker's truth and the journal.

Each function gives its violations; the sentences name what a person would look for.
"""

from collections import Counter
from datetime import timedelta

from bot.events import (
    Event,
    OrderAbsent,
    OrderClosed,
    OrderResent,
    OrderSent,
    RoundApproved,
    RoundProposed,
    RoundSkipped,
    TradingKilled,
    TradingResumed,
    TradingStopped,
)
from bot.storage.journal import Entry
from bot.timetable import timetable
from bot.trading.model import OrderState
from tests.simulation.case import Case, Violation, line_of, round_of, session_of
from tests.simulation.facts import MessageShown, OrderPosted
from tests.simulation.lives import Step
from tests.simulation.said import plain, untold

STOPPED = "정지했습니다"
SETTLING = timedelta(hours=1)
"""How long the program may be up before a slot that nobody decided about is a lost one."""

# States in which nothing stands at the broker, by the program's own word.
_GIVEN_UP = frozenset({OrderState.WITHHELD, OrderState.REFUSED, OrderState.ABSENT})
_OPEN_QUESTIONS = frozenset({OrderState.UNKNOWN, OrderState.AMBIGUOUS, OrderState.UNKNOWN_TOLD})


def sent_is_durable_before_the_first_byte(case: Case) -> list[Violation]:
    """I1: at an order's first byte the file calls exactly its slot "sent"."""
    return [
        case.violation("I1", f"a request left while the file called {why}", at=post.at, slot=key)
        for _, post in case.posts
        for key, why in [_unlike(case, post)]
        if why
    ]


def _unlike(case: Case, post: OrderPosted) -> tuple[str, str]:
    if len(post.sent) != 1:
        return "", f"{len(post.sent)} slots sent: {', '.join(post.sent) or 'none'}"
    key = post.sent[0]
    slot = case.slots.get(key)
    if slot is None:
        return key, f"{key} sent, which nobody approved"
    asked = slot.symbol, slot.side, slot.quantity, slot.type.value.lower(), slot.price or 0
    like = asked == (post.symbol, post.side, post.quantity, post.kind, post.price)
    return key, "" if like else f"{key} sent, and asked for another order than that"


def no_slot_is_accepted_twice(case: Case) -> list[Violation]:
    """I1: a slot is one order at the broker, or none."""
    return [
        case.violation("I1", f"accepted {len(placed)} times", at=placed[1].fact.at, slot=slot)
        for slot, placed in case.accepted.items()
        if len(placed) > 1
    ]


def no_line_is_accepted_twice_by_itself(case: Case) -> list[Violation]:
    """I1: a second order for a line of the plan needs an absence told and the owner's press."""
    lines: dict[str, list[str]] = {}
    for slot in case.accepted:
        lines.setdefault(line_of(slot), []).append(slot)
    return [
        case.violation(
            "I1",
            "a second order for a line of the plan without the owner's press",
            at=case.accepted[slot][0].fact.at,
            slot=slot,
        )
        for slots in lines.values()
        for slot in sorted(slots)[1:]
        if not _pressed(case, slot)
    ]


def _pressed(case: Case, slot: str) -> bool:
    for entry in case.evidence.of(OrderResent):
        event = entry.event
        if isinstance(event, OrderResent) and event.slot.key == slot:
            over = any(
                before.seq < entry.seq and _over(before.event, event.previous)
                for before in case.evidence.of(OrderAbsent, OrderClosed)
            )
            return event.by.user_id is not None and over
    return False


def _over(event: Event, slot: str) -> bool:
    """Tell whether an event ends an order so that the owner may ask for another: gone, unfilled."""
    match event:
        case OrderAbsent(slot=key):
            return key == slot
        case OrderClosed(slot=key, state=OrderState.CANCELLED):
            return key == slot
    return False


def every_approved_order_stands_or_is_told_of(case: Case) -> list[Violation]:
    """I2: an approved order is at the broker, or the owner was told why not."""
    found: list[Violation] = []
    for slot, life in case.lives.items():
        why = _lost(case, slot, life[-1])
        if why:
            found.append(case.violation("I2", why, entry=life[-1].entry, slot=slot))
    return found


def _lost(case: Case, slot: str, last: Step) -> str:
    stands = bool(case.accepted.get(slot))
    if last.after in _GIVEN_UP or last.after in _OPEN_QUESTIONS:
        why = untold(case, last.entry)
        return f"{last.after}, and {why}" if why and not stands else ""
    if last.after is OrderState.PLANNED or last.after is OrderState.SENT:
        return _left_lying(case, slot, last)
    excused = stands or slot in case.misled
    return "" if excused else f"called {last.after}, and the broker never took it"


def _left_lying(case: Case, slot: str, last: Step) -> str:
    """Say of a slot that waits whether nobody will decide about it any more."""
    session = case.evidence.calendar.session(session_of(slot))
    if session is None or _skipped(case, round_of(slot)):
        return ""
    late = max(timetable(session).deadline, case.evidence.at(last.entry))
    if case.awake(late, case.evidence.end) < SETTLING:
        return ""
    return f"still {last.after} an hour after its deadline, and nothing was said"


def _skipped(case: Case, round_id: str) -> bool:
    return any(
        getattr(entry.event, "round_id", None) == round_id
        and type(entry.event).__name__ in {"RoundSkipped", "RoundLapsed"}
        for entry in case.evidence.entries
    )


def nothing_is_posted_after_a_stop(case: Case) -> list[Violation]:
    """I5: after /stop is durable only an order that was "sent" before it may still leave.

    And after the owner has read that it is stopped, not even that one.
    """
    found: list[Violation] = []
    stop: Entry | None = None
    acknowledged = False
    switches = _switches(case)
    sent_before: set[str] = set()
    for position, fact in enumerate(case.evidence.facts):
        for entry in switches.get(position, ()):
            match entry.event:
                case TradingStopped() | TradingKilled() if stop is None:
                    stop, acknowledged = entry, False
                case TradingResumed():
                    stop, acknowledged = None, False
                case OrderSent(slot=slot) if stop is None:
                    sent_before.add(slot)
        if stop is None:
            continue
        if isinstance(fact, MessageShown) and STOPPED in plain(fact.text):
            acknowledged = True
        if isinstance(fact, OrderPosted):
            slot = fact.sent[0] if fact.sent else ""
            if acknowledged or slot not in sent_before:
                why = "acknowledged" if acknowledged else "durable"
                found.append(
                    case.violation(
                        "I5", f"an order left after /stop was {why}", at=fact.at, slot=slot
                    )
                )
    return found


def _switches(case: Case) -> dict[int, list[Entry]]:
    """Give, by position, the stops, resumes and sendings that became durable there."""
    switches: dict[int, list[Entry]] = {}
    for entry in case.evidence.of(TradingStopped, TradingKilled, TradingResumed, OrderSent):
        switches.setdefault(case.evidence.position(entry), []).append(entry)
    return switches


def one_round_a_day_and_cycle(case: Case) -> list[Violation]:
    """I10: a cycle's session has one approved round, and orders go to that session only."""
    found: list[Violation] = []
    proposed = {
        entry.event.round_id: (entry.event.cycle_id, entry.event.session)
        for entry in case.evidence.of(RoundProposed)
        if isinstance(entry.event, RoundProposed)
    }
    approvals: Counter[object] = Counter()
    for entry in case.evidence.of(RoundApproved, RoundSkipped):
        round_id = str(getattr(entry.event, "round_id", ""))
        if isinstance(entry.event, RoundSkipped):
            approvals[proposed.get(round_id, round_id)] = 0  # void: it may be planned anew
            continue
        approvals[proposed.get(round_id, round_id)] += 1
        if approvals[proposed.get(round_id, round_id)] > 1:
            found.append(case.violation("I10", f"{round_id} went out twice", entry=entry))
    for slot, placed in case.accepted.items():
        found += [
            case.violation(
                "I10", f"an order of another day: {one.fact.session}", at=one.fact.at, slot=slot
            )
            for one in placed
            if one.fact.session != session_of(slot)
        ]
    return found
