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
from bot.storage.standing import slots_of_round, slots_of_symbol, standing_of
from bot.storage.views import UNRESOLVED, OrderView, RoundView
from bot.timetable import Timetable
from bot.trading.desk import Desk
from bot.trading.due import Due, due_of, in_order
from bot.trading.model import OrderState, RoundState
from bot.trading.ports import Accepted, BrokerSilent, GatewayRefused, NotSent, Refused, Unknown
from bot.trading.resolve import Resolver
from bot.trading.risk import Standing, refusals
from bot.trading.rounds import spending_cap
from strategy.model import Side

log = structlog.get_logger(__name__)

SPENT = (
    OrderState.SENT,
    OrderState.UNKNOWN,
    OrderState.AMBIGUOUS,
    OrderState.OPEN,
    OrderState.PARTIAL,
    OrderState.FILLED,
    OrderState.CLOSED_PARTIAL,
)
LIVE = (
    OrderState.SENT,
    OrderState.UNKNOWN,
    OrderState.AMBIGUOUS,
    OrderState.OPEN,
    OrderState.PARTIAL,
)


class Submitter:
    """Bring the planned slots of all rounds to the counter, one at a time."""

    def __init__(self, desk: Desk, resolver: Resolver) -> None:
        self._desk = desk
        self._resolver = resolver

    async def submit(self, rounds: Sequence[RoundView]) -> None:
        """Send what is planned and due, over all cycles in the account's order of sending.

        An unresolved order and a silence about a symbol leave the rest of that symbol planned.
        Raises BrokerSilent when all others had their turn.
        """
        due = [each for round_ in rounds for each in due_of(self._desk, round_)]
        if any(self._desk.may_send(each.order.slot, each.table) for each in due):
            await self._desk.broker.ready(timedelta(minutes=30))
        silences: dict[str, BrokerSilent] = {}
        due = await in_order(self._desk, due, silences)
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

    async def _send(self, each: Due) -> bool:
        """Send one slot; answer whether the next may follow."""
        order, table = each.order, each.table
        if not self._desk.gate_open or await self._symbol_blocked(order):
            return False
        if table.quiet(self._desk.clock.now()):
            return False  # the spell began between two orders: the rest waits for its end
        baseline: tuple[str, ...] = ()
        stands = False
        if not each.barred and self._desk.may_send(order.slot, table):
            listed = await self._desk.broker.orders(order.session)
            if not listed.complete:
                raise listed.silence()
            baseline = tuple(row.order_number for row in listed.orders)
            stands = order.slot.attempt > 1 and await self._resolver.stands_already(order, listed)
        async with self._desk.recording() as recording:
            reasons = ["already_stands"] if stands else []
            reasons += await self._reasons(recording.transaction, each)
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
        event = self._event(order, answer, tries, table)
        async with self._desk.recording() as recording:
            await recording.record(event)
        return not isinstance(event, OrderUnknown | OrderNotSent)

    async def _reasons(self, transaction: Transaction, each: Due) -> list[str]:
        if each.barred:
            return [each.barred]
        return refusals(each.slot, await self._standing(transaction, each))

    async def _symbol_blocked(self, order: OrderView) -> bool:
        unresolved = await self._desk.views.orders_in(*UNRESOLVED)
        return any(
            other.slot.symbol == order.slot.symbol or other.state is OrderState.SENT
            for other in unresolved
        )

    async def _standing(self, transaction: Transaction, each: Due) -> Standing:
        order, round_ = each.order, each.round_
        if round_.plan is None:
            raise ValueError(f"round {round_.round_id} has no plan")
        trading, held, state = await standing_of(transaction, round_.round_id)
        ours = await slots_of_round(transaction, round_.round_id, SPENT)
        buys = tuple(slot for slot in ours if slot.side is Side.BUY)
        return Standing(
            trading=trading,
            held=held,
            round_state=state,
            now=self._desk.clock.now(),
            timetable=each.table,
            last_price=each.price,
            cap=spending_cap(round_.plan),
            round_buys=(*buys, each.slot),
            live=await slots_of_symbol(transaction, order.session, each.symbol, LIVE),
            emulated=each.emulated is not None,
        )

    def _event(
        self,
        order: OrderView,
        answer: Accepted | Refused | GatewayRefused | NotSent | Unknown,
        tries: int,
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
            case Refused(code=code, message=message):
                return OrderRefused(slot=slot, code=code, message=message)
            case GatewayRefused(code=code, message=message):
                if tries >= self._desk.patience.gateway_tries:
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
