"""`muhan backtest`: the method over daily bars."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot import backtest_answers as answers
from bot import cli_options as options
from bot.cli_options import refuse
from bot.cli_rules import with_rules
from bot.laboratory import bars as files
from strategy import backtest as book
from strategy import cycle as cycles
from strategy.errors import StrategyError
from strategy.model import Bar, Cycle, Rules

SESSIONS_WORTH_A_BAR = 500


@with_rules()
def backtest(
    *,
    prices: Annotated[Path, typer.Option(help="CSV file of daily bars.")],
    rules: Rules,
    principal: Annotated[
        Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Principal.")
    ],
    start: options.Day = None,
    end: options.Day = None,
    scale: options.Number = None,
    allow_penny: Annotated[bool, typer.Option("--allow-penny", help="Take prices < $1.")] = False,
    days: Annotated[Path | None, typer.Option(help="Write one CSV row a session.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Draw the run as a PNG picture.")] = None,
    as_json: options.Json = False,
) -> None:
    """Run the method over daily bars."""
    try:
        begun = cycles.start(rules, principal)
        content = files.read_bytes(prices)
        bars = files.parse_bars(
            content,
            str(prices),
            scale=Decimal(1) if scale is None else scale,
            allow_penny=allow_penny,
            start=start,
        )
        history, traded = _window(bars, start, end)
        result = _run(begun, history, traded)
        if days is not None:
            answers.write_days(result.sessions, days)
        if chart is not None:
            _draw(result, chart)
    except (StrategyError, files.BarsError) as error:
        refuse(f"No backtest: {error}.")
    except OSError as error:
        refuse(f"The result cannot be written: {error.filename}: {error.strerror}.")
    if as_json:
        document = answers.backtest_document(result, files.digest(content))
        typer.echo(answers.one_line(document))
    else:
        answers.print_backtest(result, Console())


def _window(bars: list[Bar], start: date | None, end: date | None) -> tuple[list[Bar], list[Bar]]:
    history = [bar for bar in bars if start is not None and bar.day < start]
    traded = [bar for bar in bars[len(history) :] if end is None or bar.day <= end]
    return history, traded


def _run(begun: Cycle, history: list[Bar], traded: list[Bar]) -> book.Result:
    if len(traded) < SESSIONS_WORTH_A_BAR:
        return book.run(begun, traded, history=history)
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("backtest", total=len(traded) - (0 if history else 1))
        return book.run(begun, traded, history=history, on_session=lambda _: progress.advance(task))


def _draw(result: book.Result, path: Path) -> None:
    from bot.laboratory.chart import draw  # noqa: PLC0415  matplotlib takes a second to import

    draw(result, path)
