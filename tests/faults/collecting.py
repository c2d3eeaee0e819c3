"""Which tests carry which rows, as pytest itself collects them.

A plugin (`-p tests.faults.collecting`) that writes what it saw to the file named by an option, and
`collected()`, which runs pytest with it over every file of tests that uses the marker.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.catalogue import CATALOGUE, MARKER, Level, level_of

ROOT = Path(__file__).resolve().parents[2]
OPTION = "--fault-marks-to"


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """A test (its node id without parameters) that stands for a row at a level."""

    row: int
    test: str
    level: Level


def proofs_of(item: pytest.Item) -> list[Proof]:
    """Read a test's markers.

    Raises ValueError for a row or a word that the catalogue lacks, and for a claim to be of level S
    outside of the simulated world.
    """
    test = item.nodeid.partition("[")[0]
    known = {row.number for row in CATALOGUE}
    found: list[Proof] = []
    for mark in item.iter_markers(MARKER):
        if not mark.args or not known.issuperset(mark.args) or set(mark.kwargs) - {"level"}:
            raise ValueError(f"{item.nodeid}: no such mark: fault{mark.args} {mark.kwargs}")
        level = Level(mark.kwargs.get("level", level_of(test)))
        if Level.SIMULATION in (level, level_of(test)) and level is not level_of(test):
            raise ValueError(f"{item.nodeid}: only what lives in the simulation is of level S")
        found += [Proof(row=row, test=test, level=level) for row in mark.args]
    return found


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(OPTION, default="", help="write the rows that tests carry to this file")


def pytest_collection_finish(session: pytest.Session) -> None:
    to = session.config.getoption(OPTION)
    if to:
        proofs = [proof for item in session.items for proof in proofs_of(item)]
        told = sorted({(each.row, each.test, each.level.value) for each in proofs})
        Path(to).write_text(json.dumps(told), encoding="utf-8")


def collected() -> tuple[Proof, ...]:
    """Collect every marked test by row, then by name."""
    with tempfile.TemporaryDirectory() as folder:
        to = Path(folder) / "marks.json"
        done = subprocess.run(
            [
                *(sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", __name__),
                *("-p", "no:cacheprovider", OPTION, str(to), *_files_with_marks()),
            ],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise ValueError(f"the tests cannot be collected:\n{done.stdout[-3000:]}{done.stderr}")
        told = json.loads(to.read_text(encoding="utf-8"))
    return tuple(Proof(row=row, test=test, level=Level(level)) for row, test, level in told)


def _files_with_marks() -> list[str]:
    """Name the files that speak of the marker: collecting all of them takes much longer."""
    words = f"mark.{MARKER}"
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return [str(path.relative_to(ROOT)) for path in files if words in path.read_text("utf-8")]


def missing(proofs: Iterable[Proof]) -> Mapping[int, str]:
    """Say of every row that lacks a test at a level which levels those are."""
    have = {(proof.row, proof.level) for proof in proofs}
    lacks = {
        row.number: "".join(each for each in row.levels if (row.number, each) not in have)
        for row in CATALOGUE
    }
    return {number: levels for number, levels in lacks.items() if levels}
