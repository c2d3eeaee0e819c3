"""`muhan plan`: tonight's orders for a given state, explained, and what tomorrow would bring."""

from dataclasses import replace
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console

from bot import cli_options as options
from bot import plan_answers as answers
from bot.cli_options import refuse
from bot.cli_rules import with_rules
from strategy import versions
from strategy.errors import StrategyError
from strategy.model import ZERO, Cycle, Market, Phase, Rules

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
    principal: options.Money = None,
    cash: options.Money = None,
    quantity: Annotated[int, typer.Option(min=0, help="Shares held.")] = 0,
    average: options.Money = None,
    turn: options.Number = None,
    previous_close: options.Money = None,
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
