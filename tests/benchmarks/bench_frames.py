"""How fast frames of US trades become typed events, beside python-kis given the same frames.

Asserts that nothing was lost or changed, and no times. Both run in a process of their own, in turn,
and collect the events. python-kis 2.1.6 takes records of exactly 26 columns, so that is what both
are given. In the busy tape 41 symbols trade 2,000 times a second; in the quiet one each trade has a
second and, nearly, a price of its own.
"""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.benchmarks import taped
from tests.benchmarks.conftest import Tell
from tests.benchmarks.table import compared
from tests.peers import ROOT, peers_python

PEER = Path(__file__).parent / "peers" / "python_kis_frames.py"
RECORDS = 20_000
ROUNDS = 3


def test_frames_beside_python_kis(tmp_path: Path, tell: Tell) -> None:
    python = peers_python()
    busy = taped.tape(RECORDS)
    quiet = taped.tape(RECORDS, a_second=1)
    shapes = [(f"busy, {records} a frame", busy, records) for records in (1, 2, 4, 20)]
    for name, trades, records in [*shapes, ("quiet, 1 a frame", quiet, 1)]:
        file = tmp_path / "frames.json"
        file.write_text(json.dumps(taped.frames(trades, records)), encoding="utf-8")
        ours, theirs = _pairs(python, file, taped.digest(trades))
        tell(
            compared(
                f"frames into trades: {name}",
                "records/s",
                [RECORDS / took for took in ours],
                "python-kis 2.1.6",
                [RECORDS / took for took in theirs],
                more_is_better=True,
            )
        )


def _pairs(python: Path, file: Path, expected: dict[str, str]) -> tuple[list[float], list[float]]:
    """Answer the seconds of both, run in turn so that the machine's drift meets both."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(ROUNDS):
        for seconds, command in (
            (ours, [sys.executable, "-m", "tests.benchmarks.frames_run", str(file)]),
            (theirs, [str(python), str(PEER), str(file)]),
        ):
            answer = _answer(command)
            seconds.append(float(answer.pop("seconds")))
            answer["prices"] = str(Decimal(answer["prices"]))
            assert _numbers(answer) == _numbers(expected)
    return ours, theirs


def _answer(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    answer: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return answer


def _numbers(answer: dict[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(value) for name, value in answer.items()}
