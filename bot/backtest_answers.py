"""What `muhan backtest` answers: a JSON document, the table of days, and tables for people."""

import csv
from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from bot.figures import Document, cents, exact
from bot.laboratory import sheets
from bot.laboratory.assumptions import assumptions
from bot.laboratory.sheets import Sheet
from bot.laboratory.study import Study
from bot.laboratory.words import Language, word
from strategy import exhaustion, performance
from strategy.backtest import Result, Session
from strategy.comparison import Comparison
from strategy.cycle import FinishedCycle
from strategy.model import Rules
from strategy.price import round12
from strategy.start_dates import Start
from strategy.years import Year

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
LEDGER = "ledger"
"""The column that `--days` has besides, where there are several ledgers."""


def backtest_document(study: Study) -> Document:
    """Describe a run as `command-line.md` lays it down; money is USD, percentages are percent.

    `cycles` are the finished ones; those still running stand in `open_cycles`, the first ledger's
    also in `open_cycle`.
    """
    ledgers = study.ledgers
    running = [_running(number, result) for number, result in enumerate(ledgers.results, 1)]
    return {
        "method": study.rules.method,
        "symbol": study.rules.symbol,
        "parameters": _parameters(study),
        "sessions": study.sessions,
        "first_session": ledgers.days[0].isoformat(),
        "last_session": ledgers.days[-1].isoformat(),
        "final_equity": exact(ledgers.final_equity),
        "return_percent": exact(ledgers.return_percent),
        "realized": exact(ledgers.realized),
        "fees": exact(ledgers.fees),
        "sec_fees": exact(ledgers.sec_fees),
        "cycles": list(_finished(study)),
        "wins": study.wins,
        "losses": len(study.finished) - study.wins,
        "open_cycle": running[0],
        "open_cycles": running,
        "cagr_percent": exact(ledgers.cagr_percent),
        "max_drawdown_percent": exact(ledgers.max_drawdown_percent),
        "exhausted_sessions": study.exhausted_sessions,
        "hold_return_percent": exact(ledgers.first.hold_return_percent),
        "hold": _compared(study.hold, "the whole principal at the close before the run"),
        "dca": _compared(
            study.dca,
            f"an equal part of the principal at the close of the first {study.dca.parts} sessions",
        ),
        "years": [_written(year) for year in study.years],
        "phases": {phase.value: count for phase, count in study.phases.items()},
        "longest_cycle": _longest(study),
        "exhaustions": _exhaustions(study),
        **_asked(study),
        "missing_sessions": [day.isoformat() for day in study.missing],
        "unexplained_jumps": [day.isoformat() for day in study.jumps],
        "assumptions": [sentence.english for sentence in assumptions(study)],
        "assumptions_ko": [sentence.korean for sentence in assumptions(study)],
        "data_sha256": study.question.data_sha256,
    }


def write_days(study: Study, path: Path) -> None:
    """Write one CSV row a session under `DAYS_HEADER`; raises OSError where it cannot.

    With several ledgers there is a row for each, in order of date and ledger, and its number last.
    """
    results = study.ledgers.results
    rows = sorted(
        (
            (session.day, number, session)
            for number, result in enumerate(results, 1)
            for session in result.sessions
        ),
        key=lambda each: each[:2],
    )
    several = len(results) > 1
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*DAYS_HEADER, LEDGER] if several else DAYS_HEADER)
        for _, number, session in rows:
            writer.writerow([*_row(session), number] if several else _row(session))


def print_backtest(study: Study, language: Language, console: Console) -> None:
    """Show a run's figures, years and cycles as tables, and what they suppose."""
    rules = study.rules
    values = {"symbol": rules.symbol, "method": rules.method, "splits": rules.splits}
    console.print(word(language, "title", **values), style="bold", highlight=False)
    for sheet in sheets.sheets(study, language):
        console.print(_table(sheet))
    console.print(word(language, "assumptions"), style="bold", highlight=False)
    for sentence in assumptions(study):
        said = sentence.english if language is Language.EN else sentence.korean
        console.print(f"· {said}", highlight=False, markup=False)


def _table(sheet: Sheet) -> Table:
    table = Table(title=sheet.title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for place, name in enumerate(sheet.header):
        table.add_column(name, justify="left" if place == 0 else "right")
    for place, row in enumerate(sheet.rows):
        table.add_row(*row, style="red" if place in sheet.losses else None)
    return table


def _finished(study: Study) -> Iterator[Document]:
    out = [exhaustion.used_up_cycles(result) for result in study.ledgers.results]
    for ledger, cycle in study.finished:
        yield {
            "number": cycle.number,
            "ledger": ledger,
            "start": cycle.started.isoformat(),
            "end": cycle.ended.isoformat(),
            "sessions": cycle.sessions,
            "realized": exact(cycle.realized),
            "fees": exact(cycle.fees),
            "return_percent": exact(_gained(cycle)),
            "max_turn": exact(cycle.max_turn),
            "exhausted": cycle.exhausted or cycle.number in out[ledger - 1],
        }


def _gained(cycle: FinishedCycle) -> Decimal:
    return performance.return_percent(cycle.principal, cycle.principal + cycle.realized)


def _running(ledger: int, result: Result) -> Document:
    running = result.cycle
    return {
        "number": running.number,
        "ledger": ledger,
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
        "exhausted": running.exhausted or running.number in exhaustion.used_up_cycles(result),
    }


def _compared(other: Comparison, how: str) -> Document:
    return {
        "how": how,
        "parts": other.parts,
        "part": exact(other.part),
        "final_equity": exact(other.final_equity),
        "return_percent": exact(other.return_percent),
        "cagr_percent": exact(other.cagr_percent),
        "max_drawdown_percent": exact(other.max_drawdown_percent),
        "fees": exact(other.fees),
    }


def _longest(study: Study) -> Document:
    longest = study.longest
    return {
        "number": longest.number,
        "ledger": longest.ledger,
        "sessions": longest.sessions,
        "start": None if longest.started is None else longest.started.isoformat(),
        "end": None if longest.ended is None else longest.ended.isoformat(),
    }


def _exhaustions(study: Study) -> Document:
    return {
        "count": len(study.spells),
        "sessions": study.exhausted_sessions,
        "longest": max((spell.sessions for spell in study.spells), default=0),
        "spells": [
            {
                "ledger": spell.ledger,
                "start": spell.start.isoformat(),
                "end": spell.end.isoformat(),
                "sessions": spell.sessions,
            }
            for spell in study.spells
        ],
    }


def _asked(study: Study) -> Document:
    """Give what only stands in the document when it was asked for."""
    if not study.question.asks_many:
        return {}
    drawing, starting = study.question.drawing, study.question.starting
    document: Document = {"engine": study.playing.engine}
    if study.odds is not None and drawing is not None:
        document["odds_of_exhaustion"] = {
            "horizon": drawing.horizon,
            "runs": drawing.runs,
            "block": drawing.block,
            "seed": drawing.seed,
            "exhausted": study.odds.exhausted,
            "percent": exact(study.odds.percent),
            "interval_percent": [exact(each) for each in study.odds.interval_percent],
        }
    if starting is not None:
        document["start_dates"] = [_start(each) for each in study.starts]
    return document


def _start(each: Start) -> Document:
    return _written(each) | {"exhausted": each.exhausted_sessions > 0}


def _parameters(study: Study) -> Document:
    question = study.question
    return _written(study.rules) | {
        "principal": exact(question.principal),
        "cycles": question.cycles,
        "stagger": question.stagger,
        "scale": exact(question.scale),
        "share_splits": study.has_split(),
        "dividends": study.has_dividend(),
    }


def _written(record: Rules | Year | Start) -> Document:
    return {each.name: _value(getattr(record, each.name)) for each in fields(record)}


def _value(value: Any) -> Any:
    if isinstance(value, Decimal):
        return exact(value)
    if isinstance(value, Enum):
        return value.value
    return value.isoformat() if hasattr(value, "isoformat") else value


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
