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
from bot.laboratory.engines import Wanted, chosen
from bot.laboratory.grid import agreements, check_size, parcels, played
from bot.laboratory.grid_cells import KnownCells
from bot.laboratory.grid_errand import NOBODY, Cell, Grid, GridErrand
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
        engine, cells = _run(errand, window, KnownCells(home, errand, window.sha256))
    except MuhanError as error:
        tell({"refused": [error.korean, error.english]})
        sys.exit(3)
    grid = Grid(
        first=window.traded[0].day,
        last=window.traded[-1].day,
        sessions=len(window.traded),
        cells=cells,
        engine=engine,
    )
    tell({"outcome": TypeAdapter(Grid).dump_python(grid, mode="json")})


def _run(errand: GridErrand, window: Window, known: KnownCells) -> tuple[str, tuple[Cell, ...]]:
    wanted, sessions = list(agreements(errand)), len(window.traded)
    missing = [rules for rules in wanted if known.of(rules) is None]
    playing = chosen(Wanted.AUTO, missing, len(missing) * sessions)
    check_size(len(missing), sessions, playing)
    done, told = len(wanted) - len(missing), -_TELL
    for parcel in parcels(missing, sessions, playing.engine):
        if time.monotonic() - told >= _TELL:
            told = time.monotonic()
            tell({"step": "grid", "done": done, "total": len(wanted)})
        try:
            cells = played(playing.engine, parcel, errand.principal, window)
        except StrategyError as error:
            raise unrunnable(error) from error
        known.keep(cells)
        done += len(cells)
    known.make_room()
    found = (known.of(rules) for rules in wanted)
    return playing.engine if missing else NOBODY, tuple(cell for cell in found if cell is not None)


if __name__ == "__main__":
    main()
