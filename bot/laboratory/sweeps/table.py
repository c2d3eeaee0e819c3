"""The runs of a sweep as a table: one row a run, as CSV or Parquet, with data hash and version."""

import csv
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bot.figures import exact
from bot.laboratory.sweeps.errors import SweepRefused
from bot.laboratory.sweeps.question import PROGRAM, Question
from bot.laboratory.sweeps.sweeping import Swept
from strategy.model import Rules

CSV, PARQUET = ".csv", ".parquet"

OPTIONS = (
    "symbol",
    "method",
    "splits",
    "target_percent",
    "ladder",
    "first_buy_percent",
    "compounding",
    "fee_percent",
)
"""Fields of the agreement that every table has; what else is varied stands behind them."""

FIGURES = (
    "principal",
    "start",
    "end",
    "sessions",
    "final_equity",
    "return_percent",
    "max_drawdown_percent",
    "hold_return_percent",
    "exhausted_sessions",
    "cycles",
    "data_sha256",
    "muhan_version",
)


def check(path: Path) -> None:
    """Refuse a file that could not be written at the end. Raises SweepRefused."""
    if path.suffix not in (CSV, PARQUET):
        raise SweepRefused(
            f"{path}: 결과 파일의 이름은 .csv나 .parquet로 끝나야 합니다.",
            f"{path}: the name of the results must end in .csv or .parquet.",
        )
    if path.suffix == PARQUET and find_spec("pyarrow") is None:
        raise SweepRefused(
            "Parquet에는 추가 구성 요소 sweep(pyarrow)이 필요합니다: make kernel. "
            "아니면 .csv로 쓰세요.",
            "Parquet needs the extra sweep (pyarrow): make kernel. Or write a .csv.",
        )


def columns(question: Question) -> tuple[str, ...]:
    """Name the columns of a question's table."""
    fields = {field for field in Rules.__dataclass_fields__ if field not in OPTIONS}
    varied = [name for name in question.varied if name in fields]
    return (*OPTIONS, *varied, *FIGURES)


def write(swept: Swept, path: Path) -> None:
    """Write the runs to a file, whole or not at all. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    try:
        if path.suffix == PARQUET:
            _write_parquet(swept, beside)
        else:
            _write_csv(swept, beside)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def rows(swept: Swept) -> Iterator[tuple[Any, ...]]:
    """Give a row a run, in the order of the columns: money and percentages as exact decimals."""
    question = swept.question
    own = columns(question)[: -len(FIGURES)]
    for run, outcome, found in zip(question.runs, swept.outcomes, swept.found, strict=True):
        start, end = question.days(run)
        yield (
            *(_value(getattr(run.rules, name)) for name in own),
            question.principal,
            start,
            end,
            run.span.last - run.span.first,
            outcome.final_equity,
            found.return_percent,
            outcome.max_drawdown_percent,
            found.hold_return_percent,
            outcome.exhausted_sessions,
            outcome.cycles,
            question.prices[run.rules.symbol].sha256,
            PROGRAM,
        )


def _value(value: Any) -> Any:
    return value.value if isinstance(value, Enum) else value


def _write_csv(swept: Swept, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns(swept.question))
        for row in rows(swept):
            writer.writerow([exact(each) if isinstance(each, Decimal) else each for each in row])


def _write_parquet(swept: Swept, path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415 - the extra `sweep` has it
    import pyarrow.parquet as pq  # noqa: PLC0415

    named = columns(swept.question)
    cells = dict(zip(named, zip(*rows(swept), strict=True), strict=True))
    table = pa.table({name: pa.array(list(values)) for name, values in cells.items()})
    identity = swept.question.identity()
    pq.write_table(table.replace_schema_metadata(identity), path)
