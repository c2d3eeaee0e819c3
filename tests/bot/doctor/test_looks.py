"""Single looks of the doctor's, at what a simulator cannot show."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.clock import SystemClock
from bot.doctor import broker, machine
from bot.doctor.findings import Finding, Status, fingerprint
from bot.doctor.patient import Patient
from bot.doctor.visit import LOOKS, Look
from bot.settings import load
from tests.bot.doctor.conftest import Clinic


def _said(finding: Finding) -> str:
    return " ".join((*finding.what, *finding.why, *finding.remedy))


NOON = datetime(2026, 11, 27, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Wall(SystemClock):
    """A machine's clock that stands."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at


@pytest.mark.parametrize(
    ("seconds", "status", "word"),
    [
        (0, Status.OK, ""),
        (-5, Status.OK, ""),
        (6, Status.WARN, "빠릅니다"),
        (-30, Status.WARN, "느립니다"),
        (31, Status.FAIL, "빠릅니다"),
        (-3600, Status.FAIL, "느립니다"),
    ],
)
async def test_a_clock_is_held_against_kis_and_over_half_a_minute_is_too_much(
    seconds: int, status: Status, word: str, patient: Callable[..., Patient]
) -> None:
    found = await broker.clock(patient(wall=Wall(), server_time=NOON - timedelta(seconds=seconds)))
    assert found.status is status
    assert word in found.what[0]


async def test_a_server_that_tells_no_time_leaves_the_clock_unseen(
    patient: Callable[..., Patient],
) -> None:
    assert (await broker.clock(patient())).status is Status.SKIPPED


@pytest.mark.parametrize("header", ["", "yesterday", "Fri, 27 Nov 2026 03:00:00 -0000"])
async def test_a_date_that_tells_no_instant_is_no_time(clinic: Clinic, header: str) -> None:
    """A proxy between us and KIS says what it likes."""

    async def answered(_: web.Request) -> web.Response:
        return web.Response(headers={"Date": header})

    app = web.Application()
    app.router.add_get("/", answered)
    async with TestServer(app) as server:
        url = f"http://127.0.0.1:{server.port}"
        looks = tuple(look for look in LOOKS if look.name in {"settings", "address", "clock"})
        found = await clinic.visit(looks, MUHAN_VENUE="mock", KIS_REST_URL=url)
    assert found["address"].status is Status.OK
    assert found["clock"].status is Status.SKIPPED


async def test_a_file_that_may_not_be_seen_is_a_finding_and_the_rest_is_looked_at(
    clinic: Clinic,
) -> None:
    async def barred(_: Patient) -> Finding:
        raise PermissionError(13, "Permission denied", "/var/lib/muhan/lock")

    look = Look(name="instance", title=("실행", "Running"), look=barred)
    settings, disk = (one for one in LOOKS if one.name in {"settings", "disk"})
    found = await clinic.visit((settings, look, disk))
    assert found["instance"].status is Status.FAIL
    assert "/var/lib/muhan/lock" in found["instance"].what[0]
    assert found["disk"].status is Status.OK


@pytest.mark.parametrize(
    ("day", "status"),
    [
        (datetime(2027, 11, 1, tzinfo=UTC), Status.OK),
        (datetime(2027, 11, 3, tzinfo=UTC), Status.WARN),
        (datetime(2028, 1, 3, tzinfo=UTC), Status.FAIL),
    ],
)
@pytest.mark.fault(50)
async def test_the_calendars_end_is_told_two_months_before(
    day: datetime, status: Status, clinic: Clinic, patient: Callable[..., Patient]
) -> None:
    found = patient(found_settings=load(clinic.env, {}), wall=Wall(day))
    assert (await machine.calendar(found)).status is status


async def test_overrides_that_cannot_be_read_are_told(
    clinic: Clinic, patient: Callable[..., Patient]
) -> None:
    settings = load(clinic.env, {})
    (settings.muhan_home / "sessions.csv").write_text("tomorrow,closed\n")
    found = await machine.calendar(patient(found_settings=settings, wall=Wall()))
    assert found.status is Status.FAIL
    assert "sessions.csv" in _said(found)


async def test_a_folder_that_is_gone_cannot_be_written(
    clinic: Clinic, patient: Callable[..., Patient]
) -> None:
    settings = load(clinic.env, {})
    settings.muhan_home.rmdir()
    found = await machine.home(patient(found_settings=settings))
    assert found.status is Status.FAIL


@pytest.mark.parametrize(
    ("limits", "status"),
    [((0, 0), Status.OK), ((0, 2**62), Status.WARN), ((2**62, 2**62), Status.FAIL)],
)
async def test_a_disk_is_judged_by_what_is_free(
    limits: tuple[int, int],
    status: Status,
    clinic: Clinic,
    patient: Callable[..., Patient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    least, little = limits
    monkeypatch.setattr(machine, "LEAST_DISK", least)
    monkeypatch.setattr(machine, "LITTLE_DISK", little)
    found = await machine.disk(patient(found_settings=load(clinic.env, {})))
    assert found.status is status


async def test_a_long_wait_for_kis_is_told(
    patient: Callable[..., Patient], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    found = patient(tell=lambda korean, _: told.append(korean))
    await found.sleep(0.1)
    await found.sleep(60)
    assert slept == [0.1, 60]
    assert len(told) == 1
    assert "60초" in told[0]


def test_a_fingerprint_tells_keys_apart_and_says_none_of_them() -> None:
    one, other = fingerprint("k" * 36), fingerprint("k" * 35 + "l")
    assert one != other
    assert re.fullmatch("[0-9a-f]{6}", one)
