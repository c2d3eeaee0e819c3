"""Never silent, never a lie: I6 and I7. What the program claims is held against the truth.

A claim is judged at the instant at which it became durable. "Not seen at KIS" may come too early
only for an order that arrived later still, and then the program has to take it back.
"""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.events import (
    BrokerTroubled,
    CycleStarted,
    FillBooked,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderClosed,
    OrderRecognised,
    OrderRefused,
    RoundLapsed,
    RoundMissed,
    RoundSettled,
    RoundSkipped,
)
from bot.storage.journal import Entry
from bot.timetable import timetable
from bot.trading.model import OrderState
from tests.simulation.case import Case, Number, Violation, session_of
from tests.simulation.facts import MessageShown
from tests.simulation.said import plain, untold

LISTED_BY_THEN = timedelta(minutes=1)
"""An order is in KIS's lists by then: a list lags 20 seconds at most."""

UP_FOR = timedelta(hours=1)
"""How long the program has to be up after a close to owe a report."""

LONGEST_OUTAGE = timedelta(hours=7)
"""How long a broker that is silent may excuse a program that is up: it is down 6 hours at most."""

_HOW = {
    OrderState.FILLED: {"filled"},
    OrderState.CLOSED_PARTIAL: {"expired", "cancelled", "rejected"},
    OrderState.EXPIRED: {"expired"},
    OrderState.CANCELLED: {"cancelled"},
    OrderState.REJECTED_LATE: {"rejected"},
}
_TAKEN = re.compile(r"접수 (\d+)/(\d+)")
_DAY = re.compile(r"(\d+)월 (\d+)일")
_TENTH_OF_A_CENT = Decimal("0.001")


def absent_is_true(case: Case) -> list[Violation]:
    """I6: "not seen at KIS" is said of no order that stands there, or is taken back."""
    found: list[Violation] = []
    for entry in case.evidence.of(OrderAbsent):
        slot = str(getattr(entry.event, "slot", ""))
        if slot in case.misled:
            continue
        for placed in case.accepted.get(slot, ()):
            if placed.fact.at <= case.evidence.at(entry) - LISTED_BY_THEN:
                sentence = f"called absent, and {placed.fact.number} stood at the broker"
                found.append(case.violation("I6", sentence, entry=entry, slot=slot))
            elif not _taken_back(case, entry, slot):
                sentence = f"called absent, and {placed.fact.number} came after: never taken back"
                found.append(case.violation("I6", sentence, entry=entry, slot=slot))
    return found


def refused_is_true(case: Case) -> list[Violation]:
    """I6: no order that the broker took is called refused, or it is taken back."""
    return [
        case.violation("I6", "called refused, and the broker took it", entry=entry, slot=slot)
        for entry in case.evidence.of(OrderRefused)
        for slot in [str(getattr(entry.event, "slot", ""))]
        if case.accepted.get(slot) and not _taken_back(case, entry, slot)
    ]


def _taken_back(case: Case, claim: Entry, slot: str) -> bool:
    """Tell whether a claim was corrected, or the program has not been up long enough to."""
    corrected = any(
        isinstance(entry.event, OrderAccepted | OrderAmbiguous | OrderRecognised)
        and entry.event.slot == slot
        for entry in case.evidence.entries
        if entry.seq > claim.seq
    )
    session = case.evidence.calendar.session(session_of(slot))
    if corrected or session is None:
        return True
    due = max(timetable(session).settle_at, case.evidence.at(claim))
    return case.awake(due, case.evidence.end) < UP_FOR


def ours_are_ours(case: Case) -> list[Violation]:
    """I6: the number that a slot is given is that of the order that truly came of it."""
    found: list[Violation] = []
    for entry in case.evidence.of(OrderAccepted):
        event = entry.event
        if not isinstance(event, OrderAccepted):
            continue
        session = session_of(event.slot)
        whose = case.owner_of.get((session, event.order_number))
        if whose != event.slot and event.slot not in case.misled:
            owner = f"{whose}'s" if whose else "not the program's"
            sentence = f"takes {event.order_number} for its own, which is {owner}"
            found.append(case.violation("I6", sentence, entry=entry, slot=event.slot))
    return found


def fills_told_are_true(case: Case) -> list[Violation]:
    """I6: booked fills are never more than was executed by then, nor at another price."""
    found: list[Violation] = []
    for entry in case.evidence.of(FillBooked):
        event = entry.event
        if not isinstance(event, FillBooked) or event.slot in case.misled:
            continue
        done = _executed(case, event.slot, case.evidence.position(entry))
        quantity = sum(shares for shares, _ in done)
        paid = sum((shares * price for shares, price in done), Decimal(0))
        if event.quantity > quantity:
            sentence = f"{event.quantity} shares booked, {quantity} executed"
            found.append(case.violation("I6", sentence, entry=entry, slot=event.slot))
        elif event.quantity == quantity and abs(event.price - paid / quantity) > _TENTH_OF_A_CENT:
            sentence = f"booked at {event.price} USD, executed at {paid / quantity}"
            found.append(case.violation("I6", sentence, entry=entry, slot=event.slot))
    return found


def _executed(case: Case, slot: str, until: int) -> list[tuple[int, Decimal]]:
    return [
        (fill.quantity, fill.price)
        for placed in case.accepted.get(slot, ())
        for position, fill in case.fills.get(placed.number, ())
        if position <= until
    ]


def ends_told_are_true(case: Case) -> list[Violation]:
    """I6: an order that is called over is over, in the way that is told."""
    found: list[Violation] = []
    for entry in case.evidence.of(OrderClosed):
        event = entry.event
        placed = case.accepted.get(event.slot) if isinstance(event, OrderClosed) else None
        if not isinstance(event, OrderClosed) or not placed or event.slot in case.misled:
            continue
        truly = _end(case, placed[-1].number, case.evidence.position(entry))
        so_listed = case.shown_short(placed[-1].number, entry) and _booked_more(case, entry)
        if truly not in _HOW.get(event.state, {truly}) and not so_listed:
            sentence = f"called {event.state}, and it is {truly or 'still open'}"
            found.append(case.violation("I6", sentence, entry=entry, slot=event.slot))
    return found


def _booked_more(case: Case, claim: Entry) -> bool:
    """Tell whether an end that KIS's lists told wrongly was corrected, or is yet to be."""
    slot = str(getattr(claim.event, "slot", ""))
    booked = any(
        entry.seq > claim.seq and getattr(entry.event, "slot", "") == slot
        for entry in case.evidence.of(FillBooked)
    )
    following = case.evidence.calendar.following(session_of(slot))
    due = max(timetable(following).propose_at, case.evidence.at(claim))
    return booked or case.awake(due, case.evidence.end) < timedelta(hours=2)


def _end(case: Case, number: Number, until: int) -> str:
    ended = case.ended.get(number)
    return ended[1].how if ended and ended[0] <= until else ""


def counts_shown_are_true(case: Case) -> list[Violation]:
    """I6: a card never counts more orders as taken than the broker has taken that day."""
    found: list[Violation] = []
    for position, fact in case.positions(MessageShown):
        text = plain(fact.text)
        count, day = _TAKEN.search(text), _DAY.search(text)
        if count is None or day is None:
            continue
        month_and_day = int(day[1]), int(day[2])
        taken = sum(
            one.position <= position
            and (one.fact.session.month, one.fact.session.day) == month_and_day
            for placed in case.accepted.values()
            for one in placed
        )
        if int(count[1]) > taken:
            sentence = f"a message counts {count[1]} orders taken, the broker took {taken}"
            found.append(case.violation("I6", sentence, at=fact.at))
    return found


def every_day_is_told_of(case: Case) -> list[Violation]:
    """I7: of every session the owner has a report, or why there is none, before the next open."""
    found: list[Violation] = []
    for entry in case.evidence.of(CycleStarted):
        event = entry.event
        if not isinstance(event, CycleStarted):
            continue
        for session in _days(case, event, case.evidence.at(entry)):
            why = _silent(case, event.cycle_id, session)
            if why:
                following = case.evidence.calendar.following(session)
                found.append(case.violation("I7", f"{session}: {why}", at=following.open))
    return found


def _days(case: Case, started: CycleStarted, at: datetime) -> list[date]:
    """Give the sessions of a cycle after which the program was up long enough to report."""
    calendar = case.evidence.calendar
    days: list[date] = []
    session = calendar.current_or_next(at)
    if timetable(session).deadline <= at:
        session = calendar.following(session.day)
    while (following := calendar.following(session.day)).open <= case.evidence.end:
        begun = started.first_session is None or session.day >= started.first_session
        table = timetable(session)
        if begun and case.awake(table.settle_again_at, following.open) >= UP_FOR:
            days.append(session.day)
        session = following
    return days


def _silent(case: Case, cycle_id: int, session: date) -> str:
    """Say why a session is a silent one; "" when the owner knows what became of it."""
    round_id = f"{session.isoformat()}.{cycle_id}"
    opens = case.evidence.calendar.following(session).open
    told = [
        entry
        for entry in case.evidence.of(RoundSettled, RoundMissed, RoundLapsed, RoundSkipped)
        if getattr(entry.event, "round_id", "") == round_id and case.evidence.at(entry) <= opens
    ]
    if told:
        return untold(case, told[-1])
    ends = timetable_end(case, session)
    if case.awake(ends, opens) < LONGEST_OUTAGE and _broker_silent(case, ends, opens):
        return ""
    return "no report, and no word why"


def timetable_end(case: Case, session: date) -> datetime:
    """Say when a session's report is due first."""
    found = case.evidence.calendar.session(session)
    return timetable(found).settle_at if found else case.evidence.end


def _broker_silent(case: Case, start: datetime, end: datetime) -> bool:
    """Tell whether the owner was told in a span that the broker cannot be asked."""
    return any(
        start - timedelta(hours=12) <= case.evidence.at(entry) <= end
        for entry in case.evidence.of(BrokerTroubled)
    )
