"""Counting the bot's shares of a symbol: at the broker, and in the ledger over all cycles."""

from collections.abc import Iterable

from bot.storage.views import OrderView
from bot.trading.desk import Desk
from bot.trading.model import GOING_OUT
from strategy.model import Side


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
