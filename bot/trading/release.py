"""What a pause or a missing consent held back goes out when that is over while there is time."""

from bot.events import OrderReleased
from bot.trading.consent import EDITION
from bot.trading.desk import Desk
from bot.trading.model import GOING_OUT, OrderState

PAUSED, CONSENT = "paused", "consent"


class Releaser:
    """Put orders that only such a thing held back where they were: planned, once."""

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
                and order.detail in (PAUSED, CONSENT)
                and not desk.too_late(order.slot, table)
            ]
            if any(order.detail == CONSENT for order in held) and not await self._consented():
                held = [order for order in held if order.detail != CONSENT]
            if held:
                async with desk.recording() as recording:
                    for order in held:
                        await recording.record(OrderReleased(slot=order.slot.key))

    async def _consented(self) -> bool:
        return await self._desk.views.consent() == EDITION
