"""What leaves and when, and what is booked of it: more of I1, I3, I4, I5 and I10.

Each holds by the world's truth alone: an order's own words on the wire, true time, the journal's
state at the very fact.
"""

from datetime import date, timedelta
from decimal import Decimal

from bot.events import (
    CycleChanged,
    CycleStarted,
    FeesCharged,
    OrderSent,
    RoundCorrected,
    RoundSettled,
    TradingPaused,
    TradingResumed,
)
from bot.storage.journal import Entry
from bot.timetable import timetable
from bot.trading.life import GIVEN_UP, UNRESOLVED
from bot.trading.model import OrderState, Slot
from strategy.model import Cycle, Side
from tests.simulation.case import Case, Violation, round_of, session_of
from tests.simulation.facts import OrderPosted
from tests.simulation.invariants_money import LOOKED_BACK, worst_close

CLOCK_IS_BELIEVED = timedelta(seconds=45)
"""How far from its hours an order may leave: a clock 30 s off is believed, questions take some."""
_ZERO = Decimal(0)


def orders_leave_in_their_hours(case: Case) -> list[Violation]:
    """I10: by true time an order leaves between the evening's hour and the session's deadline."""
    found: list[Violation] = []
    for _, post in case.posts:
        session = case.evidence.calendar.session(session_of(post.sent[0])) if post.sent else None
        if session is None:
            continue
        table = timetable(session)
        early = post.at < table.send_from - CLOCK_IS_BELIEVED
        if early or post.at >= table.deadline + CLOCK_IS_BELIEVED:
            hours = f"{table.send_from:%m-%d %H:%M} to {table.deadline:%m-%d %H:%M}"
            sentence = f"an order left at {post.at:%m-%d %H:%M:%S} UTC, its hours are {hours} KST"
            found.append(case.violation("I10", sentence, at=post.at, slot=post.sent[0]))
    return found


def nothing_is_posted_past_a_pause(case: Case) -> list[Violation]:
    """I5: after /pause is durable no buy is called "sent", nor a sale where it says all."""
    found: list[Violation] = []
    paused: TradingPaused | None = None
    for entry in case.evidence.of(TradingPaused, TradingResumed, OrderSent):
        match entry.event:
            case TradingPaused() as pause:
                paused = pause
            case TradingResumed():
                paused = None
            case OrderSent(slot=key) if paused is not None and key in case.slots:
                if paused.everything or case.slots[key].side is Side.BUY:
                    sentence = "an order was sent while trading is paused"
                    found.append(case.violation("I5", sentence, entry=entry, slot=key))
    return found


def an_open_question_keeps_its_symbol(case: Case) -> list[Violation]:
    """I1: no order leaves while another of its symbol has no answer yet."""
    found: list[Violation] = []
    for position, post in case.posts:
        for slot in _asked_about(case, post, position):
            sentence = f"an order left while nobody knew what became of {slot}"
            found.append(case.violation("I1", sentence, at=post.at, slot=slot))
    return found


def _asked_about(case: Case, post: OrderPosted, position: int) -> list[str]:
    """List the other slots of a symbol that had no answer when an order left."""
    return [
        slot
        for slot, life in case.lives.items()
        if slot not in post.sent
        and slot in case.slots
        and case.slots[slot].symbol == post.symbol
        and _state(case, slot, position) in UNRESOLVED
    ]


def _state(case: Case, slot: str, position: int) -> OrderState | None:
    state: OrderState | None = None
    for step in case.lives[slot]:
        if case.evidence.position(step.entry) > position:
            break
        state = step.after
    return state


def buys_stay_under_the_owners_daily_limit(case: Case) -> list[Violation]:
    """I4: the buys that may cost anything in a session, over all cycles, cost no more than that.

    Symbols close apart, so the worst close is taken of each and added up.
    """
    limit = case.evidence.daily_limit
    if limit is None:
        return []
    found: dict[date, Violation] = {}
    sent: dict[date, dict[str, list[Slot]]] = {}
    for entry in case.evidence.of(OrderSent):
        key = str(getattr(entry.event, "slot", ""))
        slot = case.slots[key]
        if slot.side is not Side.BUY or not case.accepted.get(key) or _misled(case, key):
            continue
        symbols = sent.setdefault(session_of(key), {})
        buys = symbols.setdefault(slot.symbol, [])
        if slot not in buys:
            buys.append(slot)
        position = case.evidence.position(entry)
        out = [
            [each for each in some if _may_cost(case, each, position)] for some in symbols.values()
        ]
        worst = sum((worst_close(several) for several in out), _ZERO)
        if worst > limit:
            sentence = f"with this buy the day may cost {worst} USD, the owner's limit is {limit}"
            violation = case.violation("I4", sentence, entry=entry, slot=key)
            found.setdefault(session_of(key), violation)
    return list(found.values())


def _misled(case: Case, slot: str) -> bool:
    return any(round_of(slot) == round_of(each) for each in case.misled)


def buys_stay_under_the_owners_total(case: Case) -> list[Violation]:
    """I4: shares held, at their cost, and the session's buys never exceed the owner's total."""
    limit = case.evidence.total_limit
    if limit is None:
        return []
    found: list[Violation] = []
    cycles: dict[int, Cycle] = {}
    sent: dict[tuple[date, str], list[Slot]] = {}
    for entry in case.evidence.entries:
        _follow(cycles, entry)
        event = entry.event
        if not isinstance(event, OrderSent) or not case.accepted.get(event.slot):
            continue
        slot, session = case.slots[event.slot], session_of(event.slot)
        buys = sent.setdefault((session, slot.symbol), [])
        if slot.side is not Side.BUY or slot in buys:
            continue
        buys.append(slot)
        held = sum((each.quantity * each.average for each in cycles.values()), _ZERO)
        position = case.evidence.position(entry)
        out = [
            [each for each in several if _may_cost(case, each, position)]
            for (day, _), several in sent.items()
            if day == session
        ]
        worst = held + sum((worst_close(several) for several in out), _ZERO)
        if worst > limit:
            sentence = f"with this buy {worst} USD may be out, the owner's total is {limit}"
            found.append(case.violation("I4", sentence, entry=entry, slot=event.slot))
    return found


def _may_cost(case: Case, slot: Slot, position: int) -> bool:
    """Tell whether an order stood at a fact, or was executed: what was struck costs nothing.

    What was wrongly given up, and told so, is another invariant's affair; so is an order that the
    gateway turned away in words and let through: planned again, it is looked for before it goes.
    """
    believed_home = (*GIVEN_UP, OrderState.PLANNED)
    return _state(case, slot.key, position) not in believed_home and any(
        case.fills.get(one.number) or case.ended.get(one.number, (position,))[0] >= position
        for one in case.accepted[slot.key]
    )


def _follow(cycles: dict[int, Cycle], entry: Entry) -> None:
    match entry.event:
        case CycleStarted(cycle_id=cycle_id, cycle=cycle):
            cycles[cycle_id] = cycle
        case (
            CycleChanged(cycle_id=cycle_id, after=cycle)
            | RoundSettled(cycle_id=cycle_id, after=cycle)
            | RoundCorrected(cycle_id=cycle_id, after=cycle)
            | FeesCharged(cycle_id=cycle_id, after=cycle)
        ):
            cycles[cycle_id] = cycle
        case _:
            pass


def ledgers_have_no_gap(case: Case) -> list[Violation]:
    """I3: a settlement begins from what the cycle's last line left, share by share and cent."""
    found: list[Violation] = []
    cycles: dict[int, Cycle] = {}
    for entry in case.evidence.entries:
        event = entry.event
        if isinstance(event, RoundSettled):
            last = cycles.get(event.cycle_id)
            if last is not None and last != event.before:
                sentence = f"settled from {event.before.quantity} shares and {event.before.cash}"
                left = f"{last.quantity} and {last.cash} USD"
                found.append(
                    case.violation("I3", f"{sentence}, the ledger had {left}", entry=entry)
                )
        _follow(cycles, entry)
    return found


def what_was_filled_is_booked(case: Case) -> list[Violation]:
    """I3: a round of which the broker executed anything is settled by the next evening."""
    settled = {getattr(entry.event, "round_id", "") for entry in case.evidence.of(RoundSettled)}
    filled = {
        round_of(slot)
        for slot, several in case.accepted.items()
        if any(case.fills.get(one.number) for one in several)
    }
    found: list[Violation] = []
    for round_id in sorted(filled - settled):
        session = case.evidence.calendar.session(session_of(round_id))
        if session is None:
            continue
        looks = timetable(case.evidence.calendar.following(session.day)).propose_at
        if case.awake(looks, case.evidence.end) >= LOOKED_BACK:
            sentence = "the broker executed orders of a round that was never settled"
            found.append(case.violation("I3", sentence, slot=round_id))
    return found
