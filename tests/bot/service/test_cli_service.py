"""`muhan service` as its owner types it; a systemctl that only writes down how it was called."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.service.units import system_unit
from tests.bot.service.test_installer import ENV
from tests.stage import environment

SHOWN = """LoadState=loaded
ActiveState={state}
SubState=running
StatusText=order window until 10-08 04:30 (Seoul)
NRestarts=2
MemoryCurrent={memory}
ActiveEnterTimestamp=Wed 2026-10-07 18:00:00 KST
Result=success
"""


class Console:
    """A machine with a systemctl and a loginctl of the test's own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.calls = folder / "calls"
        self.shown = folder / "shown"
        self.env = folder / "mine.env"
        self.env.touch(0o600)
        self.env.write_text(ENV, encoding="utf-8")
        self.bin = folder / "bin"
        self.bin.mkdir()
        script = f'#!/bin/sh\necho "$0 $@" >> {self.calls}\n'
        (self.bin / "loginctl").write_text(script)
        script += f'case "$*" in *show*) cat {self.shown};; --version) echo "systemd 255";; esac\n'
        (self.bin / "systemctl").write_text(script)
        for path in self.bin.iterdir():
            path.chmod(0o755)

    def run(self, *words: str, answer: str = "") -> subprocess.CompletedProcess[str]:
        own = {"PATH": f"{self.bin}:/usr/bin:/bin", "HOME": str(self.folder)}
        dropped = ("SUDO_USER", "XDG_CONFIG_HOME")
        kept = {name: value for name, value in environment().items() if name not in dropped}
        return subprocess.run(
            [sys.executable, "-m", "bot", "service", *words],
            input=answer,
            capture_output=True,
            text=True,
            check=False,
            env=kept | own,
        )

    def called(self) -> list[str]:
        lines = self.calls.read_text().splitlines() if self.calls.exists() else []
        return [line.rpartition("/")[2] for line in lines if not line.endswith("--version")]


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(tmp_path)


def test_print_prints_one_unit_and_nothing_else(console: Console) -> None:
    done = console.run("print")
    program, settings = Path("/opt/muhan/venv/bin/muhan"), Path("/etc/muhan/muhan.env")
    assert done.stdout == system_unit(program=program, settings=settings, systemd=255)
    assert (done.returncode, done.stderr, console.called()) == (0, "", [])


def test_an_installation_is_shown_and_a_no_changes_nothing(console: Console) -> None:
    done = console.run("install", "--user", "--env", str(console.env), answer="n\n")
    assert done.returncode == 3
    assert done.stderr == "Nothing was changed.\n"
    assert "  1. Write the unit: " in done.stdout
    assert "  5. Start it now and at every boot: systemctl --user restart" in done.stdout
    assert console.called() == []
    assert not (console.folder / ".config").exists()


def test_a_yes_installs_and_the_way_back_is_the_same(console: Console) -> None:
    done = console.run("install", "--user", "--env", str(console.env), answer="y\n")
    assert done.returncode == 0, done.stderr
    assert "[5/5]" in done.stderr
    assert (console.folder / ".config/systemd/user/muhan.service").exists()
    again = console.run("uninstall", "--user", "--yes", "--env", str(console.env))
    assert again.returncode == 0, again.stderr
    assert not (console.folder / ".config/systemd/user/muhan.service").exists()
    assert console.called()[-2:] == [
        "systemctl --user disable --now muhan.service",
        "systemctl --user daemon-reload",
    ]


def test_a_pipe_that_ends_before_the_answer_changes_nothing(console: Console) -> None:
    done = console.run("install", "--user", "--env", str(console.env))
    assert done.returncode != 0
    assert console.called() == []


def test_status_says_what_systemd_and_the_bot_say(console: Console) -> None:
    console.shown.write_text(SHOWN.format(state="active", memory=96 * 2**20))
    done = console.run("status", "--json", "--env", str(console.env))
    assert done.returncode == 0
    found = json.loads(done.stdout)
    assert found["doing"] == "order window until 10-08 04:30 (Seoul)"
    assert (found["state"], found["memory"], found["restarts"]) == ("active", 96 * 2**20, 2)


def test_a_service_that_does_not_run_is_told_with_where_to_look(console: Console) -> None:
    console.shown.write_text(SHOWN.format(state="failed", memory=2**64 - 1))
    done = console.run("status", "--env", str(console.env))
    assert done.returncode == 3
    assert "State: failed (success)" in done.stdout
    assert "journalctl -u muhan" in done.stdout
    assert "MiB" not in done.stdout


@pytest.mark.parametrize("words", [("print",), ("install", "--yes")])
def test_a_folder_with_a_blank_is_one_sentence(console: Console, words: tuple[str, ...]) -> None:
    odd = console.folder / "my papers"
    odd.mkdir()
    env = odd / "mine.env"
    env.touch(0o600)
    env.write_text(ENV, encoding="utf-8")
    done = console.run(*words, "--user", "--env", str(env))
    assert done.returncode == 3
    assert len(done.stderr.splitlines()) == 1
    assert "has a blank" in done.stderr
    assert console.called() == []
