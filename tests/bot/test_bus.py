"""Commands are answered once; events go by priority to whoever asked, and nobody harms another."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from bot.bus import Bus
from bot.commands import BookFills, RunDue, Wake
from bot.events import (
    BrokerReturned,
    BrokerTroubled,
    Event,
    OrderAccepted,
    Priority,
    QuoteSeen,
    RoundSubmitted,
    SubscriberFailed,
    TradingResumed,
)
from bot.nursery import Nursery
from bot.trading.model import CONSOLE

NOW = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)
ALARM = BrokerTroubled(reason="silent")
ORDER = RoundSubmitted(round_id="r")
NORMAL = BrokerReturned()


def quote(price: int, symbol: str = "TQQQ") -> QuoteSeen:
    return QuoteSeen(symbol=symbol, price=Decimal(price), at=NOW)


@pytest.fixture
async def bus() -> AsyncIterator[Bus]:
    async with Nursery() as nursery:
        yield Bus(nursery)


class Listener:
    """Writes down what it is handed; raises on the types in `fails`."""

    def __init__(self, *fails: type[Event]) -> None:
        self.heard: list[Event] = []
        self._fails = fails

    async def __call__(self, event: Event) -> None:
        self.heard.append(event)
        if type(event) in self._fails:
            raise ArithmeticError("a subscriber's own trouble")


def listen(
    bus: Bus, *types: type[Event], lowest: Priority = Priority.QUOTE, fails: type[Event] = Event
) -> tuple[Listener, Callable[[], None]]:
    listener = Listener() if fails is Event else Listener(fails)
    return listener, bus.subscribe(*types, to=listener, name="listener", lowest=lowest)


async def test_waiting_events_are_delivered_by_priority(bus: Bus) -> None:
    listener, _ = listen(bus, Event)
    for event in (quote(1), NORMAL, ORDER, ALARM):
        bus.publish(event)
    await bus.drained()
    assert listener.heard == [ALARM, ORDER, NORMAL, quote(1)]


async def test_inside_a_priority_the_order_of_arrival_holds(bus: Bus) -> None:
    listener, _ = listen(bus, Event)
    numbers = [RoundSubmitted(round_id=f"{n}") for n in range(50)]
    for event in numbers:
        bus.publish(event)
    await bus.drained()
    assert listener.heard == numbers


@pytest.mark.fault(78)
async def test_waiting_quotes_of_a_symbol_become_the_latest_one(bus: Bus) -> None:
    listener, _ = listen(bus, QuoteSeen)
    for price in range(1, 100):
        bus.publish(quote(price))
        bus.publish(quote(price + 1000, "SOXL"))
    await bus.drained()
    assert listener.heard == [quote(99), quote(1099, "SOXL")]
    bus.publish(quote(5))
    await bus.drained()
    assert listener.heard[2:] == [quote(5)]


async def test_nothing_but_quotes_is_ever_dropped(bus: Bus) -> None:
    listener, _ = listen(bus, OrderAccepted, QuoteSeen)
    orders = [OrderAccepted(slot="s", order_number="1")] * 1000
    for event in orders:
        bus.publish(event)
        bus.publish(quote(1))
    await bus.drained()
    assert listener.heard == [*orders, quote(1)]


async def test_a_failing_subscriber_harms_nobody_and_is_reported(bus: Bus) -> None:
    failing, _ = listen(bus, BrokerTroubled, BrokerReturned, fails=BrokerTroubled)
    healthy, _ = listen(bus, BrokerTroubled, BrokerReturned)
    reports, _ = listen(bus, SubscriberFailed)
    bus.publish(ALARM)
    bus.publish(NORMAL)
    await bus.drained()
    await bus.drained()
    assert failing.heard == healthy.heard == [ALARM, NORMAL]
    assert reports.heard == [
        SubscriberFailed(
            subscriber="listener", event_type="BrokerTroubled", error="ArithmeticError"
        )
    ]


async def test_a_failing_listener_to_failures_does_not_go_round_in_circles(bus: Bus) -> None:
    failing, _ = listen(bus, SubscriberFailed, fails=SubscriberFailed)
    bus.publish(SubscriberFailed(subscriber="x", event_type="y", error="z"))
    await bus.drained()
    await bus.drained()
    assert len(failing.heard) == 1


async def test_undo_ends_a_subscription_and_may_be_called_twice(bus: Bus) -> None:
    listener, undo = listen(bus, Event)
    bus.publish(ALARM)
    await bus.drained()
    undo()
    undo()
    bus.publish(NORMAL)
    await bus.drained()
    assert listener.heard == [ALARM]


async def test_who_subscribes_or_leaves_between_two_events_of_a_type_is_heeded(bus: Bus) -> None:
    first, leave = listen(bus, Event)
    bus.publish(ALARM)
    second, _ = listen(bus, Event)
    bus.publish(ALARM)
    await bus.drained()
    leave()
    bus.publish(ALARM)
    await bus.drained()
    assert (len(first.heard), len(second.heard)) == (2, 2)
    event = BrokerTroubled(reason="nobody keeps it for who has left")
    known = sys.getrefcount(event)
    bus.publish(event)
    bus.publish(NORMAL)
    await bus.drained()
    assert sys.getrefcount(event) == known + 1  # in second.heard


async def test_drained_waits_for_the_event_being_handled_and_not_for_who_has_left(bus: Bus) -> None:
    begun, goes_on = asyncio.Event(), asyncio.Event()

    async def slow(_event: Event) -> None:
        begun.set()
        await goes_on.wait()

    leave = bus.subscribe(Event, to=slow, name="slow")
    async with asyncio.TaskGroup() as group, asyncio.timeout(60):
        for ending in (goes_on.set, leave):
            begun.clear()
            goes_on.clear()
            bus.publish(ALARM)
            bus.publish(NORMAL)
            await begun.wait()
            drained = group.create_task(bus.drained())
            await asyncio.sleep(0)
            assert not drained.done()
            ending()
            await drained


async def test_a_subscriber_hears_the_types_it_named_down_to_its_lowest_priority(
    bus: Bus,
) -> None:
    several, _ = listen(bus, BrokerTroubled, QuoteSeen)
    urgent, _ = listen(bus, Event, lowest=Priority.ORDER)
    for event in (ALARM, ORDER, NORMAL, quote(1), TradingResumed(by=CONSOLE)):
        bus.publish(event)
    await bus.drained()
    assert several.heard == [ALARM, quote(1)]
    assert urgent.heard == [ALARM, ORDER]


async def test_what_only_takes_note_has_heard_before_publish_returns(bus: Bus) -> None:
    heard: list[Event] = []
    all_of_it: list[Event] = []
    leave = bus.notify(Event, to=heard.append, name="note", lowest=Priority.ORDER)
    bus.notify(Event, to=all_of_it.append, name="all")
    for event in (quote(1), NORMAL, ORDER, ALARM):
        bus.publish(event)
    assert heard == [ORDER, ALARM]
    assert all_of_it == [quote(1), NORMAL, ORDER, ALARM]
    leave()
    leave()
    bus.publish(ALARM)
    assert heard == [ORDER, ALARM]


async def test_a_note_that_fails_harms_no_publisher_and_is_reported_once(bus: Bus) -> None:
    def failing(_event: Event) -> None:
        raise ArithmeticError("a note's own trouble")

    bus.notify(BrokerTroubled, SubscriberFailed, to=failing, name="note")
    healthy: list[Event] = []
    bus.notify(BrokerTroubled, to=healthy.append, name="healthy")
    listener, _ = listen(bus, BrokerTroubled)
    reports, _ = listen(bus, SubscriberFailed)
    bus.publish(ALARM)
    await bus.drained()
    assert listener.heard == healthy == [ALARM]
    assert reports.heard == [
        SubscriberFailed(subscriber="note", event_type="BrokerTroubled", error="ArithmeticError")
    ]


async def test_a_command_is_answered_in_the_askers_task(bus: Bus) -> None:
    tasks: list[object] = []

    async def run_due(_command: RunDue) -> Wake:
        tasks.append(asyncio.current_task())
        return Wake(at=NOW)

    bus.handle(RunDue, run_due)
    assert await bus.ask(RunDue()) == Wake(at=NOW)
    assert tasks == [asyncio.current_task()]


@pytest.mark.fault(78)
async def test_a_command_does_not_wait_behind_a_busy_subscriber(bus: Bus) -> None:
    never = asyncio.Event()

    async def draw_a_chart(_event: Event) -> None:
        await never.wait()

    async def run_due(_command: RunDue) -> Wake:
        return Wake(at=NOW)

    bus.subscribe(Event, to=draw_a_chart, name="chart")
    bus.handle(RunDue, run_due)
    for price in range(100_000):
        bus.publish(quote(price))
    async with asyncio.timeout(60):
        assert await bus.ask(RunDue()) == Wake(at=NOW)


async def test_a_handlers_error_is_the_askers_and_nobody_elses(bus: Bus) -> None:
    reports, _ = listen(bus, SubscriberFailed)

    async def book(_command: BookFills) -> None:
        raise ArithmeticError

    bus.handle(BookFills, book)
    with pytest.raises(ArithmeticError):
        await bus.ask(BookFills())
    await bus.drained()
    assert reports.heard == []


async def test_a_command_has_one_handler(bus: Bus) -> None:
    async def book(_command: BookFills) -> None: ...

    bus.handle(BookFills, book)
    with pytest.raises(ValueError, match="BookFills"):
        bus.handle(BookFills, book)


async def test_a_command_is_marked_as_work_while_it_runs() -> None:
    steps: list[str] = []

    class Working:
        def __enter__(self) -> None:
            steps.append("begin")

        def __exit__(self, *_: object) -> None:
            steps.append("end")

    async def book(_command: BookFills) -> None:
        steps.append("work")

    async with Nursery() as nursery:
        bus = Bus(nursery, working=Working)
        bus.handle(BookFills, book)
        await bus.ask(BookFills())
    assert steps == ["begin", "work", "end"]
