"""When the loop turns and what it carries does not: a real socket, a room on a real file."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import Running
from bot.daemon import LOOKS_BY, _Daemon
from bot.errors import MuhanError
from bot.nursery import Nursery
from bot.settings import Settings, load
from bot.systemd import ServiceManager
from tests.bot.service.notify_listener import WATCHDOG, listening
from tests.bot.test_settings import WORDS
from tests.bot.trading.floor import Floor, on_floor, world

BEAT = WATCHDOG / 1e6


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    async with on_floor(tmp_path / "muhan.sqlite3", world()) as room:
        yield room


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(None, WORDS | {"MUHAN_HOME": str(tmp_path / "home")})


async def test_a_schedule_that_stands_still_gives_no_more_sign_of_life_until_it_moves_again(
    tmp_path: Path, floor: Floor, settings: Settings
) -> None:
    silence = [timedelta()]

    def again() -> Settings:
        raise AssertionError("nobody asked for new settings")

    async def tell(_: MuhanError) -> None:
        raise AssertionError("nothing is told")

    with listening(tmp_path) as (manager, environ), closing(ServiceManager(environ)) as line:
        async with Nursery() as nursery:
            daemon = _Daemon(settings, again, line, as_json=False)
            daemon._bot = Running(
                desk=floor.trading.desk,
                failed=asyncio.Event(),
                silence=lambda: silence[0],
                tell_unread=tell,
            )
            nursery.start(daemon.keep_telling(), name="signs of life")
            await asyncio.to_thread(manager.again, "WATCHDOG=1")
            silence[0] = LOOKS_BY + timedelta(seconds=1)
            await asyncio.to_thread(manager.hear, within=BEAT)
            heard = manager.count("WATCHDOG=1")
            await asyncio.to_thread(manager.hear, within=2 * BEAT)
            assert manager.count("WATCHDOG=1") == heard
            silence[0] = timedelta()
            await asyncio.to_thread(manager.again, "WATCHDOG=1")
    assert manager.count("READY=1") == 0
