"""kill -9 at any moment: after a restart on the same state the run goes on as if nothing had been.

Real processes, real SIGKILL. The bot alone dies at seeded journal steps and between an order's POST
and its answer; then all processes die at once. The ledger always equals an unkilled run's, and the
broker never holds an order twice.
"""

import asyncio
import json
import os
import random
import signal
import sqlite3
import subprocess
import threading
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.demo.stage import STAGE_NAME
from bot.instance import LOCK_NAME
from bot.storage.database import DATABASE_NAME
from tests.markets import wild_bars, write_csv
from tests.stage import PATIENCE, Run, demo_command, environment, headless, rounds_of

SESSIONS = 7
KILLS = 21
LEDGER = ("days", "rounds", "turn", "quantity", "average", "cash", "realized", "equity")


class Unkilled(NamedTuple):
    state: Path
    run: Run


@pytest.fixture(scope="module")
def prices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("market") / "wild.csv"
    write_csv(wild_bars(48, SESSIONS + 1), path)
    return path


def options(prices: Path) -> list[str]:
    return ["--prices", str(prices), "--symbol", "SOXL", "--splits", "20", "--days", str(SESSIONS)]


@pytest.fixture(scope="module")
def unkilled(prices: Path, tmp_path_factory: pytest.TempPathFactory) -> Unkilled:
    state = tmp_path_factory.mktemp("unkilled")
    return Unkilled(state, asyncio.run(headless(state, *options(prices), "--auto")))


@contextmanager
def playing(state: Path, prices: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a headless demo in the background; whatever is left of it dies with the block."""
    command = demo_command(state, *options(prices), "--auto")
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill_everything(process, state)
        process.communicate()


def until(condition: Callable[[], Any], process: subprocess.Popen[str]) -> Any:
    """Poll another process's state until the condition holds; fail when the demo ends before."""
    pause = threading.Event()
    for _ in range(PATIENCE * 200):
        found = condition()
        if found:
            return found
        assert process.poll() is None, process.communicate()[1][-2000:]
        pause.wait(0.005)
    raise AssertionError("it never came to that")


def journal(state: Path, question: str) -> int:
    """Ask the bot's journal for one number, from outside; 0 while there is none."""
    path = state / "bot" / DATABASE_NAME
    if not path.exists():
        return 0
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return int(connection.execute(question).fetchone()[0] or 0)
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def last_step(state: Path) -> int:
    return journal(state, "SELECT max(seq) FROM journal")


def bot_of(state: Path) -> int:
    """The pid of the bot that holds the instance lock, 0 while nobody has written one."""
    path = state / "bot" / LOCK_NAME
    text = path.read_text().strip() if path.exists() else ""
    return int(text) if text.isdigit() else 0


def has_reached(state: Path, step: int) -> bool:
    return last_step(state) >= step


def other_bot(state: Path, before: int) -> int:
    """The pid of a bot that is not the one `before`; 0 while there is none."""
    pid = bot_of(state)
    return 0 if pid == before else pid


def hangs_on_an_order(state: Path) -> bool:
    """The fault has struck, and the bot waits for the answer of the order that it sent."""
    sent = "SELECT count(*) FROM broker_order WHERE state = 'sent'"
    return journal(state, sent) == 1 and not simulator(state, "faults")["faults"]


def has_sent(state: Path) -> bool:
    return journal(state, "SELECT count(*) FROM journal WHERE type = 'OrderSent'") > 0


def kill(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def kill_everything(process: subprocess.Popen[str], state: Path) -> None:
    """SIGKILL the demo itself and its three children, by the ids they were started under."""
    kill(process.pid)
    noted: dict[str, Any] = json.loads((state / STAGE_NAME).read_text())
    for child in noted.values():
        kill(int(child["pid"]))


def simulator(state: Path, path: str, body: dict[str, Any] | None = None) -> Any:
    noted = json.loads((state / STAGE_NAME).read_text())
    request = urllib.request.Request(  # noqa: S310 - our own simulator on loopback
        f"{noted['simulator']['listening']}/simulator/{path}",
        data=json.dumps(body).encode() if body is not None else None,
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
        return json.load(answer)


def answer_of(process: subprocess.Popen[str]) -> dict[str, Any]:
    out, errors = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, errors[-2000:]
    answer: dict[str, Any] = json.loads(out.splitlines()[-1])
    return answer


async def assert_same(answer: dict[str, Any], state: Path, unkilled: Run) -> None:
    """The ledger after every single session is that of the run that nobody killed."""
    assert {name: answer[name] for name in LEDGER} == {
        name: unkilled.answer[name] for name in LEDGER
    }
    assert answer["duplicates"] == 0
    assert answer["unresolved"] == 0
    ours, theirs = await rounds_of(state), unkilled.rounds
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.plan == other.plan
        assert mine.settlement is not None
        assert other.settlement is not None
        assert mine.settlement.after == other.settlement.after


@pytest.mark.fault(54)
async def test_a_bot_killed_at_seeded_journal_steps_ends_with_the_same_ledger(
    prices: Path, tmp_path: Path, unkilled: Unkilled
) -> None:
    state = tmp_path / "killed"
    steps = last_step(unkilled.state)
    chosen = sorted(random.Random(20261123).sample(range(3, steps - 5), KILLS))
    killed = 0
    with playing(state, prices) as process:
        before = 0
        for step in chosen:
            until(partial(has_reached, state, step), process)
            before = until(partial(other_bot, state, before), process)
            killed += kill(before)
        answer = answer_of(process)
    assert killed >= 20
    starts = journal(state, "SELECT count(*) FROM journal WHERE type = 'BotStarted'")
    print({"kills": killed, "starts": starts, "steps": chosen})
    await assert_same(answer, state, unkilled.run)


@pytest.mark.fault(54)
async def test_a_bot_killed_between_post_and_answer_finds_its_order_and_sends_no_other(
    prices: Path, tmp_path: Path, unkilled: Unkilled
) -> None:
    state = tmp_path / "killed"
    with playing(state, prices) as process:
        until(partial(has_sent, state), process)
        simulator(state, "faults", {"name": "timeout_after_accept", "count": 1, "seconds": 600})
        until(partial(hangs_on_an_order, state), process)
        assert kill(bot_of(state))
        answer = answer_of(process)
    adopted = """SELECT count(*) FROM journal
        WHERE type = 'OrderAccepted' AND json_extract(body, '$.adopted')"""
    assert journal(state, adopted) == 1
    await assert_same(answer, state, unkilled.run)


@pytest.mark.fault(54)
async def test_an_order_lost_with_a_killed_bot_is_told_and_goes_out_again_only_by_a_tap(
    prices: Path, tmp_path: Path, unkilled: Unkilled
) -> None:
    state = tmp_path / "killed"
    with playing(state, prices) as process:
        until(partial(has_sent, state), process)
        simulator(state, "faults", {"name": "timeout_before_accept", "count": 1, "seconds": 600})
        until(partial(hangs_on_an_order, state), process)
        assert kill(bot_of(state))
        answer = answer_of(process)
    assert journal(state, "SELECT count(*) FROM journal WHERE type = 'OrderAbsent'") == 1
    assert journal(state, "SELECT count(*) FROM journal WHERE type = 'OrderResent'") == 1
    await assert_same(answer, state, unkilled.run)


@pytest.mark.fault(54)
async def test_all_processes_killed_at_once_go_on_from_their_files(
    prices: Path, tmp_path: Path, unkilled: Unkilled
) -> None:
    state = tmp_path / "killed"
    steps = last_step(unkilled.state)
    for step in (steps // 4, steps // 2):
        with playing(state, prices) as process:
            until(partial(has_reached, state, step), process)
            kill_everything(process, state)
    with playing(state, prices) as process:
        answer = answer_of(process)
    await assert_same(answer, state, unkilled.run)
