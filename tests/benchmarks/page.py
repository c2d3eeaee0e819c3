"""docs/performance.md, made from the rows that `make bench` kept; and the page as a yardstick.

    python -m tests.benchmarks.page          # writes the page from build/bench.json
    python -m tests.benchmarks.page --check  # compares the kept rows with it: exits 1 when worse

Only ratios are compared, never seconds: a row is worse when the best pair of its run falls below
half of the worst pair on the page.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.table import KEPT, ROOT, Row, Table, figure, kept, spread

PAGE = ROOT / "docs" / "performance.md"
WORSE = 0.5
BUSY = 0.7  # of the cores at work, from which on a figure is marked


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What the project set itself: at least a ratio, or at most so many units of ours."""

    name: str
    baseline: str
    ratio: float | None = None
    most: float | None = None

    def __str__(self) -> str:
        """Word it for the page."""
        if self.ratio is not None:
            return f"at least {figure(self.ratio)} times {self.baseline}"
        return f"at most {figure(self.most or 0)}"

    def met(self, row: Row) -> bool:
        """Tell whether a row's medians do it."""
        if self.ratio is not None:
            return row.ratio >= self.ratio
        return self.most is not None and row.ours <= self.most


ASKED = (
    Asked(name="bus: a burst of 100,000 events", baseline="asyncio.PriorityQueue", ratio=4),
    Asked(
        name="bus: publish to a waiting subscriber, p99",
        baseline="PriorityQueue.put_nowait",
        most=1000,
    ),
    Asked(name="journal: one event, p99", baseline="the disk's own sync of a page", ratio=0.5),
    Asked(name="one backtest by the kernel, 4,100 sessions", baseline="the reference", ratio=25),
    Asked(name="muhan run: ready, clean journal", baseline="bare aiogram bot", most=1.5),
    Asked(name="muhan run: idle", baseline="bare aiogram bot", most=110),
    Asked(
        name="tap to first order durably sent, p99", baseline="the same with a durable row", most=50
    ),
)

HEAD = """# How fast it is

Made by `python -m tests.benchmarks.page` from what `make bench` measured; change no figure by hand.

Every figure of ours stands beside a named baseline that ran in the same process or in turn with it.
A ratio says how many times as good as the baseline ours is: **above 1 is better**, whether time,
memory or a rate was counted. Figures are medians, the spread is the lowest and the highest ratio of
the pairs. `make bench-check` measures anew and compares ratios with this page, never seconds: a row
is worse when its best pair falls below half of the worst pair here.

The load is the machine's, over the last minute, when the row was measured; on {cores} cores a
figure seen at {busy} or more is marked "busy" and worth less.
"""


def worded(table: Table) -> str:
    """Word the page."""
    cores = _cores(table)
    lines = [
        HEAD.format(cores=cores, busy=f"{cores * BUSY:.1f}"),
        f"Machine: {table.machine}.  ",
        f"Versions: {table.versions}.",
        "",
        "| | ours | baseline | its figure | ratio | spread | load |",
        "|---|---:|---|---:|---:|---|---|",
        *(_line(row, cores) for row in sorted(table.rows, key=lambda row: row.name.split(":")[0])),
        "",
        "## What was asked for",
        "",
        "| | asked | seen | |",
        "|---|---|---|---|",
        *(_verdict(asked, table.rows) for asked in ASKED),
    ]
    return "\n".join(lines) + "\n"


def _cores(table: Table) -> int:
    return int(
        next(part for part in table.machine.split(", ") if part.endswith(" cores")).split()[0]
    )


def _line(row: Row, cores: int) -> str:
    load = f"{row.load:.1f}" + (", busy" if row.load >= cores * BUSY else "")
    return (
        f"| {row.name} | {figure(row.ours)} {row.unit} | {row.baseline}"
        f" | {figure(row.theirs)} {row.unit} | {figure(row.ratio)} | {spread(row)} | {load} |"
    )


def _verdict(asked: Asked, rows: Sequence[Row]) -> str:
    row = next((row for row in rows if row.key == (asked.name, asked.baseline)), None)
    if row is None:
        return f"| {asked.name} | {asked} | not measured | |"
    seen = figure(row.ratio) if asked.ratio is not None else f"{figure(row.ours)} {row.unit}"
    unit = "" if asked.ratio is not None else f" {row.unit}"
    return (
        f"| {asked.name} | {asked}{unit} | {seen} | {'met' if asked.met(row) else '**not met**'} |"
    )


def lowest_of(page: str) -> dict[tuple[str, str], float]:
    """Read each row's lowest ratio from the page."""
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    rows = [row for row in cells if len(row) == 7 and " to " in row[5]]
    return {(row[0], row[2]): float(row[5].split(" to ")[0].replace(",", "")) for row in rows}


def worse(rows: Sequence[Row], page: str) -> list[str]:
    """List the rows that are worse than the page says, in words."""
    known = lowest_of(page)
    return [
        f"{row.name}, beside {row.baseline}: at best {figure(row.highest)},"
        f" and the page has at least {figure(known[row.key])}"
        for row in rows
        if row.key in known and row.highest < known[row.key] * WORSE
    ]


def main(arguments: Sequence[str], *, file: Path = KEPT, page: Path = PAGE) -> int:
    """Write the page, or compare with it; answers the exit code."""
    table = kept(file)
    if table is None or not table.rows:
        print("nothing was measured yet: run make bench first", file=sys.stderr)
        return 2
    if list(arguments) != ["--check"]:
        page.write_text(worded(table), encoding="utf-8")
        return 0
    told = page.read_text(encoding="utf-8")
    for sentence in worse(table.rows, told):
        print(f"worse: {sentence}", file=sys.stderr)
    missing = lowest_of(told).keys() - {row.key for row in table.rows}
    for name, baseline in sorted(missing):
        print(f"not measured: {name}, beside {baseline}", file=sys.stderr)
    return 1 if worse(table.rows, told) or missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
