"""`muhan cycle`: begin a cycle, take one over, list them; before the bot runs and while it does."""

import json
from datetime import date
from decimal import Decimal
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from bot import cli_changes as changes
from bot import cli_options as options
from bot import cycle_answers as answers
from bot.cli_rules import with_rules
from bot.commands import ImportCycle, ImportPreview, Position, PreviewImport, StartCycle
from bot.console import Room, carried_out, room
from bot.console_words import Words
from bot.figures import Document, exact
from bot.settings import Settings
from bot.storage.views import CycleView
from bot.trading.model import CONSOLE, Approval
from bot.trading.ports import BrokerSilent
from bot.trading.refusal import Refusal, Why
from bot.trading.resting import is_whole, not_ours, resting_now
from bot.trading.shares import in_the_ledger
from strategy.model import Phase, Rules

Principal = Annotated[
    Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Principal.")
]
ApprovalChoice = Annotated[
    Approval, typer.Option(help="auto: by itself; confirm: by a tap; alert: told only.")
]
Second = Annotated[
    bool, typer.Option("--second", help="Run it beside a cycle that the symbol has already.")
]
NotOurs = Annotated[
    int | None,
    typer.Option(
        "--not-ours",
        min=0,
        help="Shares of the symbol in the account that are not the bot's.",
        show_default="as told before",
    ),
]

cycle = typer.Typer(
    help="Cycles: begin one, take one over, change it, list them.", no_args_is_help=True
)


@cycle.command("start")
@with_rules(method="4.0")
def start(
    *,
    rules: Rules,
    principal: Principal,
    approval: ApprovalChoice = Approval.CONFIRM,
    first: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=options.parse_day,
            metavar="YYYY-MM-DD",
            help="No round before this session.",
            show_default="the next session",
        ),
    ] = None,
    foreign: NotOurs = None,
    second: Second = False,
    env: changes.Env = changes.DEFAULT_ENV,
) -> None:
    """Begin a cycle through the journal."""
    command = StartCycle(
        rules=rules,
        principal=principal,
        approval=approval,
        by=CONSOLE,
        beside=second,
        first_session=first,
        not_ours=foreign,
    )

    async def work(settings: Settings, words: Words) -> None:
        async with room(settings) as desk:
            cycle_id = await desk.bus.ask(command)
        day = first.isoformat() if first else words.say("다음 거래일", "the next session")
        typer.echo(
            words.say(
                f"{rules.symbol} {cycle_id}번 사이클을 시작했습니다. 첫 주문은 {day}입니다.",
                f"Cycle {cycle_id} has begun on {rules.symbol}. Its first orders are those of "
                f"{day}.",
            )
        )

    carried_out(env, work)


@cycle.command("import")
@with_rules(method="4.0")
def take_over(
    *,
    rules: Rules,
    quantity: Annotated[int, typer.Option(help="Shares held.")],
    average: Annotated[
        Decimal, typer.Option(parser=options.parse_number, metavar="USD", help="Their average.")
    ],
    cash: Annotated[
        Decimal,
        typer.Option(
            parser=options.parse_number, metavar="USD", help="Cash that is left for the run."
        ),
    ],
    turn: Annotated[
        Decimal | None,
        typer.Option(
            parser=options.parse_number,
            metavar="NUMBER",
            help="Your own T, where the version counts it.",
            show_default="asked",
        ),
    ] = None,
    principal: Annotated[
        Decimal | None,
        typer.Option(
            parser=options.parse_number,
            metavar="USD",
            help="What the run began with.",
            show_default="cash and cost",
        ),
    ] = None,
    unit: Annotated[
        Decimal | None,
        typer.Option(
            parser=options.parse_number,
            metavar="USD",
            help="A fixed unit that has grown.",
            show_default="principal / splits",
        ),
    ] = None,
    phase: Annotated[Phase, typer.Option(help="Phase that the run is in.")] = Phase.NORMAL,
    reverse_day: Annotated[int, typer.Option(min=0, help="Day of the reverse phase.")] = 0,
    quarter_round: Annotated[int, typer.Option(min=0, help="Round of the quarter phase.")] = 0,
    foreign: NotOurs = None,
    no_reservations: Annotated[
        bool,
        typer.Option(
            "--no-reservations",
            help="You looked in the app: no reservation orders rest (where KIS lists none).",
        ),
    ] = False,
    second: Second = False,
    approval: ApprovalChoice = Approval.CONFIRM,
    yes: changes.Yes = False,
    env: changes.Env = changes.DEFAULT_ENV,
) -> None:
    """Take over a position in mid-cycle, held against KIS; it trades from the next session on."""

    def position(own_turn: Decimal | None) -> Position:
        return Position(
            rules=rules,
            quantity=quantity,
            average=average,
            cash=cash,
            turn=own_turn,
            principal=principal,
            unit=unit,
            phase=phase,
            step=quarter_round if phase is Phase.QUARTER else reverse_day,
            not_ours=foreign,
            no_reservations=no_reservations,
            beside=second,
        )

    async def work(settings: Settings, words: Words) -> None:
        async with room(settings, asks_kis=True) as desk:
            given = position(turn)
            shown = await _shown(desk, words, given)
            if shown.turn_needed:
                if yes:
                    raise Refusal(Why.TURN_NEEDED, turn=exact(shown.turn_from_cost))
                given = position(_own_turn(words, shown))
                shown = await _shown(desk, words, given)
            changes.confirmed(words.say("이대로 이어받을까요?", "Take it over?"), words, yes=yes)
            cycle_id = await desk.bus.ask(
                ImportCycle(position=given, approval=approval, digest=shown.digest, by=CONSOLE)
            )
        day = shown.first_session.isoformat()
        typer.echo(
            words.say(
                f"{rules.symbol} {cycle_id}번 사이클을 이어받았습니다. 첫 회차는 {day}입니다.",
                f"Cycle {cycle_id} goes on with your position in {rules.symbol}. Its first round "
                f"is that of {day}.",
            )
        )

    carried_out(env, work)


@cycle.command("list")
def show(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Hold shares, average and resting orders against KIS.")
    ] = False,
    env: changes.Env = changes.DEFAULT_ENV,
    as_json: options.Json = False,
) -> None:
    """List the cycles of this MUHAN_HOME."""

    async def work(settings: Settings, words: Words) -> None:
        async with room(settings, asks_kis=check) as desk:
            cycles = await desk.views.cycles()
            documents = [answers.cycle_document(view) for view in cycles]
            if check:
                for view, document in zip(cycles, documents, strict=True):
                    document["check"] = await _checked(desk, view)
        if as_json:
            typer.echo(json.dumps(documents, ensure_ascii=False))
        else:
            _print(documents, words)

    carried_out(env, work)


cycle.command("seed")(changes.seed)
cycle.command("turn")(changes.turn)
cycle.command("compounding")(changes.compounding)
cycle.command("split")(changes.split)
cycle.command("dividend")(changes.dividend)
cycle.command("why")(changes.why)


async def _shown(desk: Room, words: Words, position: Position) -> ImportPreview:
    shown = await desk.bus.ask(PreviewImport(position=position))
    answers.print_import(words, shown, Console())
    for refusal in shown.refusals:
        raise refusal
    return shown


def _own_turn(words: Words, shown: ImportPreview) -> Decimal:
    asked = words.say(
        "내 T (원가로 계산한 값을 쓰려면 그냥 Enter)", "Your own T (Enter: from the cost)"
    )
    return options.parse_number(typer.prompt(asked, default=exact(shown.turn_from_cost)))


async def _checked(desk: Room, view: CycleView) -> Document:
    """Hold a cycle's symbol against KIS; shares are compared over all cycles of the symbol."""
    symbol = view.symbol
    aside = await desk.views.set_aside(symbol)
    ledger = await in_the_ledger(desk.desk, symbol)
    try:
        held = await desk.desk.broker.holding(symbol)
        listed = await resting_now(desk.desk, symbol)
    except BrokerSilent as silence:
        raise Refusal(Why.BROKER_SILENT, reason=str(silence)) from silence
    resting = await not_ours(desk.desk, listed.orders)
    return {
        "broker_quantity": held.quantity,
        "broker_average": exact(held.average),
        "ledger_quantity": ledger,
        "not_ours": aside,
        "agrees": held.quantity == ledger + aside,
        "resting": len(resting),
        "resting_known": is_whole(listed, no_reservations=view.no_reservations),
    }


def _print(documents: list[Document], words: Words) -> None:
    names = {
        "cycle": words.say("번호", "no."),
        "symbol": words.say("종목", "symbol"),
        "method": words.say("방법", "method"),
        "splits": words.say("분할", "splits"),
        "turn": "T",
        "quantity": words.say("수량", "shares"),
        "average": words.say("평단", "average"),
        "cash": words.say("현금", "cash"),
        "approval": words.say("승인", "approval"),
    }
    table = Table(*names.values())
    if any("check" in document for document in documents):
        table.add_column("KIS")
    for document in documents:
        cells = [str(document[name]) for name in names]
        checked = document.get("check")
        if checked:
            agrees = (
                words.say("같음", "agrees") if checked["agrees"] else words.say("다름", "differs")
            )
            cells.append(f"{checked['broker_quantity']} {agrees}")
        table.add_row(*cells)
    Console().print(table)
