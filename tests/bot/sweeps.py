"""Calls of `muhan sweep` on small markets, and small questions for its parts."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner, Result

from bot.cli_sweep import sweep
from bot.laboratory.sweeps.question import Prices, Question
from strategy import sweep as grid
from strategy.model import Bar
from tests.bot.laboratory.studies import bars, fall_and_rise

APP = typer.Typer()
APP.command()(sweep)
APP.command("nothing")(lambda: None)
RUNNER = CliRunner()

LINE = (
    "sweep --engine reference --symbol TQQQ --method 4.0 --splits 20 --start-every 12 --horizon 40"
)


def write_prices(folder: Path, *, symbol: str = "TQQQ", made: Sequence[Bar] = ()) -> Path:
    rows = [
        f"{bar.day},{bar.open},{bar.high},{bar.low},{bar.close},0"
        for bar in made or bars(fall_and_rise())
    ]
    path = folder / f"{symbol}.csv"
    path.write_text("\n".join(["date,open,high,low,close,volume", *rows, ""]), encoding="utf-8")
    return path


def called(
    prices: Path,
    *more: str,
    home: Path | None = None,
    language: str = "en",
    workers: Sequence[str] = ("--workers", "1"),
) -> Result:
    return RUNNER.invoke(
        APP,
        [*LINE.split(), *workers, "--prices", str(prices), *more],
        env={"MUHAN_HOME": str(home or prices.parent / "home"), "MUHAN_LANGUAGE": language},
    )


def question(
    *, every: int = 10, horizons: tuple[int | None, ...] = (40,), **axes: Sequence[Any]
) -> Question:
    """Ask a sweep of TQQQ over a fall and a rise; `axes` are further lists."""
    made, _ = grid.agreements({"method": ["4.0"], "symbol": ["TQQQ"], "splits": [20, 40], **axes})
    return Question(
        agreements=made,
        principal=Decimal(20000),
        prices={"TQQQ": Prices(bars=tuple(bars(fall_and_rise())), first=1, sha256="a" * 64)},
        every=every,
        horizons=horizons,
        varied=("splits", *axes),
    )
