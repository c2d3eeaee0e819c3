"""The options that make up an agreement, once, for every command that needs one.

plan, backtest, demo and cycle take them by the same names because they take them from here; the
disputed points come from the book's own table, `strategy.options`.
"""

import functools
import inspect
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from types import UnionType
from typing import Annotated, Any, get_args, get_type_hints

import typer

from bot import cli_options as options
from bot.cli_options import refuse
from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Rules
from strategy.options import ALL, OPTIONS, Option

_FIELDS = get_type_hints(Rules)


def _agreement(
    *,
    method: options.MethodName,
    symbol: options.Symbol,
    splits: options.Splits,
    unofficial: options.Unofficial = False,
    **chosen: Any,
) -> Rules:
    return versions.rules(method, symbol, splits, unofficial=unofficial, **chosen)


def _parameters() -> list[inspect.Parameter]:
    """List what every agreement takes: its version, symbol and splits, then the book's options."""
    fixed = inspect.signature(_agreement).parameters.values()
    own = [each for each in fixed if each.kind is inspect.Parameter.KEYWORD_ONLY]
    return own + [
        inspect.Parameter(
            option.name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=_typed(option)
        )
        for option in OPTIONS
    ]


def _typed(option: Option) -> Any:
    """Say to typer what values an option takes; left out, the version decides."""
    flag = "--" + option.name.replace("_", "-")
    kind = kind_of(option.name)
    words: dict[str, Any] = {"help": _help(option), "show_default": option.default}
    if kind is bool:
        return Annotated[bool | None, typer.Option(f"{flag}/--no-{flag[2:]}", **words)]
    if issubclass(kind, Enum):
        return Annotated[kind | None, typer.Option(flag, **words)]
    if kind is Decimal:
        words["parser"] = options.parse_number
    return Annotated[kind | None, typer.Option(flag, metavar=option.unit, **words)]


def kind_of(name: str) -> type:
    """Give the type of an option's values."""
    hint = _FIELDS[name]
    parts = get_args(hint) if isinstance(hint, UnionType) else (hint,)
    kinds: list[type] = [part for part in parts if part is not type(None)]
    return kinds[0]


def _help(option: Option) -> str:
    return (
        option.summary
        if option.versions == ALL
        else (f"{option.summary} ({', '.join(option.versions)})")
    )


def with_rules(**defaults: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of an agreement; it is handed the finished `rules`.

    `defaults` fill options that would otherwise be required. An agreement that the book refuses
    ends the command with exit status 3 and the book's sentence.
    """
    shared = [
        parameter.replace(default=defaults.get(parameter.name, parameter.default))
        for parameter in _parameters()
    ]

    def decorate(command: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(command).parameters.values()
        parameters = [*shared, *(each for each in own if each.name != "rules")]

        @functools.wraps(command)
        def run(**given: Any) -> None:
            agreed = {each.name: given.pop(each.name) for each in shared}
            try:
                rules = _agreement(**agreed)
            except StrategyError as error:
                refuse(f"No agreement: {error}.")
            command(rules=rules, **given)

        # typer reads a command's options from its signature and annotations.
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # wraps
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate
