"""Mutants of fills, settlements and limits: what each replaces, and with what."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from bot.events import Event, FillBooked, OrderClosed
from bot.storage.views import OrderView
from bot.trading import fills, settle, submit
from bot.trading.cancel import Canceller
from bot.trading.model import Actor, OrderState, Slot
from bot.trading.ports import BrokerOrder, OrderList
from bot.trading.risk import Standing, refusals
from bot.trading.settle import Settler
from kis.models import Listing
from kis.paging import Tables
from tests.simulation.mutations import Patch

AFTER_THE_CLOSE = timedelta(hours=2)
"""How long the mutant `rec_default` takes the last session for today's."""

_book = Settler.book
_cancel = Canceller.cancel


def rec_default() -> list[Patch]:
    async def book(self: Settler, session: date) -> OrderList:
        del session
        by_the_wall = self._desk.clock.now() - AFTER_THE_CLOSE
        return await _book(self, self._desk.calendar.current_or_next(by_the_wall).day)

    return [(Settler, "book", book)]


def page_ignored() -> list[Patch]:
    def whole(self: Tables, name: str) -> Listing[dict[str, Any]]:
        return Listing(rows=tuple(self.rows[name]), complete=True, reason="")

    return [(Tables, "listing", whole)]


def fill_twice() -> list[Patch]:
    def added(order: OrderView, row: BrokerOrder, **how: Any) -> list[Event]:
        found = fills.news(order, row, **how)
        return [
            replace(event, quantity=event.quantity + order.filled)
            if isinstance(event, FillBooked)
            else event
            for event in found
        ]

    return [(settle, "news", added)]


def partial_as_whole() -> list[Patch]:
    def whole(order: OrderView, row: BrokerOrder, **how: Any) -> list[Event]:
        full = replace(row, filled=row.quantity if row.filled else 0)
        return fills.news(order, full, **how)

    return [(settle, "news", whole)]


def cancel_believed() -> list[Patch]:
    async def cancel(self: Canceller, order: OrderView, by: Actor) -> bool:
        taken = await _cancel(self, order, by)
        if taken and order.state is OrderState.OPEN:
            async with self._desk.recording() as recording:
                await recording.record(
                    OrderClosed(slot=order.slot.key, state=OrderState.CANCELLED, reason="")
                )
        return taken

    return [(Canceller, "cancel", cancel)]


def cap_not_checked() -> list[Patch]:
    return [_unread("cap", "daily", "total")]


def total_not_checked() -> list[Patch]:
    return [_unread("total")]


def pause_not_read() -> list[Patch]:
    return [_unread("paused")]


def _unread(*codes: str) -> Patch:
    def lenient(slot: Slot, standing: Standing) -> list[str]:
        found = refusals(slot, standing)
        return [reason for reason in found if reason.partition(" ")[0] not in codes]

    return submit, "refusals", lenient
