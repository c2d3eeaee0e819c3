"""Who answers what: a file per command family, joined into one router."""

from types import ModuleType
from typing import TypeVar

from aiogram import Router

from bot.telegram.handlers import (
    account,
    afterwards,
    alerts,
    backtest,
    backup,
    buynow,
    chart,
    compare,
    corrections,
    cycles,
    day,
    export,
    guide,
    home,
    lock,
    modes,
    money,
    onboarding,
    orders,
    panel,
    people,
    pnl,
    price,
    reports,
    risk,
    rounds,
    safety,
    schedule,
    seed,
    settings,
    setup,
    skipping,
    sync,
    tax,
    upkeep,
    whatif,
    why,
)
from bot.telegram.handlers.family import Answer, Do, Show
from bot.telegram.handlers.heard import Hearing
from bot.telegram.taps import Kind

Key = TypeVar("Key")
Value = TypeVar("Value")

FAMILIES: tuple[ModuleType, ...] = (
    home,
    day,
    rounds,
    orders,
    skipping,
    buynow,
    whatif,
    why,
    sync,
    safety,
    people,
    modes,
    lock,
    reports,
    account,
    corrections,
    chart,
    backtest,
    settings,
    seed,
    afterwards,
    pnl,
    cycles,
    risk,
    compare,
    export,
    money,
    price,
    tax,
    alerts,
    schedule,
    upkeep,
    panel,
    backup,
    setup,
    guide,
    onboarding,
)
"""Every module of handlers; each brings SHOWS, ACTIONS and ANSWERS (family.py) where it has any."""


def joined() -> tuple[dict[str, Show], dict[Kind, Do], dict[str, Answer]]:
    """Join what the families bring. Raises ValueError when two claim the same."""
    shows: dict[str, Show] = {}
    actions: dict[Kind, Do] = {}
    answers: dict[str, Answer] = {}
    for family in FAMILIES:
        _add(shows, getattr(family, "SHOWS", {}))
        _add(actions, getattr(family, "ACTIONS", {}))
        _add(answers, getattr(family, "ANSWERS", {}))
    return shows, actions, answers


def _add(whole: dict[Key, Value], part: dict[Key, Value]) -> None:
    twice = whole.keys() & part.keys()
    if twice:
        raise ValueError(f"claimed twice: {sorted(map(str, twice))}")
    whole.update(part)


SHOWS, ACTIONS, ANSWERS = joined()


def owner_router() -> Router:
    """Make the router of everything that an allowed person may say or press."""
    router = Router(name="owner")
    hearing = Hearing(SHOWS, ACTIONS, ANSWERS)
    router.message.register(hearing.message)
    router.callback_query.register(hearing.tap)
    return router
