"""How fast the bus hands events on, beside asyncio.PriorityQueue doing the same by hand.

A burst: events of all priorities are published, then heard by one subscriber; the baseline
puts the same events into a PriorityQueue by priority and arrival, and takes them out for the same
subscriber. Direct delivery: publish until a plain function that takes note has the event. Then what
`publish` takes of whoever publishes, with a subscriber that waits and has to be woken, and with one
that is busy; the whole way to such a subscriber's first line goes through a turn of the event loop,
and stands beside a turn that does nothing else. Asserts the order, no times.
"""

import asyncio
import gc
import itertools
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence

import pytest

from bot.bus import Bus
from bot.events import BrokerReturned, BrokerTroubled, Event, OrderAccepted, RoundSubmitted
from bot.nursery import Nursery
from tests.benchmarks.conftest import Tell
from tests.benchmarks.table import compared

SINGLES = 20_000
LEAST = 10_000  # events of a round: smaller bursts follow one another, on one bus, on one queue
ROUNDS = 9
MIXED: tuple[Event, ...] = (
    BrokerReturned(),
    OrderAccepted(slot="s", order_number="1"),
    BrokerTroubled(reason="silent"),
    RoundSubmitted(round_id="r"),
)

Hear = Callable[[Event], Awaitable[None]]


@pytest.mark.parametrize("burst", [1_000, 10_000, 100_000])
async def test_a_burst_beside_a_priority_queue(burst: int, tell: Tell) -> None:
    events = [MIXED[number % len(MIXED)] for number in range(burst)]
    bursts = [events] * max(1, LEAST // burst)
    expected = sorted(events, key=lambda event: event.priority) * len(bursts)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        for seconds, way in ((ours, through_the_bus), (theirs, through_a_queue)):
            heard: list[Event] = []

            async def hear(event: Event, heard: list[Event] = heard) -> None:
                heard.append(event)

            gc.collect()
            seconds.append(await way(bursts, hear))
            assert heard == expected
    tell(
        compared(
            f"bus: a burst of {burst:,} events",
            "events/s",
            [len(expected) / took for took in ours],
            "asyncio.PriorityQueue",
            [len(expected) / took for took in theirs],
            more_is_better=True,
        )
    )


async def through_the_bus(bursts: Sequence[Sequence[Event]], hear: Hear) -> float:
    async with Nursery() as nursery:
        bus = Bus(nursery)
        bus.subscribe(Event, to=hear, name="burst")
        await asyncio.sleep(0)  # the subscriber waits, as it does in the running program
        began = time.process_time()
        for events in bursts:
            for event in events:
                bus.publish(event)
            await bus.drained()
        return time.process_time() - began


async def through_a_queue(bursts: Sequence[Sequence[Event]], hear: Hear) -> float:
    waiting: asyncio.PriorityQueue[tuple[int, int, Event]] = asyncio.PriorityQueue()
    order = itertools.count()

    async def deliver() -> None:
        while True:
            _, _, event = await waiting.get()
            await hear(event)
            waiting.task_done()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(deliver())
        await asyncio.sleep(0)
        began = time.process_time()
        for events in bursts:
            for event in events:
                waiting.put_nowait((event.priority, next(order), event))
            await waiting.join()
        took = time.process_time() - began
        task.cancel()
    return took


async def test_direct_delivery_beside_a_priority_queue(tell: Tell) -> None:
    pairs = [(await singles_of_the_bus(), await singles_of_a_queue()) for _ in range(ROUNDS)]
    turns = [await bare_turns() for _ in range(ROUNDS)]
    noted = [await singles_noted() for _ in range(ROUNDS)]
    for of in (50, 99):
        tell(
            compared(
                f"bus: direct delivery, p{of}",
                "ns",
                [percentile(took, of) for took in noted],
                "PriorityQueue.put_nowait alone",
                [percentile(queue.published, of) for _, queue in pairs],
            )
        )
    ways = (
        ("waiting", [(bus.published, queue.published) for bus, queue in pairs]),
        ("busy", [(bus.behind, queue.behind) for bus, queue in pairs]),
    )
    for state, took in ways:
        for of in (50, 99):
            tell(
                compared(
                    f"bus: publish to a {state} subscriber, p{of}",
                    "ns",
                    [percentile(own, of) for own, _ in took],
                    "PriorityQueue.put_nowait",
                    [percentile(peer, of) for _, peer in took],
                )
            )
    tell(
        compared(
            "bus: publish until it is heard, p99",
            "ns",
            [percentile(bus.heard, 99) for bus, _ in pairs],
            "a turn of the loop that wakes a task",
            [percentile(each, 99) for each in turns],
        )
    )


class Singles:
    """Nanoseconds of a publish that wakes, of one behind it, and until the first was heard."""

    def __init__(self) -> None:
        self.published: list[int] = []
        self.behind: list[int] = []
        self.heard: list[int] = []


async def singles_of_the_bus() -> Singles:
    found, clock, event = Singles(), time.perf_counter_ns, MIXED[1]
    began = 0

    async def hear(_event: Event) -> None:
        found.heard.append(clock() - began)

    async with Nursery() as nursery:
        bus = Bus(nursery)
        bus.subscribe(Event, to=hear, name="single")
        for _ in range(SINGLES):
            await bus.drained()
            await asyncio.sleep(0)  # the subscriber waits again
            began = clock()
            bus.publish(event)
            then = clock()
            bus.publish(event)
            found.behind.append(clock() - then)
            found.published.append(then - began)
        await bus.drained()
    assert len(found.heard) == 2 * SINGLES
    del found.heard[1::2]
    return found


async def singles_noted() -> list[int]:
    """Time publish until a plain function that only takes note has the event."""
    took, clock, event, began = [], time.perf_counter_ns, MIXED[1], 0

    def note(_event: Event) -> None:
        took.append(clock() - began)

    async with Nursery() as nursery:
        bus = Bus(nursery)
        bus.notify(Event, to=note, name="single")
        for _ in range(SINGLES):
            await asyncio.sleep(0)
            began = clock()
            bus.publish(event)
    assert len(took) == SINGLES
    return took


async def singles_of_a_queue() -> Singles:
    waiting: asyncio.PriorityQueue[tuple[int, int, Event]] = asyncio.PriorityQueue()
    found, order, clock, event = Singles(), itertools.count(), time.perf_counter_ns, MIXED[1]

    async def deliver() -> None:
        while True:
            await waiting.get()
            waiting.task_done()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(deliver())
        for _ in range(SINGLES):
            await waiting.join()
            await asyncio.sleep(0)
            began = clock()
            waiting.put_nowait((event.priority, next(order), event))
            then = clock()
            waiting.put_nowait((event.priority, next(order), event))
            found.behind.append(clock() - then)
            found.published.append(then - began)
        await waiting.join()
        task.cancel()
    return found


async def bare_turns() -> list[int]:
    """Time a future's result until the task that waits for it runs: what any delivery costs."""
    took, clock, loop = [], time.perf_counter_ns, asyncio.get_running_loop()
    told: asyncio.Future[int] = loop.create_future()
    over = asyncio.Event()

    async def deliver() -> None:
        nonlocal told
        while True:
            began = await told
            took.append(clock() - began)
            told = loop.create_future()
            over.set()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(deliver())
        for _ in range(SINGLES):
            await asyncio.sleep(0)
            over.clear()
            told.set_result(clock())
            await over.wait()
        task.cancel()
    return took


def percentile(took: Sequence[float], of: int) -> float:
    return statistics.quantiles(took, n=100, method="inclusive")[of - 1]
