"""The event bus: commands are answered once, events are delivered to whoever asked for them.

A command runs in the asker's task and its error goes back to the asker. Each subscriber has a queue
of its own, by priority and then by arrival; its errors go to the log and become SubscriberFailed.
Quotes are conflated per symbol; nothing else is ever dropped.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, TypeVar, cast

import structlog

from bot.commands import Command
from bot.events import Event, Priority, QuoteSeen, SubscriberFailed
from bot.nursery import Nursery

Answer = TypeVar("Answer")
Handler = Callable[[Any], Awaitable[Any]]
Subscriber = Callable[[Any], Awaitable[None]]

log = structlog.get_logger(__name__)


class _Queue:
    """One subscriber's waiting events."""

    def __init__(self, name: str, types: tuple[type[Event], ...], lowest: Priority) -> None:
        self.name = name
        self._types = types
        self._lowest = lowest
        self._waiting: asyncio.PriorityQueue[tuple[int, int, Event]] = asyncio.PriorityQueue()
        self._order = itertools.count()
        self._quotes: dict[str, QuoteSeen] = {}

    def offer(self, event: Event) -> None:
        if event.priority > self._lowest or not isinstance(event, self._types):
            return
        if isinstance(event, QuoteSeen):
            waiting = event.symbol in self._quotes
            self._quotes[event.symbol] = event
            if waiting:
                return
        self._waiting.put_nowait((int(event.priority), next(self._order), event))

    async def take(self) -> Event:
        _, _, event = await self._waiting.get()
        if isinstance(event, QuoteSeen):
            return self._quotes.pop(event.symbol)
        return event

    def done(self) -> None:
        self._waiting.task_done()

    async def drained(self) -> None:
        await self._waiting.join()


class Bus:
    """Route commands to their one handler and events to their subscribers."""

    def __init__(
        self,
        nursery: Nursery,
        *,
        working: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._nursery = nursery
        self._working = working
        self._handlers: dict[type[Command[Any]], Handler] = {}
        self._queues: list[_Queue] = []

    def handle(self, command: type[Command[Answer]], handler: Handler) -> None:
        """Name the one handler of a command type. Raises ValueError when there is one already."""
        if command in self._handlers:
            raise ValueError(f"{command.__name__} already has a handler")
        self._handlers[command] = handler

    async def ask(self, command: Command[Answer]) -> Answer:
        """Answer a command in the asker's task; whatever its handler raises is the asker's."""
        with self._working():
            return cast(Answer, await self._handlers[type(command)](command))

    def publish(self, event: Event) -> None:
        """Deliver an event to every subscriber that asked for its type and priority."""
        for queue in self._queues:
            queue.offer(event)

    def subscribe(
        self,
        *types: type[Event],
        to: Subscriber,
        name: str,
        lowest: Priority = Priority.QUOTE,
    ) -> Callable[[], None]:
        """Hand events of `types` down to priority `lowest` to `to`; the answer undoes it."""
        queue = _Queue(name, types, lowest)
        self._queues.append(queue)
        task = self._nursery.start(self._deliver(queue, to), name=f"subscriber {name}")

        def undo() -> None:
            if queue in self._queues:
                self._queues.remove(queue)
            task.cancel()

        return undo

    async def drained(self) -> None:
        """Wait until every event published so far has been handled."""
        for queue in tuple(self._queues):
            await queue.drained()

    async def _deliver(self, queue: _Queue, to: Subscriber) -> None:
        while True:
            event = await queue.take()
            try:
                await to(event)
            except Exception as error:  # bus delivery is one of the three such places
                log.exception("subscriber failed", subscriber=queue.name)
                if not isinstance(event, SubscriberFailed):
                    self.publish(
                        SubscriberFailed(
                            subscriber=queue.name,
                            event_type=type(event).__name__,
                            error=type(error).__name__,
                        )
                    )
            finally:
                queue.done()
