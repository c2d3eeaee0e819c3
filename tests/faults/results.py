"""What became of the marked tests at their last run: build/faults.json, kept by tests/conftest.py.

Runs of parts of the tests, also side by side, each replace what they have run.
"""

import fcntl
import json
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RESULTS = ROOT / "build" / "faults.json"
SIMULATED = ROOT / "build" / "simulation.json"

# A test with many parameters is as good as the worst of them.
_BY_WEIGHT = ("passed", "skipped", "failed")


def worse(one: str, other: str) -> str:
    """Of two outcomes of a test give the one that counts."""
    return max(one, other, key=_BY_WEIGHT.index)


def read(path: Path = RESULTS) -> dict[str, str]:
    """Read the outcome of each test; nothing where no run has been."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {str(test): str(outcome) for test, outcome in told.items()}


def keep(outcomes: Mapping[str, str], path: Path = RESULTS) -> None:
    """Write down what a run has seen, beside what others have."""
    if not outcomes:
        return
    path.parent.mkdir(exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        fresh = path.with_suffix(".new")
        told = json.dumps({**read(path), **outcomes}, indent=1, sort_keys=True)
        fresh.write_text(told, encoding="utf-8")
        fresh.replace(path)


def hits() -> dict[int, int]:
    """Read how often each row struck in the last `make simulate`; nothing before the first."""
    try:
        told = json.loads(SIMULATED.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return {int(row): int(count) for row, count in told.get("rows", {}).items()}
