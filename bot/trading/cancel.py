"""Cancel our own orders: journalled before it is asked, true only when a listing says so."""

from datetime import date

from bot.events import CancelAsked
from bot.storage.views import AT_THE_BROKER, OrderView
from bot.trading.desk import Desk
from bot.trading.model import SCHEDULE, Actor
from bot.trading.ports import Accepted, BrokerSilent
from bot.trading.settle import Settler


class Canceller:
    """Ask for cancels, one at a time; asking twice does no harm."""

    def __init__(self, desk: Desk, settler: Settler) -> None:
        self._desk = desk
        self._settler = settler

    async def cancel(self, order: OrderView, by: Actor) -> bool:
        """Ask to cancel what is left of an order; answer whether the broker took the request."""
        if order.order_number is None:
            return False
        async with self._desk.recording() as recording:
            await recording.record(CancelAsked(slot=order.slot.key, by=by))
        left = order.slot.quantity - order.filled
        answer = await self._desk.broker.cancel(order.slot, order.order_number, left)
        return isinstance(answer, Accepted)

    async def clear_imitations(self, session: date) -> None:
        """Before the close, cancel the imitations that stand, and look whether they are gone.

        Fills are booked first: a fill wins. Where no list comes they are cancelled all the same.
        Raises BrokerSilent.
        """
        table = self._desk.table(session)
        if not await self._standing(session):
            return
        silence: BrokerSilent | None = None
        try:
            await self._settler.book(session)
        except BrokerSilent as heard:
            silence = heard
        standing = await self._standing(session)
        for order in standing:
            if self._desk.clock.now() < table.session.close:
                await self.cancel(order, SCHEDULE)
        if silence is not None:
            raise silence
        if standing:
            await self._settler.book(session)

    async def _standing(self, session: date) -> list[OrderView]:
        orders = await self._desk.views.orders_of_session(session)
        return [order for order in orders if order.emulated and order.state in AT_THE_BROKER]
