"""The options of an agreement as lists, for a sweep: the same names, several values each.

`--splits 20,30,40`, `--target-percent 5:20:0.5`, `--compounding full,none`; what is a yes or no is
written as everywhere, and `--both two-floors` tries the two answers.
"""

import functools
import inspect
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import typer

from bot.cli_options import parse_symbol
from bot.cli_rules import kind_of
from strategy import sweep
from strategy.errors import StrategyError
from strategy.options import OPTIONS, Option

Axes = Mapping[str, tuple[Any, ...]]
"""Values by the names that `versions.rules` takes; those of the command line alone."""

_FIXED = {
    "method": ("LIST", "Versions: 1.0, 2.1, 2.2, 3.0, 4.0."),
    "symbol": ("LIST", "Tickers."),
    "splits": ("LIST", "Units of the principal."),
}


def with_axes(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options of an agreement as lists; it is handed the finished `axes`."""
    shared = [*_fixed(), *map(_listed, OPTIONS), _both(), _unofficial()]
    own = [each for each in inspect.signature(command).parameters.values() if each.name != "axes"]
    parameters = [*shared, *own]

    @functools.wraps(command)
    def run(**given: Any) -> None:
        written = {each.name: given.pop(each.name) for each in shared}
        command(axes=_axes(written), **given)

    # typer reads a command's options from its signature and annotations.
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # wraps
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


def _fixed() -> list[inspect.Parameter]:
    return [
        inspect.Parameter(
            name,
            inspect.Parameter.KEYWORD_ONLY,
            annotation=Annotated[str, typer.Option(f"--{name}", metavar=metavar, help=words)],
        )
        for name, (metavar, words) in _FIXED.items()
    ]


def _listed(option: Option) -> inspect.Parameter:
    flag = "--" + option.name.replace("_", "-")
    words: dict[str, Any] = {"help": option.summary, "show_default": option.default}
    kind: Any
    if kind_of(option.name) is bool:
        kind = Annotated[bool | None, typer.Option(f"{flag}/--no-{flag[2:]}", **words)]
    else:
        kind = Annotated[str | None, typer.Option(flag, metavar="LIST", **words)]
    return inspect.Parameter(
        option.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind
    )


def _both() -> inspect.Parameter:
    kind = Annotated[
        str | None,
        typer.Option(
            "--both", metavar="NAMES", help="Options of yes or no to try both answers of."
        ),
    ]
    return inspect.Parameter("both", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)


def _unofficial() -> inspect.Parameter:
    """Take the flag of the other commands: here unofficial splits need no consent."""
    words = "Taken for granted here: a sweep orders nothing."
    kind = Annotated[bool, typer.Option("--unofficial", help=words)]
    return inspect.Parameter(
        "unofficial", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=kind
    )


def _axes(written: Mapping[str, Any]) -> Axes:
    """Read the lists; one that cannot be read is a wrong call."""
    axes = {
        "method": _words(written["method"], "--method"),
        "symbol": tuple(dict.fromkeys(map(parse_symbol, written["symbol"].split(",")))),
        "splits": _whole(written["splits"], "--splits"),
    }
    for option in OPTIONS:
        value = written[option.name]
        if value is not None:
            axes[option.name] = _values(option.name, value)
    for word in _words(written["both"] or "", "--both") if written["both"] else ():
        name = word.removeprefix("--").replace("-", "_")
        if name not in {option.name for option in OPTIONS} or kind_of(name) is not bool:
            raise typer.BadParameter(f"{word!r} is no option of yes or no", param_hint="--both")
        axes[name] = (False, True)
    return axes


def _values(name: str, written: Any) -> tuple[Any, ...]:
    kind, flag = kind_of(name), "--" + name.replace("_", "-")
    if kind is bool:
        return (written,)
    if issubclass(kind, Enum):
        return tuple(_member(kind, word, flag) for word in _words(written, flag))
    return _numbers(written, flag) if kind is Decimal else _whole(written, flag)


def _member(kind: type[Enum], word: str, flag: str) -> Enum:
    try:
        return kind(word)
    except ValueError:
        known = ", ".join(str(each.value) for each in kind)
        raise typer.BadParameter(f"{word!r} is none of {known}", param_hint=flag) from None


def _words(text: str, flag: str) -> tuple[str, ...]:
    words = tuple(dict.fromkeys(word.strip() for word in text.split(",")))
    if not all(words):
        raise typer.BadParameter(f"{text!r} is no list: write a,b,c", param_hint=flag)
    return words


def _numbers(text: str, flag: str) -> tuple[Decimal, ...]:
    try:
        return sweep.numbers(text)
    except StrategyError as error:
        raise typer.BadParameter(str(error), param_hint=flag) from None


def _whole(text: str, flag: str) -> tuple[int, ...]:
    values = _numbers(text, flag)
    odd = [value for value in values if value != value.to_integral_value()]
    if odd:
        raise typer.BadParameter(f"{odd[0]} is not a whole number", param_hint=flag)
    return tuple(map(int, values))
