"""`muhan run` in odd circumstances: a blocked loop, a terminal, misleading settings, haste."""

import asyncio
import json
import os
import signal
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bot import daemon, logs
from bot.app import running
from bot.clock import SystemClock
from bot.daily_backup import FIRST_LOOK
from bot.doors import Doors
from bot.instance import only_instance
from bot.settings import Settings, load
from tests.faults.processes.program import READY, _become


def run_stalling(settings: dict[str, str], log: Path) -> None:
    """Be `muhan run`; SIGUSR1 blocks the loop for ever."""
    _become(settings, log)
    logs.configure()
    asyncio.run(_stalling(partial(load, log.parent / "no.env", os.environ)))


async def _stalling(read: Callable[[], Any]) -> None:
    asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, threading.Event().wait)
    await daemon.run(read(), again=read, as_json=True)


def run_unheard(settings: dict[str, str], log: Path) -> None:
    """Be `muhan run` whose terminal goes away: fd 0 is one, and SIGHUP comes."""
    _become(settings, log)
    terminal, _ = os.openpty()
    os.dup2(terminal, 0)
    logs.configure()
    read = partial(load, log.parent / "no.env", os.environ)
    well = asyncio.run(daemon.run(read(), again=read, as_json=True))
    print(json.dumps({"well": well}), flush=True)


def run_misled(settings: dict[str, str], log: Path) -> None:
    """Be `muhan run`; on SIGHUP it reads a bot token that Telegram does not know."""
    _become(settings, log)
    logs.configure()
    read = partial(load, log.parent / "no.env", os.environ)
    wrong = {**os.environ, "TELEGRAM_BOT_TOKEN": "7000001:no-such-token-anywhere-at-all-0000"}
    again = partial(load, log.parent / "no.env", wrong)
    asyncio.run(daemon.run(read(), again=again, as_json=True))


class Hasty(SystemClock):
    """The machine's clock, on which the pause before the first daily backup is over at once."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(0 if seconds == FIRST_LOOK.total_seconds() else seconds)


def run_hasty(settings: dict[str, str], log: Path) -> None:
    """Be the whole program, on the machine's time and in a hurry to make its daily backup."""
    _become(settings, log)
    logs.configure()
    asyncio.run(_hasty(load(log.parent / "no.env", os.environ)))


async def _hasty(settings: Settings) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    doors = Doors(wall=Hasty())
    with only_instance(settings.muhan_home):
        async with running(settings, on_ready=lambda: print(READY, flush=True), doors=doors):
            await stop.wait()
