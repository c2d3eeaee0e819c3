"""Market time in live mode: it follows the wall clock that was handed in, and nobody moves it."""

from collections.abc import Awaitable, Callable

from kis.simulator.clock import Clock
from kis.simulator.config import Pace, PaceKind
from kis.simulator.live.exchange import LiveExchange
from kis.simulator.parties import ClockRefusalError

NOT_BY_HAND = "Time follows the wall clock here; nobody moves it."


class WallClock(Clock):
    """Look at the wall clock every step; parties are woken when their instant has come."""

    def __init__(self, exchange: LiveExchange, sleep: Callable[[float], Awaitable[None]]) -> None:
        super().__init__(exchange, Pace(kind=PaceKind.WALL))
        self._live = exchange
        self._sleep = sleep

    async def run(self) -> None:
        while not self._closing:
            self._live.catch_up()
            self._wake_due()
            await self._sleep(self._live.rules.step.total_seconds())

    async def move(self, to: str) -> None:
        """Refuse. Raises ClockRefusalError."""
        raise ClockRefusalError(f"{NOT_BY_HAND} ({to})")

    def set_pace(self, pace: Pace) -> None:
        """Refuse. Raises ClockRefusalError."""
        raise ClockRefusalError(f"{NOT_BY_HAND} ({pace.kind})")
