"""Two cycles of a symbol send equal orders; each keeps its own, or the owner is asked.

What keeps them apart: an unresolved order keeps its whole symbol waiting, what was listed before an
order went out is none of its candidates, nor is what another slot owns; a row that two may claim is
asked about. The counter knows the truth: which slot each of its orders came from.
"""

import random
from collections import Counter as Count
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.events import OrderAmbiguous, OrderLeftUnknown
from bot.trading.model import OrderState, Slot
from bot.trading.rounds import slots
from strategy.model import Order
from tests.bot.trading.counter import Say
from tests.bot.trading.floor import DAY, Floor, on_floor, table_of, world

TABLE = table_of(DAY)
S = OrderState
SAYS = [Say.ACCEPT, Say.UNKNOWN_ACCEPTED, Say.UNKNOWN_LATE, Say.UNKNOWN_LOST, Say.GATEWAY]


async def plan_orders(floor: Floor) -> tuple[Order, ...]:
    await floor.begin()
    await floor.look(TABLE.propose_at)
    plan = (await floor.round()).plan
    assert plan is not None
    return plan.orders


async def test_no_two_orders_of_a_round_are_alike(floor: Floor) -> None:
    orders = await plan_orders(floor)
    plan = (await floor.round()).plan
    assert plan is not None
    alike = replace(orders[-1], quantity=9)
    with pytest.raises(ValueError, match="alike"):
        slots(replace(plan, orders=(*orders, alike)), "r")


@pytest.mark.fault(1, 2, 3, 22)
@pytest.mark.parametrize("seed", range(12))
async def test_each_slot_owns_the_order_that_came_from_it_or_the_owner_was_asked(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    counter = world()
    counter.lag = timedelta(seconds=chance.choice([0, 0, 10, 20]))

    def choose(_slot: Slot) -> None:
        counter.late = timedelta(seconds=chance.choice([3, 25, 300, 590]))
        counter.script.append(chance.choice(SAYS))

    counter.before_place = choose
    async with on_floor(tmp_path / "state", counter) as floor:
        await floor.begin()
        await floor.begin(cycle_id=2)
        await floor.live(TABLE.verify_at)
        asked = {event.slot for event in await floor.all(OrderAmbiguous)}
        asked |= {event.slot for event in await floor.all(OrderLeftUnknown)}
        came_from = {each.row.order_number: each.slot for each in counter.posted}
        owners = Count(order.order_number for order in await floor.orders() if order.order_number)
        assert set(owners.values()) <= {1}
        for order in await floor.orders():
            if order.order_number is not None and order.slot.key not in asked:
                assert came_from[order.order_number] == order.slot.key
        twice = Count(each.slot for each in counter.posted)
        assert max(twice.values()) == 1


async def test_a_list_that_lags_does_not_give_an_order_to_the_next_equal_one(
    floor: Floor,
) -> None:
    """Cycle 1's order is accepted and not listed yet when cycle 2's equal one goes unanswered."""
    await floor.begin()
    await floor.begin(cycle_id=2)
    await floor.look(TABLE.propose_at)
    floor.counter.lag = timedelta(seconds=20)
    floor.counter.script.extend([Say.ACCEPT, Say.UNKNOWN_LOST])
    await floor.look(TABLE.send_from)
    one, two = floor.counter.placed
    assert (one.price, one.quantity) == (two.price, two.quantity)
    assert one.price is not None
    assert one.price > Decimal(0)
    await floor.live(TABLE.send_from + timedelta(minutes=11))
    found = await floor.views.order(two.key)
    assert found is not None
    assert found.state is S.ABSENT
    assert found.order_number is None
