"""`python -m bot.laboratory.grid_worker HOME FOLDER`: a grid of runs in a process of its own.

It reads a `GridErrand` as JSON from stdin, and writes a line of JSON to stdout for each step and
one for the end, as `worker` does.
"""

import sys
import time
from pathlib import Path

from pydantic import TypeAdapter

from bot.after_orders import step_back
from bot.errors import MuhanError
from bot.laboratory.grid import agreements, check_size, played
from bot.laboratory.grid_cells import KnownCells
from bot.laboratory.grid_errand import Cell, Grid, GridErrand
from bot.laboratory.window import Window, stored_window, unrunnable
from bot.laboratory.worker import tell
from strategy.errors import StrategyError

_TELL = 0.5
"""Seconds between two lines about how far it is."""


def main() -> None:
    """Run the errand of stdin; exit with status 3 and a sentence where it cannot be run."""
    step_back()
    home = Path(sys.argv[1])
    errand = TypeAdapter(GridErrand).validate_json(sys.stdin.buffer.read())
    try:
        window = stored_window(home, errand.rules.symbol, errand.start)
        cells = _run(errand, window, KnownCells(home, errand, window.sha256))
    except MuhanError as error:
        tell({"refused": [error.korean, error.english]})
        sys.exit(3)
    grid = Grid(
        first=window.traded[0].day,
        last=window.traded[-1].day,
        sessions=len(window.traded),
        cells=cells,
    )
    tell({"outcome": TypeAdapter(Grid).dump_python(grid, mode="json")})


def _run(errand: GridErrand, window: Window, known: KnownCells) -> tuple[Cell, ...]:
    wanted = list(agreements(errand))
    check_size(len(wanted), len(window.traded))
    cells: list[Cell] = []
    told = -_TELL
    for place, rules in enumerate(wanted):
        if time.monotonic() - told >= _TELL:
            told = time.monotonic()
            tell({"step": "grid", "done": place, "total": len(wanted)})
        cell = known.of(rules)
        if cell is None:
            try:
                cell = played(rules, errand.principal, window)
            except StrategyError as error:
                raise unrunnable(error) from error
            known.keep(cell)
        cells.append(cell)
    known.make_room()
    return tuple(cells)


if __name__ == "__main__":
    main()
