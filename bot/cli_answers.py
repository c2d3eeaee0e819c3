"""What `muhan plan` and `muhan backtest` answer: JSON documents, the table of days, and tables."""

import csv
import json
from collections.abc import Iterable
from dataclasses import fields
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from strategy import performance
from strategy.backtest import Result, Session
from strategy.cycle import FinishedCycle
from strategy.model import Order, Plan, Rules
from strategy.price import CENT, plain, round12, round_half_up

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

Document = dict[str, Any]


def exact(value: Decimal) -> str:
    """Write a Decimal whole, without exponent and needless zeros."""
    return f"{plain(value):f}"


def cents(value: Decimal | None) -> str | None:
    """Write a price or a unit (USD) with two decimals; None stays None."""
    return None if value is None else f"{round_half_up(value, CENT):f}"


def one_line(document: Document) -> str:
    """Write a JSON document on one line."""
    return json.dumps(document, ensure_ascii=False)


def plan_document(plan: Plan) -> Document:
    """Describe a plan as `command-line.md` lays it down; skips are the legs there are not."""
    rules = plan.cycle.rules
    return {
        "method": rules.method,
        "symbol": rules.symbol,
        "splits": rules.splits,
        "phase": plan.cycle.phase.value,
        "reverse_day": plan.cycle.reverse_day,
        "half": None if plan.half is None else plan.half.value,
        "unit": cents(plan.unit),
        "turn": exact(plan.cycle.turn),
        "star_percent": None if plan.star_percent is None else exact(plan.star_percent),
        "star_price": cents(plan.star_price),
        "orders": [_order(order) for order in plan.orders],
        "skips": [
            {"leg": skip.leg.value, "code": skip.code, "reason": skip.reason} for skip in plan.skips
        ],
    }


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


def print_plan(plan: Plan, console: Console) -> None:
    """Show a plan as a table."""
    document = plan_document(plan)
    half = f", {document['half']} half" if document["half"] else ""
    star = document["star_price"] or "none"
    console.print(
        f"{document['symbol']} V{document['method']}, {document['phase']} phase{half}: "
        f"T {document['turn']}, unit {document['unit']}, star {star}",
        highlight=False,
    )
    table = Table("side", "type", "price", "shares", "leg", "why")
    for order in document["orders"]:
        price = order["price"] or "close"
        cells = (order["side"], order["type"], price, str(order["quantity"]), order["leg"])
        table.add_row(*cells, order["reason"])
    console.print(table)
    for skip in plan.skips:
        console.print(f"no {skip.leg}: {skip.reason}", highlight=False)


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


def _order(order: Order) -> Document:
    return {
        "side": order.side.value,
        "type": order.type.value,
        "price": cents(order.price),
        "quantity": order.quantity,
        "leg": order.leg.value,
        "reason": order.reason,
    }


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
