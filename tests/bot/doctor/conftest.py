"""An installation in perfect health: a simulator process, a chat server, a private `.env`."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import stamina

from bot.chat import ChatConfig
from bot.doctor.findings import Finding
from bot.doctor.patient import Patient
from bot.doctor.visit import LOOKS, Look, visit
from kis.simulator.config import APP_SECRET
from tests.bot.chat.conftest import OWNER, TOKEN, Clock, running
from tests.kis.counter import Counter, open_counter

HTS_ID = "SIMUSER1"
ACCOUNT = "81000000-01"
SECRET = "CANARY" + APP_SECRET[6:]
APP_KEY = "CANARYkey" + "k" * 27


@dataclass(kw_only=True)
class Clinic:
    """The `.env` of a healthy installation, and the doctor who looks at it."""

    env: Path
    home: Path
    told: list[str]

    def write(self, **changes: str) -> None:
        """Write the settings again, with some of them changed."""
        lines = dict(line.split("=", 1) for line in self.env.read_text().splitlines()) | changes
        self.env.write_text("".join(f"{name}={value}\n" for name, value in lines.items()))
        self.env.chmod(0o600)

    async def visit(
        self, looks: tuple[Look, ...] = LOOKS, changes: dict[str, str] | None = None, **more: str
    ) -> dict[str, Finding]:
        self.write(**(changes or {}), **more)
        found = await visit(
            self.env,
            {},
            tell=lambda korean, _: self.told.append(korean),
            looks=looks,
            poll_seconds=0,
        )
        return {look.name: finding for look, finding in found}


@pytest.fixture(autouse=True)
def _patience_without_waiting() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=10, cap=True):
        yield


@pytest.fixture(scope="module")
def simulator() -> Iterator[str]:
    """Start `muhan simulator`; its market time flies, so that a token's minute is short."""
    words = ["simulator", "--port", "0", "--hts-id", HTS_ID, "--account", ACCOUNT]
    words += ["--app-key", APP_KEY, "--app-secret", SECRET, "--speed", "2000"]
    with subprocess.Popen(
        [sys.executable, "-m", "bot", *words, "--calls-per-second", "1000"],
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["listening"])
        process.terminate()


@pytest.fixture
async def chat_server(tmp_path: Path) -> AsyncIterator[str]:
    config = ChatConfig(token=TOKEN, owner_id=OWNER, state=tmp_path / "chat.sqlite3")
    async with running(config, Clock()) as chat:
        yield chat.address


@pytest.fixture
def clinic(simulator: str, chat_server: str, tmp_path: Path) -> Clinic:
    home = tmp_path / "home"
    env = tmp_path / ".env"
    env.write_text(
        f"TELEGRAM_BOT_TOKEN={TOKEN}\nTELEGRAM_OWNER_ID={OWNER}\n"
        f"TELEGRAM_API_URL={chat_server}\nKIS_APP_KEY={APP_KEY}\nKIS_APP_SECRET={SECRET}\n"
        f"KIS_ACCOUNT={ACCOUNT}\nKIS_HTS_ID={HTS_ID}\nKIS_REST_URL={simulator}\n"
        f"MUHAN_VENUE=demo\nMUHAN_HOME={home}\n"
    )
    env.chmod(0o600)
    return Clinic(env=env, home=home, told=[])


@pytest.fixture
async def counter() -> AsyncIterator[Counter]:
    """Give a server that plays a script, in the place of KIS or of Telegram."""
    async with open_counter() as opened:
        yield opened


@pytest.fixture
async def patient(tmp_path: Path) -> AsyncIterator[Callable[..., Patient]]:
    async with AsyncExitStack() as stack:

        def build(**given: object) -> Patient:
            found = Patient(env=tmp_path / ".env", environ={}, tell=lambda *_: None, stack=stack)
            for name, value in given.items():
                setattr(found, name, value)
            return found

        yield build
