"""Where backtests are run from afar: a worker process each, ended when nobody waits for it."""

import asyncio
import json
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import structlog
from pydantic import TypeAdapter

from bot.charts.child import environment
from bot.laboratory.errand import Brought, Errand, ErrandFailed, Outcome, Step
from bot.laboratory.grid_errand import Grid, GridErrand
from bot.laboratory.price_store import NothingStored, PriceStore, StoreDamaged

OnStep = Callable[[Step], Awaitable[None]]

PATIENCE = 900.0
"""Seconds that a run may take: thirty years of prices take a small machine a few minutes."""

LONGEST_LINE = 2**26
"""Bytes of a worker's last line: some 200 for each cell of a grid."""

RUNS, GRIDS = "bot.laboratory.worker", "bot.laboratory.grid_worker"
"""The two kinds of workers."""

_LAST_WORDS = 300

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredPrices:
    """The first and the last day of a symbol's stored prices, and how many there are."""

    first: date
    last: date
    days: int


class Workshop:
    """Run backtests over the prices stored under `home`, one worker process each."""

    def __init__(self, home: Path) -> None:
        self._home = home

    def stored(self, symbol: str) -> StoredPrices | None:
        """Say which prices of a symbol are stored; None for none that can be used."""
        try:
            content, _ = PriceStore(self._home).content(symbol)
        except (NothingStored, StoreDamaged):
            return None
        rows = content.decode(errors="replace").splitlines()[1:]
        if not rows:
            return None
        first, last = (date.fromisoformat(row.partition(",")[0]) for row in (rows[0], rows[-1]))
        return StoredPrices(first=first, last=last, days=len(rows))

    async def run(self, errand: Errand, on_step: OnStep) -> Brought:
        """Run a backtest in a worker; `on_step` hears how far it is.

        The worker is ended when this is cancelled. Raises MuhanError.
        """
        with tempfile.TemporaryDirectory(prefix="muhan-backtest-") as name:
            folder = Path(name)
            content = TypeAdapter(Errand).dump_json(errand)
            told = await self._worked(RUNS, content, folder, on_step)
            outcome = TypeAdapter(Outcome).validate_python(told)
            return Brought(
                outcome=outcome,
                picture=_left(folder / "backtest.png"),
                page=_left(folder / "backtest.html"),
                days=_left(folder / "days.csv"),
                run=_left(folder / "run"),
            )

    async def grid(self, errand: GridErrand, on_step: OnStep) -> Grid:
        """Run a grid in a worker, as `run` does. Raises MuhanError."""
        with tempfile.TemporaryDirectory(prefix="muhan-grid-") as name:
            content = TypeAdapter(GridErrand).dump_json(errand)
            told = await self._worked(GRIDS, content, Path(name), on_step)
            return TypeAdapter(Grid).validate_python(told)

    async def _worked(self, module: str, errand: bytes, folder: Path, on_step: OnStep) -> Any:
        with (folder / "worker.log").open("wb") as errors:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                module,
                str(self._home),
                str(folder),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
                env=environment(self._home),
                limit=LONGEST_LINE,
            )
        try:
            async with asyncio.timeout(PATIENCE):
                return await _heard(process, errand, on_step)
        except TimeoutError:
            raise _failed(f"no result within {PATIENCE:.0f} seconds") from None
        except EOFError:
            raise _failed(_last_words(folder / "worker.log")) from None
        finally:
            if process.returncode is None:
                process.kill()
            await process.wait()


async def _heard(process: asyncio.subprocess.Process, errand: bytes, on_step: OnStep) -> Any:
    """Hand the errand over and listen to the end. Raises EOFError when the worker just ends."""
    if process.stdin is None or process.stdout is None:
        raise EOFError
    process.stdin.write(errand)
    process.stdin.close()
    while line := await process.stdout.readline():
        told: dict[str, Any] = json.loads(line)
        if "refused" in told:
            raise ErrandFailed(*told["refused"])
        if "outcome" in told:
            return told["outcome"]
        await on_step(Step(name=told["step"], done=told["done"], total=told["total"]))
    raise EOFError


def _left(path: Path) -> bytes:
    return path.read_bytes() if path.exists() else b""


def _last_words(path: Path) -> str:
    lines = path.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "no word"


def _failed(why: str) -> ErrandFailed:
    log.warning("a backtest failed", why=why[:_LAST_WORDS])
    return ErrandFailed(
        "백테스트를 끝내지 못했습니다. 이유는 로그에 남겼습니다. 주문에는 영향이 없습니다.",
        "The backtest did not come to an end; the log says why. Orders are not touched by it.",
    )
