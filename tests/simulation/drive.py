"""One seed from its first evening to its verdict: the world goes on, processes come and go."""

import asyncio
import io
import logging
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot import app, logs
from bot.addresses import Venue
from bot.charts.model import Picture
from bot.commands import Command
from bot.console import room
from bot.doors import Doors
from bot.errors import MuhanError
from bot.sessions import Calendar, load_calendar
from bot.settings import Settings
from bot.storage.database import DATABASE_NAME
from kis.client import Kis
from kis.environment import REAL
from kis.models import Credentials
from tests.simulation.assassin import Assassin
from tests.simulation.clock import SimClock
from tests.simulation.disk import Disk
from tests.simulation.evidence import gather
from tests.simulation.facts import Died, Stuck
from tests.simulation.faults import Swarm, swarm_of
from tests.simulation.flood import Flood
from tests.simulation.judge import judge
from tests.simulation.kis.broker import SimulatedKis
from tests.simulation.lives import edges
from tests.simulation.machine import Machine
from tests.simulation.owner import Owner
from tests.simulation.process import Points, Process
from tests.simulation.scenario import Scenario, scenario_of
from tests.simulation.telegram.server import OWNER, SimulatedTelegram
from tests.simulation.telegram.session import SimulatedSession
from tests.simulation.verdict import Verdict
from tests.simulation.wire import SimKis, SimWire
from tests.simulation.world import World

TOKEN = "123456789:SIMULATED-bot-token-canary"
APP_KEY, APP_SECRET = "canary-app-key-0123456789", "canary-app-secret-0123456789abcdef"
ACCOUNT, HTS_ID = "64208911-01", "canaryhts"
SECRETS = {
    "bot token": TOKEN,
    "app key": APP_KEY,
    "app secret": APP_SECRET,
    "account": ACCOUNT,
    "account, bare": ACCOUNT.partition("-")[0],
}
CALM_END = timedelta(days=1)
"""At the end nothing more goes wrong for a day: what has to be told in the end is told by then."""
CRASHES_IN_A_ROW = 500
PNG = b"\x89PNG\r\n\x1a\n"
MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it


def run(
    seed: int,
    days: int,
    *,
    kill_at: int | None = None,
    mutant: str | None = None,
    swarm: Swarm | None = None,
) -> Verdict:
    """Live through so many days of a seed, and judge them.

    `kill_at` kills at that I/O point and nowhere else; `mutant` plants a bug; `swarm` replaces the
    seed's own choice of faults.
    """
    started = time.process_time()
    bug: AbstractContextManager[None] = nullcontext()
    if mutant is not None:
        from tests.simulation.mutants import MUTANTS  # noqa: PLC0415 - which imports what it breaks

        bug, swarm = MUTANTS[mutant].planted(), swarm or MUTANTS[mutant].swarm(seed)
    swarm = swarm or swarm_of(seed)
    with bug, _folder() as home, _quiet_log() as lines:
        life = Life(seed, days, home, Swarm(rates=dict(swarm.rates)), kill_at)
        life.run()
        verdict = life.verdict(lines(), mutant)
    return Verdict(**verdict, seconds=time.process_time() - started)


class Life:
    """A world with one machine in it, and the program on that."""

    def __init__(
        self,
        seed: int,
        days: int,
        home: Path,
        swarm: Swarm,
        kill_at: int | None,
        *,
        scenario: Scenario | None = None,
    ) -> None:
        random.seed(f"{seed}/libraries")  # tenacity's jitter and the like
        self.seed, self.days, self.kill_at = seed, days, kill_at
        self.home = home
        self.calendar: Calendar = load_calendar(home)
        self.scenario: Scenario = scenario or scenario_of(seed, self.calendar)
        self.world = World(seed, self.scenario.start, swarm)
        self.machine = Machine(self.world)
        self.assassin = Assassin(self.world, kill_at)
        self.broker = SimulatedKis(self.world, self.calendar, cash=self.scenario.cash)
        self.broker.kill_by(self._kill)
        self.telegram = SimulatedTelegram(self.world, OWNER)
        self.owner = Owner(self.world, self.telegram, self._console)
        self.flood = Flood(self.world, self.broker, self.owner)
        self.points = Points()
        self.processes = 0
        self.process: Process | None = None
        self.doors: Doors | None = None
        self.over = False
        self._requests = count(1)
        self._nonces = self.world.chance("nonces")
        self.settings = _settings(home, self.scenario)
        end = self.scenario.start + timedelta(days=days)
        self.world.at(end, swarm.rates.clear)
        self.world.at(end + CALM_END, self._end)

    # -- living ----------------------------------------------------------------------------------

    def run(self) -> None:
        """Start the program, and again whenever it ended, until the days are over."""
        in_a_row = 0
        while not self.over:
            self.processes += 1
            process = self.process = Process(
                self.processes, self.world, self.machine, self.assassin, self.points
            )
            process.live(lambda process=process: self._program(process))  # type: ignore[misc]
            in_a_row = 0 if process.ready else in_a_row + 1
            if in_a_row > CRASHES_IN_A_ROW:
                why = f"never gets ready: {process.why}"
                self.world.note(Stuck(at=self.world.now, process=process.number, why=why))
                return
            if not self.over:
                self.world.advance(self.world.now + timedelta(seconds=self.assassin.rest()))

    async def _program(self, process: Process) -> None:
        failed = asyncio.Event()
        self.doors = doors = self._doors(process)
        async with app.running(
            self.settings, on_ready=process.is_ready, on_failure=failed.set, doors=doors
        ):
            await failed.wait()

    def _doors(self, process: Process) -> Doors:
        disk = Disk(process, interleave=self.scenario.interleave)
        wire = SimWire(process, self.broker, disk, self._requests)

        async def counter(
            settings: Settings,
            *,
            now: Callable[[], datetime],
            sleep: Callable[[float], Awaitable[None]],
        ) -> Kis:
            return SimKis(
                REAL,
                Credentials(app_key=APP_KEY, app_secret=APP_SECRET, account=ACCOUNT, hts_id=HTS_ID),
                now=now,
                sleep=sleep,
                token_file=settings.muhan_home / "kis-token.json",
                wire=wire,
                broker=self.broker,
                process=process,
            )

        return Doors(
            wall=SimClock(self.world, self.machine),
            connect=disk.connect,
            counter=counter,
            chat=lambda _: SimulatedSession(self.telegram, process),
            nonce=lambda: f"{self._nonces.getrandbits(128):022x}",
            draw=lambda _: _named,
            listen=lambda _: None,
        )

    def _console(self, command: Command[Any], answer: Callable[[object], None]) -> bool:
        """Ask a command at the machine's console, beside the running program."""
        process, doors = self.process, self.doors
        if process is None or doors is None or not process.alive or not process.ready:
            return False

        async def ask() -> None:
            try:
                async with room(self.settings, doors=doors) as desk:
                    answer(await desk.bus.ask(command))
            except MuhanError as refusal:
                answer(refusal)
            self.machine.beat()

        process.loop.create_task(ask())
        return True

    def _kill(self, number: int, why: str) -> None:
        """End a process from outside, if it is the one that runs."""
        if self.kill_at is None and self.process is not None and self.process.number == number:
            self.process.doom(why)

    def _end(self) -> None:
        self.over = True
        if self.process is not None:
            self.process.end()

    # -- judging ---------------------------------------------------------------------------------

    def verdict(self, lines: list[str], mutant: str | None) -> dict[str, Any]:
        """Judge what happened."""
        evidence = gather(
            self.world.facts,
            self.home / DATABASE_NAME,
            end=self.world.now,
            calendar=self.calendar,
            logs=lines,
            secrets=SECRETS,
            daily_limit=self.scenario.daily_limit,
            total_limit=self.scenario.total_limit,
        )
        for entry in evidence.entries:
            self.world.trace.add(self.world.now, (entry, evidence.letters.get(entry.seq)))
        return {
            "seed": self.seed,
            "days": self.days,
            "digest": self.world.trace.digest,
            "points": self.points.passed,
            "processes": self.processes,
            "deaths": [fact for fact in self.world.facts if isinstance(fact, Died)],
            "violations": judge(evidence),
            "hits": self.world.swarm.hits,
            "edges": edges(evidence.entries),
            "events": Counter(type(entry.event).__name__ for entry in evidence.entries),
            "log": lines,
            "facts": self.world.facts,
            "kill_at": self.kill_at,
            "mutant": mutant,
        }


async def _named(picture: Picture) -> bytes:
    """Draw nothing: no process of the world outside, and the same bytes for the same picture."""
    return PNG + f"{picture!r}".encode()


def _settings(home: Path, scenario: Scenario) -> Settings:
    return Settings(
        telegram_bot_token=SecretStr(TOKEN),
        telegram_owner_id=OWNER,
        kis_app_key=SecretStr(APP_KEY),
        kis_app_secret=SecretStr(APP_SECRET),
        kis_account=ACCOUNT,
        kis_hts_id=HTS_ID,
        muhan_venue=Venue.REAL,
        muhan_home=home,
        muhan_daily_limit=scenario.daily_limit,
        muhan_total_limit=scenario.total_limit,
        muhan_usd_short=scenario.usd_short,
        muhan_blocked=scenario.blocked,
        muhan_backup_keep=0,  # a thread and a folder: nothing that a world's time could order
    )


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a folder in memory where there is such a thing, else on disk."""
    place = MEMORY if MEMORY.is_dir() else None
    home = Path(tempfile.mkdtemp(prefix="muhan-simulation-", dir=place))
    try:
        yield home
    finally:
        shutil.rmtree(home)


@contextmanager
def _quiet_log() -> Iterator[Callable[[], list[str]]]:
    """Log warnings as production does, into memory; put the log back as it was afterwards."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    hooks = sys.excepthook, sys.unraisablehook
    stream = io.StringIO()
    logs.configure("WARNING", json=True, stream=stream)
    logging.captureWarnings(capture=False)
    sys.excepthook, sys.unraisablehook = hooks
    try:
        yield lambda: stream.getvalue().splitlines()
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
