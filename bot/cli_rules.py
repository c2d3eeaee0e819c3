"""The options that make up an agreement, once, for every command that needs one.

plan, backtest, demo and cycle take them by the same names because they take them from here.
"""

import functools
import inspect
from collections.abc import Callable
from typing import Any

from bot import cli_options as options
from bot.cli_options import refuse
from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Rules


def _agreement(
    *,
    method: options.MethodName,
    symbol: options.Symbol,
    splits: options.Splits,
    target_percent: options.TargetPercent = None,
    reverse_exit_percent: options.ReverseExitPercent = None,
    ladder: options.Ladder = None,
    first_buy_percent: options.FirstBuyPercent = None,
    band_percent: options.BandPercent = None,
    cap_percent: options.CapPercent = None,
    compounding: options.CompoundingChoice = None,
    fee_percent: options.FeePercent = None,
    turn_decimals: options.TurnDecimals = None,
) -> Rules:
    del turn_decimals  # a rule of 2.2 and 3.0, without meaning where T is counted by events
    return versions.rules(
        method,
        symbol,
        splits,
        target_percent=target_percent,
        reverse_exit_percent=reverse_exit_percent,
        ladder=ladder,
        first_buy_percent=first_buy_percent,
        band_percent=band_percent,
        cap_percent=cap_percent,
        compounding=compounding,
        fee_percent=fee_percent,
    )


def with_rules(**defaults: object) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of an agreement; it is handed the finished `rules`.

    `defaults` fill options that would otherwise be required. An agreement that the book refuses
    ends the command with exit status 3 and the book's sentence.
    """
    shared = [
        parameter.replace(default=defaults.get(parameter.name, parameter.default))
        for parameter in inspect.signature(_agreement).parameters.values()
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
                refuse(f"{error}.")
            command(rules=rules, **given)

        # typer reads a command's options from its signature and annotations.
        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]  # wraps
        run.__annotations__ = {each.name: each.annotation for each in parameters}
        return run

    return decorate
