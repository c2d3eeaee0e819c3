"""What may be asked through the control socket without a preview: questions alone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot import logs
from bot.bus import Bus
from bot.clock import Clock
from bot.commands.upkeep import AskCondition, Condition
from bot.control.facts import facts
from bot.control.happenings import Happenings
from bot.control.model import BotStatus
from bot.control.refusals import Both
from bot.errors import CalendarEnded
from bot.storage.views import Views


@dataclass(frozen=True, kw_only=True, slots=True)
class ControlDesk:
    """Answer questions of the running bot; `clock` is market time."""

    bus: Bus
    views: Views
    clock: Clock
    version: str
    venue: str
    gate_open: Callable[[], bool]
    doing: Callable[[], Both]
    next_orders: Callable[[], datetime]
    happenings: Happenings

    async def status(self) -> BotStatus:
        """Say how the bot stands."""
        return await facts(
            self.views,
            running=True,
            version=self.version,
            venue=self.venue,
            at=self.clock.now(),
            gate_open=self.gate_open(),
            doing=self.doing(),
            next_orders=self._next_orders(),
        )

    def _next_orders(self) -> datetime | None:
        try:
            return self.next_orders()
        except CalendarEnded:
            return None

    async def health(self) -> Condition:
        """Say how the program, its lines and its machine are."""
        return await self.bus.ask(AskCondition())

    def logs(self) -> list[str]:
        """Give the last lines of the log, masked."""
        return logs.recent_lines()
