"""The options that plan, backtest, sweep, demo and cycle share, by one name each."""

import os
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, NoReturn

import typer

from bot.errors import MuhanError
from strategy.model import Compounding

_SMALLEST, _LARGEST = Decimal("1E-15"), Decimal("1E15")

REFUSED = 3
"""Exit status of a call whose words are right but which cannot be done."""


def refuse(sentence: str) -> NoReturn:
    """End the command with exit status 3 and one line on stderr."""
    typer.echo(" ".join(sentence.split()), err=True)
    raise typer.Exit(REFUSED)


def refuse_error(error: MuhanError) -> NoReturn:
    """End the command with the error's own sentence, in the language that was set."""
    refuse(error.sentence(os.environ.get("MUHAN_LANGUAGE", "ko")))


def parse_number(text: str | Decimal) -> Decimal:
    """Read an exact decimal number from the command line; anything else is a wrong call."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise typer.BadParameter(f"{text!r} is not a number")
    if value and not _SMALLEST < abs(value) < _LARGEST:
        raise typer.BadParameter(f"{text!r} is beyond any price or sum of money")
    return value


def parse_day(text: str | date) -> date:
    """Read a New York session date, YYYY-MM-DD."""
    if isinstance(text, date):
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a date: write YYYY-MM-DD") from None


def parse_numbers(text: str) -> tuple[Decimal, ...]:
    """Read decimal numbers separated by commas."""
    return tuple(parse_number(each.strip()) for each in text.split(","))


def parse_symbol(text: str) -> str:
    """Read a ticker, in capitals."""
    symbol = text.strip().upper()
    if not symbol.isascii() or not symbol.replace(".", "").isalnum():
        raise typer.BadParameter(f"{text!r} is not a ticker")
    return symbol


Money = Annotated[Decimal | None, typer.Option(parser=parse_number, metavar="USD")]
Number = Annotated[Decimal | None, typer.Option(parser=parse_number, metavar="NUMBER")]
Day = Annotated[date | None, typer.Option(parser=parse_day, metavar="YYYY-MM-DD")]

METHOD_HELP = "Version of the method: 4.0."
MethodName = Annotated[str, typer.Option("--method", metavar="VERSION", help=METHOD_HELP)]
Symbol = Annotated[
    str, typer.Option("--symbol", parser=parse_symbol, metavar="TICKER", help="Ticker.")
]
Splits = Annotated[int, typer.Option("--splits", help="Units of the principal: 20, 30 or 40.")]
TargetPercent = Annotated[
    Decimal | None,
    typer.Option(
        "--target-percent",
        parser=parse_number,
        metavar="PERCENT",
        help="Target over the average; needed for symbols that the method does not name.",
    ),
]
ReverseExitPercent = Annotated[
    Decimal | None,
    typer.Option(
        "--reverse-exit-percent",
        parser=parse_number,
        metavar="PERCENT",
        help="How far under the average a close ends the reverse phase.",
        show_default="TQQQ 15, SOXL 20",
    ),
]
Ladder = Annotated[
    int | None,
    typer.Option("--ladder", help="Rungs for sharp drops, 0 to 15.", show_default="8"),
]
FirstBuyPercent = Annotated[
    Decimal | None,
    typer.Option(
        "--first-buy-percent",
        parser=parse_number,
        metavar="PERCENT",
        help="How far over the previous close the first buy may go.",
        show_default="12",
    ),
]
BandPercent = Annotated[
    Decimal | None,
    typer.Option(
        "--band-percent",
        parser=parse_number,
        metavar="PERCENT",
        help="Buys further than this above the last close are folded at the cap.",
        show_default="20",
    ),
]
CapPercent = Annotated[
    Decimal | None,
    typer.Option(
        "--cap-percent",
        parser=parse_number,
        metavar="PERCENT",
        help="Where folded buys stand above the last close.",
        show_default="10",
    ),
]
CompoundingChoice = Annotated[
    Compounding | None,
    typer.Option(
        "--compounding",
        help="What becomes of a finished cycle's profit.",
        show_default="the version's own",
    ),
]
FeePercent = Annotated[
    Decimal | None,
    typer.Option(
        "--fee-percent",
        parser=parse_number,
        metavar="PERCENT",
        help="Commission on an order's filled total.",
        show_default="0",
    ),
]
TurnDecimals = Annotated[
    int | None,
    typer.Option(
        "--turn-decimals", min=1, max=2, help="Decimals of T in 2.2 and 3.0.", show_default="2"
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
