"""The event bus: commands are answered once, events are delivered to whoever asked for them.

A command runs in the asker's task and its error goes back to the asker. Each subscriber has a queue
of its own, by priority and then by arrival; its errors go to the log and become SubscriberFailed.
Quotes are conflated per symbol; nothing else is ever dropped.
"""

import asyncio
from collections import deque
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
    """One subscriber's waiting events, a lane for each priority: nothing has to be sorted."""

    def __init__(self, name: str, types: tuple[type[Event], ...], lowest: Priority) -> None:
        self.name = name
        self._types = types
        self._lowest = lowest
        self._lanes: tuple[deque[Event], ...] = tuple(deque() for _ in Priority)
        self._quotes: dict[str, QuoteSeen] = {}
        self._idle = True
        self._offered = asyncio.Event()
        self._handled = asyncio.Event()

    def wants(self, kind: type[Event]) -> bool:
        return kind.priority <= self._lowest and issubclass(kind, self._types)

    def offer(self, event: Event) -> None:
        if isinstance(event, QuoteSeen):
            waiting = event.symbol in self._quotes
            self._quotes[event.symbol] = event
            if waiting:
                return
        self._lanes[event.priority].append(event)
        if self._idle:
            self._idle = False
            self._offered.set()

    def next(self) -> Event | None:
        for lane in self._lanes:
            if lane:
                event = lane.popleft()
                return self._quotes.pop(event.symbol) if isinstance(event, QuoteSeen) else event
        return None

    async def offered(self) -> None:
        """Wait for an event where none is waiting."""
        self.rest()
        self._offered.clear()
        await self._offered.wait()

    def rest(self) -> None:
        self._idle = True
        self._handled.set()

    async def drained(self) -> None:
        if not self._idle:
            self._handled.clear()
            await self._handled.wait()


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
        self._routes: dict[type[Event], tuple[_Queue, ...]] = {}

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
        kind = type(event)
        queues = self._routes.get(kind)
        if queues is None:
            queues = tuple(queue for queue in self._queues if queue.wants(kind))
            self._routes[kind] = queues
        for queue in queues:
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
        self._routes.clear()
        task = self._nursery.start(self._deliver(queue, to), name=f"subscriber {name}")

        def undo() -> None:
            if queue in self._queues:
                self._queues.remove(queue)
                self._routes.clear()
            task.cancel()

        return undo

    async def drained(self) -> None:
        """Wait until every event published so far has been handled."""
        for queue in tuple(self._queues):
            await queue.drained()

    async def _deliver(self, queue: _Queue, to: Subscriber) -> None:
        try:
            while True:
                event = queue.next()
                if event is None:
                    await queue.offered()
                    continue
                try:
                    await to(event)
                except Exception as error:  # bus delivery is one of the three such places
                    log.exception("subscriber failed", subscriber=queue.name)
                    self._failed(queue, event, error)
        finally:
            queue.rest()  # whoever waits for this subscriber would wait for ever

    def _failed(self, queue: _Queue, event: Event, error: Exception) -> None:
        if not isinstance(event, SubscriberFailed):
            self.publish(
                SubscriberFailed(
                    subscriber=queue.name,
                    event_type=type(event).__name__,
                    error=type(error).__name__,
                )
            )
