"""What is not imported: by the daemon while it idles, and by commands that are over in a moment."""

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from bot.cli import COMMANDS, command_line
from bot.unused import put_in_place
from tests.peers import ROOT
from tests.stage import environment

# What an idle daemon has no use for, and what each would take along (docs/small.md).
NOT_IDLE = {
    "bot.chat",
    "bot.demo",
    "bot.doctor",
    "cryptography",
    "holidays.countries.france",
    "kis.simulator",
    "matplotlib",
    "numpy",
    "pygments",
    "rich",
    "streamlit",
    "xlsxwriter",
}
NEEDED = {"aiogram", "aiohttp", "apscheduler", "bot.app", "kis.client", "websockets"}

IMPORTED = """
import json, sys
sys.argv = ["muhan", *{words!r}]
from bot import __main__
try:
    __main__.main()
except SystemExit:
    pass
print(json.dumps(sorted(sys.modules)))
"""
DAEMON = """
import json, sys
from bot.unused import without_what_nobody_uses
without_what_nobody_uses()
from bot.telegram import lazy_aiogram
lazy_aiogram.load(lazy=True)
from bot import cli_run, daemon
from bot.sessions import load_calendar
from pathlib import Path
from datetime import UTC, datetime
load_calendar(Path("/nonexistent")).current_or_next(datetime(2026, 10, 7, tzinfo=UTC))
print(json.dumps(sorted(sys.modules)))
"""


def modules_of(script: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=environment(),
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_the_daemon_imports_nothing_that_it_has_no_use_for_while_idle() -> None:
    found = modules_of(DAEMON)
    assert found >= NEEDED
    assert not found & NOT_IDLE


@pytest.mark.parametrize("words", [["version"], ["plan", "--help"]])
def test_a_quick_command_imports_neither_the_chat_nor_the_broker(words: list[str]) -> None:
    found = modules_of(IMPORTED.format(words=words))
    assert not found & {"aiogram", "aiohttp", "asyncio", "kis", "bot.app", "aiosqlite"}


def test_a_console_command_does_not_wait_for_the_chat() -> None:
    assert "aiogram" not in modules_of(IMPORTED.format(words=["cycle", "list", "--help"]))


def test_every_command_is_found_by_its_name_alone() -> None:
    for name in COMMANDS:
        app = command_line(name)
        names = [each.name for each in app.registered_commands]
        assert names + [each.name for each in app.registered_groups] == [name]


def test_a_word_that_is_no_command_is_told_all_that_there_are() -> None:
    app = command_line("nonsense")
    assert len(app.registered_commands) + len(app.registered_groups) == len(COMMANDS)


def test_a_crowded_package_gives_each_name_and_imports_no_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, content in {
        "__init__": "",
        "inner/__init__": "from crowd.inner.one import ONE\nfrom crowd.inner.two import TWO\n",
        "inner/one": "ONE = 1\n",
        "inner/two": "TWO = 2\n",
    }.items():
        file = tmp_path / "crowd" / f"{name}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    monkeypatch.syspath_prepend(tmp_path)
    put_in_place("crowd.inner")
    inner = import_module("crowd.inner")
    try:
        assert inner.TWO == 2
        assert "crowd.inner.one" not in sys.modules
        with pytest.raises(AttributeError):
            _ = inner.THREE
    finally:
        for name in [name for name in sys.modules if name.partition(".")[0] == "crowd"]:
            monkeypatch.delitem(sys.modules, name)
