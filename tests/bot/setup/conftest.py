"""A simulator in its own process, a chat server beside the test, and somebody at the keyboard."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path

import aiohttp
import pytest
import stamina

from bot.chat import ChatConfig
from bot.clock import SystemClock
from bot.console_words import Words
from bot.service.places import Places
from bot.setup.answers import Answers
from bot.setup.sitting import Part, Sitting
from bot.setup.terminal import Terminal
from bot.setup.wizard import walk
from kis.simulator.config import APP_SECRET
from tests.bot.chat.conftest import Chat, Clock, running

TOKEN = "123456:AAEhBP0av28abcdefghijklmnopqrstuvwx"
OWNER = 4242
HTS_ID = "SIMUSER1"
ACCOUNT = "81000000-01"
APP_KEY = "CANARYkey" + "k" * 27
SECRET = "CANARY" + APP_SECRET[6:]
CODE = re.compile(r"\): ([2-9A-Z]{4}-[2-9A-Z]{4})")
SECRETS = (TOKEN, APP_KEY, SECRET)

ANSWERS = {
    "Language": "1",
    "봇 토큰": TOKEN,
    "어디에 주문": "2",
    "앱키": APP_KEY,
    "앱시크릿": SECRET,
    "계좌번호": ACCOUNT,
    "HTS ID": HTS_ID,
    "지금 시작": "y",
    "종목": "1",
    "버전": "1",
    "분할": "1",
    "원금": "10,000",
    "승인 방식": "1",
    "수수료": "0.25",
    "이대로": "y",
}
"""What an owner with a practice account types, by the words of the question."""


class PowerCut(BaseException):
    """The machine goes dark: nothing after it is carried out."""


@dataclass(kw_only=True)
class Typist:
    """Type an answer to each question; `typed` has the questions, `hidden` those not shown.

    `once` are answers given before the usual ones, in their order. At the question that has
    `cut_at` in it the power goes.
    """

    answers: dict[str, str]
    once: dict[str, list[str]] = field(default_factory=dict)
    cut_at: str = ""
    asked: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    def __call__(self, prompt: str, hidden: bool) -> str:
        word = next((each for each in (*self.once, *self.answers) if each in prompt), None)
        assert word is not None, f"nobody expected the question {prompt!r}"
        self.asked.append(word)
        if hidden:
            self.hidden.append(word)
        if self.cut_at and self.cut_at in prompt:
            raise PowerCut
        if self.once.get(word):
            return self.once[word].pop(0)
        return self.answers[word]


@dataclass(kw_only=True)
class Desk:
    """A machine on which nothing is set up, with what the wizard wrote and said."""

    env: Path
    chat: Chat
    out: StringIO = field(default_factory=StringIO)
    environ: dict[str, str] = field(default_factory=dict)

    def settings(self) -> dict[str, str]:
        lines = self.env.read_text(encoding="utf-8").splitlines()
        return dict(line.split("=", 1) for line in lines if line[:1].isupper())

    def said(self) -> str:
        return self.out.getvalue()

    async def sit(
        self, typist: Typist, *again: Part, take: Callable[[Sitting], bool] = walk
    ) -> bool:
        """Walk through the wizard; the owner's phone sends the code that is shown."""
        self.out = StringIO()
        words = Words(self.settings().get("MUHAN_LANGUAGE", "ko"))
        sitting = Sitting(
            terminal=Terminal(words, out=self.out, read=typist),
            answers=Answers(self.env, self.environ),
            again=frozenset(again),
            place=Places(root=self.env.parent),
        )
        phone = asyncio.ensure_future(self._phone())  # noqa: TID251 - the test's own
        try:
            return await asyncio.to_thread(take, sitting)
        finally:
            phone.cancel()

    async def _phone(self) -> None:
        while (shown := CODE.search(self.said())) is None:  # noqa: ASYNC110 - another thread's text
            await asyncio.sleep(0.02)
        await self.chat.say(shown[1])


@pytest.fixture(autouse=True)
def _secrets_of_this_test_alone() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=10, cap=True):
        yield


@pytest.fixture(scope="package")
def simulator() -> Iterator[str]:
    """Start `muhan simulator` by this machine's time, which the wizard goes by."""
    words = ["--port", "0", "--hts-id", HTS_ID, "--account", ACCOUNT, "--speed", "1"]
    words += ["--app-key", APP_KEY, "--app-secret", SECRET, "--calls-per-second", "1000"]
    words += ["--at", SystemClock().now().isoformat(), "--symbol", "TQQQ"]
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "simulator", *words], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield str(json.loads(process.stdout.readline())["listening"])
        process.terminate()


async def let_a_minute_pass(simulator: str) -> None:
    """Move market time on: KIS issues one token a minute, and every test begins without one."""
    async with aiohttp.ClientSession() as http, http.get(f"{simulator}/simulator/clock") as answer:
        now = datetime.fromisoformat((await answer.json())["now"])
        to = {"to": (now + timedelta(seconds=61)).isoformat()}
        async with http.post(f"{simulator}/simulator/clock", json=to) as moved:
            moved.raise_for_status()


@pytest.fixture
async def desk(simulator: str, tmp_path: Path) -> AsyncIterator[Desk]:
    await let_a_minute_pass(simulator)
    config = ChatConfig(token=TOKEN, owner_id=OWNER, state=tmp_path / "chat.sqlite3")
    async with running(config, Clock()) as chat:
        env = tmp_path / ".env"
        env.write_text(
            f"# mine\nSOMETHING_ELSE='as it was'\nTELEGRAM_API_URL={chat.address}\n"
            f"KIS_REST_URL={simulator}\nMUHAN_HOME={tmp_path / 'home'}\n"
        )
        env.chmod(0o600)
        yield Desk(env=env, chat=chat)
