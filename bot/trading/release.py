"""What a pause held back goes out after all when the pause is over while there is time."""

from bot.events import OrderReleased
from bot.trading.desk import Desk
from bot.trading.model import GOING_OUT, OrderState

PAUSED = "paused"


class Releaser:
    """Put orders that only a pause held back where they were: planned, once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def release(self) -> None:
        """Look at every round that is out; nothing is sent here."""
        desk = self._desk
        if await desk.views.trading() != "running":
            return
        for round_ in await desk.views.rounds_in(*GOING_OUT):
            table = desk.table(round_.session)
            held = [
                order
                for order in round_.orders
                if order.state is OrderState.WITHHELD
                and order.detail == PAUSED
                and not desk.too_late(order.slot, table)
            ]
            if held:
                async with desk.recording() as recording:
                    for order in held:
                        await recording.record(OrderReleased(slot=order.slot.key))
