"""Planning a past evening again from what was stored of it, to see that it gives the same plan."""

from collections.abc import Iterator
from dataclasses import replace

from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Market, Order, Plan, Skip
from strategy.reasons import NO_REASON

_FIGURES = ("cycle", "unit", "half", "star_percent", "star_price")


def differences(plan: Plan, market: Market) -> tuple[str, ...]:
    """Plan again from a plan's own cycle and market; list what comes out otherwise, if anything.

    A plan's cycle stands with its evening's phase decided already, and deciding it again changes
    nothing. Reasons that were not stored are not compared.
    """
    try:
        again = versions.plan(plan.cycle, market)
    except StrategyError as error:
        return (f"no plan comes of it now: {error}",)
    return tuple(_differences(plan, again))


def _differences(stored: Plan, again: Plan) -> Iterator[str]:
    for name in _FIGURES:
        before, after = getattr(stored, name), getattr(again, name)
        if before != after:
            yield f"{name}: stored {before}, again {after}"
    yield from _lines("order", stored.orders, again.orders)
    yield from _lines("skip", stored.skips, again.skips)


def _lines(
    what: str, stored: tuple[Order | Skip, ...], again: tuple[Order | Skip, ...]
) -> Iterator[str]:
    if len(stored) != len(again):
        yield f"{what}s: stored {len(stored)}, again {len(again)}"
    for number, (before, after) in enumerate(zip(stored, again, strict=False), start=1):
        told = after if before.why != NO_REASON else replace(after, why=NO_REASON)
        if before != told:
            yield f"{what} {number}: stored {before}, again {told}"
