"""Counting the bot's shares of a symbol: at the broker, and in the ledger over all cycles."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.storage.views import OrderView
from bot.trading.desk import Desk
from bot.trading.model import GOING_OUT
from strategy.model import Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Count:
    """A symbol's shares: `held` at the broker less those set aside, `ledger` over all cycles.

    `by_hand` are those of told hand trades that no ledger has yet; sales are negative.
    """

    held: int
    ledger: int
    by_hand: int

    @property
    def agrees(self) -> bool:
        """Tell whether the ledger explains what is held, with what was done by hand or without.

        Without: the owner may have called the shares not ours already, or KIS's balance lags.
        """
        return self.held in (self.ledger, self.ledger + self.by_hand)


async def count(desk: Desk, symbol: str) -> Count:
    """Count a symbol's shares on both sides. Raises BrokerSilent."""
    return Count(
        held=await held_of_ours(desk, symbol),
        ledger=await in_the_ledger(desk, symbol),
        by_hand=await desk.views.account.by_hand(symbol),
    )


async def held_of_ours(desk: Desk, symbol: str) -> int:
    """Read how many shares of a symbol the account holds that are the bot's."""
    return await desk.broker.quantity(symbol) - await desk.views.set_aside(symbol)


async def in_the_ledger(desk: Desk, symbol: str) -> int:
    """Add up a symbol's shares over its cycles, with the fills booked of rounds that are out."""
    out = {each.cycle_id: each.orders for each in await desk.views.rounds_in(*GOING_OUT)}
    return sum(
        view.cycle.quantity + moved(out.get(view.cycle_id, ()))
        for view in await desk.views.cycles_of(symbol)
    )


def moved(orders: Iterable[OrderView]) -> int:
    """Count the shares that a round's fills have brought so far; sales are negative."""
    return sum(order.filled if order.slot.side is Side.BUY else -order.filled for order in orders)
