"""Cells that were run before: a file a question, named by the data, the agreement and the program.

A line a cell, written as soon as it is known, so that what was stopped goes on where it was. A
folder that cannot be written to costs time and nothing else.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.laboratory.grid_errand import Cell, GridErrand
from strategy.model import Rules

FOLDER = "laboratory"
KEPT = 20
"""So many questions are remembered; the oldest file makes room."""

_CELL = TypeAdapter(Cell)


class KnownCells:
    """The cells of one question under a MUHAN_HOME."""

    def __init__(self, home: Path, errand: GridErrand, data_sha256: str) -> None:
        self._path = home / FOLDER / f"grid-{_named(errand, data_sha256)}.jsonl"
        self._known: dict[tuple[int, str], Cell] = {}
        with suppress(OSError):
            for line in self._path.read_bytes().splitlines():
                self._remember(line)

    def of(self, rules: Rules) -> Cell | None:
        return self._known.get((rules.splits, str(rules.target_percent)))

    def keep(self, cells: Sequence[Cell]) -> None:
        """Keep cells for the next time."""
        for cell in cells:
            self._known[cell.splits, str(cell.target_percent)] = cell
        with suppress(OSError):
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            with self._path.open("ab") as file:
                file.writelines(_CELL.dump_json(cell) + b"\n" for cell in cells)

    def make_room(self) -> None:
        """Remove the files of the oldest questions."""
        with suppress(OSError):
            files = sorted(
                self._path.parent.glob("grid-*.jsonl"), key=lambda each: each.stat().st_mtime
            )
            for old in files[:-KEPT]:
                old.unlink(missing_ok=True)

    def _remember(self, line: bytes) -> None:
        # A line that a power cut tore is no cell.
        with suppress(ValidationError):
            cell = _CELL.validate_json(line)
            self._known[cell.splits, str(cell.target_percent)] = cell


def _named(errand: GridErrand, data_sha256: str) -> str:
    rules = TypeAdapter(Rules).dump_python(errand.rules, mode="json")
    asked = {
        "rules": {name: value for name, value in rules.items() if name not in _VARIED},
        "principal": str(errand.principal),
        "start": str(errand.start),
        "data": data_sha256,
        "program": version("muhan"),
    }
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:32]


_VARIED = {"splits", "target_percent", "reverse_exit_percent"}
