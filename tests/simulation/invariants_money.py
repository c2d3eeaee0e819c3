"""The ledger and the limits: I3 and I4, counted again from the broker's executions."""

from datetime import timedelta
from decimal import Decimal

from bot.events import (
    FeesCharged,
    LateFillSeen,
    RoundCorrected,
    RoundLapsed,
    RoundProposed,
    RoundSettled,
    RoundSkipped,
)
from bot.storage.journal import Entry
from bot.timetable import timetable
from bot.trading.life import DOUBTED
from bot.trading.model import Slot
from strategy.model import OrderType, Side
from tests.simulation.books import Books
from tests.simulation.case import Case, Placed, Violation, round_of
from tests.simulation.facts import OrderFilled, SharesMoved
from tests.simulation.kis.book import FEE

CENT = Decimal("0.01")
LOOKED_BACK = timedelta(hours=2)
"""How long the program may be up after the next evening began before it has looked back."""
BALANCE_LAGS = timedelta(minutes=20)
"""How old a change of the account may be that KIS's balance does not show yet."""
_ZERO = Decimal(0)


def settlements_are_the_brokers(case: Case) -> list[Violation]:
    """I3: what a settlement booked, in shares and USD, is what our orders truly did.

    An order whose end nobody knew, and of which the owner was told that, is booked when it shows:
    then the round is corrected, or the owner is told what its ledger lacks.
    """
    found: list[Violation] = []
    for entry in case.evidence.of(RoundSettled, RoundCorrected):
        event = entry.event
        if not isinstance(event, RoundSettled | RoundCorrected):
            continue
        wrong = _differences(case, event)
        if wrong and not _misled(case, event.round_id) and not _put_right(case, entry, event):
            found.append(case.violation("I3", wrong[0], entry=entry, slot=event.round_id))
    return found


Settled = RoundSettled | RoundCorrected


def _differences(case: Case, settled: Settled) -> list[str]:
    fills = _fills_of(case, settled.round_id)
    bought = sum(fill.quantity for fill in fills if fill.side == Side.BUY)
    sold = sum(fill.quantity for fill in fills if fill.side == Side.SELL)
    if (bought, sold) != (settled.bought, settled.sold):
        told, truly = f"{settled.bought}+{settled.sold}", f"{bought}+{sold}"
        return [f"settled {told} shares bought and sold, the broker executed {truly}"]
    spent = sum((fill.quantity * fill.price for fill in fills if fill.side == Side.BUY), _ZERO)
    got = sum((fill.quantity * fill.price for fill in fills if fill.side == Side.SELL), _ZERO)
    before, after = settled.before, settled.after
    cash = before.cash - spent + got - settled.fees
    # The broker tells a mean price; its last digit may cost a hundredth of a cent a share.
    tolerance = CENT + (bought + sold) * Decimal("0.0001")
    if abs(after.cash - cash) > tolerance:
        return [f"the ledger's cash is {after.cash} USD, by the broker's executions {cash}"]
    if settled.finished is not None:
        return []
    if after.quantity != before.quantity + bought - sold:
        return [f"the ledger holds {after.quantity} shares after {before.quantity}+{bought}-{sold}"]
    cost = after.quantity * after.average
    expected = (before.quantity - sold) * before.average + spent
    if abs(cost - expected) > tolerance:
        return [f"the ledger's cost is {cost} USD, by the broker's executions {expected}"]
    return []


def fees_are_the_brokers(case: Case) -> list[Violation]:
    """I3: fees that are booked as the broker's are his, of the round's own executions alone."""
    found: list[Violation] = []
    for entry in case.evidence.of(FeesCharged):
        event = entry.event
        if not isinstance(event, FeesCharged) or _misled(case, event.round_id):
            continue
        fills = _fills_of(case, event.round_id)
        truly = sum((fill.quantity * fill.price for fill in fills), _ZERO) * FEE
        # He rounds to the cent on each side, and two cycles of a symbol share what he rounded.
        if abs(event.charged - truly) > 2 * CENT:
            sentence = f"fees of {event.charged} USD were booked, the broker took {truly}"
            found.append(case.violation("I3", sentence, entry=entry, slot=event.round_id))
        if event.after.cash - event.before.cash != event.booked - event.charged:
            sentence = f"fees moved the ledger from {event.before.cash} to {event.after.cash} USD"
            found.append(case.violation("I3", sentence, entry=entry, slot=event.round_id))
    return found


def _misled(case: Case, round_id: str) -> bool:
    return any(round_of(slot) == round_id for slot in case.misled)


def _put_right(case: Case, entry: Entry, settled: Settled) -> bool:
    """Tell whether a settlement over an open question was corrected, told of, or is yet to be."""
    if not _open_question(case, entry, settled.round_id):
        return False
    for later in case.evidence.of(RoundCorrected, LateFillSeen):
        if later.seq > entry.seq and getattr(later.event, "round_id", "") == settled.round_id:
            return True
    looks = timetable(case.evidence.calendar.following(settled.session)).propose_at
    due = max(looks, case.evidence.at(entry))
    return case.awake(due, case.evidence.end) < LOOKED_BACK


def _open_question(case: Case, entry: Entry, round_id: str) -> bool:
    """Tell whether a round had an order of which nobody knew whether it stood, or how it ended."""
    short = any(
        case.shown_short(placed.number, entry)
        for slot, several in case.accepted.items()
        if round_of(slot) == round_id
        for placed in several
    )
    return short or any(
        step.after in DOUBTED
        for slot, life in case.lives.items()
        if round_of(slot) == round_id
        for step in [step for step in life if step.entry.seq < entry.seq][-1:]
    )


def _fills_of(case: Case, round_id: str) -> list[OrderFilled]:
    return [
        fill
        for slot, placed in case.accepted.items()
        if round_of(slot) == round_id
        for one in placed
        for _, fill in case.fills.get(one.number, ())
    ]


def buys_stay_under_the_cap(case: Case) -> list[Violation]:
    """I4: at no close can the accepted buys of a round cost more than it may spend."""
    buys: dict[str, list[tuple[Slot, Placed]]] = {}
    for slot, several in case.accepted.items():
        described = case.slots.get(slot)
        if described is not None and described.side is Side.BUY:
            buys.setdefault(round_of(slot), []).extend((described, one) for one in several)
    found: list[Violation] = []
    for round_id, taken in buys.items():
        proposed = case.plans.get(round_id)
        if proposed is None or _misled(case, round_id):
            continue
        cap = min(proposed.plan.unit, proposed.plan.cycle.cash)
        worst = worst_close([slot for slot, _ in taken])
        if worst > cap:
            at = max(one.fact.at for _, one in taken)
            sentence = f"the buys taken can cost {worst} USD, the cap is {cap}"
            found.append(case.violation("I4", sentence, at=at, slot=round_id))
    return found


def worst_close(buys: list[Slot]) -> Decimal:
    """Find the dearest close: a LOC of a limit at or above it pays it, a limit buy pays its own."""
    fixed = sum(
        (buy.price * buy.quantity for buy in buys if buy.type is OrderType.LIMIT and buy.price),
        _ZERO,
    )
    locs = [buy for buy in buys if buy.type is OrderType.LOC and buy.price is not None]
    closes = [buy.price for buy in locs if buy.price is not None]
    return fixed + max(
        (
            close
            * sum(buy.quantity for buy in locs if buy.price is not None and buy.price >= close)
            for close in closes
        ),
        default=_ZERO,
    )


def money_is_never_below_zero(case: Case) -> list[Violation]:
    """I4: no cycle ever spends more than its seed and what it has earned since."""
    return [
        case.violation("I4", f"the cycle's cash is {entry.event.after.cash} USD", entry=entry)
        for entry in case.evidence.of(RoundSettled)
        if isinstance(entry.event, RoundSettled) and entry.event.after.cash < _ZERO
    ]


def proposals_agree_with_the_account(case: Case) -> list[Violation]:
    """I3: a round is planned only from a ledger that holds what the account truly holds.

    Hand trades that the owner was told of and has not spoken about may stand between the two.
    """
    found: list[Violation] = []
    books = Books()
    for entry in case.evidence.entries:
        event = entry.event
        books.read(event)
        if isinstance(event, RoundProposed):
            symbol = event.plan.cycle.rules.symbol
            truly = case.held(entry, symbol) - books.aside[symbol]
            explained = truly in books.explain(symbol) or _just_moved(case, entry, symbol)
            if not explained and not _out(case, entry, symbol):
                ours = books.ours(symbol)
                sentence = f"planned from {ours} shares of {symbol}, the account holds {truly}"
                found.append(case.violation("I3", sentence, entry=entry, slot=event.round_id))
    return found


def _just_moved(case: Case, entry: Entry, symbol: str) -> bool:
    since = case.evidence.at(entry) - BALANCE_LAGS
    return any(
        isinstance(fact, OrderFilled | SharesMoved) and fact.symbol == symbol and fact.at >= since
        for fact in case.evidence.facts[: case.evidence.position(entry)]
    )


def _out(case: Case, entry: Entry, symbol: str) -> bool:
    """Tell whether a round of the symbol is out, or was misjudged by the owner's own word."""
    over = {
        getattr(each.event, "round_id", "")
        for each in case.evidence.of(RoundSettled, RoundLapsed, RoundSkipped)
        if each.seq < entry.seq
    }
    return any(
        case.slots[slot].symbol == symbol and (round_of(slot) not in over or slot in case.misled)
        for slot, life in case.lives.items()
        if life[0].entry.seq < entry.seq
    )
