"""How fast trades come over a loopback websocket into the hands of a program, beside python-kis.

The same server, in a process of its own, sends the same frames as fast as they are read. Asserts
that no trade was lost and no gap announced, and no times.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.benchmarks import taped
from tests.benchmarks.conftest import Tell
from tests.benchmarks.table import compared
from tests.peers import ROOT, peers_python

PEER = Path(__file__).parent / "peers" / "python_kis_stream.py"
RECORDS = 40_000
ROUNDS = 3


@pytest.mark.parametrize("records", [1, 4])
def test_the_stream_beside_python_kis(records: int, tmp_path: Path, tell: Tell) -> None:
    python = peers_python()
    file = tmp_path / "frames.json"
    file.write_text(json.dumps(taped.frames(taped.tape(RECORDS), records)), encoding="utf-8")
    ours: list[float] = []
    theirs: list[float] = []
    with _blasting(file) as port:
        for _ in range(ROUNDS):  # in turn, so that a drift of the machine's speed meets both
            answer = _answer([sys.executable, "-m", "tests.benchmarks.stream_run"], port)
            assert answer["gaps"] == 0
            ours.append(answer["seconds"])
            theirs.append(_answer([str(python), str(PEER)], port)["seconds"])
    tell(
        compared(
            f"websocket stream: {records} a frame",
            "records/s",
            [RECORDS / took for took in ours],
            "python-kis 2.1.6",
            [RECORDS / took for took in theirs],
            more_is_better=True,
        )
    )


@contextmanager
def _blasting(file: Path) -> Iterator[int]:
    command = [sys.executable, "-m", "tests.benchmarks.blasting", str(file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as server:
        assert server.stdout is not None
        try:
            yield int(server.stdout.readline())
        finally:
            server.terminate()


def _answer(command: list[str], port: int) -> dict[str, Any]:
    command = [*command, str(port), str(RECORDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    assert answer["count"] == RECORDS
    return answer
