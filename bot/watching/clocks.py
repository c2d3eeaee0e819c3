"""Our clock against the broker's: with more than half a minute between them no order goes out.

What is due is decided by the clock, so a wrong one would send on the wrong side of the cut-off.
Nothing is set right here; the owner is told once, and again when the clock is right.
"""

from datetime import timedelta

from bot.events import OrdersFreed, OrdersHeld
from bot.trading.desk import Desk
from bot.trading.holds import Hold

MOST = timedelta(seconds=30)
RIGHT = timedelta(seconds=25)
"""So near the clocks must come again: one that hangs at the bound is told once, not every look."""


class ClockGuard:
    """Hold orders back while the clocks differ; the figure is looked at before every order."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._told = False
        desk.holds.probe(Hold.CLOCK, self.off)

    def off(self) -> str | None:
        """Answer by how many seconds the broker's clock is ahead, where that is too much."""
        ahead = self._desk.ahead()
        if ahead is None or abs(ahead) <= (RIGHT if self._told else MOST):
            return None
        return str(round(ahead.total_seconds()))

    async def look(self) -> None:
        """Tell when the clock went wrong, and when it is right again by an answer."""
        off, known = self.off(), self._desk.ahead() is not None
        if off is not None and not self._told:
            self._told = True
            async with self._desk.recording() as recording:
                await recording.record(OrdersHeld(why=Hold.CLOCK.value, detail=off))
        elif self._told and off is None and known:
            self._told = False
            async with self._desk.recording() as recording:
                await recording.record(OrdersFreed(why=Hold.CLOCK.value))
