"""`muhan sweep` as a process of its own: stopped, killed, and gone on with."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.bot.laboratory.studies import bars, fall_and_rise
from tests.bot.sweeps import write_prices

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0
COMPILING = 900.0
"""Seconds that the kernel may take where nobody compiled it before, on a loaded machine."""
STARTS = ["--start-every", "1", "--horizon", "60"]
LINE = "sweep --symbol TQQQ --method 4.0 --splits 20 --target-percent 5:15:5 --ladder 0"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweeps")
    write_prices(folder, made=bars(fall_and_rise() * 3))
    with started(folder, "whole.csv") as whole:
        said = whole.communicate(timeout=PATIENCE)
        assert whole.returncode == 0, said
    return folder


@contextmanager
def started(
    folder: Path,
    out: str,
    *more: str,
    workers: Sequence[str] = ("--workers", "2"),
    engine: str = "reference",
) -> Iterator[subprocess.Popen[str]]:
    words = [
        *LINE.split(),
        *workers,
        "--engine",
        engine,
        *STARTS,
        "--prices",
        str(folder / "TQQQ.csv"),
        "--out",
        str(folder / out),
    ]
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", *words, *more],
        env={
            "NUMBA_CACHE_DIR": str(ROOT / "build" / "numba"),  # the kernel's own tests fill it
            **os.environ,
            "MUHAN_HOME": str(folder / "home"),
            "MUHAN_LANGUAGE": "en",
        },
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def until(condition: Callable[[], bool], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        threading.Event().wait(0.05)


def children(process: subprocess.Popen[str]) -> list[int]:
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(word) for word in listed.read_text().split()]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def some_done(part: Path) -> bool:
    return part.exists() and part.read_bytes().count(b"\n") >= 2


@pytest.mark.parametrize("ended_by", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_sweep_that_was_ended_goes_on_by_the_same_command(
    folder: Path, ended_by: signal.Signals
) -> None:
    name = f"{ended_by.name}.csv"
    part = folder / f"{name}.part"
    with started(folder, name) as process:
        until(lambda: some_done(part), "no parcel was kept")
        workers = children(process)
        process.send_signal(ended_by)
        _, said = process.communicate(timeout=PATIENCE)
        until(lambda: not any(map(is_alive, workers)), "a worker outlived the sweep")
    if ended_by is signal.SIGKILL:
        assert process.returncode == -signal.SIGKILL
    else:
        assert process.returncode == 130
        last = said.strip().splitlines()[-1]
        assert last.startswith("Stopped: ")
        assert last.endswith(f"kept in {part}. The same command goes on from there.")
    assert not (folder / name).exists()
    with started(folder, name, "--json") as again:
        stdout, said = again.communicate(timeout=PATIENCE)
        assert again.returncode == 0, said
    assert '"runs_known": 0' not in stdout
    assert (folder / name).read_bytes() == (folder / "whole.csv").read_bytes()
    assert not part.exists()


@pytest.mark.skipif(find_spec("numba") is None, reason="the extra sweep is not installed")
def test_the_kernel_writes_the_same_file(folder: Path) -> None:
    with started(folder, "kernel.csv", "--json", engine="kernel") as process:
        stdout, said = process.communicate(timeout=COMPILING)
        assert process.returncode == 0, said
    assert json.loads(stdout)["engine"] == "kernel"
    assert (folder / "kernel.csv").read_bytes() == (folder / "whole.csv").read_bytes()
