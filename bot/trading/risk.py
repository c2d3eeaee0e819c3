"""What stops an order: named checks that answer with every reason at once.

`refusals` looks at one order just before it would be sent; the texts are codes with figures that
the chat puts into words.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.timetable import Timetable
from bot.trading.model import RoundState, Slot
from strategy.model import OrderType, Side

# Buys: the collar of KIS (kis.md 5.1). Sells: only what a share split or broken data would explain;
# closer calls are the collar of KIS itself, which refuses and is told.
BUY_COLLAR = Decimal("1.30")
SELL_COLLAR = Decimal("0.50")

SENDING = (RoundState.APPROVED, RoundState.SUBMITTING, RoundState.WORKING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What is true at the moment of sending, read in the transaction that writes "sent".

    `trading` is running, paused, paused_all or stopped; `last_price` the latest known price (USD);
    `cap` what the round may spend (USD); `round_buys` the round's buys sent so far and this one;
    `live` every order of ours on the symbol that stands or may stand in the session, of any cycle;
    all of them as the broker sees them. `emulated`: a limit order stands for this LOC or MOC.
    """

    trading: str
    held: bool
    round_state: RoundState
    now: datetime
    timetable: Timetable
    last_price: Decimal | None
    cap: Decimal
    round_buys: tuple[Slot, ...]
    live: tuple[Slot, ...]
    emulated: bool = False


def refusals(slot: Slot, standing: Standing) -> list[str]:
    """List every reason why an order must not be sent now; empty when it may go."""
    return [
        *_stopped(slot, standing),
        *_too_late(standing),
        *_outside_band(slot, standing),
        *_over_cap(slot, standing),
        *_crossing(slot, standing),
    ]


def worst_spend(buys: Iterable[Slot]) -> Decimal:
    """Compute the most (USD) that LOC and limit buys together can cost at any one close.

    A LOC pays the close, so for a close c all LOC buys with a limit of c or more cost c each; limit
    buys cost their limit (settled.md, "Prices and figures").
    """
    priced = [(slot.type, slot.price, slot.quantity) for slot in buys if slot.price is not None]
    limits = sum(
        (price * quantity for kind, price, quantity in priced if kind is OrderType.LIMIT),
        Decimal(0),
    )
    locs = [(price, quantity) for kind, price, quantity in priced if kind is OrderType.LOC]
    worst = max(
        (close * sum(each for price, each in locs if price >= close) for close, _ in locs),
        default=Decimal(0),
    )
    return worst + limits


def _stopped(slot: Slot, standing: Standing) -> list[str]:
    if standing.trading == "stopped":
        return ["stopped"]
    if standing.held:
        return ["held"]
    if standing.round_state not in SENDING:
        return [f"round {standing.round_state.value}"]
    if standing.trading == "paused_all" or (standing.trading == "paused" and slot.side is Side.BUY):
        return ["paused"]
    return []


def _too_late(standing: Standing) -> list[str]:
    table, now = standing.timetable, standing.now
    if standing.emulated:
        return [] if table.may_emulate(now) else ["emulation_over"]
    return [] if table.may_send(now) else ["outside_window"]


def _outside_band(slot: Slot, standing: Standing) -> list[str]:
    if slot.price is None:
        return []
    if standing.last_price is None:
        return ["no_price"]
    if slot.side is Side.BUY and slot.price > standing.last_price * BUY_COLLAR:
        return [f"band {slot.price} {standing.last_price}"]
    if slot.side is Side.SELL and slot.price < standing.last_price * SELL_COLLAR:
        return [f"band {slot.price} {standing.last_price}"]
    return []


def _over_cap(slot: Slot, standing: Standing) -> list[str]:
    if slot.side is not Side.BUY:
        return []
    spend = worst_spend(standing.round_buys)
    return [f"cap {spend} {standing.cap}"] if spend > standing.cap else []


def _crossing(slot: Slot, standing: Standing) -> list[str]:
    """Keep our own orders from trading with one another, over all cycles of the symbol.

    An order at the close without a limit meets every order on the other side.
    """
    others = [other for other in standing.live if other.side is not slot.side]
    met = [other for other in others if _meets(slot, other)]
    if not met:
        return []
    prices = [other.price for other in met if other.price is not None]
    nearest = (min if slot.side is Side.BUY else max)(prices, default=None)
    return [f"crossing {slot.price} {nearest}"]


def _meets(slot: Slot, other: Slot) -> bool:
    if slot.price is None or other.price is None:
        return True
    return slot.price >= other.price if slot.side is Side.BUY else slot.price <= other.price
