"""The token's file is written whole or not at all, in processes that die or have no room for it."""

import json
import random
import resource
import signal
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kis.auth import Token, Tokens
from kis.environment import at
from kis.http_wire import HttpWire
from kis.transport import Line
from tests.faults.processes.children import ended, started
from tests.kis.counter import CREDENTIALS

ENDS = datetime(2099, 1, 1, tzinfo=UTC)
NOW = ENDS - timedelta(days=1)
KILLS = 25


async def nobody_waits(seconds: float) -> None:
    raise AssertionError(f"nobody waits {seconds} s")


def tokens_in(file: Path) -> Tokens:
    here = at("http://127.0.0.1:1", "ws://-")
    line = Line(
        here, HttpWire(here.rest_url), read_timeout=1, order_timeout=1, heard=lambda *_: None
    )
    return Tokens(here, CREDENTIALS, line, now=lambda: NOW, sleep=nobody_waits, file=file)


def save(file: Path, value: str, *, room: int | None = None) -> None:
    """Keep a token, with so many bytes of room in any file."""
    if room is not None:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (room, most))
    tokens_in(file)._save(Token(value=value, expires_at=ENDS))


def save_for_ever(file: Path) -> None:
    tokens = tokens_in(file)
    while True:
        for letter in "abcdefgh":
            tokens._save(Token(value=letter * 2000, expires_at=ENDS))


def saved_without_room(file: Path, value: str, room: int) -> None:
    save(file, value, room=room)


@pytest.mark.fault(16)
def test_a_process_killed_while_it_keeps_a_token_leaves_a_whole_one(tmp_path: Path) -> None:
    file, chance, pause = tmp_path / "token.json", random.Random(16), threading.Event()
    save(file, "z" * 2000)
    for _ in range(KILLS):
        process = started(save_for_ever, file)
        pause.wait(0.02 + chance.random() * 0.02)
        process.kill()
        assert ended(process) == -signal.SIGKILL
        (entry,) = json.loads(file.read_bytes())["tokens"].values()
        assert len(set(entry["token"])) == 1
        assert len(entry["token"]) == 2000
        kept = tokens_in(file)._load()
        assert kept == Token(value=entry["token"], expires_at=ENDS)


@pytest.mark.fault(16)
@pytest.mark.parametrize("room", [0, 40, 200])
def test_a_token_that_there_is_no_room_for_leaves_the_one_before(room: int, tmp_path: Path) -> None:
    file = tmp_path / "token.json"
    save(file, "before")
    whole = file.read_bytes()
    assert ended(started(saved_without_room, file, "after" * 100, room)) == 0, "it goes on without"
    assert file.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir()] == ["token.json"], "nothing half is left"
