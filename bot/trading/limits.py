"""What the owner lets the account spend, over all its cycles, and what it may cost at worst.

A LOC pays the close, which is one for all orders of a symbol and a session: so the worst case is
taken symbol by symbol and session by session, and added up (settled.md, "Prices and figures").
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.setting_values import UsdShort
from bot.trading.model import Slot
from strategy.model import ZERO, OrderType, Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """The owner's limits in USD; None where there is none.

    `daily` is what a session's buys of all cycles may cost; `total` what all cycles may have in
    shares and open buys at once.
    """

    daily: Decimal | None = None
    total: Decimal | None = None
    usd_short: UsdShort = UsdShort.REPORT


Dated = tuple[date, Slot]
"""An order and the session that it was sent for."""


def worst_spend(buys: Iterable[Slot]) -> Decimal:
    """Compute the most (USD) that LOC and limit buys of one symbol can cost at any one close.

    A LOC pays the close, so for a close c all LOC buys with a limit of c or more cost c each; limit
    buys cost their limit (settled.md, "Prices and figures").
    """
    priced = [(slot.type, slot.price, slot.quantity) for slot in buys if slot.price is not None]
    limits = sum(
        (price * quantity for kind, price, quantity in priced if kind is OrderType.LIMIT), ZERO
    )
    locs = [(price, quantity) for kind, price, quantity in priced if kind is OrderType.LOC]
    worst = max(
        (close * sum(each for price, each in locs if price >= close) for close, _ in locs),
        default=ZERO,
    )
    return worst + limits


def worst_outlay(orders: Sequence[Dated]) -> Decimal:
    """Compute the most (USD) that the buys among orders of several symbols and sessions cost."""
    buys = [(session, slot) for session, slot in orders if slot.side is Side.BUY]
    markets = {(session, slot.symbol) for session, slot in buys}
    return sum(
        (
            worst_spend(slot for day, slot in buys if (day, slot.symbol) == (session, symbol))
            for session, symbol in markets
        ),
        ZERO,
    )


def reserved(slot: Slot) -> Decimal:
    """Say what the broker sets aside for a buy (USD): its limit times its shares."""
    return (slot.price or ZERO) * slot.quantity if slot.side is Side.BUY else ZERO
