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
    """What the project set itself: a ratio at least or units of ours at most; `aim` is its hope."""

    name: str
    baseline: str
    ratio: float | None = None
    most: float | None = None
    aim: float | None = None

    def verdict(self, row: Row) -> str:
        """Word what was asked and whether a row's medians do it."""
        said = [f"{self._worded(self.limit, row)}: {'met' if self.met(row) else '**not met**'}"]
        if self.aim is not None:
            reached = "reached" if self._does(self.aim, row) else "not reached"
            said.append(f"aim {self._worded(self.aim, row)}: {reached}")
        return "; ".join(said)

    @property
    def limit(self) -> float:
        """Give the ratio, or the units, that was asked."""
        return self.most or 0 if self.ratio is None else self.ratio

    def met(self, row: Row) -> bool:
        """Tell whether a row's medians do what was asked."""
        return self._does(self.limit, row)

    def _does(self, limit: float, row: Row) -> bool:
        return row.ours <= limit if self.ratio is None else row.ratio >= limit

    def _worded(self, limit: float, row: Row) -> str:
        plain = f"{limit:,.10g}"
        return f"at most {plain} {row.unit}" if self.ratio is None else f"at least {plain} times"


STUDY = "a run of 10,000, 4,100 bars, all cores, 8 rungs"
VECTORBT = "vectorbt 1.2.0, same orders ready made"
BACKTESTING = "backtesting.py 0.6.6, same orders ready made"

ASKED = (
    Asked(name=STUDY, baseline=VECTORBT, ratio=30, aim=300),
    Asked(name=STUDY, baseline=BACKTESTING, ratio=3_000, aim=25_000),
    Asked(name="one backtest by the kernel, 4,100 sessions", baseline="the reference", ratio=25),
    *(
        Asked(name=f"bus: a burst of {burst} events", baseline="asyncio.PriorityQueue", ratio=4)
        for burst in ("1,000", "10,000", "100,000")
    ),
    Asked(name="bus: direct delivery, p99", baseline="PriorityQueue.put_nowait alone", most=1_000),
    Asked(name="journal: one event, p99", baseline="the disk's own sync of a page", ratio=0.5),
    Asked(
        name="tap to first order durably sent, p99", baseline="the same with a durable row", most=50
    ),
    Asked(name="muhan run: ready, clean journal", baseline="bare aiogram bot", most=1.5, aim=0.75),
    Asked(name="muhan run: idle", baseline="bare aiogram bot", most=110, aim=75),
)

GROUPS = (
    ("Backtests", ("a run of", "one backtest", "plan")),
    ("Events and orders", ("bus", "journal", "tap")),
    ("Prices", ("frames", "websocket", "minute bars", "simulator")),
    ("Start, memory and the whole program", ("",)),
)
"""Headings, and how the names of their rows begin; a row stands under the first that fits."""

HEAD = """# How fast it is

Made by `python -m tests.benchmarks.page` from what `make bench` measured; change no figure by hand.

Every figure of ours stands beside a named baseline that ran in the same process or in turn with it.
A ratio says how many times as good as the baseline ours is: **above 1 is better**, whether time,
memory or a rate was counted. Figures are medians, the spread is the lowest and the highest ratio of
the pairs. What was asked of a figure stands behind it, and whether it is met.

The load is the machine's, over the last minute, when the row was measured; on {cores} cores a
figure seen at {busy} or more is marked "busy" and worth less.

`make bench-check` measures anew and compares ratios with this page, never seconds: a row is worse
when its best pair falls below half of the worst pair here.
"""

_BACKTESTS = """\
The runs of the study are V4.0 with 63 agreements and 160 start dates; some, from all over it, are
held to the reference to the cent. vectorbt and backtesting.py are handed our orders ready made,
plan nothing, run on the one core they use, and are held to the shares that filled on every bar.
vectorbt has no resting orders: a compiled function of ours finds those that the bar fills.
"""

NOTES = {"Backtests": _BACKTESTS}

COLUMNS = ("", "ours", "baseline", "its figure", "ratio", "spread", "asked", "load")


def worded(table: Table) -> str:
    """Word the page."""
    cores = _cores(table)
    lines = [
        HEAD.format(cores=cores, busy=f"{cores * BUSY:.1f}"),
        f"Machine: {table.machine}.  ",
        f"Versions: {table.versions}.",
        "",
        _missed(table.rows),
    ]
    for heading, rows in _grouped(table.rows).items():
        lines += ["", f"## {heading}", ""]
        lines += [NOTES[heading]] if heading in NOTES else []
        lines += [f"| {' | '.join(COLUMNS)} |"]
        lines += ["|---|---:|---|---:|---:|---|---|---|", *(_line(row, cores) for row in rows)]
    return "\n".join(lines) + "\n"


def _missed(rows: Sequence[Row]) -> str:
    """Say in a paragraph what was asked for and is not there."""
    known = {row.key: row for row in rows}
    keys = [((asked.name, asked.baseline), asked) for asked in ASKED]
    missed = [
        f"{key[0]} ({key[1]})" for key, asked in keys if key in known and not asked.met(known[key])
    ]
    absent = [f"{key[0]} ({key[1]})" for key, _ in keys if key not in known]
    said = f"Asked for and **not met**: {'; '.join(missed) or 'nothing'}."
    return said + (f" Asked for and not measured: {'; '.join(absent)}." if absent else "")


def _grouped(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Put rows under their headings; those of one name stand together, as they were measured."""
    groups: dict[str, list[Row]] = {heading: [] for heading, _ in GROUPS}
    for row in sorted(rows, key=lambda row: row.name.split(":")[0]):
        groups[next(head for head, begins in GROUPS if row.name.startswith(begins))].append(row)
    return {heading: found for heading, found in groups.items() if found}


def _cores(table: Table) -> int:
    return int(
        next(part for part in table.machine.split(", ") if part.endswith(" cores")).split()[0]
    )


def _line(row: Row, cores: int) -> str:
    load = f"{row.load:.1f}" + (", busy" if row.load >= cores * BUSY else "")
    asked = next((each for each in ASKED if (each.name, each.baseline) == row.key), None)
    verdict = "" if asked is None else asked.verdict(row)
    return (
        f"| {row.name} | {figure(row.ours)} {row.unit} | {row.baseline}"
        f" | {figure(row.theirs)} {row.unit} | {figure(row.ratio)} | {spread(row)}"
        f" | {verdict} | {load} |"
    )


def lowest_of(page: str) -> dict[tuple[str, str], float]:
    """Read each row's lowest ratio from the page."""
    cells = [[cell.strip() for cell in line.split("|")[1:-1]] for line in page.splitlines()]
    rows = [row for row in cells if len(row) == len(COLUMNS) and " to " in row[5]]
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
