"""Killed at every single write and call while a round is called back, and taken back again."""

from collections import Counter as Count
from collections.abc import Awaitable, Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from bot.commands import PreviewRestore, RestoreRound, SkipRound
from bot.events import RoundCurtailed, RoundRestored
from bot.trading.model import OrderState
from strategy.model import Side
from tests.bot.trading.floor import ALICE, Floor, Killed, on_floor, table_of, world
from tests.bot.trading.floor import DAY as TODAY

TABLE = table_of(TODAY)
MINUTE = timedelta(minutes=1)
S = OrderState
STANDS = {S.OPEN, S.PARTIAL, S.SENT, S.UNKNOWN, S.AMBIGUOUS, S.UNKNOWN_TOLD, S.ABSENT}
Act = Callable[[Floor], Awaitable[object]]


async def skip(floor: Floor) -> None:
    round_ = await floor.round()
    await floor.bus.ask(SkipRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))


async def restore(floor: Floor) -> None:
    """Take the skip back, and send what that made."""
    round_ = await floor.round()
    shown = await floor.bus.ask(PreviewRestore(round_id=round_.round_id))
    await floor.bus.ask(RestoreRound(round_id=round_.round_id, digest=shown.digest, by=ALICE))
    await floor.look()


async def struck(path: Path, before: tuple[Act, ...], act: Act, turn: int) -> bool:
    """Do `before`, die in `act` at its `turn`-th write or call; live on in another process."""
    counter = world()
    async with on_floor(path, counter) as floor:
        await floor.begin()
        await floor.live(TABLE.send_from + MINUTE)
        for each in before:
            await each(floor)
    turns = count(1)

    def io() -> None:
        if next(turns) == turn:
            raise Killed

    died = False
    try:
        async with on_floor(path, counter) as floor:
            counter.io = io
            await act(floor)
            counter.io = lambda: None
    except Killed:
        died = True
    counter.io = lambda: None
    counter.clock.at += timedelta(seconds=1)
    async with on_floor(path, counter) as floor:
        await floor.live(TABLE.send_from + 40 * MINUTE)
        await check(floor)
    return died


async def check(floor: Floor) -> None:
    """Hold what stands at the broker to the journal: called back is gone, and nothing is twice."""
    orders = await floor.orders()
    lines = Count(order.slot.index for order in orders if order.state in STANDS)
    assert set(lines.values()) <= {1}, "an order and its successor may both stand"
    posted = [each.slot for each in floor.counter.posted]
    assert len(posted) == len(set(posted))
    called = [*await floor.all(RoundCurtailed), *await floor.all(RoundRestored)]
    buys = {order.state for order in orders if order.slot.side is Side.BUY}
    if len(called) == 1:
        assert buys == {S.CANCELLED}
    else:
        assert S.OPEN in buys
    assert {order.state for order in orders if order.slot.side is Side.SELL} == {S.OPEN}


@pytest.mark.parametrize(("before", "act"), [((), skip), ((skip,), restore)])
async def test_a_death_at_any_write_or_call_leaves_what_was_journalled(
    tmp_path: Path, before: tuple[Act, ...], act: Act
) -> None:
    for turn in count(1):
        if not await struck(tmp_path / str(turn), before, act, turn):
            assert turn > 10
            return
