"""The program under the filter of system calls and the ban on new code that its unit asks for."""

import asyncio
import ctypes
import errno
import mmap
import os
import shutil
import signal
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.charts.child import drawing
from bot.laboratory.errand import Errand, Step
from bot.laboratory.workshop import Workshop
from bot.service.units import system_unit
from strategy import versions
from tests.bot.charts import samples
from tests.bot.laboratory.stored import keep
from tests.bot.service.sandbox import LIBRARY, MEMORY_DENY_WRITE_EXECUTE, confine
from tests.faults.processes.children import ended, pipe, started
from tests.faults.processes.program import Bot, open_stage, run_muhan

UNIT = system_unit(program=Path("/muhan"), settings=Path("/muhan.env"), systemd=252)
RULES = versions.rules("4.0", "SOXL", 20, fee_percent=Decimal("0.25"))
ERRAND = Errand(rules=RULES, principal=Decimal(10000), start=None, language="en")
GET_MDWE = MEMORY_DENY_WRITE_EXECUTE + 1


def sandboxes() -> bool:
    """Tell whether this machine can do what the unit asks of systemd."""
    try:
        ctypes.CDLL(LIBRARY)
    except OSError:
        return False
    known = ctypes.CDLL(None).prctl(GET_MDWE, 0, 0, 0, 0) >= 0  # Linux 6.3
    return known and shutil.which("systemd-analyze") is not None


pytestmark = pytest.mark.skipif(
    not sandboxes(), reason="needs libseccomp, systemd-analyze and Linux 6.3"
)


def bounds(told: Any) -> None:
    """Try what the unit forbids, and what it has to leave."""
    confine(UNIT)
    os.nice(1)
    try:
        mmap.mmap(-1, mmap.PAGESIZE, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    except PermissionError:
        told.send("no new code")
    try:
        os.sched_setaffinity(0, {0})
    except OSError as error:
        told.send(errno.errorcode[error.errno or 0])


async def studied(home: Path) -> tuple[bytes, Decimal]:
    async def unheard(_: Step) -> None:
        return

    png = await drawing(home)(samples.in_english(samples.short_cycle()))
    return png, (await Workshop(home).run(ERRAND, unheard)).outcome.final_equity


def study_confined(home: Path, told: Any) -> None:
    confine(UNIT)
    told.send(asyncio.run(studied(home)))


def run_confined(settings: dict[str, str], log: Path) -> None:
    confine(UNIT)
    run_muhan(settings, log)


def test_the_sandbox_of_these_tests_forbids_what_the_unit_forbids() -> None:
    ours, theirs = pipe()
    child = started(bounds, theirs)
    theirs.close()
    assert [ours.recv(), ours.recv()] == ["no new code", "EPERM"]
    assert ended(child) == 0


def test_pictures_and_backtests_are_made_inside_the_sandbox(tmp_path: Path) -> None:
    keep(tmp_path, count=60)
    ours, theirs = pipe()
    child = started(study_confined, tmp_path, theirs)
    theirs.close()
    png, equity = ours.recv()
    assert ended(child) == 0
    assert png.startswith(b"\x89PNG")
    assert equity > 0


def test_the_bot_is_ready_and_ends_in_order_inside_the_sandbox(tmp_path: Path) -> None:
    with open_stage(tmp_path / "home") as stage:
        log = stage.home / "bot.log"
        bot = Bot(started(run_confined, stage.settings(), log), log)
        try:
            bot.ready()
            bot.signal(signal.SIGTERM)
            assert bot.ended() == 0
        finally:
            bot.end()
        assert "Operation not permitted" not in bot.said()
