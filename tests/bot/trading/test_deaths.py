"""Killed at any step of an evening with changes, a split sibling and a position taken over."""

from collections import Counter as Count
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from bot.commands import (
    ChangeCycle,
    ImportCycle,
    Position,
    PreviewChange,
    PreviewImport,
)
from bot.events import CycleChanged, OrderAbsent, RestingOrdersGone, RoundSettled
from bot.trading.model import Approval, RestingOrder
from strategy import versions
from strategy.changes import SeedChange, TurnCorrection
from strategy.model import Cycle, Side
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import (
    ALICE,
    DAY,
    NEXT,
    Floor,
    Killed,
    holding,
    on_floor,
    table_of,
    world,
)
from tests.bot.trading.test_random_days import Assassin

TABLE = table_of(DAY)
D = Decimal
RESERVED = RestingOrder(
    number="7", symbol="SOXL", side=Side.BUY, quantity=3, price=D("45"), reservation=True
)
POSITION = Position(
    rules=versions.rules("4.0", "SOXL", 20, ladder=1),
    quantity=40,
    average=D(50),
    cash=D(8000),
    turn=D(4),
)
STEPS = 20


async def evening(floor: Floor, counter: Counter) -> None:
    """Two cycles on TQQQ, one taken over on SOXL; a change before sending, one after.

    Each step looks first whether an earlier life has done it.
    """
    if not await floor.views.cycles():
        await floor.begin()
    if len(await floor.views.cycles()) == 1:
        await floor.begin(holding(quantity=20), cycle_id=2)
    if len(await floor.views.cycles()) == 2:
        counter.holdings["SOXL"] = 40
        shown = await floor.bus.ask(PreviewImport(position=POSITION))
        await floor.bus.ask(
            ImportCycle(position=POSITION, approval=Approval.AUTO, digest=shown.digest, by=ALICE)
        )


async def make(floor: Floor, change: SeedChange | TurnCorrection) -> None:
    done = [event.change for event in await floor.all(CycleChanged)]
    waiting = [getattr(event, "change", None) for event in await floor.views.waiting_changes()]
    if change not in [*done, *waiting]:
        shown = await floor.bus.ask(PreviewChange(cycle_id=1, change=change))
        await floor.bus.ask(ChangeCycle(cycle_id=1, change=change, digest=shown.digest, by=ALICE))


async def lived(path: Path, counter: Counter, assassin: Assassin) -> tuple[dict[int, Cycle], bool]:
    """Live the two sessions through as many processes as it takes.

    Answer the ledger, and whether an order died with a process before it left.
    """
    counter.io = assassin
    seed, turn = SeedChange(amount=D(1600)), TurnCorrection(turn=D("4.5"))
    while True:
        try:
            async with on_floor(path, counter) as floor:
                await evening(floor, counter)
                assassin.armed = True
                await make(floor, seed)
                await floor.live(TABLE.send_from + timedelta(minutes=5))
                await make(floor, turn)
                await floor.live(TABLE.send_from + timedelta(minutes=20))
                counter.reserved.clear()
                await floor.live(table_of(NEXT).settle_again_at)
                assassin.armed = False
                assert len(await floor.all(RestingOrdersGone)) == 1
                assert len(await floor.all(CycleChanged)) == 2
                assert len(await floor.all(RoundSettled)) == 6
                lost = bool(await floor.all(OrderAbsent))
                return {view.cycle_id: view.cycle for view in await floor.views.cycles()}, lost
        except Killed:
            counter.clock.at += timedelta(seconds=1)


def fresh() -> Counter:
    counter = world()
    counter.reserved.append(RESERVED)
    counter.closes |= {DAY: D(49), NEXT: D("48.5")}
    return counter


async def test_a_death_at_any_step_books_every_change_once_and_ends_with_the_same_ledger(
    tmp_path: Path,
) -> None:
    quiet = Assassin()
    expected, _ = await lived(tmp_path / "whole", fresh(), quiet)
    assert quiet.count > 150
    same = 0
    for number in range(STEPS):
        counter = fresh()
        assassin = Assassin(1 + number * quiet.count // STEPS)
        ledger, lost = await lived(tmp_path / f"{number}", counter, assassin)
        twice = Count(each.slot for each in counter.posted if each.slot)
        assert max(twice.values()) == 1, f"step {number}"
        for cycle_id, cycle in ledger.items():
            assert cycle.principal == expected[cycle_id].principal, f"step {number}"
        if not lost:
            same += 1
            assert ledger == expected, f"step {number}"
    assert same > STEPS // 2
