"""The owner presses everything in any order, and answers go wrong: no order is ever doubled.

A failing seed is named by the test's id; run that one alone to see it again.
"""

import random
from collections import Counter as Count
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.commands import (
    ApproveRound,
    CancelOrders,
    OrderNow,
    Pause,
    PlanAgain,
    PreviewNow,
    PreviewRestore,
    ReconcileNow,
    RestoreRound,
    Resume,
    SetUnattended,
    SkipRound,
    Stop,
)
from bot.trading.model import Approval, Unattended
from bot.trading.refusal import Refusal
from tests.bot.trading.counter import Counter, Say
from tests.bot.trading.floor import ALICE, DAY, Floor, on_floor, table_of, world

SEEDS = 14
PRESSES = 40
TABLE = table_of(DAY)
TROUBLES = (Say.OUTSIDE_HOURS, Say.NOT_SENT, Say.UNKNOWN_ACCEPTED, Say.UNKNOWN_LATE, Say.REFUSE)
Press = Callable[[Floor, random.Random], Awaitable[object]]


async def approve(floor: Floor, _chance: random.Random) -> None:
    round_ = await floor.round()
    await floor.bus.ask(ApproveRound(round_id=round_.round_id, digest=round_.digest, by=ALICE))


async def skip(floor: Floor, chance: random.Random) -> None:
    round_ = await floor.round()
    sells = chance.random() < 0.3
    await floor.bus.ask(
        SkipRound(round_id=round_.round_id, digest=round_.digest, sells=sells, by=ALICE)
    )


async def undo(floor: Floor, _chance: random.Random) -> None:
    await floor.bus.ask(PlanAgain(round_id=(await floor.round()).round_id, by=ALICE))


async def restore(floor: Floor, _chance: random.Random) -> None:
    round_id = (await floor.round()).round_id
    shown = await floor.bus.ask(PreviewRestore(round_id=round_id))
    await floor.bus.ask(RestoreRound(round_id=round_id, digest=shown.digest, by=ALICE))


async def order_now(floor: Floor, _chance: random.Random) -> None:
    (shown,) = await floor.bus.ask(PreviewNow())
    await floor.bus.ask(OrderNow(cycle_id=1, session=shown.session, digest=shown.digest, by=ALICE))


async def cancel(floor: Floor, chance: random.Random) -> None:
    orders = await floor.orders()
    if orders:
        await floor.bus.ask(CancelOrders(slots=(chance.choice(orders).slot.key,), by=ALICE))


async def pause(floor: Floor, chance: random.Random) -> None:
    await floor.owner.pause(Pause(everything=chance.random() < 0.5, by=ALICE))


async def resume(floor: Floor, _chance: random.Random) -> None:
    await floor.owner.resume(Resume(by=ALICE))


async def stop(floor: Floor, chance: random.Random) -> None:
    await floor.owner.stop(Stop(cancel=chance.random() < 0.5, by=ALICE))


async def choose(floor: Floor, chance: random.Random) -> None:
    choice = chance.choice(list(Unattended))
    await floor.bus.ask(SetUnattended(cycle_id=1, choice=choice, by=ALICE))


async def reconcile(floor: Floor, _chance: random.Random) -> None:
    await floor.bus.ask(ReconcileNow(by=ALICE))


PRESSED: tuple[Press, ...] = (
    approve, approve, skip, skip, undo, restore, restore, order_now, cancel, pause, resume, resume,
    stop, choose, reconcile,
)  # fmt: skip


def no_line_stands_twice(counter: Counter) -> None:
    """An order of the plan has one attempt at the broker at a time, and none after a fill."""
    slots = Count(each.slot for each in counter.posted)
    assert max(slots.values(), default=0) <= 1, slots
    lines = defaultdict(list)
    for each in counter.posted:
        lines[(each.slot or "").rpartition(".")[0]].append(each.row)
    for line, rows in lines.items():
        assert sum(not row.done for row in rows) <= 1, line
        most = rows[0].quantity
        bought = sum(row.filled for row in rows) + sum(row.open_quantity for row in rows)
        assert bought <= most, line


async def what_was_called_back_is_not_posted(floor: Floor, posted: int) -> int:
    """Nothing of a side that was called back goes out while it is."""
    round_ = await floor.views.round(f"{DAY.isoformat()}.1")
    now = len(floor.counter.placed)
    if round_ is not None:
        fresh = {slot.side for slot in floor.counter.placed[posted:]}
        assert not fresh & round_.called_back
        stopped = await floor.views.trading() == "stopped"
        assert not (stopped and fresh)
    return now


@pytest.mark.parametrize("seed", range(SEEDS))
async def test_whatever_is_pressed_no_order_is_doubled_and_none_leaves_against_a_word(
    tmp_path: Path, seed: int
) -> None:
    """Leaving the floor rebuilds the ledger and walks every edge (floor.audit)."""
    chance = random.Random(seed)
    counter = world()
    counter.closes[DAY] = Decimal(chance.choice(("47", "50", "55", "60")))

    def script(_slot: object) -> None:
        if chance.random() < 0.15:
            counter.script.append(chance.choice(TROUBLES))
        counter.cancels_refused = chance.random() < 0.1

    counter.before_place = script
    async with on_floor(tmp_path / "state", counter) as floor:
        await floor.begin(approval=chance.choice((Approval.CONFIRM, Approval.AUTO)))
        await floor.look(TABLE.propose_at)
        step = (TABLE.deadline + timedelta(minutes=20) - TABLE.propose_at) / PRESSES
        for press in range(PRESSES):
            before = len(counter.placed)
            with suppress(Refusal):
                await chance.choice(PRESSED)(floor, chance)
            before = await what_was_called_back_is_not_posted(floor, before)
            at = TABLE.propose_at + step * (press + 1)
            await floor.live(max(at, floor.clock.at + timedelta(seconds=1)))
            await what_was_called_back_is_not_posted(floor, before)
            no_line_stands_twice(counter)
        await floor.live(TABLE.closes_final_at + timedelta(hours=1))
        no_line_stands_twice(counter)
        assert (await floor.cycle()).quantity == counter.holdings["TQQQ"]
