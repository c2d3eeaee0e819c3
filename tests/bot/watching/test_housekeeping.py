"""The state file is tidied once a day, in the early afternoon of Seoul, and at no other hour."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest

from bot.clock import SEOUL
from bot.storage.failing import StorageFailing
from bot.storage.keeping import Kept
from bot.watching.housekeeping import FROM, Housekeeping
from tests.bot.trading.floor import DAY, table_of
from tests.bot.watching.watched import Watched


class Counted:
    """Counts how often it is asked to tidy."""

    def __init__(self) -> None:
        self.at: list[datetime] = []

    async def keep(self, now: datetime) -> Kept:
        self.at.append(now)
        return Kept(rows=1, given_back=0)


def seoul(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), SEOUL)


async def test_a_day_of_looks_tidies_once_while_nothing_is_due(room: Watched) -> None:
    counted, clock = Counted(), room.floor.clock
    look = Housekeeping(room.floor.trading.desk, counted).look  # type: ignore[arg-type]
    clock.at = seoul(DAY, 0)
    for _ in range(24 * 12):
        await look()
        clock.at += timedelta(minutes=5)
    assert counted.at == [seoul(DAY, 13)]
    table = table_of(DAY)
    assert counted.at[0] < table.propose_at - timedelta(hours=1)
    assert counted.at[0].time() > time(12)  # the closes of the night before are final


@pytest.mark.parametrize(("hour", "next_day"), [(9, 0), (13, 1), (18, 1), (23, 1)])
async def test_a_look_says_when_the_next_tidying_is(
    room: Watched, hour: int, next_day: int
) -> None:
    look = Housekeeping(room.floor.trading.desk, Counted()).look  # type: ignore[arg-type]
    room.floor.clock.at = seoul(DAY, hour)
    assert await look() == datetime.combine(DAY + timedelta(days=next_day), FROM, SEOUL)


async def test_a_bot_that_is_started_in_the_evening_leaves_it_for_the_day_after(
    room: Watched,
) -> None:
    counted = Counted()
    look = Housekeeping(room.floor.trading.desk, counted).look  # type: ignore[arg-type]
    room.floor.clock.at = seoul(DAY, 17)
    await look()
    assert counted.at == []


@pytest.mark.parametrize(
    "why",
    [StorageFailing("locked", "database is locked"), PermissionError(1, "not permitted")],
    ids=["locked", "an old copy that may not be deleted"],
)
async def test_a_tidying_that_fails_is_left_for_the_next_day_and_ends_nothing(
    room: Watched, why: Exception
) -> None:
    class Failing(Counted):
        async def keep(self, now: datetime) -> Kept:
            await super().keep(now)
            raise why

    failing = Failing()
    look = Housekeeping(room.floor.trading.desk, failing).look  # type: ignore[arg-type]
    for minute in (0, 1, 2):
        room.floor.clock.at = seoul(DAY, 13, minute)
        assert await look() == datetime.combine(DAY + timedelta(days=1), FROM, SEOUL)
    assert len(failing.at) == 1


async def test_the_watching_tidies_the_real_file_of_the_bot(room: Watched, tmp_path: Path) -> None:
    nonce = await room.floor.taps.offer(1, "x", expires_at=None)
    state = tmp_path / "muhan.sqlite3"
    await room.floor.look(seoul(DAY, 13, 1))
    row = await room.floor.database.one("SELECT made_at FROM tap WHERE nonce = ?", (nonce,))
    assert row is not None
    assert row["made_at"] == seoul(DAY, 13, 1).isoformat()
    assert state.with_name(f"{state.name}-wal").stat().st_size == 0
