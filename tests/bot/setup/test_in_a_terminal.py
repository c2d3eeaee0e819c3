"""`muhan setup` as an owner meets it: real processes, a real terminal, and the bot it makes."""

import asyncio
import json
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pexpect
import pytest

from tests.bot.setup.conftest import (
    ACCOUNT,
    APP_KEY,
    HTS_ID,
    SECRET,
    SECRETS,
    TOKEN,
    let_a_minute_pass,
)
from tests.stage import environment

PATIENCE = 90
CODE = re.compile(r"\): ([2-9A-Z]{4}-[2-9A-Z]{4})")


class Machine:
    """A fresh machine: an empty folder, a terminal, and nothing set but the two addresses."""

    def __init__(self, folder: Path, chat: str, simulator: str) -> None:
        self.folder = folder
        self.chat = chat
        self.shown = ""
        self.environ = environment() | {
            "TELEGRAM_API_URL": chat,
            "KIS_REST_URL": simulator,
            "MUHAN_HOME": str(folder / "home"),
            "TERM": "dumb",
        }

    @property
    def env(self) -> Path:
        return self.folder / ".env"

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "bot", *words, "--env", str(self.env)]

    def wizard(self) -> "Session":
        return Session(self, self.command("setup"))


class Session:
    """One run of the wizard in a terminal of its own."""

    def __init__(self, machine: Machine, command: list[str]) -> None:
        self._machine = machine
        self._child = pexpect.spawn(
            command[0],
            command[1:],
            env=machine.environ,
            encoding="utf-8",
            timeout=PATIENCE,
            dimensions=(50, 100),
        )

    def answer(self, question: str, typed: str) -> None:
        self.wait(question)
        self._child.sendline(typed)

    def wait(self, what: str | re.Pattern[str]) -> str:
        self._child.expect(what if isinstance(what, re.Pattern) else re.escape(what))
        self._machine.shown += self._child.before + self._child.after
        return str(self._child.match[self._child.match.re.groups and 1])

    def press_ctrl_c(self) -> None:
        self._child.sendintr()

    def cut(self) -> None:
        self._child.kill(signal.SIGKILL)
        self._child.wait()

    def end(self) -> int:
        self._child.expect(pexpect.EOF)
        self._machine.shown += self._child.before
        self._child.close()
        return int(self._child.exitstatus)


@pytest.fixture
def machine(simulator: str, tmp_path: Path) -> Iterator[Machine]:
    asyncio.run(let_a_minute_pass(simulator))
    words = ["--token", TOKEN, "--owner-id", "4242", "--state", str(tmp_path / "chat.sqlite3")]
    with subprocess.Popen(
        [sys.executable, "-m", "bot.chat", *words], stdout=subprocess.PIPE, text=True
    ) as chat:
        assert chat.stdout is not None
        address = str(json.loads(chat.stdout.readline())["listening"])
        yield Machine(tmp_path, address, simulator)
        chat.terminate()


def send(machine: Machine, text: str) -> None:
    """Write to the bot from the owner's phone."""
    call = [sys.executable, "-c", _SEND, f"{machine.chat}/chat/send", json.dumps({"text": text})]
    subprocess.run(call, check=True, timeout=PATIENCE)


_SEND = (
    "import sys, urllib.request as u;u.urlopen(u.Request(sys.argv[1], sys.argv[2].encode())).read()"
)


def test_from_an_empty_folder_to_a_bot_that_is_ready(machine: Machine) -> None:
    first = machine.wizard()
    first.answer("Language", "1")
    first.answer("봇 토큰", "nonsense")
    first.answer("봇 토큰", TOKEN)
    send(machine, first.wait(CODE))
    first.wait("TELEGRAM_OWNER_ID를")
    first.answer("어디에 주문", "2")
    first.wait("앱키 (")
    first.press_ctrl_c()
    assert first.end() == 3
    assert "muhan setup 을 다시 하면 이어집니다" in machine.shown

    second = machine.wizard()
    second.answer("앱키 (", APP_KEY)
    second.answer("앱시크릿 (", SECRET)
    second.answer("계좌번호:", ACCOUNT)
    second.wait("HTS ID:")
    second.cut()

    third = machine.wizard()
    third.answer("HTS ID:", HTS_ID)
    third.answer("지금 시작할까요?", "")
    for question, typed in {"종목 [": "", "버전 [": "", "분할 [": "", "원금 (": "10000"}.items():
        third.answer(question, typed)
    third.answer("승인 방식", "")
    third.answer("수수료", "")
    third.answer("이대로 시작할까요?", "y")
    third.wait(re.compile(r"다음: \S*muhan run"))
    assert third.end() == 0
    assert [secret for secret in SECRETS if secret in machine.shown] == []
    assert oct(machine.env.stat().st_mode & 0o777) == oct(0o600)
    assert becomes_ready(machine)


def becomes_ready(machine: Machine) -> bool:
    """Start the bot with what the wizard wrote, and end it once it is ready."""
    log = machine.folder / "bot.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            machine.command("run", "--json"),
            stdout=subprocess.PIPE,
            stderr=errors,
            env=machine.environ,
            text=True,
        ) as bot,
    ):
        assert bot.stdout is not None
        line = bot.stdout.readline()
        bot.terminate()
        assert bot.wait(PATIENCE) == 0, log.read_text()[-2000:]
    return line == '{"ready": true}\n'
