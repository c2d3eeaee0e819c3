"""Mutants of the order path: what each replaces, and with what.

State that a mutant keeps "in the process" hangs on the running loop, which is the process here.
"""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from weakref import WeakKeyDictionary

from bot.events import (
    Event,
    OrderAbsent,
    OrderNotSent,
    OrderResent,
    OrderSent,
    TradingResumed,
    TradingStopped,
)
from bot.storage.database import Transaction
from bot.storage.journal import Recording
from bot.storage.views import OrderView
from bot.timetable import Timetable
from bot.trading import broker, submit
from bot.trading.before_sending import Moment, standing
from bot.trading.broker import KisBroker
from bot.trading.broker_rows import order_of
from bot.trading.desk import Desk
from bot.trading.model import SCHEDULE, OrderState, Slot, slot_key
from bot.trading.ports import OrderList, PlaceAnswer, Unknown
from bot.trading.resolve import Resolver
from bot.trading.risk import Standing
from bot.trading.submit import Submitter
from kis.models import Exchange, OrderReceipt
from tests.simulation.mutations import Patch, State

AGAIN = 2

CENT = Decimal("0.01")

_place = KisBroker.place
_post = KisBroker._post
_record = Recording.record
_resolve = Resolver.resolve


def _sent_again(words: str) -> Patch:
    async def place(self: KisBroker, slot: Slot) -> PlaceAnswer:
        answer = await _place(self, slot)
        for _ in range(AGAIN):
            if not (isinstance(answer, Unknown) and words in answer.reason):
                break
            answer = await _place(self, slot)
        return answer

    return KisBroker, "place", place


def retry_on_timeout() -> list[Patch]:
    return [_sent_again("no answer in time")]


def retry_on_500() -> list[Patch]:
    return [_sent_again("HTTP 500")]


def resent_after_restart() -> list[Patch]:
    async def resolve(self: Resolver, order: OrderView, table: Timetable) -> None:
        if order.state is not OrderState.SENT:
            await _resolve(self, order, table)
            return
        async with self._desk.recording() as recording:
            again = self._desk.clock.now()
            event = OrderNotSent(slot=order.slot.key, reason="restart", retry_at=again)
            await recording.record(event)

    return [(Resolver, "resolve", resolve)]


def stop_cached() -> list[Patch]:
    read: State[dict[str, str]] = WeakKeyDictionary()

    async def stale(desk: Desk, tx: Transaction, moment: Moment) -> Standing:
        now = await standing(desk, tx, moment)
        of_round = read.setdefault(asyncio.get_running_loop(), {})
        first = of_round.setdefault(moment.due.round_.round_id, now.trading)
        return replace(now, trading=first)

    return [(submit, "standing", stale)]


def stop_forgotten() -> list[Patch]:
    stopped: State[bool] = WeakKeyDictionary()

    async def record(self: Recording, event: Event) -> None:
        if isinstance(event, TradingStopped | TradingResumed):
            stopped[asyncio.get_running_loop()] = isinstance(event, TradingStopped)
        await _record(self, event)

    async def forgetful(*args: Any) -> Standing:
        now = await standing(*args)
        known = stopped.get(asyncio.get_running_loop(), False)
        return now if now.trading != "stopped" or known else replace(now, trading="running")

    return [(Recording, "record", record), (submit, "standing", forgetful)]


def journal_after_send() -> list[Patch]:
    unwritten: State[list[OrderSent]] = WeakKeyDictionary()

    async def record(self: Recording, event: Event) -> None:
        waiting = unwritten.setdefault(asyncio.get_running_loop(), [])
        if isinstance(event, OrderSent):
            waiting.append(event)
            return
        while waiting:
            await _record(self, waiting.pop())
        await _record(self, event)

    return [(Recording, "record", record)]


def quiet0() -> list[Patch]:
    def long_ago(self: Resolver, order: OrderView) -> datetime:
        del self, order
        return datetime.min.replace(tzinfo=UTC)

    return [(Resolver, "_quiet_from", long_ago)]


def absent_once() -> list[Patch]:
    def absence(self: Resolver, order: OrderView, table: Timetable) -> Event:
        del self, table
        return OrderAbsent(slot=order.slot.key, may_resend=False)

    async def resolve(self: Resolver, order: OrderView, table: Timetable) -> None:
        await _resolve(self, order, table)
        fresh = await self._desk.views.order(order.slot.key)
        if fresh is None or fresh.state is not OrderState.ABSENT:
            return
        attempt = order.slot.attempt + 1
        key = slot_key(order.round_id, order.slot.index, attempt)
        again = replace(order.slot, key=key, attempt=attempt)
        async with self._desk.recording() as recording:
            await recording.record(OrderResent(slot=again, previous=order.slot.key, by=SCHEDULE))

    async def never_stands(self: Resolver, order: OrderView, listed: OrderList) -> bool:
        del self, order, listed
        return False

    return [
        (Resolver, "_absence", absence),
        (Resolver, "resolve", resolve),
        (Resolver, "stands_already", never_stands),
    ]


def no_base() -> list[Patch]:
    async def record(self: Recording, event: Event) -> None:
        await _record(self, replace(event, baseline=()) if isinstance(event, OrderSent) else event)

    return [(Recording, "record", record)]


def twin_adopted() -> list[Patch]:
    return [(broker, "order_of", lambda row: replace(order_of(row), by_api=True))]


def symbol_not_blocked() -> list[Patch]:
    async def never(self: Submitter, order: OrderView) -> bool:
        del self, order
        return False

    return [(Submitter, "_symbol_blocked", never)]


def a_cent_dearer() -> list[Patch]:
    async def post(self: KisBroker, slot: Slot, exchange: Exchange) -> OrderReceipt:
        return await _post(self, replace(slot, price=slot.price and slot.price + CENT), exchange)

    return [(KisBroker, "_post", post)]


def late_evidence_ignored() -> list[Patch]:
    async def ignored(self: Resolver, order: OrderView, listed: OrderList) -> bool:
        del self, order, listed
        return False

    return [(Resolver, "adopt_late", ignored)]
