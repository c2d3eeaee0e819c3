"""What many runs have covered: faults that struck, edges that were crossed, days a second.

A gate names what is too little: a suite of simulated days is no proof about a fault that it never
met, nor about an edge of the journal's state machine that it never crossed.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import ceil

from bot.trading.life import TRANSITIONS
from bot.trading.model import OrderState
from tests.simulation.faults import Fault
from tests.simulation.lives import Edge

EACH_FAULT = 100
EACH_EDGE = 50
_EVERY_EDGE = "tests/bot/trading/test_every_edge.py"
ELSEWHERE: dict[Edge, str] = {
    # An order that the exchange refused cannot be filled: no honest market does it. The edge is
    # there because no state is deaf to a fill (safety.md 4(c)).
    (OrderState.REJECTED_LATE, OrderState.PARTIAL): f"{_EVERY_EDGE}: ends_of_every_kind",
    # Three accidents at once: the gateway lets the last try through that it turns away, or an
    # outage begins then, and a program's like of it comes within ten minutes. Some runs meet it.
    (OrderState.REFUSED, OrderState.AMBIGUOUS): f"{_EVERY_EDGE}: a_refused_order_has_twins",
    (OrderState.WITHHELD, OrderState.AMBIGUOUS): (
        f"{_EVERY_EDGE}: an_order_that_was_never_sent_has_twins"
    ),
}
"""Edges that no run of the real venue crosses, and the test that crosses them instead."""


@dataclass(kw_only=True)
class Tally:
    """The sum of runs. `days` are simulated trading days, `seconds` are of one core."""

    runs: int = 0
    days: int = 0
    seconds: float = 0.0
    kills: int = 0
    points: int = 0
    violations: int = 0
    hits: Counter[Fault] = field(default_factory=Counter)
    edges: Counter[Edge] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        self.runs += other.runs
        self.days += other.days
        self.seconds += other.seconds
        self.kills += other.kills
        self.points += other.points
        self.violations += other.violations
        self.hits.update(other.hits)
        self.edges.update(other.edges)

    @property
    def rate(self) -> float:
        """Simulated days of the real code a second, on one core."""
        return self.days / self.seconds if self.seconds else 0.0


def every_edge() -> list[Edge]:
    """List the edges of the journal's table, in its order."""
    return [
        (before, after)
        for before in OrderState
        for after in OrderState
        if after in TRANSITIONS.get(before, ())
    ]


def shortfalls(tally: Tally, *, part: float = 1.0) -> list[str]:
    """Say which gates a suite of runs does not pass.

    A `part` of the whole suite owes half of that part of each: few of what is rare come by luck.
    """
    owed = part if part >= 1 else part / 2
    each_fault, each_edge = ceil(EACH_FAULT * owed), ceil(EACH_EDGE * owed)
    faults = [
        f"fault {fault.value} (row {fault.row}) struck {tally.hits[fault]} of {each_fault} times"
        for fault in Fault
        if tally.hits[fault] < each_fault
    ]
    edges = [
        f"edge {name(edge)} was crossed {tally.edges[edge]} of {each_edge} times"
        for edge in every_edge()
        if edge not in ELSEWHERE and tally.edges[edge] < each_edge
    ]
    strange = [
        f"edge {name(edge)} stands in no table, crossed {times} times"
        for edge, times in tally.edges.items()
        if edge[1] not in TRANSITIONS.get(edge[0], ())
    ]
    violations = [f"{tally.violations} violations"] if tally.violations else []
    return [*violations, *faults, *edges, *strange]


def name(edge: Edge) -> str:
    return f"{edge[0].value} -> {edge[1].value}"


def table(counts: Mapping[str, int] | Iterable[tuple[str, int]], *, columns: int = 3) -> str:
    """Set counts in columns, as they come."""
    cells = [f"{key:<34}{count:>8}" for key, count in dict(counts).items()]
    rows = [cells[start : start + columns] for start in range(0, len(cells), columns)]
    return "\n".join("   ".join(row) for row in rows)
