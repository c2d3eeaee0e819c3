"""What the last `make simulate` came to: build/simulation.json, for docs/faults.md and for us."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.simulation.counts import Tally, name
from tests.simulation.faults import Fault

PATH = Path(__file__).resolve().parents[2] / "build" / "simulation.json"


def rows(tally: Tally) -> dict[int, int]:
    """Count the hits by row of the catalogue."""
    counted: dict[int, int] = {}
    for fault in Fault:
        counted[fault.row] = counted.get(fault.row, 0) + tally.hits[fault]
    return counted


def written(
    tally: Tally,
    *,
    commit: str,
    at: datetime,
    mutants: Mapping[str, str],
    shortfalls: list[str],
    swept: int,
) -> dict[str, Any]:
    """Put a suite's result into JSON's words. `mutants` says of each what killed it, or ""."""
    return {
        "commit": commit,
        "at": at.astimezone(UTC).isoformat(timespec="seconds"),
        "runs": tally.runs,
        "days": tally.days,
        "days_a_second_and_core": round(tally.rate, 1),
        "points": tally.points,
        "deaths": tally.kills,
        "runs_of_the_sweep": swept,
        "violations": tally.violations,
        "rows": {str(row): count for row, count in rows(tally).items()},
        "faults": {fault.value: tally.hits[fault] for fault in Fault},
        "edges": {name(edge): count for edge, count in sorted(tally.edges.items())},
        "mutants": dict(mutants),
        "shortfalls": shortfalls,
    }


def keep(result: Mapping[str, Any], path: Path = PATH) -> None:
    """Write a result down, whole or not at all."""
    path.parent.mkdir(exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    fresh.replace(path)
