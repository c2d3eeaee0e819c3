"""A state taken back in mid-evening: what went out since the backup is not sent a second time."""

import asyncio
from datetime import timedelta
from pathlib import Path

from bot.archive import read
from bot.backup import backed_up, restore
from bot.commands import Resume
from bot.events import ForeignOrderSeen
from bot.storage.database import DATABASE_NAME
from bot.trading.model import OrderState
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import ALICE, DAY, on_floor, table_of, world

TABLE = table_of(DAY)


async def back(home: Path, archive: Path, counter: Counter) -> None:
    """Restore as the console does: outside of any event loop."""
    found = read(archive)
    await asyncio.to_thread(restore, home, found, venue="mock", now=counter.clock.now)


async def test_orders_that_went_out_after_the_backup_are_not_sent_again_after_a_resume(
    tmp_path: Path,
) -> None:
    home, archive, counter = tmp_path / "home", tmp_path / "b.zip", world()
    home.mkdir()
    async with on_floor(home / DATABASE_NAME, counter) as floor:
        await floor.begin()
        await floor.look(TABLE.propose_at)
        archive.write_bytes(backed_up(home, now=counter.clock.now(), version="1", venue="mock"))
        await floor.live(TABLE.send_from)
    out = len(counter.placed)
    assert out > 3
    counter.placed.clear()
    await back(home, archive, counter)
    counter.clock.at += timedelta(minutes=20)
    async with on_floor(home / DATABASE_NAME, counter) as floor:
        await floor.bus.ask(Resume(by=ALICE))
        await floor.live(counter.clock.at + timedelta(minutes=10))
        assert counter.placed == []
        assert {(order.state, order.detail) for order in await floor.orders()} == {
            (OrderState.WITHHELD, "stood_before")
        }
        assert len(await floor.all(ForeignOrderSeen)) == out


async def test_without_the_owners_word_nothing_goes_out_all_evening(tmp_path: Path) -> None:
    home, archive, counter = tmp_path / "home", tmp_path / "b.zip", world()
    home.mkdir()
    async with on_floor(home / DATABASE_NAME, counter) as floor:
        await floor.begin()
        await floor.look(TABLE.propose_at)
        archive.write_bytes(backed_up(home, now=counter.clock.now(), version="1", venue="mock"))
    await back(home, archive, counter)
    async with on_floor(home / DATABASE_NAME, counter) as floor:
        await floor.live(TABLE.send_from + timedelta(minutes=10))
        assert counter.placed == []
        assert {order.detail for order in await floor.orders()} == {"stopped"}
