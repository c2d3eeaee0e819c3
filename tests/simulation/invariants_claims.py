"""Never a lie about the account, and no press that acts twice: more of I6, and of I1."""

from datetime import timedelta

from bot.events import (
    Event,
    LedgerMismatched,
    RoundVerified,
    TradingPaused,
    TradingResumed,
    TradingStopped,
)
from bot.storage.journal import Entry
from strategy.model import Side
from tests.simulation.books import Books
from tests.simulation.case import Case, Violation
from tests.simulation.facts import MessageShown, OrderFilled, SharesMoved

BALANCE_LAGS = timedelta(minutes=30)
"""How old the balance may be that a claim is made from."""

OFFERS: dict[type[Event], frozenset[str]] = {
    TradingStopped: frozenset({"유지하고 정지", "취소하고 정지"}),
    TradingPaused: frozenset({"매수만", "모두"}),
    TradingResumed: frozenset({"다시 시작"}),
}


def missing_is_true(case: Case) -> list[Violation]:
    """I6: no order that stands is called missing at the look after the open."""
    found: list[Violation] = []
    for entry in case.evidence.of(RoundVerified):
        position = case.evidence.position(entry)
        for slot in getattr(entry.event, "missing", ()):
            for placed in case.accepted.get(slot, ()):
                ended = case.ended.get(placed.number)
                if placed.position < position and (ended is None or ended[0] > position):
                    sentence = f"called missing, and {placed.fact.number} stands at the broker"
                    found.append(case.violation("I6", sentence, entry=entry, slot=slot))
    return found


def mismatches_are_true(case: Case) -> list[Violation]:
    """I6: when ledger and account are said to differ, the account held what is said of it."""
    found: list[Violation] = []
    books = Books()
    for entry in case.evidence.entries:
        event = entry.event
        books.read(event)
        if isinstance(event, LedgerMismatched):
            told = event.broker_quantity + books.aside[event.symbol]
            if told not in _lately_held(case, entry, event.symbol):
                sentence = f"the account is said to hold {told} shares of {event.symbol}"
                found.append(case.violation("I6", sentence, entry=entry))
    return found


def _lately_held(case: Case, entry: Entry, symbol: str) -> set[int]:
    """List what the account truly held of a symbol within the last half hour."""
    since = case.evidence.at(entry) - BALANCE_LAGS
    held, lately = 0, {0}
    for fact in case.evidence.facts[: case.evidence.position(entry)]:
        match fact:
            case OrderFilled(symbol=named, side=side, quantity=quantity) if named == symbol:
                held += quantity if side == Side.BUY else -quantity
            case SharesMoved(symbol=named, after=after) if named == symbol:
                held = after
            case _:
                continue
        lately = {held} if fact.at < since else {*lately, held}
    return lately


def a_button_acts_once(case: Case) -> list[Violation]:
    """I1: every /stop, /pause and /resume that was carried out had a question of its own."""
    found: list[Violation] = []
    for kind, captions in OFFERS.items():
        asked = {
            fact.message_id
            for _, fact in case.positions(MessageShown)
            if any(text in captions for text, _ in fact.buttons)
        }
        done = list(case.evidence.of(kind))
        for entry in done[len(asked) :]:
            sentence = f"{kind.__name__} {len(done)} times, asked for {len(asked)} times"
            found.append(case.violation("I1", sentence, entry=entry))
    return found
