"""What `muhan backtest` answers: a JSON document, the table of days, and tables for people."""

import csv
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.figures import Document, cents, exact
from strategy import performance
from strategy.backtest import Result, Session
from strategy.cycle import FinishedCycle
from strategy.model import Rules
from strategy.price import round12

DAYS_HEADER = (
    "date",
    "close",
    "phase",
    "turn",
    "quantity",
    "average",
    "cash",
    "unit",
    "bought",
    "sold",
    "realized",
    "equity",
    "cycle",
)

def backtest_document(result: Result, digest: str) -> Document:
    """Describe a run as `command-line.md` lays it down; money is USD, percentages are percent.

    `cycles` are the finished ones; the one still running stands in `open_cycle`.
    """
    began, running = result.began, result.cycle
    return {
        "method": began.rules.method,
        "symbol": began.rules.symbol,
        "parameters": _parameters(began.rules) | {"principal": exact(began.principal)},
        "sessions": len(result.sessions),
        "first_session": result.sessions[0].day.isoformat(),
        "last_session": result.sessions[-1].day.isoformat(),
        "final_equity": exact(result.final_equity),
        "realized": exact(result.realized),
        "fees": exact(result.fees),
        "cycles": [_finished(cycle) for cycle in result.finished],
        "open_cycle": {
            "number": running.number,
            "start": None if running.started is None else running.started.isoformat(),
            "sessions": running.sessions,
            "phase": running.phase.value,
            "turn": exact(running.turn),
            "quantity": running.quantity,
            "average": exact(running.average),
            "cash": exact(running.cash),
            "reserve": exact(running.reserve),
            "realized": exact(running.realized),
            "max_turn": exact(running.max_turn),
            "exhausted": running.exhausted,
        },
        "cagr_percent": exact(result.cagr_percent),
        "max_drawdown_percent": exact(result.max_drawdown_percent),
        "exhausted_sessions": result.exhausted_sessions,
        "hold_return_percent": exact(result.hold_return_percent),
        "data_sha256": digest,
    }


def write_days(sessions: Iterable[Session], path: Path) -> None:
    """Write one CSV row a session under `DAYS_HEADER`; raises OSError where it cannot."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(DAYS_HEADER)
        writer.writerows(_row(session) for session in sessions)


def print_backtest(result: Result, console: Console) -> None:
    """Show a run's figures and its cycles as tables."""
    figures = Table("figure", "value")
    rows = {
        "sessions": f"{len(result.sessions)}, {result.sessions[0].day} to "
        f"{result.sessions[-1].day}",
        "final equity": f"{result.final_equity:,.2f} USD",
        "realized": f"{result.realized:,.2f} USD",
        "fees": f"{result.fees:,.2f} USD",
        "growth a year": f"{result.cagr_percent:.2f} %",
        "deepest fall": f"{result.max_drawdown_percent:.2f} %",
        "holding instead": f"{result.hold_return_percent:.2f} %",
        "cycles finished": str(len(result.finished)),
        "sessions exhausted": str(result.exhausted_sessions),
    }
    for name, value in rows.items():
        figures.add_row(name, value)
    console.print(figures)
    cycles = Table("cycle", "from", "to", "days", "profit", "%", "max T", "out")
    for cycle in result.finished:
        document = _finished(cycle)
        cells = [document["number"], document["start"], document["end"], document["sessions"]]
        cells += [f"{cycle.realized:,.2f}", document["return_percent"], f"{cycle.max_turn:.2f}"]
        cycles.add_row(*map(str, cells), "yes" if cycle.exhausted else "")
    console.print(cycles)


def _finished(cycle: FinishedCycle) -> Document:
    gained = performance.return_percent(cycle.principal, cycle.principal + cycle.realized)
    return {
        "number": cycle.number,
        "start": cycle.started.isoformat(),
        "end": cycle.ended.isoformat(),
        "sessions": cycle.sessions,
        "realized": exact(cycle.realized),
        "return_percent": exact(gained),
        "max_turn": exact(cycle.max_turn),
        "exhausted": cycle.exhausted,
    }


def _parameters(rules: Rules) -> Document:
    return {each.name: _value(getattr(rules, each.name)) for each in fields(rules)}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return exact(value)
    return value.value if isinstance(value, Enum) else value


def _row(session: Session) -> list[str]:
    return [
        session.day.isoformat(),
        cents(session.close) or "",
        session.phase.value,
        exact(session.turn),
        str(session.quantity),
        exact(session.average),
        exact(session.cash),
        exact(round12(session.unit)),
        str(session.bought),
        str(session.sold),
        exact(session.realized),
        exact(session.equity),
        str(session.cycle),
    ]
