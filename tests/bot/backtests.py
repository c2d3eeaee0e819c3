"""Calls of `muhan backtest` on a small market, and what they answer."""

import json
from pathlib import Path
from typing import Any

import typer
from typer.testing import CliRunner, Result

from bot.cli_backtest import backtest

APP = typer.Typer()
APP.command()(backtest)
APP.command("nothing")(lambda: None)
RUNNER = CliRunner()

CLOSES = (40, 41, 39, 42, 60, 50, 48)
DAYS = [f"2026-10-{day:02}" for day in (5, 6, 7, 8, 9, 12, 13)]
HEADER = "date,close,phase,turn,quantity,average,cash,unit,bought,sold,realized,equity,cycle"


def write_prices(folder: Path) -> Path:
    path = folder / "TQQQ.csv"
    rows = [f"{day},{c},{c},{c},{c},1000" for day, c in zip(DAYS, CLOSES, strict=True)]
    path.write_text("\n".join(["date,open,high,low,close,volume", *rows, ""]), encoding="utf-8")
    return path


def called(prices: Path, *more: str) -> Result:
    line = "backtest --symbol TQQQ --method 4.0 --splits 40 --principal 20000 --prices"
    return RUNNER.invoke(APP, [*line.split(), str(prices), *more])


def document_of(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.output
    assert result.stdout.count("\n") == 1
    document: dict[str, Any] = json.loads(result.stdout)
    return document


def refusal_of(result: Result) -> str:
    assert result.exit_code == 3, result.output
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    return result.stderr
