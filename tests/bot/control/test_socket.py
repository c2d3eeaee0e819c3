"""The control socket itself: whose it is, where it stands, and what becomes of a dead bot's."""

import http.client
import json
import os
import socket
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.control.client import ControlClient
from bot.control.errors import BotDown, BotSilent
from bot.control.listening import listening
from bot.control.socket_path import LONGEST, NAME, reachable
from tests.bot.control.office import Office, office_at

NOBODY = 65534
ASK = """
import socket, sys
with socket.socket(socket.AF_UNIX) as asked:
    asked.settimeout(20)
    try:
        asked.connect(sys.argv[1])
    except PermissionError:
        sys.exit("no way in")
    asked.sendall(b"GET /status HTTP/1.0\\r\\n\\r\\n")
    print(asked.recv(200).split(b"\\r\\n")[0].decode())
"""


async def test_only_the_bots_own_user_may_open_the_socket(office: Office) -> None:
    mode = (office.home / NAME).stat().st_mode
    assert stat.S_ISSOCK(mode)
    assert stat.S_IMODE(mode) == 0o600


async def test_the_bot_answers_and_takes_its_socket_along_when_it_ends(tmp_path: Path) -> None:
    async with office_at(tmp_path) as office:
        status = await office.ask(office.client.status)
        assert (status.running, status.venue, status.trading) == (True, "demo", "running")
        assert status.gate_open
    assert not (tmp_path / NAME).exists()


def test_nobody_answers_where_no_bot_runs(tmp_path: Path) -> None:
    with pytest.raises(BotDown, match="muhan run"):
        ControlClient(tmp_path).status()


def test_a_bot_that_hangs_is_waited_for_no_longer_than_a_glance_and_told_apart_from_none(
    tmp_path: Path,
) -> None:
    client = ControlClient(tmp_path, glance=0.05)
    with listening(tmp_path) as bound:
        bound.listen()
        with pytest.raises(BotSilent, match="답하지 않습니다"):
            client.status()
        with pytest.raises(BotSilent):
            client.whoami("0" * 32)


async def test_a_dead_bots_socket_says_that_nobody_answers_and_is_taken_over(
    tmp_path: Path,
) -> None:
    listening(tmp_path).close()  # as kill -9 leaves it
    assert (tmp_path / NAME).is_socket()
    with pytest.raises(BotDown):
        ControlClient(tmp_path).status()
    async with office_at(tmp_path) as office:
        assert (await office.ask(office.client.status)).running


async def test_a_bot_whose_socket_cannot_be_had_runs_all_the_same(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("somebody's file", encoding="utf-8")
    async with office_at(tmp_path) as office:
        assert await office.floor.views.trading() == "running"
    assert (tmp_path / NAME).read_text(encoding="utf-8") == "somebody's file"


async def test_a_home_too_deep_for_a_socket_is_reached_through_its_folder(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    assert len(os.fsencode(deep / NAME)) > LONGEST
    async with office_at(deep) as office:
        assert (await office.ask(office.client.status)).running
        with reachable(deep) as path:
            assert len(path) < LONGEST
    assert not (deep / NAME).exists()


@pytest.fixture
def open_home() -> Iterator[Path]:
    """A folder that any user may enter, unlike pytest's."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become another user")
@pytest.mark.parametrize(("mode", "told"), [(0o600, "no way in"), (0o666, "403 Forbidden")])
async def test_another_user_is_turned_away_by_the_mode_and_again_by_the_peers_name(
    open_home: Path, mode: int, told: str
) -> None:
    async with office_at(open_home) as office:
        (open_home / NAME).chmod(mode)

        def as_nobody() -> str:
            done = subprocess.run(
                ["/usr/bin/env", "python3", "-c", ASK, str(open_home / NAME)],
                capture_output=True,
                text=True,
                check=False,
                user=NOBODY,
                timeout=60,
            )
            return done.stdout + done.stderr

        assert told in await office.ask(as_nobody)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b'{"key": 7}',
        b'{"key": ""}',
        b'{"key": "' + b"k" * 300 + b'"}',
        b'{"key": "\\ud800"}',
        b"[" * 60_000,
    ],
)
async def test_a_question_that_is_none_is_refused_in_one_sentence(
    office: Office, body: bytes
) -> None:
    status, answer = await office.ask(raw, office.home, "POST", "/login", body)
    assert status == 403
    assert answer["code"] == "argument"
    assert "\n" not in answer["korean"]


async def test_a_question_that_is_too_long_is_not_read(office: Office) -> None:
    status, _ = await office.ask(raw, office.home, "POST", "/login", b"x" * 70_000)
    assert status == 413


async def test_what_is_not_there_is_told_as_another_version(office: Office) -> None:
    def elsewhere() -> None:
        office.client._call("GET", "/elsewhere")

    refusal = await office.refused(elsewhere)
    assert refusal.code == "other_version"


async def test_a_fault_of_the_bots_is_told_as_one(office: Office) -> None:
    async with office.floor.database.transaction() as tx:
        await tx.execute("DROP TABLE panel_key")
    refusal = await office.refused(office.client.login, "k" * 32)
    assert refusal.code == "fault"


@pytest.mark.parametrize("query", ["after=x", "after=-1", "wait=nan", "wait=1e99"])
async def test_a_number_that_is_none_is_refused(office: Office, query: str) -> None:
    session = await office.session()
    status, answer = await office.ask(
        raw, office.home, "GET", f"/events?{query}", None, {"Authorization": f"Bearer {session}"}
    )
    assert (status, answer["code"]) == (403, "argument")


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Basic x", "Bearer nonsense", "Bearer \xff"]
)
async def test_without_a_session_nothing_but_the_status_is_told(
    office: Office, header: str
) -> None:
    for method, path in (
        ("GET", "/session"),
        ("GET", "/events"),
        ("GET", "/health"),
        ("GET", "/logs"),
        ("POST", "/preview"),
        ("POST", "/confirm"),
    ):
        status, answer = await office.ask(
            raw, office.home, method, path, b"{}", {"Authorization": header}
        )
        assert (status, answer["code"]) == (403, "session_over"), path


def raw(
    home: Path,
    method: str,
    path: str,
    body: bytes | None,
    headers: dict[str, str] | None = None,
) -> tuple[int, dict[str, str]]:
    """Ask by hand, as a client of no good will does."""
    connection = http.client.HTTPConnection("localhost")
    connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.sock.settimeout(20)
    connection.sock.connect(str(home / NAME))
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    try:
        return answer.status, json.loads(content)
    except ValueError:
        return answer.status, {}
