"""The owner's cancels: one order, several, or all; called gone only when a listing shows it.

A cancel is no order: it may go out while trading is stopped or killed, and until the close.
"""

from collections.abc import Iterable, Sequence

from bot.bus import Bus
from bot.commands import CancelOrders, StopAnswer
from bot.events import OrderWithheld, TradingKilled, TradingStopped
from bot.storage.order_projections import WrongTurn
from bot.storage.standing import state_of_order
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, OrderView
from bot.trading.agreed import use
from bot.trading.model import CALLED_OFF, SCHEDULE, Actor, OrderState
from bot.trading.ports import BrokerSilent
from bot.trading.refusal import Refusal, Why
from bot.trading.service import Trading

MAY_STAND = (*AT_THE_BROKER, *UNRESOLVED, OrderState.UNKNOWN_TOLD)

MOST_CANCELS = 6
"""So often an order is asked to be cancelled before it is left to its session's end: an hour."""


class Cancelling:
    """Ask for cancels and look; for /stop, /skip, and the orders that are named."""

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self._desk = trading.desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the command that names orders."""
        bus.handle(CancelOrders, self.cancel_named)
        self._trading.following.append(self.follow)

    async def follow(self) -> None:
        """Carry on a stop that was to cancel: after a crash, and for what is found only later.

        Raises BrokerSilent.
        """
        desk = self._desk
        if await desk.views.trading() not in ("stopped", "killed"):
            return
        last = await desk.journal.latest_of(TradingStopped, TradingKilled)
        if not isinstance(last, TradingStopped | TradingKilled) or not last.cancel:
            return
        now = desk.clock.now()
        await self.cancel_again(
            order
            for order in await desk.views.orders_in(*AT_THE_BROKER)
            if (session := desk.calendar.session(order.session)) and now < session.close
        )

    async def cancel_again(self, orders: Iterable[OrderView]) -> None:
        """Ask again for what stands and was to be cancelled: ever more rarely, not for ever.

        Every cancel is a row of the broker's list, and a list grown too long is never whole.
        Raises BrokerSilent.
        """
        now, soon = self._desk.clock.now(), self._desk.patience.soon
        due = set()
        for order in orders:
            asked = await self._desk.views.cancels(order.slot.key)
            wait = soon * 2 ** max(asked - 1, 0)
            rested = order.cancel_asked is None or order.cancel_asked + wait <= now
            if asked < MOST_CANCELS and rested:
                due.add(order.slot.key)
        if due:
            await self.cancel(SCHEDULE, frozenset(due))

    async def cancel_named(self, command: CancelOrders) -> StopAnswer:
        """Cancel the orders named; one that is still planned is held back instead."""
        among = frozenset(command.slots)
        async with self._trading.account:
            unsent = 0
            async with self._desk.recording() as recording:
                await use(recording, command.tap, command.by)
                for slot in command.slots:
                    if await state_of_order(recording.transaction, slot) is OrderState.PLANNED:
                        await recording.record(OrderWithheld(slot=slot, reasons=(CALLED_OFF,)))
                        unsent += 1
                if not unsent and not await self.may_stand(among):
                    raise Refusal(Why.NOTHING_TO_CANCEL)
            answer = await self.cancel(command.by, among)
            return StopAnswer(
                asked=answer.asked + unsent,
                confirmed=answer.confirmed + unsent,
                left=answer.left,
            )

    async def halted(self, by: Actor, *, cancel: bool) -> StopAnswer:
        """Cancel all our open orders where a stop is to, and look whether they are gone."""
        if not cancel:
            return StopAnswer(asked=0, confirmed=0)
        async with self._trading.account:
            return await self.cancel(by)

    async def cancel(self, by: Actor, among: frozenset[str] | None = None) -> StopAnswer:
        """Ask for every cancel (of the slots `among`) and look; a listing says what is gone.

        One without an answer has no number to cancel by: it may stand. Fills are booked first, as
        KIS refuses to cancel more than is left; without a list the cancels are asked all the same.
        """
        await self._book(await self.may_stand(among))
        live = await self.may_stand(among)
        for order in live:
            await self._trading.canceller.cancel(order, by)
        await self._book(live)
        after = [await self._desk.views.order(order.slot.key) for order in live]
        states = [order.state for order in after if order is not None]
        left = sum(state in MAY_STAND for state in states)
        filled = states.count(OrderState.FILLED)
        return StopAnswer(asked=len(live), confirmed=len(live) - left - filled, left=left)

    async def may_stand(self, among: frozenset[str] | None = None) -> list[OrderView]:
        """Read our orders that stand, or may; one left unknown may until its session is over."""
        now, calendar = self._desk.clock.now(), self._desk.calendar
        found = await self._desk.views.orders_in(*MAY_STAND)
        over = {
            day
            for day in {order.session for order in found}
            if (session := calendar.session(day)) is None or session.close <= now
        }
        return [
            order
            for order in found
            if (order.state is not OrderState.UNKNOWN_TOLD or order.session not in over)
            and (among is None or order.slot.key in among)
        ]

    async def _book(self, orders: Sequence[OrderView]) -> None:
        try:
            for session in sorted({order.session for order in orders}):
                await self._trading.settler.book(session)
        except BrokerSilent as silence:
            await self._desk.troubled(str(silence))
        except WrongTurn as turn:
            if not self._trading.turned_wrong(str(turn)):
                raise
