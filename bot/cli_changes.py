"""`muhan cycle seed|turn|compounding|split|dividend|why`: the owner's bookkeeping at the console.

Every change is shown with its effect first, and made when it is confirmed (or with --yes).
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import cli_options as options
from bot import cycle_answers as answers
from bot.commands import ChangeCycle, PreviewChange, PreviewSplit, SplitShares
from bot.console import Room, carried_out, room
from bot.console_words import Words
from bot.errors import MuhanError
from bot.plan_answers import plan_document
from bot.settings import Settings
from bot.storage.views import CycleView
from bot.trading.model import CONSOLE
from strategy.changes import (
    CompoundingChange,
    CycleChange,
    Dividend,
    SeedChange,
    ShareSplit,
    TurnCorrection,
)
from strategy.model import Compounding
from strategy.replay import differences

Env = Annotated[Path, typer.Option("--env", help="File with the settings.")]
DEFAULT_ENV = Path(".env")
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask again.")]
Which = Annotated[
    int | None, typer.Option("--cycle", help="Number of the cycle.", show_default="the only one")
]
OfSymbol = Annotated[
    str | None,
    typer.Option("--symbol", parser=options.parse_symbol, metavar="TICKER", help="Its symbol."),
]


class WhichCycle(MuhanError):
    """The call does not say which cycle it means."""


def seed(
    *,
    add: Annotated[
        Decimal | None,
        typer.Option(parser=options.parse_number, metavar="USD", help="Money to put in."),
    ] = None,
    withdraw: Annotated[
        Decimal | None,
        typer.Option(parser=options.parse_number, metavar="USD", help="Money to take out."),
    ] = None,
    cycle: Which = None,
    symbol: OfSymbol = None,
    yes: Yes = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Put money into a cycle, or take free cash out of it."""
    if (add is None) == (withdraw is None):
        raise typer.BadParameter("say either --add USD or --withdraw USD")
    amount = add if add is not None else -(withdraw or Decimal(0))
    _change(SeedChange(amount=amount), cycle, symbol, yes=yes, env=env)


def turn(
    value: Annotated[
        Decimal, typer.Argument(parser=options.parse_number, metavar="T", help="The right T.")
    ],
    *,
    cycle: Which = None,
    symbol: OfSymbol = None,
    yes: Yes = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Correct T where the version counts it."""
    _change(TurnCorrection(turn=value), cycle, symbol, yes=yes, env=env)


def compounding(
    kind: Annotated[
        Compounding,
        typer.Argument(
            help="full 복리, none 단리, half 반복리, yearly: full within a year, then the seed."
        ),
    ],
    *,
    cycle: Which = None,
    symbol: OfSymbol = None,
    yes: Yes = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Choose what becomes of a finished cycle's profit."""
    _change(CompoundingChange(compounding=kind), cycle, symbol, yes=yes, env=env)


def dividend(
    amount: Annotated[
        Decimal,
        typer.Argument(parser=options.parse_number, metavar="USD", help="As it arrived, net."),
    ],
    *,
    cycle: Which = None,
    symbol: OfSymbol = None,
    yes: Yes = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Book a dividend: cash and profit."""
    _change(Dividend(amount=amount), cycle, symbol, yes=yes, env=env)


def split(
    ratio: Annotated[
        str, typer.Argument(metavar="NEW:OLD", help="2:1 is two new shares for one old.")
    ],
    *,
    symbol: options.Symbol,
    first: Annotated[
        date | None,
        typer.Option(
            "--from",
            parser=options.parse_day,
            metavar="YYYY-MM-DD",
            help="First session at the new price.",
            show_default="the next to be planned",
        ),
    ] = None,
    cash_in_lieu: Annotated[
        Decimal | None,
        typer.Option(
            parser=options.parse_number,
            metavar="USD",
            help="Paid for parts of a share; needed when any is left over.",
        ),
    ] = None,
    yes: Yes = False,
    env: Env = DEFAULT_ENV,
) -> None:
    """Book a share split, or a reverse split, on every cycle of a symbol."""
    told = _ratio(ratio, cash_in_lieu)

    async def work(settings: Settings, words: Words) -> None:
        async with room(settings) as desk:
            question = PreviewSplit(symbol=symbol, split=told, first_session=first)
            shown = await desk.bus.ask(question)
            answers.print_split(words, shown, Console())
            typer.echo(answers.when(words, shown))
            confirmed(words.say("이대로 반영할까요?", "Book it?"), words, yes=yes)
            await desk.bus.ask(
                SplitShares(
                    symbol=symbol,
                    split=told,
                    digest=shown.digest,
                    by=CONSOLE,
                    first_session=first,
                )
            )
        typer.echo(_done(words, waits=shown.waits))

    carried_out(env, work)


def why(
    session: Annotated[
        date,
        typer.Argument(
            parser=options.parse_day, metavar="YYYY-MM-DD", help="The New York session."
        ),
    ],
    *,
    symbol: OfSymbol = None,
    env: Env = DEFAULT_ENV,
    as_json: options.Json = False,
) -> None:
    """Say why each order of a past evening was what it was, and plan the evening again."""

    async def work(settings: Settings, words: Words) -> None:
        async with room(settings) as desk:
            rounds = [
                event
                for event in await desk.views.proposals(session)
                if symbol in (None, event.plan.cycle.rules.symbol)
            ]
        if not rounds:
            raise MuhanError(
                f"{session} 회차의 계획이 기록에 없습니다: muhan cycle list로 확인해 주세요.",
                f"The journal has no plan for {session}: look at muhan cycle list.",
            )
        if as_json:
            documents = [
                {
                    "cycle": event.cycle_id,
                    "closes": [str(close) for close in event.market.closes],
                    "differences": differences(event.plan, event.market),
                    **plan_document(event.plan),
                }
                for event in rounds
            ]
            typer.echo(json.dumps(documents, ensure_ascii=False))
            return
        for event in rounds:
            answers.print_why(words, event, differences(event.plan, event.market), Console())

    carried_out(env, work)


def confirmed(question: str, words: Words, *, yes: bool) -> None:
    """Go on when the owner agrees; end the command with nothing done when not."""
    if options.agreed(question, words, yes=yes):
        return
    typer.echo(words.say("아무것도 바꾸지 않았습니다.", "Nothing was changed."))
    raise typer.Exit(0)


def _change(
    change: CycleChange, cycle: int | None, symbol: str | None, *, yes: bool, env: Path
) -> None:
    async def work(settings: Settings, words: Words) -> None:
        async with room(settings) as desk:
            view = await _chosen(desk, cycle, symbol)
            shown = await desk.bus.ask(PreviewChange(cycle_id=view.cycle_id, change=change))
            answers.print_change(words, shown, Console())
            typer.echo(answers.when(words, shown))
            confirmed(words.say("이대로 바꿀까요?", "Make this change?"), words, yes=yes)
            await desk.bus.ask(
                ChangeCycle(cycle_id=view.cycle_id, change=change, digest=shown.digest, by=CONSOLE)
            )
        typer.echo(_done(words, waits=shown.waits))

    carried_out(env, work)


async def _chosen(desk: Room, cycle: int | None, symbol: str | None) -> CycleView:
    """Find the cycle that the call means. Raises WhichCycle."""
    found = [
        view
        for view in await desk.views.cycles()
        if cycle in (None, view.cycle_id) and symbol in (None, view.symbol)
    ]
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{view.cycle_id} {view.symbol}" for view in found)
    if found:
        raise WhichCycle(
            f"사이클이 여럿입니다 ({names}): --cycle로 번호를 적어 주세요.",
            f"There are several cycles ({names}): say which with --cycle.",
        )
    raise WhichCycle(
        "그런 사이클이 없습니다: muhan cycle list로 확인해 주세요.",
        "There is no such cycle: look at muhan cycle list.",
    )


def _ratio(text: str, cash_in_lieu: Decimal | None) -> ShareSplit:
    new, colon, old = text.partition(":")
    if not colon or not new.isdecimal() or not old.isdecimal():
        raise typer.BadParameter(f"{text!r} is not a ratio: write 2:1, or 1:5 for a reverse split")
    return ShareSplit(new=int(new), old=int(old), cash_in_lieu=cash_in_lieu)


def _done(words: Words, *, waits: bool) -> str:
    if waits:
        return words.say("받아 두었습니다.", "It is noted.")
    return words.say("장부에 반영했습니다.", "It is in the ledger.")
