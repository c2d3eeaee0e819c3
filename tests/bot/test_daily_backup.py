"""One backup a day: proved before it counts, kept so many days, and told of when it fails."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.addresses import Venue
from bot.archive import read
from bot.clock import SystemClock
from bot.daily_backup import DailyBackup, is_due, kept, latest_backup
from bot.events import BackupFailed
from bot.settings import Settings
from bot.storage.database import DATABASE_NAME
from bot.telegram import keeping
from bot.telegram.catalogue import Words
from tests.bot.trading.floor import Floor, on_floor, world

MORNING = datetime(2026, 11, 27, 0, 10, tzinfo=UTC)  # 09:10 in Seoul
EVENING = datetime(2026, 11, 27, 10, 0, tzinfo=UTC)  # 19:00
WORD = "rain coat seven lamp"


class Wall(SystemClock):
    """A machine's clock that a test sets."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


def settings(home: Path, **more: object) -> Settings:
    given: dict[str, object] = {
        "telegram_bot_token": SecretStr("1:AA"),
        "telegram_owner_id": 1,
        "kis_app_key": SecretStr("k"),
        "kis_app_secret": SecretStr("s"),
        "kis_account": "12345678-01",
        "muhan_venue": Venue.MOCK,
        "muhan_home": home,
        **more,
    }
    return Settings(**given)  # type: ignore[arg-type]  # values of several kinds


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    async with on_floor(tmp_path / DATABASE_NAME, world(MORNING)) as floor:
        await floor.begin()
        yield floor


@pytest.mark.parametrize(
    ("now", "latest", "due"),
    [
        (MORNING, None, True),
        (EVENING, None, True),
        (MORNING, MORNING - timedelta(hours=10), True),  # made at 23:10, which was yesterday
        (MORNING, MORNING - timedelta(minutes=30), False),
        (MORNING, MORNING - timedelta(days=1), True),
        (MORNING - timedelta(hours=2), MORNING - timedelta(days=1), False),  # 07:10
        (EVENING, EVENING - timedelta(hours=20), False),  # the day's orders go out soon
        (EVENING, EVENING - timedelta(hours=37), True),  # on only by night
    ],
)
def test_a_backup_is_due_once_a_day_while_new_york_sleeps(
    now: datetime, latest: datetime | None, due: bool
) -> None:
    assert is_due(now, latest) is due


async def test_it_is_encrypted_proved_and_the_oldest_goes(floor: Floor, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    found = settings(
        tmp_path,
        muhan_backup_passphrase=SecretStr(WORD),
        muhan_backup_folder=folder,
        muhan_backup_keep=2,
    )
    wall = Wall(MORNING)
    daily = DailyBackup(found, floor.trading.desk, wall, "0.1.0")
    folder.mkdir()
    for name, age in (("proof-killed", 2), ("backup-of-somebody", 0)):
        (tmp_path / name).mkdir()
        stood = (MORNING - timedelta(days=age)).timestamp()
        os.utime(tmp_path / name, (stood, stood))
    (folder / "muhan-daily-20260101-000000.muhan.part").write_bytes(b"a power cut's")
    (folder / "muhan-backup-20250101-090000.zip").write_bytes(b"the owner's own")
    await daily.look()
    assert (tmp_path / "backup-of-somebody").exists(), "it may still be worked in"
    for _ in range(2):
        wall.at += timedelta(days=1)
        await daily.look()
        await daily.look()  # the day's is there by now
    assert sorted(path.name for path in folder.iterdir()) == [
        "muhan-backup-20250101-090000.zip",
        "muhan-daily-20261128-091000.muhan",
        "muhan-daily-20261129-091000.muhan",
    ]
    assert not (tmp_path / "proof-killed").exists()
    latest = kept(folder)[0]
    assert latest.path.stat().st_mode & 0o777 == 0o600
    assert read(latest.path, WORD).manifest.made_at == latest.made_at == latest_backup(found)
    assert await floor.all(BackupFailed) == []


class Hasty(Wall):
    """A clock on which every wait is over at once; it ends the work after a few."""

    def __init__(self, at: datetime) -> None:
        super().__init__(at)
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.at += timedelta(seconds=seconds)
        if len(self.slept) == 4:
            raise asyncio.CancelledError


async def test_a_start_has_other_things_to_do_first_and_then_it_looks_every_half_hour(
    floor: Floor, tmp_path: Path
) -> None:
    wall = Hasty(MORNING)
    daily = DailyBackup(settings(tmp_path), floor.trading.desk, wall, "0.1.0")
    with pytest.raises(asyncio.CancelledError):
        await daily.run()
    assert wall.slept == [600, 1800, 1800, 1800]
    assert [each.made_at for each in kept(tmp_path / "backups")] == [
        MORNING + timedelta(minutes=10)
    ]


async def test_a_folder_that_cannot_be_used_is_told_once_a_day_and_made_good_later(
    floor: Floor, tmp_path: Path
) -> None:
    (tmp_path / "backups").write_bytes(b"a file where a folder should be")
    found, wall = settings(tmp_path), Wall(MORNING)
    daily = DailyBackup(found, floor.trading.desk, wall, "0.1.0")
    for _ in range(3):
        await daily.look()
    assert [event.why for event in await floor.all(BackupFailed)] == ["place"]
    assert latest_backup(found) is None
    (tmp_path / "backups").unlink()
    await daily.look()
    assert latest_backup(found) == MORNING
    assert len(await floor.all(BackupFailed)) == 1


async def test_one_that_could_not_be_restored_does_not_count_and_costs_no_older_one(
    floor: Floor, tmp_path: Path
) -> None:
    found, wall = settings(tmp_path, muhan_backup_keep=1), Wall(MORNING)
    daily = DailyBackup(found, floor.trading.desk, wall, "0.1.0")
    await daily.look()
    row = await floor.database.one("SELECT state FROM cycle")
    assert row is not None
    async with floor.database.transaction() as tx:
        assert await tx.execute("UPDATE cycle SET state = json_set(state, '$.quantity', 7777)") == 1
    wall.at += timedelta(days=1)
    await daily.look()
    assert [event.why for event in await floor.all(BackupFailed)] == ["proof"]
    assert [each.made_at for each in kept(tmp_path / "backups")] == [MORNING]
    async with floor.database.transaction() as tx:
        await tx.execute("UPDATE cycle SET state = ?", (row["state"],))


@pytest.mark.parametrize(("language", "now"), [("ko", "지금: "), ("en", "Now: ")])
@pytest.mark.parametrize("why", [*keeping.WHY, "unheard of"])
def test_the_owner_hears_why_and_that_orders_go_on(why: str, language: str, now: str) -> None:
    event = BackupFailed(day=MORNING.date(), why=why, detail="No space {left}")
    said = str(keeping.told(Words(language), event))
    assert now in said
    assert ("No space {left}" in said) is (why == "place")
