"""The one backtest that may run at a time: who asked for it, and how it is ended."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.laboratory.workshop import StoredPrices, Workshop
from bot.nursery import Nursery


@dataclass(frozen=True, kw_only=True, slots=True)
class Running:
    """A backtest under way; `message_id` is the message that tells how far it is."""

    user_id: int
    message_id: int
    title: str


class Bench:
    """Run one backtest at a time in the background; it ends with the bot."""

    def __init__(self, workshop: Workshop | None, nursery: Nursery) -> None:
        self.workshop = workshop
        self._nursery = nursery
        self._task: asyncio.Task[None] | None = None
        self._running: Running | None = None

    @property
    def running(self) -> Running | None:
        """Say what runs; None when the bench is free."""
        return self._running if self._task is not None and not self._task.done() else None

    def stored(self, symbol: str) -> StoredPrices | None:
        """Say which prices of a symbol can be used."""
        return None if self.workshop is None else self.workshop.stored(symbol)

    def begin(self, running: Running, work: Coroutine[Any, Any, None]) -> None:
        """Start a backtest; ask `running` first."""
        self._running = running
        self._task = self._nursery.start(work, name="backtest")

    async def stop(self) -> None:
        """End what runs, and wait until its worker is gone."""
        if self._task is not None and not self._task.done():
            self._task.cancel()
            await asyncio.wait([self._task])
