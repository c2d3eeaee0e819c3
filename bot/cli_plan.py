"""`muhan plan`: tonight's orders for a given state, explained, and what tomorrow would bring."""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console

from bot import cli_options as options
from bot import plan_answers as answers
from bot.cli_options import refuse
from bot.cli_rules import with_rules
from bot.figures import one_line
from strategy import quarter, versions, what_if
from strategy.compounding import fixed_unit
from strategy.errors import StrategyError
from strategy.model import ZERO, Counting, Cycle, Market, Phase, QuarterBudget, Rules, Sizing
from strategy.price import round12, shown
from strategy.turn import from_cost

Closes = Annotated[
    str | None,
    typer.Option(
        metavar="USD,USD,...", help="The last closes, oldest first; five for the reverse phase."
    ),
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """What the call says of a cycle's money and shares; None is what it leaves open."""

    principal: Decimal | None
    cash: Decimal | None
    quantity: int
    average: Decimal
    turn: Decimal | None
    unit: Decimal | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """Where in its phase the cycle stands, as far as the call says."""

    reverse_day: int | None
    quarter_round: int | None
    quarter_unit: Decimal | None


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
        int | None,
        typer.Option(
            min=0,
            help="Round of the quarter phase (2.2, 3.0); 0 is the first day at the close.",
            show_default="1",
        ),
    ] = None,
    unit: Annotated[
        Decimal | None,
        typer.Option(
            parser=options.parse_number,
            metavar="USD",
            help="Unit of the versions with a fixed one.",
            show_default="principal / splits",
        ),
    ] = None,
    quarter_unit: Annotated[
        Decimal | None,
        typer.Option(
            parser=options.parse_number,
            metavar="USD",
            help="Unit of the quarter phase's rounds.",
            show_default="from the cash and the rounds left",
        ),
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Say how each figure came.")] = False,
    what_if_: Annotated[
        bool, typer.Option("--what-if", help="Tomorrow's plan for closes of -10 % to +10 %.")
    ] = False,
    as_json: options.Json = False,
) -> None:
    """Say which orders the method asks for tonight, given the state of a cycle."""
    given = Given(
        principal=principal,
        cash=cash,
        quantity=quantity,
        average=average or ZERO,
        turn=turn,
        unit=unit,
    )
    market = Market(closes=_known_closes(closes, previous_close))
    steps = Steps(reverse_day=reverse_day, quarter_round=quarter_round, quarter_unit=quarter_unit)
    _check_words(rules, phase, unit, steps)
    try:
        state = _state(rules, given)
        state = _in_phase(state, phase, steps)
        made = versions.plan(state, market)
        outcomes = what_if.table(made, market) if what_if_ else ()
    except StrategyError as error:
        refuse(f"No plan: {error}.")
    if as_json:
        document = answers.plan_document(made)
        if explain:
            document["basis"] = answers.explained(made)
        if what_if_:
            document["what_if"] = answers.outcomes_document(outcomes)
        typer.echo(one_line(document))
        return
    console = Console()
    answers.print_plan(made, console)
    if explain:
        answers.print_explained(made, console)
    if what_if_:
        answers.print_outcomes(outcomes, console)


def _known_closes(given: str | None, previous_close: Decimal | None) -> tuple[Decimal, ...]:
    closes = () if given is None else options.parse_numbers(given)
    if closes and previous_close is not None and closes[-1] != previous_close:
        raise typer.BadParameter(
            f"--previous-close {previous_close} is not the last of --closes, {closes[-1]}"
        )
    if closes:
        return closes
    return () if previous_close is None else (previous_close,)


def _check_words(
    rules: Rules,
    phase: Phase,
    unit: Decimal | None,
    steps: Steps,
) -> None:
    if steps.reverse_day and phase is not Phase.REVERSE:
        raise typer.BadParameter("--reverse-day belongs to --phase reverse")
    in_quarter = steps.quarter_round is not None or steps.quarter_unit is not None
    if in_quarter and phase is not Phase.QUARTER:
        raise typer.BadParameter("--quarter-round and --quarter-unit belong to --phase quarter")
    if unit is not None and rules.sizing is Sizing.DAILY:
        raise typer.BadParameter("--unit belongs to fixed units: 4.0 budgets from --cash")


def _state(rules: Rules, given: Given) -> Cycle:
    """Build the cycle; raises StrategyError that says what is missing or cannot be."""
    if given.quantity and given.average <= 0:
        raise StrategyError("shares are held, so their --average must be given and above 0")
    unit, principal, cash = _money(rules, given)
    turn = _turn(rules, given, unit)
    return Cycle(
        rules=rules,
        number=1,
        seed=principal,
        principal=principal,
        cash=cash,
        quantity=given.quantity,
        average=given.average,
        average_before=given.average,
        turn=turn,
        unit=unit,
    )


def _money(rules: Rules, given: Given) -> tuple[Decimal, Decimal, Decimal]:
    """Work out unit, principal and cash (USD) from what was given."""
    fixed = rules.sizing is not Sizing.DAILY
    principal = given.principal
    if principal is None and given.unit is not None:
        principal = given.unit * rules.splits
    if given.principal is not None and given.principal <= 0:
        raise StrategyError(f"the --principal must be above 0, not {given.principal}")
    if given.cash is not None and given.cash < 0:
        raise StrategyError(f"the --cash must be 0 or more, not {given.cash}")
    cash = given.cash
    if cash is None:
        if given.quantity and not fixed:
            raise StrategyError("shares are held, so the --cash that is left must be given too")
        if principal is None:
            raise StrategyError(
                "give --cash, or --principal" + (" or --unit" if fixed else "") + " at the start"
            )
        cash = max(principal - given.quantity * given.average, ZERO)
    if principal is None:
        principal = cash + given.quantity * given.average if fixed else cash
    unit = fixed_unit(rules, principal) if given.unit is None else given.unit
    if fixed and unit <= 0:
        raise StrategyError(f"the unit must be above 0, not {unit}: give --unit or --principal")
    return unit, principal, cash


def _turn(rules: Rules, given: Given, unit: Decimal) -> Decimal:
    if given.turn is not None:
        turn = given.turn
        source = ""
    elif rules.counting is Counting.COST:
        turn = from_cost(rules, unit, given.quantity, given.average)
        source = f" (quantity x average / unit {shown(unit)})"
    elif given.quantity:
        raise StrategyError(
            f"shares are held, so --turn must be given: {rules.method} counts T by events"
        )
    else:
        return ZERO
    if not turn.is_finite() or not 0 <= turn <= rules.splits:
        raise StrategyError(f"T must lie between 0 and {rules.splits}, not at {turn}{source}")
    return turn


def _in_phase(
    state: Cycle,
    phase: Phase,
    steps: Steps,
) -> Cycle:
    if phase is Phase.REVERSE:
        day = 2 if steps.reverse_day is None else steps.reverse_day
        return replace(state, phase=phase, reverse_day=day)
    if phase is Phase.QUARTER:
        step = 1 if steps.quarter_round is None else steps.quarter_round
        unit = steps.quarter_unit
        if unit is None:
            unit = _unit_of_rounds(state, step)
        return replace(state, phase=phase, quarter_round=step, quarter_unit=unit)
    return state


def _unit_of_rounds(state: Cycle, step: int) -> Decimal:
    """Take the cash as shared over the rounds that are left; the first round shares it itself."""
    left = quarter.rounds(state.rules) - step + 1
    if step <= 1 or left < 1 or state.rules.quarter_budget is QuarterBudget.SAME:
        return ZERO
    return min(state.unit, round12(state.cash / left))
