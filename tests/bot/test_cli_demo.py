"""`muhan demo` as a program: where it listens, and that it leaves nothing behind."""

import asyncio
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path

import pytest

from bot.cli_demo import SHOWN_SEED
from bot.demo.page import PortTaken, refuse_taken
from bot.demo.world import seeded
from strategy import versions
from strategy.backtest import run
from strategy.cycle import start
from strategy.model import Bar, Leg
from tests.stage import environment

PROC = Path("/proc")
PATIENCE = 120
needs_proc = pytest.mark.skipif(not PROC.is_dir(), reason="children are looked up in /proc")


@asynccontextmanager
async def demo(*options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "demo", "--port", "0", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env=environment(),
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def children(parent: int) -> dict[int, list[str]]:
    found = {}
    for folder in PROC.glob("[0-9]*"):
        try:
            stat = (folder / "stat").read_text(encoding="utf-8")
            words = (folder / "cmdline").read_text(encoding="utf-8").split("\0")
        except OSError:
            continue  # it ended while we looked
        if int(stat.rpartition(")")[2].split()[1]) == parent:
            found[int(folder.name)] = words
    return found


async def first_child(parent: int) -> tuple[int, Path]:
    """Wait for the simulator; give its id and the folder that the run keeps its state in."""
    async with asyncio.timeout(PATIENCE):
        while True:
            for pid, words in children(parent).items():
                if "--state" in words:
                    return pid, Path(words[words.index("--state") + 1]).parent
            await asyncio.sleep(0.1)  # another program starts it: nothing wakes us


@needs_proc
async def test_a_running_demo_that_is_stopped_leaves_no_child_and_no_file() -> None:
    async with demo() as process:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            await process.stdout.readuntil(b"http://127.0.0.1:")
        players = children(process.pid)
        _, folder = await first_child(process.pid)
        assert len(players) == 3
        process.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):
            assert await process.wait() == 0
        assert [pid for pid in players if (PROC / str(pid)).exists()] == []
        assert not folder.exists()


@needs_proc
@pytest.mark.parametrize(
    ("options", "number", "status"),
    [((), signal.SIGHUP, 0), (("--headless",), signal.SIGTERM, 130)],
)
async def test_a_demo_that_is_stopped_while_it_starts_leaves_no_child_and_no_file(
    options: tuple[str, ...], number: signal.Signals, status: int
) -> None:
    async with demo(*options) as process:
        child, folder = await first_child(process.pid)
        process.send_signal(number)
        async with asyncio.timeout(20):
            told, _ = await process.communicate()
        assert process.returncode == status
        assert b"http://" not in told
        assert not (PROC / str(child)).exists()
        assert not folder.exists()


async def test_a_taken_port_is_refused_with_one_sentence(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        async with demo("--port", str(port), "--state", str(tmp_path / "state")) as process:
            told, complaint = await process.communicate()
        assert process.returncode == 3
        assert told == b""
        assert complaint.decode().strip() == (
            f"포트 {port}번을 쓸 수 없습니다(다른 데모가 켜져 있나요?): "
            "--port로 다른 번호를 정하거나 --port 0으로 빈 포트를 쓰세요."
        )
        with pytest.raises(PortTaken):
            refuse_taken(port)
    refuse_taken(0)


def test_the_market_that_is_shown_sells_a_quarter_and_graduates_within_ten_sessions() -> None:
    bars = [
        Bar(day=bar.day, open=bar.open, high=bar.high, low=bar.low, close=bar.close)
        for bar in seeded(SHOWN_SEED, "TQQQ").bars["TQQQ"][:11]
    ]
    sessions = run(start(versions.rules("4.0", "TQQQ", 40), Decimal(20000)), bars).sessions
    legs = [{fill.order.leg for fill in session.fills} for session in sessions]
    assert Leg.FIRST in legs[0]
    assert [number for number, filled in enumerate(legs, 1) if Leg.QUARTER in filled] == [7, 8]
    assert [number for number, filled in enumerate(legs, 1) if Leg.TARGET in filled] == [8]
    assert sessions[7].quantity == 0
