"""`muhan run` in a process of its own, with KIS and the chat in two others, all on loopback.

The bot's settings come from its environment and its way in is the command line's, as anybody's.
"""

import asyncio
import json
import os
import signal
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any

from bot import logs
from bot.__main__ import main
from bot.app import running
from bot.chat.config import ChatConfig
from bot.chat.server import serve as serve_the_chat
from bot.counter import counter
from bot.demo.stage import BOT_TOKEN, OWNER
from bot.doors import Doors
from bot.events import CycleStarted
from bot.instance import only_instance
from bot.settings import Settings, load
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.trading.model import Approval
from kis.client import Kis as Client
from kis.simulator.config import APP_KEY, APP_SECRET
from tests.bot.trading.floor import ALICE, holding
from tests.faults.processes.broker import ACCOUNT, BEGINS, HTS_ID, Kis, open_kis
from tests.faults.processes.children import ended, pipe, started
from tests.faults.processes.evening import AVERAGE, SHARES
from tests.faults.processes.evidence import Evidence
from tests.faults.processes.trader import Fate, MortalWire, mortal
from tests.stage import environment

PATIENCE = 60.0
READY = '{"ready": true}'


def serve_chat(state: Path, ready: Any) -> None:
    """Serve the chat in this process; its address goes into the pipe."""
    config = ChatConfig(token=BOT_TOKEN, owner_id=OWNER, state=state)
    now = datetime(2026, 10, 7, tzinfo=UTC)
    asyncio.run(
        serve_the_chat(config, now=lambda: now, on_ready=lambda told: ready.send(told["listening"]))
    )


def run_muhan(settings: dict[str, str], log: Path) -> None:
    """Be `muhan run`; whatever it prints goes into the log."""
    _become(settings, log)
    sys.argv = ["muhan", "run", "--json", "--env", str(log.parent / "no.env")]
    main()


def _become(settings: dict[str, str], log: Path) -> None:
    """Take a process's environment and output for the bot's."""
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (1, 2):
        os.dup2(output, stream)
    os.environ.clear()
    os.environ.update(environment() | settings)


def run_mortal(settings: dict[str, str], log: Path, at: int, told: Any) -> None:
    """Be the whole program with a fate: it is killed at a step of its own file or way to KIS.

    On SIGTERM it tells how many steps it took, and ends.
    """
    _become(settings, log)
    logs.configure()
    fate = Fate(at=at)
    asyncio.run(_mortal(load(log.parent / "no.env", os.environ), fate))
    told.send(len(fate.steps))


async def _mortal(settings: Settings, fate: Fate) -> None:
    async def mortal_counter(settings: Settings, **clock: Any) -> Client:
        kis = await counter(settings, **clock)
        kis._line._wire = MortalWire(settings.kis_rest_url, fate)
        return kis

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    doors = Doors(connect=mortal(fate), counter=mortal_counter)
    with only_instance(settings.muhan_home):
        async with running(settings, on_ready=lambda: print(READY, flush=True), doors=doors):
            await stop.wait()


@dataclass
class Stage:
    """One owner's bot: its home, KIS and the chat, and the incarnations that were started.

    `environment` is what its bots find in theirs beside the settings.
    """

    home: Path
    kis: Kis
    chat_url: str
    logs: int = 0
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> "Bot":
        """Start a bot; it need not be ready when this returns."""
        self.logs += 1
        log = self.home / f"bot-{self.logs}.log"
        return Bot(started(run_muhan, self.settings(), log), log)

    def start_mortal(self, at: int, told: Any) -> "Bot":
        """Start a bot that dies at a step of its own."""
        self.logs += 1
        log = self.home / f"bot-{self.logs}.log"
        return Bot(started(run_mortal, self.settings(), log, at, told), log)

    @contextmanager
    def running(self) -> Iterator["Bot"]:
        """Run a bot that is ready; whatever is left of it dies with the block."""
        bot = self.start()
        try:
            bot.ready()
            yield bot
        finally:
            bot.end()

    def settings(self) -> dict[str, str]:
        return {
            "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
            "TELEGRAM_OWNER_ID": str(OWNER),
            "TELEGRAM_API_URL": self.chat_url,
            "KIS_APP_KEY": APP_KEY,
            "KIS_APP_SECRET": APP_SECRET,
            "KIS_ACCOUNT": ACCOUNT,
            "KIS_HTS_ID": HTS_ID,
            "KIS_REST_URL": self.kis.url,
            "KIS_WEBSOCKET_URL": self.kis.url.replace("http", "ws", 1),
            "MUHAN_VENUE": "demo",
            "MUHAN_HOME": str(self.home),
            "MUHAN_LANGUAGE": "ko",
            **self.environment,
        }

    @property
    def evidence(self) -> Evidence:
        return Evidence(self.home)

    def chat(self) -> str:
        """Read what the chat has seen, all messages and edits in one text."""
        url = f"{self.chat_url}/chat/transcript"
        with urllib.request.urlopen(url, timeout=30) as answer:  # noqa: S310 - our own server
            lines = answer.read().decode().splitlines()
        return "\n".join(json.dumps(json.loads(line), ensure_ascii=False) for line in lines)

    def there(self, instant: datetime) -> bool:
        """Tell whether market time has come to an instant and everybody waits."""
        clock = self.kis.ask("GET", "clock")
        return datetime.fromisoformat(clock["now"]) >= instant and all(
            party["idle"] for party in clock["parties"]
        )

    def until(self, condition: Callable[[], object], what: str) -> None:
        """Wait for other processes to come to something, by real time."""
        pause = threading.Event()
        for _ in range(int(PATIENCE * 100)):
            if condition():
                return
            pause.wait(0.01)
        raise AssertionError(f"it never came to that: {what}")

    @contextmanager
    def time_passing(self, to: datetime) -> Iterator[None]:
        """Let market time go to an instant beside what the block does."""
        mover = threading.Thread(target=self._move, args=(to,))
        mover.start()
        yield
        mover.join()

    def _move(self, to: datetime) -> None:
        try:
            self.kis.go(to)
        except urllib.error.HTTPError:
            return  # a party died on the way: time stands where it was


@dataclass
class Bot:
    """One incarnation of `muhan run`."""

    process: ForkServerProcess
    log: Path

    def ready(self) -> None:
        pause = threading.Event()
        for _ in range(int(PATIENCE * 100)):
            if READY in self.said():
                return
            assert self.process.is_alive(), self.said()[-2000:]
            pause.wait(0.01)
        raise AssertionError(f"it was never ready: {self.said()[-2000:]}")

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""

    def signal(self, number: int) -> None:
        pid = self.process.pid
        assert pid is not None
        os.kill(pid, number)

    def ended(self) -> int:
        return ended(self.process)

    def end(self) -> None:
        """Kill what is left of it."""
        try:
            alive = self.process.is_alive()
        except ValueError:
            return  # it was waited for
        if alive:
            self.process.kill()
        ended(self.process)


@contextmanager
def open_stage(home: Path, *, chat_state: Path | None = None) -> Iterator[Stage]:
    """Lay out a home whose cycle holds shares and goes by itself, at 17:05 in Seoul.

    The chat's own file is there too, unless another folder is named for it.
    """
    home.mkdir(mode=0o700, exist_ok=True)
    asyncio.run(_begin(home / DATABASE_NAME))
    ours, theirs = pipe()
    with open_kis(shares=SHARES, average=AVERAGE) as kis:
        chat = started(serve_chat, (chat_state or home) / "chat.sqlite3", theirs)
        theirs.close()
        try:
            yield Stage(home=home, kis=kis, chat_url=str(ours.recv()))
        finally:
            ours.close()
            chat.terminate()
            ended(chat)


async def _begin(path: Path) -> None:
    async with opened(path) as database, Journal(database).recording(BEGINS) as recording:
        await recording.record(
            CycleStarted(cycle_id=1, cycle=holding(), approval=Approval.AUTO, by=ALICE)
        )


def fault(kis: Kis, name: str, **figures: object) -> None:
    """Have the simulator do something wrong."""
    kis.ask("POST", "faults", {"name": name, **figures})
