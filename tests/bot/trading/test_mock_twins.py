"""Imitations of one price: several rungs may look alike at the broker, and are still kept apart."""

from collections import deque
from datetime import timedelta
from decimal import Decimal

import pytest

from bot.commands import BookFills
from bot.events import OrderAccepted, OrderRefused, OrderUnknown
from bot.trading.model import OrderState
from strategy.model import Leg
from tests.bot.trading.counter import Counter, Say
from tests.bot.trading.floor import DAY, Floor, holding, table_of
from tests.bot.trading.practice import practice

TABLE = table_of(DAY)
S = OrderState
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.fixture
def counter() -> Counter:
    made = practice()
    made.prices["TQQQ"] = Decimal(10)
    return made


async def test_a_refused_rung_does_not_take_the_order_of_its_twin_without_an_answer(
    floor: Floor, counter: Counter
) -> None:
    await floor.begin(holding(ladder=2))
    await floor.live(TABLE.emulate_from - SECOND)
    accepted = [Say.ACCEPT] * 2  # the star and the average
    counter.script = deque([*accepted, *[Say.GATEWAY] * 5, Say.UNKNOWN_ACCEPTED])
    while not await floor.all(OrderUnknown):
        counter.clock.at = (await floor.look()).at
    (refused,) = await floor.all(OrderRefused)
    (unknown,) = await floor.all(OrderUnknown)
    rungs = [order for order in await floor.orders() if order.slot.leg is Leg.LADDER]
    assert {order.slot.key for order in rungs} == {refused.slot, unknown.slot}
    assert len({order.as_sent.price for order in rungs}) == 1, "they look alike at the broker"
    # A fill notice comes before the look that finds the unknown one.
    await floor.bus.ask(BookFills())
    states = {order.slot.key: order.state for order in await floor.orders()}
    assert states[refused.slot] is S.REFUSED
    await floor.live(TABLE.emulate_from + 3 * MINUTE)
    adopted = [event.slot for event in await floor.all(OrderAccepted) if event.adopted]
    assert adopted == [unknown.slot]
