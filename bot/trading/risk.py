"""What stops an order: named checks that answer with every reason at once.

`refusals` looks at one order just before it would be sent; the texts are codes with figures that
the chat puts into words.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.timetable import Timetable
from bot.trading.limits import Limits, worst_spend
from bot.trading.model import SKIPPED, RestingOrder, RoundState, Slot
from strategy.model import ZERO, Side

# Buys: the collar of KIS (kis.md 5.1). Sells: only what a share split or broken data would explain;
# closer calls are the collar of KIS itself, which refuses and is told.
BUY_COLLAR = Decimal("1.30")
SELL_COLLAR = Decimal("0.50")

# No day of the market halves or doubles a price; a split, or a number that is wrong, does.
BELIEVED = Decimal(2)
# An imitation goes out in the last minutes of a session, and the day's own fall is in its price.
BELIEVED_AT_THE_CLOSE = Decimal(6)

NO_LIMITS = Limits()

SENDING = (RoundState.APPROVED, RoundState.SUBMITTING, RoundState.WORKING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What is true at the moment of sending, read in the transaction that writes "sent".

    `trading` is running, paused, paused_all, stopped or killed; `last_price` the latest known price
    (USD); `cap` what the round may spend (USD); `round_buys` its buys sent so far and this one;
    `live` every order of ours on the symbol that stands or may stand in the session, of any cycle;
    all of them as the broker sees them. `emulated`: a limit order stands for this LOC or MOC.
    `previous_close` is the official close that the round was planned from (USD). `foreign` are open
    orders of the symbol that are not ours. `day_spend` and `total_spend` are what, with this order,
    the account may have spent at worst (USD): the session's buys of all cycles, and all shares held
    with every buy that is out. `consented`: the owner has agreed to the risks, where money is real.
    Of the round the owner has `called_back` the sides named.
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
    previous_close: Decimal | None = None
    foreign: tuple[RestingOrder, ...] = ()
    limits: Limits = NO_LIMITS
    day_spend: Decimal = ZERO
    total_spend: Decimal = ZERO
    called_back: frozenset[Side] = frozenset()
    consented: bool = True


def refusals(slot: Slot, standing: Standing) -> list[str]:
    """List every reason why an order must not be sent now; empty when it may go."""
    return [
        *_stopped(slot, standing),
        *_too_late(standing),
        *_outside_band(slot, standing),
        *_over_cap(slot, standing),
        *_crossing(slot, standing),
    ]


def price_doubted(symbol: str, reasons: Sequence[str]) -> str:
    """Say what is wrong with a price where that alone stops an order: it may be right in a minute.

    The answer is the broker's silence in words; "" where something else stops the order, too.
    """
    codes = [reason.split() for reason in reasons]
    if not codes or any(code not in ("quote", "no_price") for code, *_ in codes):
        return ""
    figures = next((found for code, *found in codes if code == "quote"), None)
    if figures is None:
        return f"no price of {symbol} that can be believed"
    return f"the price of {symbol} is not believed: {figures[0]} after a close of {figures[1]}"


def _stopped(slot: Slot, standing: Standing) -> list[str]:
    if standing.trading in ("stopped", "killed"):
        return [standing.trading]
    if not standing.consented:
        return ["consent"]
    if standing.held:
        return ["held"]
    if standing.round_state not in SENDING:
        return [f"round {standing.round_state.value}"]
    if slot.side in standing.called_back:
        return [SKIPPED]
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
    last, close = standing.last_price, standing.previous_close
    believed = BELIEVED_AT_THE_CLOSE if standing.emulated else BELIEVED
    if last is None or not last.is_finite() or last <= 0:
        return ["no_price"]
    if close is not None and not close / believed < last < close * believed:
        return [f"quote {last} {close}"]
    # What the market shows and what it closed at bound the order both: one alone may be stale.
    known = [last] if close is None or standing.emulated else [last, close]
    nearest = min(known) if slot.side is Side.BUY else max(known)
    if slot.side is Side.BUY and slot.price > nearest * BUY_COLLAR:
        return [f"band {slot.price} {nearest}"]
    if slot.side is Side.SELL and slot.price < nearest * SELL_COLLAR:
        return [f"band {slot.price} {nearest}"]
    return []


def _over_cap(slot: Slot, standing: Standing) -> list[str]:
    if slot.side is not Side.BUY:
        return []
    spend, limits = worst_spend(standing.round_buys), standing.limits
    reasons = [f"cap {spend} {standing.cap}"] if spend > standing.cap else []
    if limits.daily is not None and standing.day_spend > limits.daily:
        reasons.append(f"daily {standing.day_spend} {limits.daily}")
    if limits.total is not None and standing.total_spend > limits.total:
        reasons.append(f"total {standing.total_spend} {limits.total}")
    return reasons


def _crossing(slot: Slot, standing: Standing) -> list[str]:
    """Keep the account's orders from trading with one another: a wash trade is refused by KIS.

    An order at the close without a limit meets every order on the other side. Ours count over all
    cycles of the symbol; of others' what the list of just before sending showed.
    """
    ours = [other.price for other in standing.live if other.side is not slot.side]
    # The broker shows an order without a limit at a price of 0.
    theirs = [other.price or None for other in standing.foreign if other.side is not slot.side]
    found = [
        ("crossing", _nearest_met(slot, ours)),
        ("crossing_foreign", _nearest_met(slot, theirs)),
    ]
    return [f"{code} {slot.price} {met}" for code, met in found if met]


def _nearest_met(slot: Slot, others: Sequence[Decimal | None]) -> str:
    met = [price for price in others if _meets(slot, price)]
    prices = [price for price in met if price is not None]
    nearest = (min if slot.side is Side.BUY else max)(prices, default=None)
    return str(nearest) if met else ""


def _meets(slot: Slot, price: Decimal | None) -> bool:
    if slot.price is None or price is None:
        return True
    return slot.price >= price if slot.side is Side.BUY else slot.price <= price
