"""The doctor's looks at what is kept here: files, state, backups, programs, hours, who listens."""

import asyncio
import getpass
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.clock import SystemClock
from bot.doctor import chat, day, files, journal, machine, programs
from bot.doctor.findings import Finding, Status
from bot.doctor.patient import Patient
from bot.moving import MARK_NAME
from bot.settings import load
from bot.storage.database import DATABASE_NAME, known_format, opened
from tests.bot.chat.conftest import TOKEN
from tests.bot.doctor.conftest import Clinic
from tests.bot.storage.released import written as written_by_release
from tests.bot.test_backup import written

Build = Callable[..., Patient]


class Wall(SystemClock):
    """A machine's clock that stands."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at


@pytest.fixture
def here(clinic: Clinic, patient: Build) -> Patient:
    """Give an installation that was rehearsed at KIS's practice account."""
    clinic.write(MUHAN_VENUE="mock")
    return patient(env=clinic.env, found_settings=load(clinic.env, {}))


def said(finding: Finding) -> str:
    return " ".join((*finding.what, *finding.why, *finding.remedy))


@pytest.mark.parametrize(
    ("name", "mode", "status"),
    [
        (DATABASE_NAME, 0o600, Status.OK),
        (DATABASE_NAME, 0o640, Status.FAIL),
        ("kis-token.json", 0o604, Status.FAIL),
        ("totp", 0o660, Status.FAIL),
        ("sessions.csv", 0o644, Status.OK),
    ],
)
async def test_a_file_with_secrets_is_for_its_owner_alone(
    name: str, mode: int, status: Status, here: Patient
) -> None:
    path = here.settings.muhan_home / name
    path.write_bytes(b"x")
    path.chmod(mode)
    found = await files.permissions(here)
    assert found.status is status
    assert (f"chmod 600 {path}" in said(found)) is (status is Status.FAIL)


async def test_a_folder_that_others_may_look_into_is_a_warning(here: Patient) -> None:
    here.settings.muhan_home.chmod(0o755)
    found = await files.permissions(here)
    assert found.status is Status.WARN
    assert "chmod 700" in found.remedy[0]


async def test_the_state_file_is_checked_and_the_ledger_rebuilt(here: Patient) -> None:
    assert (await files.state(here)).status is Status.OK, "none is there before the first start"
    await written(here.settings.muhan_home)
    found = await files.state(here)
    assert found.status is Status.OK
    assert f"형식 {known_format()}" in found.what[0]
    assert (await journal.journal(here)).status is Status.OK
    with closing(sqlite3.connect(here.settings.muhan_home / DATABASE_NAME)) as file:
        file.execute("UPDATE cycle SET state = json_set(state, '$.quantity', 7777)")
        file.commit()
    assert (await files.state(here)).status is Status.OK, "SQLite sees nothing wrong"
    assert (await journal.journal(here)).status is Status.FAIL


async def test_an_old_state_is_told_of_and_left_to_the_bots_own_migration(here: Patient) -> None:
    path = written_by_release(8, here.settings.muhan_home / DATABASE_NAME)
    before = path.read_bytes()
    found = await files.state(here)
    assert found.status is Status.OK
    assert f"8에서 {known_format()}" in found.what[0]
    assert (await journal.journal(here)).status is Status.SKIPPED
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.before-*"))


async def test_a_newer_programs_state_is_wrong(here: Patient) -> None:
    path = here.settings.muhan_home / DATABASE_NAME
    async with opened(path):
        pass
    with closing(sqlite3.connect(path)) as file:
        file.execute(f"PRAGMA user_version = {known_format() + 1}")
    found = await files.state(here)
    assert found.status is Status.FAIL
    assert "올려" in found.remedy[0]


NOON = datetime(2026, 11, 27, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "status", "words"),
    [
        (None, Status.WARN, "muhan backup"),
        (3, Status.OK, "3시간 전"),
        (50, Status.WARN, "50시간 전"),
    ],
)
async def test_the_daily_backup_is_told_by_its_age(
    hours: int | None, status: Status, words: str, here: Patient
) -> None:
    here.wall = Wall(NOON)
    folder = here.settings.muhan_home / "backups"
    if hours is not None:
        folder.mkdir()
        made = NOON + timedelta(hours=9 - hours)  # names are in Seoul's time
        (folder / f"muhan-daily-{made:%Y%m%d-%H%M%S}.zip").write_bytes(b"x")
    found = await files.backup(here)
    assert found.status is status
    assert words in said(found)
    if status is Status.OK:
        assert "MUHAN_BACKUP_PASSPHRASE" in found.why[0], "it would die with the disk"


async def test_a_machine_that_was_given_up_says_so(here: Patient) -> None:
    assert (await machine.instance(here)).status is Status.OK
    (here.settings.muhan_home / MARK_NAME).write_text('{"at": "2026-11-27T03:00:00+00:00"}')
    found = await machine.instance(here)
    assert found.status is Status.FAIL
    assert "2026-11-27 12:00" in said(found)


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 30, 3, tzinfo=UTC), "아직"),
        (datetime(2026, 11, 30, 10, tzinfo=UTC), "지금 주문할 수"),
        (datetime(2026, 11, 30, 14, 50, tzinfo=UTC), "점검"),
        (datetime(2026, 11, 30, 20, 45, tzinfo=UTC), "끝났습니다"),
    ],
)
async def test_the_hours_of_the_next_session_stand_in_seouls_time(
    at: datetime, words: str, here: Patient
) -> None:
    here.wall = Wall(at)
    found = await day.window(here)
    assert found.status is Status.OK
    assert "주문 11-30(월) 18:30–05:30, 개장 23:30, 마감 06:00, LOC는 05:55부터" in found.what[0]
    assert words in found.what[0]
    assert "orders 11-30(Mon) 18:30-05:30" in found.what[1]


async def test_the_hours_end_with_the_calendar(here: Patient) -> None:
    here.wall = Wall(datetime(2028, 1, 3, tzinfo=UTC))
    assert (await day.window(here)).status is Status.FAIL


def test_packages_are_held_against_what_the_program_asks_for() -> None:
    asked = ["pytest>=1", "pytest<2", "no-such-package>=1", 'nothing>=1; extra == "dev"', "pytest"]
    found = programs.unfit(asked)
    assert [each.split()[0] for each in found] == ["pytest", "no-such-package"]


async def test_the_packages_here_are_the_right_ones(here: Patient) -> None:
    found = await programs.versions(here)
    assert found.status is Status.OK
    assert "aiogram 3" in found.what[0]


async def test_a_users_service_needs_lingering(here: Patient, tmp_path: Path) -> None:
    here.root, here.user_home = tmp_path / "root", tmp_path / "me"
    assert (await programs.service(here)).status is Status.SKIPPED
    units = here.user_home / programs.USER_UNITS
    units.mkdir(parents=True)
    (units / programs.UNIT).touch()
    found = await programs.service(here)
    assert found.status is Status.FAIL
    assert f"enable-linger {getpass.getuser()}" in found.remedy[0]
    (here.root / programs.LINGER).mkdir(parents=True)
    (here.root / programs.LINGER / getpass.getuser()).touch()
    assert (await programs.service(here)).status is Status.OK


async def test_another_program_on_the_token_is_heard_and_no_message_is_lost(
    here: Patient,
) -> None:
    """As a bot on another machine does: it listens again as soon as it was pushed away."""
    url = f"{here.settings.telegram_api_url}/bot{TOKEN}/getUpdates"

    async def listen() -> None:
        async with aiohttp.ClientSession() as http:
            while True:
                async with http.get(url, params={"timeout": 30}) as answer:
                    if answer.status == 409:
                        await asyncio.sleep(0.05)

    other = asyncio.get_running_loop().create_task(listen())
    try:
        here.poll_seconds = 8
        await asyncio.sleep(0)
        found = await chat.conflict(here)
    finally:
        other.cancel()
    assert found.status is Status.FAIL
    assert "/revoke" in found.remedy[0]
    here.poll_seconds = 0
    assert (await chat.conflict(here)).status is Status.OK


NAMELESS = """
import asyncio, os
from pathlib import Path
from bot.doctor import programs
from bot.doctor.patient import Patient
os.setuid(54321)  # nobody of that number has a name
here = Patient(env=Path("."), environ={}, tell=print, stack=None, user_home=Path("/none"))
print(asyncio.run(programs.service(here)).status)
"""


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become another user")
def test_a_container_whose_user_has_no_name_is_looked_at_all_the_same() -> None:
    done = subprocess.run(
        [sys.executable, "-c", NAMELESS],
        env={"PATH": os.environ["PATH"], "HOME": "/"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "skipped", done.stderr
