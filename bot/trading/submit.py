"""Send the slots of approved rounds: journal, then counter, then journal.

The transaction that writes "sent" also reads /stop, the spending cap and the order's own state. No
answer is *unknown*; nothing here sends a slot a second time except after a refusal of the gateway,
which never reached the order system (settled.md, "Unknown outcomes").
"""

from collections.abc import Sequence
from datetime import timedelta

import structlog

from bot.events import (
    Event,
    OrderAccepted,
    OrderDeferred,
    OrderNotSent,
    OrderRefused,
    OrderSent,
    OrderUnknown,
    OrderWithheld,
    RoundSubmitted,
)
from bot.storage.database import Transaction
from bot.storage.views import UNRESOLVED, OrderView, RoundView
from bot.timetable import Timetable
from bot.trading.before_sending import Moment, standing
from bot.trading.desk import Desk
from bot.trading.due import Due, due_of, in_order
from bot.trading.model import OrderState, RoundState
from bot.trading.ports import (
    Accepted,
    BrokerSilent,
    GatewayRefused,
    NotSent,
    OrderList,
    Refused,
    Unknown,
)
from bot.trading.resolve import Resolver
from bot.trading.risk import price_doubted, refusals
from bot.trading.usd import Purse
from strategy.model import Side

log = structlog.get_logger(__name__)


class Submitter:
    """Bring the planned slots of all rounds to the counter, one at a time."""

    def __init__(self, desk: Desk, resolver: Resolver) -> None:
        self._desk = desk
        self._resolver = resolver
        self._purse = Purse(desk)

    async def submit(self, rounds: Sequence[RoundView]) -> None:
        """Send what is planned and due, over all cycles in the account's order of sending.

        An unresolved order and a silence about a symbol leave the rest of that symbol planned.
        Raises BrokerSilent when all others had their turn.
        """
        due = [each for round_ in rounds for each in await self._free(round_)]
        if any(self._desk.may_send(each.order.slot, each.table) for each in due):
            await self._desk.broker.ready(timedelta(minutes=30))
        silences: dict[str, BrokerSilent] = {}
        due = await self._purse.look(await in_order(self._desk, due, silences))
        stopped = set(silences)
        for each in due:
            if each.symbol in stopped:
                continue
            try:
                if not await self._send(each):
                    stopped.add(each.symbol)
            except BrokerSilent as silence:
                silences[each.symbol] = silence
                stopped.add(each.symbol)
        for round_ in rounds:
            await self._finish(round_.round_id)
        if silences:
            raise next(iter(silences.values()))

    async def _free(self, round_: RoundView) -> list[Due]:
        """List what of a round is due and not held up: nobody is asked the price of the rest."""
        if not self._desk.gate_open or self._desk.holds:
            return []
        due = due_of(self._desk, round_)
        return [each for each in due if not await self._symbol_blocked(each.order)]

    async def _send(self, each: Due) -> bool:
        """Send one slot; answer whether the next may follow."""
        order, table = each.order, each.table
        if not self._desk.gate_open or self._desk.holds or await self._symbol_blocked(order):
            return False
        if table.quiet(self._desk.clock.now()):
            return False  # the spell began between two orders: the rest waits for its end
        listed = OrderList(orders=(), complete=True)
        stands = older = False
        if not each.barred and self._desk.may_send(order.slot, table):
            listed = await self._desk.broker.orders(order.session)
            if not listed.complete:
                raise listed.silence()
            if await self._resolver.stood_before(order, listed):
                async with self._desk.recording() as recording:
                    await recording.record(OrderUnknown(slot=order.slot.key, reason="stands"))
                return False
            stands = order.slot.attempt > 1 and await self._resolver.stands_already(order, listed)
            older = await self._resolver.stood_at_the_start(order, listed)
        baseline = tuple(row.order_number for row in listed.orders)
        moment = Moment(due=each, listed=listed.orders)
        turned_away = await self._desk.views.turned_away(order.slot.key) if order.tries else 0
        async with self._desk.recording() as recording:
            reasons = ["already_stands"] if stands else ["stood_before"] if older else []
            reasons += await self._reasons(recording.transaction, moment)
            held = self._desk.holds or not self._desk.gate_open
            if held or table.quiet(self._desk.clock.now()):
                return False  # list and file took their time: what holds orders is looked at again
            if doubt := price_doubted(each.symbol, reasons):
                raise BrokerSilent(doubt)
            if reasons:
                await recording.record(OrderWithheld(slot=order.slot.key, reasons=tuple(reasons)))
                return True
            tries = order.tries + 1
            await recording.record(
                OrderSent(
                    slot=order.slot.key, tries=tries, baseline=baseline, emulated=each.emulated
                )
            )
        answer = await self._desk.broker.place(each.slot)
        event = self._event(order, answer, turned_away, table)
        async with self._desk.recording() as recording:
            await recording.record(event)
            if isinstance(event, OrderRefused) and event.lacks == "usd":
                await self._purse.refused(recording, each)
        return not isinstance(event, OrderUnknown | OrderNotSent)

    async def _reasons(self, transaction: Transaction, moment: Moment) -> list[str]:
        each = moment.due
        if self._desk.closed(each.order.session):
            return ["closed_day"]
        if each.barred:
            return [each.barred]
        return refusals(each.slot, await standing(self._desk, transaction, moment))

    async def _symbol_blocked(self, order: OrderView) -> bool:
        unresolved = await self._desk.views.orders_in(*UNRESOLVED)
        return any(
            other.slot.symbol == order.slot.symbol or other.state is OrderState.SENT
            for other in unresolved
        )

    def _event(
        self,
        order: OrderView,
        answer: Accepted | Refused | GatewayRefused | NotSent | Unknown,
        turned_away: int,
        table: Timetable,
    ) -> Event:
        slot, now = order.slot.key, self._desk.clock.now()
        again = now + self._desk.patience.retry
        match answer:
            case Accepted(order_number=number):
                return OrderAccepted(slot=slot, order_number=number)
            case Refused(outside_hours=True) if now < table.verify_at:
                return OrderDeferred(
                    slot=slot,
                    code=answer.code,
                    message=answer.message,
                    retry_at=table.verify_at,
                )
            case Refused(code=code, message=message, lacks=lacks):
                # KIS has one word for too much: a buy lacks USD then, a sale shares.
                lacks = lacks and ("usd" if order.slot.side is Side.BUY else "shares")
                return OrderRefused(slot=slot, code=code, message=message, lacks=lacks)
            case GatewayRefused(code=code, message=message):
                if turned_away + 1 >= self._desk.patience.gateway_tries:
                    return OrderRefused(slot=slot, code=code, message=message)
                return OrderDeferred(slot=slot, code=code, message=message, retry_at=again)
            case NotSent(reason=reason):
                return OrderNotSent(slot=slot, reason=reason, retry_at=again)
            case Unknown(reason=reason):
                return OrderUnknown(slot=slot, reason=reason)

    async def _finish(self, round_id: str) -> None:
        round_ = await self._desk.views.round(round_id)
        if round_ is None or round_.state not in (
            RoundState.APPROVED,
            RoundState.SUBMITTING,
        ):
            return
        if all(order.state is not OrderState.PLANNED for order in round_.orders):
            async with self._desk.recording() as recording:
                await recording.record(RoundSubmitted(round_id=round_id))
