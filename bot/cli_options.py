"""The options that plan, backtest, sweep, demo and cycle share, by one name each."""

import os
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.errors import MuhanError

if TYPE_CHECKING:
    from bot.console_words import Words

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


def refuse_unwritten(error: OSError) -> NoReturn:
    """Say what could not be written, and why; a full disk names no file."""
    where = f"{error.filename}: " if error.filename else ""
    refuse(
        f"The result cannot be written: {where}{error.strerror or error}. Look at the folder and "
        "the disk's space, and run the same command again."
    )


def agreed(question: str, words: "Words", *, yes: bool) -> bool:
    """Ask for a yes, unless it was given; end the command with status 3 where nobody can answer."""
    if yes:
        return True
    try:
        return typer.confirm(question)
    except typer.Abort:
        typer.echo(err=True)
        refuse(
            words.say(
                "대답을 받지 못해 아무것도 바꾸지 않았습니다: 터미널에서 실행하거나 --yes를 붙여 "
                "주세요.",
                "Nobody answered, so nothing was changed: run it in a terminal, or add --yes.",
            )
        )


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

MethodName = Annotated[
    str,
    typer.Option("--method", metavar="VERSION", help="Version: 1.0, 2.1, 2.2, 3.0 or 4.0."),
]
Symbol = Annotated[
    str, typer.Option("--symbol", parser=parse_symbol, metavar="TICKER", help="Ticker.")
]
Splits = Annotated[int, typer.Option("--splits", help="Units of the principal, such as 20 or 40.")]
Unofficial = Annotated[
    bool,
    typer.Option(
        "--unofficial", help="Accept 30 splits, or a symbol that the version does not name."
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
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document on stdout.")]
