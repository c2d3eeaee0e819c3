"""Killed at any step of the last minutes before the close: no imitation stands twice or is lost."""

import random
from collections import Counter as Count
from datetime import timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest

from bot.events import (
    LedgerMismatched,
    OrderAbsent,
    OrderLeftUnknown,
    OrderSent,
    RoundSettled,
)
from bot.trading.model import OrderState, Slot
from strategy.model import Cycle, OrderType
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import CALENDAR, DAY, Killed, holding, on_floor, table_of, world
from tests.bot.trading.test_random_days import Assassin, judged, troubled

TABLE = table_of(DAY)
CLOSE = TABLE.session.close
STEPS = 40


def fresh() -> Counter:
    """At 30.00 every leg but the quarter is crossed; a half of each fills, one share not at all."""
    counter = world()
    counter.mock = True
    counter.call_takes = timedelta(seconds=1)
    counter.prices["TQQQ"] = Decimal(30)
    counter.part = lambda _slot, quantity: quantity // 2
    return counter


async def lived(
    path: Path, counter: Counter, assassin: Assassin, *, nap: timedelta
) -> tuple[Cycle, bool]:
    """Live the session through as many processes as it takes, dying inside the window only.

    Answer the ledger, and whether an order died with a process before it left.
    """
    counter.io = assassin
    while True:
        try:
            async with on_floor(path, counter) as floor:
                if not await floor.views.cycles():
                    await floor.begin(holding(ladder=3))
                await floor.live(TABLE.emulate_from - timedelta(seconds=1))
                assassin.armed = True
                await floor.live(CLOSE + timedelta(minutes=1))
                assassin.armed = False
                await floor.live(TABLE.settle_again_at)
                assert await floor.all(LedgerMismatched) == []
                assert len(await floor.all(RoundSettled)) == 1
                standing = {OrderState.OPEN, OrderState.PARTIAL, OrderState.PLANNED}
                assert not [o for o in await floor.orders() if o.state in standing]
                cycle = await floor.cycle()
                assert cycle.quantity == counter.holdings["TQQQ"]
                lost = [*await floor.all(OrderAbsent), *await floor.all(OrderLeftUnknown)]
                return cycle, bool(lost)
        except Killed:
            counter.clock.at += nap


async def test_a_death_at_any_step_of_the_window_ends_with_the_same_ledger(tmp_path: Path) -> None:
    quiet = Assassin()
    expected, _ = await lived(tmp_path / "whole", fresh(), quiet, nap=timedelta())
    assert quiet.count > 60
    same = 0
    for number in range(STEPS):
        counter = fresh()
        assassin = Assassin(1 + number * quiet.count // STEPS)
        cycle, lost = await lived(
            tmp_path / f"{number}", counter, assassin, nap=timedelta(seconds=2)
        )
        twice = Count(each.slot for each in counter.posted if each.slot)
        assert max(twice.values()) == 1, f"step {number}"
        if not lost:
            same += 1
            assert cycle == expected, f"step {number}"
    assert same > STEPS // 2


async def test_a_death_that_lasts_past_the_window_leaves_the_rest_unsent_and_the_ledger_right(
    tmp_path: Path,
) -> None:
    """Whatever stood is cancelled or dies at the close; nothing goes out after close - 1 min."""
    quiet = Assassin()
    await lived(tmp_path / "whole", fresh(), quiet, nap=timedelta())
    for nap in (timedelta(minutes=4, seconds=10), timedelta(minutes=6)):
        for step in range(1, quiet.count, 9):
            counter = fresh()
            late: list[str] = []
            counter.before_place = partial(_note_late, counter, late)
            name = f"{nap.seconds}-{step}"
            await lived(tmp_path / name, counter, Assassin(step), nap=nap)
            assert late == [], name


def _note_late(counter: Counter, late: list[str], slot: Slot) -> None:
    if counter.clock.at >= TABLE.emulate_until:
        late.append(slot.key)


@pytest.mark.parametrize("seed", range(8))
async def test_over_random_evenings_the_rebuilt_ledger_is_the_stored_one_and_the_accounts(
    tmp_path: Path, seed: int
) -> None:
    """Refusals, time-outs, silences and parts of fills; leaving the floor walks every edge."""
    chance = random.Random(seed)
    counter = world()
    counter.mock = True
    counter.call_takes = timedelta(seconds=1)
    troubled(counter, chance)
    price = Decimal(50)
    sessions = CALENDAR.between(DAY, DAY + timedelta(days=9))
    path = tmp_path / "state"
    async with on_floor(path, counter) as floor:
        await floor.begin(holding(ladder=5))
    for one in sessions:
        price = (price * Decimal(chance.randint(93, 107)) / 100).quantize(Decimal("0.01"))
        counter.prices["TQQQ"] = price
        counter.closes[one.day] = (price * Decimal(chance.randint(99, 101)) / 100).quantize(
            Decimal("0.01")
        )
        async with on_floor(path, counter) as floor:
            await floor.live(table_of(one.day).settle_again_at + timedelta(hours=1))
            await judged(floor)
    async with on_floor(path, counter) as floor:
        settled = await floor.all(RoundSettled)
        assert [event.session for event in settled] == [one.day for one in sessions]
        for sent in await floor.all(OrderSent):
            order = await floor.views.order(sent.slot)
            assert order is not None
            assert order.as_sent.type is OrderType.LIMIT
        assert sum(event.bought + event.sold for event in settled) > 0
