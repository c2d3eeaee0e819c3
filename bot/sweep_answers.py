"""What `muhan sweep` answers: a JSON document, and tables for people."""

from collections.abc import Sequence
from decimal import Decimal
from enum import Enum
from typing import Any

from rich.box import SIMPLE_HEAD
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

from bot.figures import Document, exact
from bot.laboratory.sweeps.naming import name_of, shown, title
from bot.laboratory.sweeps.question import PROGRAM, Question, Run
from bot.laboratory.sweeps.sweeping import HORIZON, Swept, value_of
from bot.laboratory.sweeps.table import OPTIONS
from bot.laboratory.words import Language, word
from strategy.sweep import LeftOut, Summary

MOST_ROWS = 40
"""Agreements that the terminal shows; all stand in the JSON document."""


def sweep_document(swept: Swept, left_out: Sequence[LeftOut]) -> Document:
    """Describe a sweep; money is USD, percentages are percent, exact strings as everywhere.

    `results` has a row for each agreement and horizon over all start dates; `seconds` and
    `runs_per_second` are of the runs that were played now, `runs_known` were from before.
    """
    question = swept.question
    total = len(question.runs)
    return {
        "runs": total,
        "runs_known": total - swept.played,
        "seconds": round(swept.seconds, 3),
        "runs_per_second": round(swept.played / swept.seconds, 1) if swept.seconds else 0,
        "engine": swept.engine,
        "principal": exact(question.principal),
        "start_every": question.every,
        "horizons": [_horizon(each) for each in question.horizons],
        "agreements": len(question.agreements),
        "varied": list(question.varied),
        "results": [
            {**_chosen(question, run), **_summed(summary)} for run, summary in swept.by_agreement
        ],
        "by_parameter": {
            name: [
                {"value": _written(value), **_summed(summary)} for value, summary in swept.by(name)
            ]
            for name in question.varied
        },
        "left_out": [
            {
                "choice": {name: _written(value) for name, value in each.choice.items()},
                "why": each.why,
            }
            for each in left_out
        ],
        "data_sha256": {symbol: each.sha256 for symbol, each in question.prices.items()},
        "version": PROGRAM,
    }


def print_sweep(swept: Swept, language: Language, console: Console) -> None:
    """Show the sums by each thing that was varied, and those of each agreement."""
    question = swept.question
    console.print(title(swept, language), style="bold", highlight=False)
    for name in question.varied:
        table = _table(word(language, "sweep_by", what=name_of(name, language)), [""], language)
        for value, summary in swept.by(name):
            table.add_row(shown(name, value, language), *_cells(summary), style=_style(summary))
        console.print(table)
    heads = question.varied or ("symbol", "method", "splits")
    named = [name_of(each, language) for each in heads]
    table = _table(word(language, "sweep_results"), named, language)
    for run, summary in swept.by_agreement[:MOST_ROWS]:
        chosen = [shown(each, value_of(run, each), language) for each in heads]
        for column, cell in zip(table.columns, chosen, strict=False):
            column.min_width = max(column.min_width or 0, cell_len(cell))
        table.add_row(*chosen, *_cells(summary), style=_style(summary))
    console.print(table)
    beyond = len(swept.by_agreement) - MOST_ROWS
    if beyond > 0:
        console.print(word(language, "sweep_more", count=beyond), highlight=False)


def _table(heading: str, named: Sequence[str], language: Language) -> Table:
    table = Table(title=heading, title_justify="left", box=SIMPLE_HEAD, padding=0)
    names = ("median", "percentile_5", "worst", "best", "odds_short", "worst_fall", "beat_hold")
    # A narrow terminal breaks a heading over lines before it cuts one.
    for name in named:
        table.add_column(name, overflow="fold")
    for name in ("count", *names):
        table.add_column(word(language, name), justify="right", overflow="fold")
    return table


def _cells(summary: Summary) -> tuple[str, ...]:
    return (
        str(summary.runs),
        *(
            f"{value:,.1f}"
            for value in (
                summary.median_percent,
                summary.percentile_5_percent,
                summary.worst_percent,
                summary.best_percent,
                summary.odds_of_exhaustion_percent,
                summary.worst_drawdown_percent,
            )
        ),
        str(summary.better_than_hold),
    )


def _style(summary: Summary) -> str | None:
    return "red" if summary.median_percent < 0 else None


def _chosen(question: Question, run: Run) -> Document:
    names = dict.fromkeys((*OPTIONS, *question.varied))
    names.pop(HORIZON, None)
    return {
        **{name: _written(value_of(run, name)) for name in names},
        HORIZON: _horizon(run.span.horizon),
    }


def _horizon(horizon: int | None) -> int | str:
    return "end" if horizon is None else horizon


def _written(value: Any) -> Any:
    if isinstance(value, Decimal):
        return exact(value)
    return value.value if isinstance(value, Enum) else value


def _summed(summary: Summary) -> Document:
    return {
        "runs": summary.runs,
        "median_percent": exact(summary.median_percent),
        "percentile_5_percent": exact(summary.percentile_5_percent),
        "worst_percent": exact(summary.worst_percent),
        "best_percent": exact(summary.best_percent),
        "worst_drawdown_percent": exact(summary.worst_drawdown_percent),
        "odds_of_exhaustion_percent": exact(summary.odds_of_exhaustion_percent),
        "exhausted": summary.exhausted,
        "gained": summary.gained,
        "better_than_hold": summary.better_than_hold,
    }
