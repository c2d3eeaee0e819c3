"""What a benchmark found: ours beside a named baseline of the same run, as a row of one table.

A ratio says how many times as good as the baseline we are: above 1 is better, whether seconds or
records a second were counted. Rows are kept in build/bench.json, each with the load of the machine
while it was measured; a row replaces the one before of its name and baseline; on another machine or
with other versions the table begins anew.
"""

import json
import os
import platform
import sqlite3
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[2]
KEPT = ROOT / "build" / "bench.json"
PACKAGES = ("aiogram", "aiohttp", "aiosqlite", "pydantic", "websockets")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A figure of ours beside its baseline's: medians, and the spread of the pairs' ratios."""

    name: str
    unit: str
    ours: float
    baseline: str
    theirs: float
    ratio: float
    lowest: float
    highest: float
    load: float

    @property
    def key(self) -> tuple[str, str]:
        """Tell rows apart."""
        return self.name, self.baseline

    def __str__(self) -> str:
        """Word it for a terminal, as wide as HEAD."""
        return (
            f"{self.name:46.46} {figure(self.ours):>10} {figure(self.theirs):>10} {self.unit:11}"
            f" {self.baseline:38.38} {figure(self.ratio):>8}  {spread(self)}"
        )


HEAD = f"{'':46} {'ours':>10} {'theirs':>10} {'':11} {'baseline':38} {'ratio':>8}  spread"


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """The rows of one machine with one set of versions."""

    machine: str
    versions: str
    rows: tuple[Row, ...]


def compared(
    name: str,
    unit: str,
    ours: Sequence[float],
    baseline: str,
    theirs: Sequence[float],
    *,
    more_is_better: bool = False,
) -> Row:
    """Make a row of figures measured in turn: pairs, so that a drift of the machine meets both."""
    pairs = zip(ours, theirs, strict=True)
    ratios = [own / peer if more_is_better else peer / own for own, peer in pairs]
    return Row(
        name=name,
        unit=unit,
        ours=statistics.median(ours),
        baseline=baseline,
        theirs=statistics.median(theirs),
        ratio=statistics.median(ratios),
        lowest=min(ratios),
        highest=max(ratios),
        load=round(os.getloadavg()[0], 1),
    )


def figure(value: float) -> str:
    """Word a figure with three digits that mean something."""
    if value and abs(value) < 100:
        digits = 2 if abs(value) >= 1 else 4
        return f"{value:.{digits}f}" if abs(value) < 10 else f"{value:.1f}"
    return f"{value:,.0f}"


def spread(row: Row) -> str:
    """Word how far the pairs' ratios lie apart."""
    return f"{figure(row.lowest)} to {figure(row.highest)}"


def here() -> Table:
    """Name this machine and what runs on it; no rows yet."""
    versions = [f"CPython {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    versions += [f"{name} {metadata.version(name)}" for name in PACKAGES]
    machine = (platform.machine(), _processor(), f"{os.cpu_count()} cores", platform.system())
    return Table(
        machine=", ".join(machine),
        versions=", ".join(versions),
        rows=(),
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.processor())


def kept(file: Path = KEPT) -> Table | None:
    """Read the table of the last runs; None where none was kept."""
    if not file.exists():
        return None
    held = json.loads(file.read_text(encoding="utf-8"))
    return Table(**held | {"rows": tuple(Row(**row) for row in held["rows"])})


def keep(rows: Iterable[Row], file: Path = KEPT) -> Table:
    """Add rows to the kept table, in the place of those of the same keys."""
    table, before = here(), kept(file)
    found: dict[tuple[str, str], Row] = {}
    if before is not None and (before.machine, before.versions) == (table.machine, table.versions):
        found = {row.key: row for row in before.rows}
    found |= {row.key: row for row in rows}
    whole = Table(machine=table.machine, versions=table.versions, rows=tuple(found.values()))
    file.parent.mkdir(exist_ok=True)
    file.write_text(json.dumps(asdict(whole), indent=1, ensure_ascii=False), encoding="utf-8")
    return whole
