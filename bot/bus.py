"""The event bus: commands are answered once, events are delivered to whoever asked for them.

A command runs in the asker's task and its error goes back to the asker. Each subscriber has a queue
of its own, by priority and then by arrival; one that only takes note is a plain function, called
before `publish` returns. The errors of both go to the log and become SubscriberFailed. Quotes are
conflated per symbol; nothing else is ever dropped.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import structlog

from bot.commands import Command
from bot.events import Event, Priority, QuoteSeen, SubscriberFailed
from bot.nursery import Nursery

Answer = TypeVar("Answer")
Listener = TypeVar("Listener")
Handler = Callable[[Any], Awaitable[Any]]
Subscriber = Callable[[Any], Awaitable[None]]
Note = Callable[[Any], None]

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Wish:
    """Which events somebody wants to hear of: some types, down to a priority."""

    types: tuple[type[Event], ...]
    lowest: Priority

    def covers(self, kind: type[Event]) -> bool:
        return kind.priority <= self.lowest and issubclass(kind, self.types)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Note:
    """A plain function that is told within `publish`."""

    name: str
    wish: _Wish
    to: Note


class _Queue:
    """One subscriber's waiting events, a lane for each priority: nothing has to be sorted."""

    def __init__(self, name: str, wish: _Wish) -> None:
        self.name = name
        self.wish = wish
        self.idle = True
        self.lanes: tuple[deque[Event], ...] = tuple(deque() for _ in Priority)
        self._quotes: dict[str, QuoteSeen] = {}
        self._offered = asyncio.Event()
        self._handled = asyncio.Event()

    def entrance(self, kind: type[Event]) -> Note:
        """Give what puts an event of a type into its lane."""
        if issubclass(kind, QuoteSeen):
            return self._conflate
        return self.lanes[kind.priority].append

    def _conflate(self, quote: QuoteSeen) -> None:
        if quote.symbol not in self._quotes:
            self.lanes[Priority.QUOTE].append(quote)
        self._quotes[quote.symbol] = quote

    def latest(self, quote: QuoteSeen) -> QuoteSeen:
        """Take out what a symbol's quote has become while it waited."""
        return self._quotes.pop(quote.symbol)

    async def offered(self) -> None:
        """Wait for an event where none is waiting."""
        self.rest()
        self._offered.clear()
        await self._offered.wait()

    def wake(self) -> None:
        self.idle = False
        self._offered.set()

    def rest(self) -> None:
        self.idle = True
        self._handled.set()

    async def drained(self) -> None:
        if not self.idle:
            self._handled.clear()
            await self._handled.wait()


_Route = tuple[tuple[_Note, ...], tuple[tuple[_Queue, Note], ...]]


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
        self._notes: list[_Note] = []
        self._routes: dict[type[Event], _Route] = {}

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
        try:
            notes, queues = self._routes[type(event)]
        except KeyError:
            notes, queues = self._route(type(event))
        for queue, enter in queues:
            enter(event)
            if queue.idle:
                queue.wake()
        if notes:
            self._tell(notes, event)

    def _route(self, kind: type[Event]) -> _Route:
        notes = tuple(note for note in self._notes if note.wish.covers(kind))
        wanting = (queue for queue in self._queues if queue.wish.covers(kind))
        route = notes, tuple((queue, queue.entrance(kind)) for queue in wanting)
        self._routes[kind] = route
        return route

    def subscribe(
        self,
        *types: type[Event],
        to: Subscriber,
        name: str,
        lowest: Priority = Priority.QUOTE,
    ) -> Callable[[], None]:
        """Hand events of `types` down to priority `lowest` to `to`; the answer undoes it."""
        queue = _Queue(name, _Wish(types=types, lowest=lowest))
        leave = self._enlist(self._queues, queue)
        task = self._nursery.start(self._deliver(queue, to), name=f"subscriber {name}")

        def undo() -> None:
            leave()
            task.cancel()

        return undo

    def notify(
        self,
        *types: type[Event],
        to: Note,
        name: str,
        lowest: Priority = Priority.QUOTE,
    ) -> Callable[[], None]:
        """Call `to` within `publish`, for what only takes note of it; the answer undoes it.

        `to` waits for nothing, publishes nothing and changes nothing of what its publisher does.
        """
        note = _Note(name=name, wish=_Wish(types=types, lowest=lowest), to=to)
        return self._enlist(self._notes, note)

    def _enlist(self, among: list[Listener], listener: Listener) -> Callable[[], None]:
        among.append(listener)
        self._routes.clear()

        def leave() -> None:
            if listener in among:
                among.remove(listener)
                self._routes.clear()

        return leave

    async def drained(self) -> None:
        """Wait until every event published so far has been handled."""
        for queue in tuple(self._queues):
            await queue.drained()

    async def _deliver(self, queue: _Queue, to: Subscriber) -> None:
        alarms, orders, normal, quotes = queue.lanes
        try:
            while True:
                lane = alarms or orders or normal or quotes
                if not lane:
                    await queue.offered()
                    continue
                event = lane.popleft()
                if lane is quotes and isinstance(event, QuoteSeen):
                    event = queue.latest(event)
                try:
                    await to(event)
                except Exception as error:  # bus delivery is one of the three such places
                    log.exception("subscriber failed", subscriber=queue.name)
                    self._failed(queue.name, event, error)
        finally:
            queue.rest()  # whoever waits for this subscriber would wait for ever

    def _tell(self, notes: tuple[_Note, ...], event: Event) -> None:
        for note in notes:
            try:
                note.to(event)
            except Exception as error:  # bus delivery is one of the three such places
                log.exception("subscriber failed", subscriber=note.name)
                self._failed(note.name, event, error)

    def _failed(self, subscriber: str, event: Event, error: Exception) -> None:
        if not isinstance(event, SubscriberFailed):
            self.publish(
                SubscriberFailed(
                    subscriber=subscriber,
                    event_type=type(event).__name__,
                    error=type(error).__name__,
                )
            )
