"""The commands that only ask the book: `muhan plan` and `muhan backtest`."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress

from bot import cli_answers as answers
from bot import cli_options as options
from bot.cli_options import refuse
from bot.cli_rules import with_rules
from bot.laboratory import bars as files
from strategy import backtest as book
from strategy import cycle as cycles
from strategy import versions
from strategy.errors import StrategyError
from strategy.model import ZERO, Bar, Cycle, Market, Phase, Rules

SESSIONS_WORTH_A_BAR = 500

Money = Annotated[Decimal | None, typer.Option(parser=options.parse_number, metavar="USD")]
Number = Annotated[Decimal | None, typer.Option(parser=options.parse_number, metavar="NUMBER")]
Day = Annotated[date | None, typer.Option(parser=options.parse_day, metavar="YYYY-MM-DD")]
Closes = Annotated[
    str | None,
    typer.Option(
        metavar="USD,USD,...", help="The last closes, oldest first; five for the reverse phase."
    ),
]


@with_rules()
def plan(
    *,
    rules: Rules,
    principal: Money = None,
    cash: Money = None,
    quantity: Annotated[int, typer.Option(min=0, help="Shares held.")] = 0,
    average: Money = None,
    turn: Number = None,
    previous_close: Money = None,
    closes: Closes = None,
    phase: Annotated[Phase, typer.Option(help="Phase of the cycle.")] = Phase.NORMAL,
    reverse_day: Annotated[
        int | None, typer.Option(min=0, help="1 is the day of the MOC.", show_default="2")
    ] = None,
    quarter_round: Annotated[
        int | None, typer.Option(min=0, help="Round of the quarter phase (2.2, 3.0).")
    ] = None,
    unit: Annotated[
        Decimal | None,
        typer.Option(parser=options.parse_number, metavar="USD", help="Unit of 2.2 and 3.0."),
    ] = None,
    as_json: options.Json = False,
) -> None:
    """Say which orders the method asks for tonight, given the state of a cycle."""
    _only_with_cost_based_turns(rules.method, unit=unit, quarter_round=quarter_round)
    market = Market(closes=_known_closes(closes, previous_close))
    try:
        state = _state(
            rules,
            principal=principal,
            cash=cash,
            quantity=quantity,
            average=average or ZERO,
            turn=turn,
        )
        made = versions.plan(_in_phase(state, phase, reverse_day), market)
    except StrategyError as error:
        refuse(f"No plan: {error}.")
    if as_json:
        typer.echo(answers.one_line(answers.plan_document(made)))
    else:
        answers.print_plan(made, Console())


@with_rules()
def backtest(
    *,
    prices: Annotated[Path, typer.Option(help="CSV file of daily bars.")],
    rules: Rules,
    principal: Annotated[
        Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Principal.")
    ],
    start: Day = None,
    end: Day = None,
    scale: Number = None,
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


def _known_closes(given: str | None, previous_close: Decimal | None) -> tuple[Decimal, ...]:
    closes = () if given is None else options.parse_numbers(given)
    if closes and previous_close is not None and closes[-1] != previous_close:
        raise typer.BadParameter(
            f"--previous-close {previous_close} is not the last of --closes, {closes[-1]}"
        )
    if closes:
        return closes
    return () if previous_close is None else (previous_close,)


def _state(
    rules: Rules,
    *,
    principal: Decimal | None,
    cash: Decimal | None,
    quantity: int,
    average: Decimal,
    turn: Decimal | None,
) -> Cycle:
    if cash is None and principal is None:
        raise typer.BadParameter("give --cash, or --principal where nothing was realized yet")
    if quantity and turn is None:
        raise typer.BadParameter("--turn is needed while shares are held: 4.0 counts T by events")
    if quantity and not average:
        raise typer.BadParameter("--average is needed while shares are held")
    spendable = cash if cash is not None else (principal or ZERO) - quantity * average
    whole = principal if principal is not None else spendable
    return Cycle(
        rules=rules,
        number=1,
        seed=whole,
        principal=whole,
        cash=spendable,
        quantity=quantity,
        average=average,
        turn=ZERO if turn is None else turn,
    )


def _in_phase(state: Cycle, phase: Phase, reverse_day: int | None) -> Cycle:
    if phase is Phase.REVERSE:
        day = 2 if reverse_day is None else reverse_day
        return replace(state, phase=phase, reverse_day=day)
    if reverse_day:
        raise typer.BadParameter("--reverse-day belongs to --phase reverse")
    return replace(state, phase=phase)


def _only_with_cost_based_turns(
    method: str, *, unit: Decimal | None, quarter_round: int | None
) -> None:
    if method == "4.0" and (unit is not None or quarter_round):
        raise typer.BadParameter(
            "--unit and --quarter-round belong to 2.2 and 3.0: 4.0 budgets from --cash"
        )


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
