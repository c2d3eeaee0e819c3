"""`muhan sweep --scheduler` on a dask scheduler and two workers of this machine."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.bot.laboratory.studies import bars, fall_and_rise
from tests.bot.sweeps import called, write_prices
from tests.bot.test_sweep_processes import PATIENCE, some_done, started, until

pytestmark = pytest.mark.skipif(
    find_spec("distributed") is None, reason="the extra sweep is not installed"
)


class Cluster:
    """A scheduler and two workers, each a process of its own, gone with the test."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self._folder, self._stack = folder, stack
        written = folder / "scheduler.json"
        self._begin("scheduler", "--port", "0", "--no-show", "--scheduler-file", str(written))
        until(written.exists, "the scheduler did not start")
        self.address = str(json.loads(written.read_text())["address"])
        self.workers = [
            self._begin("worker", self.address, "--nthreads", "1", "--no-nanny") for _ in range(2)
        ]

    def _begin(self, *words: str) -> subprocess.Popen[bytes]:
        dask = Path(sys.executable).with_name("dask")
        process = subprocess.Popen(
            [dask, *words, "--host", "127.0.0.1", "--no-dashboard"],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "DASK_TEMPORARY_DIRECTORY": str(self._folder)},
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    with ExitStack() as stack:
        yield Cluster(tmp_path, stack)


def test_a_cluster_comes_to_the_same_and_a_killed_worker_loses_nothing(
    tmp_path: Path, cluster: Cluster
) -> None:
    write_prices(tmp_path, made=bars(fall_and_rise() * 3))
    with started(tmp_path, "here.csv") as here:
        assert here.wait(PATIENCE) == 0
    line = ("--scheduler", cluster.address, "--json")
    with started(tmp_path, "there.csv", *line, workers=()) as there:
        until(lambda: some_done(tmp_path / "there.csv.part"), "no parcel came from the cluster")
        cluster.workers[0].send_signal(signal.SIGKILL)
        stdout, said = there.communicate(timeout=PATIENCE)
        assert there.returncode == 0, said
    document = json.loads(stdout)
    assert document["runs_known"] == 0
    assert (tmp_path / "there.csv").read_bytes() == (tmp_path / "here.csv").read_bytes()


def test_a_scheduler_that_does_not_answer_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.laboratory.sweeps.cluster.PATIENCE", 1.0)
    prices = write_prices(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = called(prices, "--scheduler", f"tcp://127.0.0.1:{port}", workers=())
    assert result.exit_code == 3
    bar, last = result.stderr.strip().splitlines()
    assert bar.startswith("sweep")
    assert last.startswith(f"No dask scheduler answers at tcp://127.0.0.1:{port} (")
