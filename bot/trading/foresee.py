"""What a session will have done by its last price, where the official close is hours away.

It is told as provisional, and nothing is booked by it.
"""

from decimal import Decimal

from bot.events import RoundForeseen
from bot.storage.views import AT_THE_BROKER, OrderView, RoundView
from bot.trading.desk import Desk, in_turn
from bot.trading.fills import merged
from bot.trading.model import RoundState
from strategy.cycle import settle
from strategy.model import OrderType, Side


class Foreteller:
    """Tell once a session what its last price would make of the orders at the close."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def foresee(self) -> None:
        """Look at every round whose session is over and not settled. Raises BrokerSilent."""
        await in_turn(await self._desk.views.rounds_in(RoundState.WORKING), self._one)

    async def _one(self, round_: RoundView) -> None:
        table, now = self._desk.table(round_.session), self._desk.clock.now()
        if round_.foreseen is not None or round_.plan is None or table.foresee_at is None:
            return
        if not table.foresee_at <= now < table.settle_at:
            return
        close = await self._desk.broker.last_price(round_.plan.cycle.rules.symbol)
        parts = [
            part
            for order in round_.orders
            for part in (_booked(order), _imagined(order, close))
            if part is not None
        ]
        result = settle(round_.plan, merged(round_.plan, parts), round_.session)
        async with self._desk.recording() as recording:
            await recording.record(
                RoundForeseen(
                    round_id=round_.round_id,
                    session=round_.session,
                    close=close,
                    bought=result.bought,
                    sold=result.sold,
                    realized=result.realized,
                    turn=result.cycle.turn,
                    quantity=result.cycle.quantity,
                )
            )


Part = tuple[int, int, Decimal]


def _booked(order: OrderView) -> Part | None:
    if not order.filled or order.fill_price is None:
        return None
    return order.slot.index, order.filled, order.fill_price


def _imagined(order: OrderView, close: Decimal) -> Part | None:
    """Give what is left of a LOC or MOC that stands at the broker, if that close satisfies it."""
    slot, left = order.slot, order.slot.quantity - order.filled
    if order.state not in AT_THE_BROKER or slot.type is OrderType.LIMIT or left <= 0:
        return None
    buys = slot.side is Side.BUY
    crossed = slot.price is None or (close <= slot.price if buys else close >= slot.price)
    return (slot.index, left, close) if crossed else None
