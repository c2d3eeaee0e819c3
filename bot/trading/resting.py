"""Orders that are not ours on the symbol of a cycle that was taken over: nothing is sent till then.

The owner may have placed tonight's orders by hand before the bot took over; sent beside them, the
bot's would buy and sell twice.
"""

from collections.abc import Iterable
from datetime import datetime

from bot.clock import SEOUL
from bot.events import RestingOrdersGone, RestingOrdersSeen
from bot.storage.views import AT_THE_BROKER, CycleView
from bot.trading.desk import Desk
from bot.trading.model import RestingOrder
from bot.trading.ports import RestingList


class RestingWatch:
    """Look every few minutes; tell of each list once; free the cycle when nothing is left."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._looked: dict[int, datetime] = {}

    async def gone(self, view: CycleView) -> bool:
        """Tell whether the cycle's orders may go out. Raises BrokerSilent.

        A list that is not whole says nothing: then there may be orders still.
        """
        now = self._desk.clock.now()
        last = self._looked.get(view.cycle_id)
        if last is not None and now - last < self._desk.patience.resting:
            return False
        self._looked[view.cycle_id] = now
        listed = await resting_now(self._desk, view.symbol)
        foreign = await not_ours(self._desk, listed.orders)
        known = is_whole(listed, no_reservations=view.no_reservations)
        if known and not foreign:
            async with self._desk.recording() as recording:
                await recording.record(
                    RestingOrdersGone(cycle_id=view.cycle_id, symbol=view.symbol)
                )
            return True
        told = view.resting
        if told is None or (told.orders, told.known) != (foreign, known):
            async with self._desk.recording() as recording:
                await recording.record(
                    RestingOrdersSeen(
                        cycle_id=view.cycle_id, symbol=view.symbol, orders=foreign, known=known
                    )
                )
        return False


async def resting_now(desk: Desk, symbol: str) -> RestingList:
    """List what rests on a symbol. Raises BrokerSilent."""
    today = desk.clock.now().astimezone(SEOUL).date()
    return await desk.broker.resting(symbol, today=today)


async def not_ours(desk: Desk, orders: Iterable[RestingOrder]) -> tuple[RestingOrder, ...]:
    """Leave out the orders that our own slots own; sorted, so that lists can be compared."""
    live = await desk.views.orders_in(*AT_THE_BROKER)
    owned = {order.order_number for order in live}
    foreign = [order for order in orders if order.reservation or order.number not in owned]
    return tuple(sorted(foreign, key=lambda order: (order.reservation, order.number)))


def is_whole(listed: RestingList, *, no_reservations: bool) -> bool:
    """Tell whether nothing can rest that the list does not show."""
    return listed.complete and (listed.reservations or no_reservations)
