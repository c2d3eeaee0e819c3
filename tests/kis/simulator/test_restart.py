"""A simulator that is killed comes back where it was."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kis.simulator.entry import serve

from .desk import Desk, quick, running, week

ROOT = Path(__file__).parents[3]


@contextmanager
def process(state: Path, *more: str) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    command = [sys.executable, "-m", "kis.simulator", "--port", "0", "--state", str(state), *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        try:
            yield child, json.loads(child.stdout.readline())
        finally:
            child.kill()


async def test_kill_9_loses_nothing(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    config = quick()
    async with aiohttp.ClientSession() as http:
        with process(state) as (child, ready):
            desk = Desk(http, ready["listening"], config)
            await desk.go("2026-10-07T05:00-04:00")
            await desk.ask_token()
            for _ in range(3):
                assert (await desk.order("buy", "34", 2, "150.00"))["rt_cd"] == "0"
            before = await desk.control("GET", "state")
            os.kill(child.pid, signal.SIGKILL)
            child.wait(5)
        with process(state) as (_, ready):
            again = Desk(http, ready["listening"], config)
            again.token = desk.token
            assert await again.control("GET", "state") == before
            assert (await again.ask_token())[1]["error_code"] == "EGW00133"
            number = (await again.order("buy", "34", 2, "150.00"))["output"]["ODNO"]
            assert number == "0000000004"
            await again.go("2026-10-07T16:03-04:00")
            after = await again.control("GET", "state")
            assert [order["filled"] for order in after["orders"]] == [2, 2, 2, 2]


def test_sigterm_ends_the_process_with_status_0(tmp_path: Path) -> None:
    with process(tmp_path / "state.db") as (child, ready):
        assert set(ready) >= {"listening", "app_key", "app_secret", "account", "hts_id"}
        child.terminate()
        assert child.wait(10) == 0


def test_a_wrong_account_is_a_sentence_and_status_3(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kis.simulator", "--port", "0", "--account", "81"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    assert ended.returncode == 3
    assert ended.stderr.count("\n") == 1
    assert not list(tmp_path.iterdir())


async def test_a_state_file_of_another_account_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state.db"
    async with running(quick(state=state)):
        pass
    with pytest.raises(ValueError, match="account"):
        await serve(
            quick(state=state, account="82000000-01"),
            sessions=week(),
            bars=None,
            on_ready=print,
        )


async def test_the_state_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    async with running(quick(state=tmp_path / "state.db")):
        modes = {path.name: path.stat().st_mode & 0o777 for path in tmp_path.iterdir()}
    assert modes
    assert set(modes.values()) == {0o600}


async def test_one_state_file_serves_one_simulator(tmp_path: Path) -> None:
    config = quick(state=tmp_path / "state.db")
    async with running(config):
        with pytest.raises(ValueError, match=r"state\.db.*locked"):
            async with asyncio.timeout(60):
                await serve(config, sessions=week(), bars=None, on_ready=print)
    async with running(config):
        pass


@pytest.mark.parametrize("name", ["missing/state.db", "words.txt", "folder"])
async def test_what_is_no_state_file_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "words.txt").write_text("not a database at all, but words that somebody wrote")
    (tmp_path / "folder").mkdir()
    state = tmp_path / name
    with pytest.raises(ValueError, match=f"the state file .*{name} cannot be used"):
        await serve(quick(state=state), sessions=week(), bars=None, on_ready=print)


def test_a_secret_that_was_brought_is_not_printed(tmp_path: Path) -> None:
    with process(tmp_path / "state.db", "--app-secret", "somebodys-own") as (_, ready):
        assert "somebodys-own" not in json.dumps(ready)
