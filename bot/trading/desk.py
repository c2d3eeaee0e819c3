"""What every part of trading works with: clock, journal, views, counter, and who is told."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.bus import Bus
from bot.clock import Clock
from bot.events import BrokerReturned, BrokerTroubled
from bot.sessions import Calendar
from bot.storage.journal import Journal, Recording
from bot.storage.views import Views
from bot.trading.ports import Broker


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long trading waits: for answers, for absence to be believed, between tries."""

    quiet: timedelta = timedelta(minutes=10)
    retry: timedelta = timedelta(minutes=1)
    look_again: timedelta = timedelta(seconds=30)
    gateway_tries: int = 3
    no_resend_before_deadline: timedelta = timedelta(minutes=30)

    def __post_init__(self) -> None:
        if self.quiet < timedelta(seconds=120):
            raise ValueError("the quiet period is never under 120 seconds (settled.md)")


@dataclass(kw_only=True)
class Desk:
    """One per running bot; `started` is when this process began (the quiet period counts it).

    No order is sent while `gate_open` is False: before recovery is done, and while stopping.
    """

    clock: Clock
    journal: Journal
    views: Views
    broker: Broker
    bus: Bus
    calendar: Calendar
    started: datetime
    patience: Patience = field(default_factory=Patience)
    gate_open: bool = False
    _trouble: str = ""

    @asynccontextmanager
    async def recording(self) -> AsyncIterator[Recording]:
        """Record events durably in one transaction, then publish them."""
        async with self.journal.recording(self.clock.now()) as recording:
            yield recording
        for event in recording.events:
            self.bus.publish(event)

    async def troubled(self, reason: str) -> None:
        """Tell once that the broker cannot be asked."""
        if not self._trouble:
            self._trouble = reason
            async with self.recording() as recording:
                await recording.record(BrokerTroubled(reason=reason))

    async def returned(self) -> None:
        """Tell that the broker answers again, when it had been told that it does not."""
        if self._trouble:
            self._trouble = ""
            async with self.recording() as recording:
                await recording.record(BrokerReturned())
