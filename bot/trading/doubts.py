"""What the owner says of orders that nobody can be sure of: send again, this is it, none is."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.bus import Bus
from bot.commands import CorrectRound, DeclineResend, ResendOrder, ResolveAmbiguous
from bot.events import OrderRecognised, OrderResent, ResendDeclined
from bot.storage.standing import called_back
from bot.storage.views import OrderView
from bot.timetable import Timetable, timetable
from bot.trading.agreed import use
from bot.trading.model import OrderState, Slot, slot_key
from bot.trading.refusal import Refusal, Why
from bot.trading.service import Trading


class Doubts:
    """Carry out the commands that end an order's uncertainty."""

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self._desk = trading.desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about unsure orders and late fills."""
        bus.handle(ResendOrder, self.resend)
        bus.handle(DeclineResend, self.decline)
        bus.handle(ResolveAmbiguous, self.recognise)
        bus.handle(CorrectRound, self.correct)

    async def resend(self, command: ResendOrder) -> None:
        """Send an order that the broker does not show once more, as a slot of its own."""
        order = await self._order(command.slot)
        session = self._desk.calendar.session(order.session)
        now = self._desk.clock.now()
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            fresh = await self._desk.views.order(command.slot)
            if fresh is None or fresh.state is not OrderState.ABSENT or not fresh.may_resend:
                raise Refusal(Why.ORDER_NOT_ABSENT)
            if session is None or now >= self._last_call(timetable(session)):
                raise Refusal(Why.ROUND_TOO_LATE)
            if order.slot.side in await called_back(recording.transaction, order.round_id):
                raise Refusal(Why.ROUND_CALLED_BACK)
            again = await self._again(order)
            await recording.record(OrderResent(slot=again, previous=command.slot, by=command.by))

    async def decline(self, command: DeclineResend) -> None:
        """Leave an absent order as it is; its other button is void from now on."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            if not (await self._order(command.slot)).may_resend:
                raise Refusal(Why.ORDER_DECIDED)
            await recording.record(ResendDeclined(slot=command.slot, by=command.by))

    async def recognise(self, command: ResolveAmbiguous) -> None:
        """Take the owner's word for which of its candidates an order is, or that it is none."""
        # Under the account's lock: no look may decide about the same order meanwhile.
        async with self._trading.account, self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            order = await self._order(command.slot)
            chosen = command.order_number
            if order.order_number is not None or not order.candidates:
                raise Refusal(Why.ORDER_DECIDED)
            if chosen is not None and chosen not in order.candidates:
                raise Refusal(Why.ORDER_DECIDED)
            for other in await self._desk.views.orders_of_session(order.session):
                if chosen is not None and other.order_number == chosen:
                    raise Refusal(Why.ORDER_DECIDED)
            await recording.record(
                OrderRecognised(
                    slot=command.slot,
                    order_number=chosen,
                    others=tuple(number for number in order.candidates if number != chosen),
                    by=command.by,
                )
            )

    async def correct(self, command: CorrectRound) -> None:
        """Book a settled round, and those after it, with what the broker showed later."""
        async with self._trading.account:
            await self._trading.late.correct(command)

    async def _order(self, slot: str) -> OrderView:
        order = await self._desk.views.order(slot)
        if order is None:
            raise Refusal(Why.ORDER_UNKNOWN)
        return order

    async def _again(self, order: OrderView) -> Slot:
        """Give the order's next attempt, after every one that was ever made."""
        slots = [each.slot for each in await self._desk.views.orders_of_session(order.session)]
        made = [
            slot.attempt
            for slot in slots
            if (slot.round_id, slot.index) == (order.round_id, order.slot.index)
        ]
        attempt = max(made) + 1
        key = slot_key(order.round_id, order.slot.index, attempt)
        return replace(order.slot, key=key, attempt=attempt)

    def _last_call(self, table: Timetable) -> datetime:
        before: timedelta = self._desk.patience.no_resend_before_deadline
        return table.deadline - before
