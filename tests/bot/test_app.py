"""Where the composition root has to choose by the venue."""

import asyncio
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.addresses import Venue
from bot.app.ground import emulation
from bot.app.rooms import back_up_daily
from bot.nursery import Nursery
from bot.storage.database import DATABASE_NAME
from bot.trading.broker import KisBroker
from kis.client import Kis
from kis.environment import MOCK
from kis.models import Credentials
from tests.bot.test_daily_backup import MORNING, Wall, settings
from tests.bot.trading.floor import on_floor, world


@pytest.fixture
def broker(tmp_path: Path) -> KisBroker:
    async def never(seconds: float) -> None:
        raise AssertionError(f"nobody waits here ({seconds} s)")

    credentials = Credentials(app_key="k", app_secret="s", account="81000000-01", hts_id="H")
    token = tmp_path / "token"
    instant = datetime(2026, 10, 7, tzinfo=UTC)
    return KisBroker(Kis(MOCK, credentials, now=lambda: instant, sleep=never, token_file=token))


@pytest.mark.parametrize("venue", Venue)
def test_loc_and_moc_are_imitated_on_the_practice_account_alone(
    venue: Venue, broker: KisBroker
) -> None:
    found = emulation(venue, broker, MOCK.calls_per_second)
    assert (found is not None) == (venue is Venue.MOCK)
    if found is not None:
        assert found.calls_per_second == Decimal(1)


@pytest.mark.parametrize(("keep", "own_time", "made"), [(7, True, 1), (0, True, 0), (7, False, 0)])
async def test_a_daily_backup_is_made_unless_switched_off_or_on_a_simulators_time(
    keep: int, own_time: bool, made: int, tmp_path: Path
) -> None:
    async with on_floor(tmp_path / DATABASE_NAME, world(MORNING)) as floor, Nursery() as nursery:
        desk = floor.trading.desk
        wall = desk.clock if own_time else Wall(MORNING)
        back_up_daily(nursery, settings(tmp_path, muhan_backup_keep=keep), desk, wall)
        await asyncio.sleep(0)  # let it begin: what never began is complained about
        names = [task.get_name() for task in asyncio.all_tasks()]
        assert names.count("daily backup") == made
