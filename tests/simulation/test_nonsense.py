"""Every command of the menu with nonsense behind it, at the whole program: a sentence, no money.

The owner's cycles wait for an approval that never comes, so whatever reached the broker or changed
the books would have been the nonsense's doing.
"""

from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

from bot.events import (
    CycleChanged,
    CycleStarted,
    RoundApproved,
    RoundSkipped,
    TradingPaused,
    TradingResumed,
    TradingStopped,
)
from bot.sessions import load_calendar
from bot.storage.database import DATABASE_NAME
from bot.telegram.menu import BY_NAME
from bot.trading.model import Approval
from tests.simulation.drive import SECRETS, Life
from tests.simulation.evidence import gather
from tests.simulation.facts import MessageShown, OrderPosted
from tests.simulation.faults import Swarm, quiet
from tests.simulation.owner_habits import cycles_of
from tests.simulation.scenario import scenario_of
from tests.simulation.world import World

NONSENSE = (
    "9" * 480,
    "-1",
    "0",
    "1,23",
    "1,234.5",
    "2만",
    "2만2억",
    "1e9",
    "😀🚀",
    "<b>승인</b>",
    "없는종목",
    "SOXL TQQQ",
    "2026-02-30",
    "'; DROP TABLE tap; --",
    "\u202eLXOS",
    "가" * 3000,
)
DECIDED = (
    CycleChanged,
    RoundApproved,
    RoundSkipped,
    TradingPaused,
    TradingResumed,
    TradingStopped,
)
EVERY = 12.0  # seconds: slow enough that it is no flood
SEOUL_1840 = timedelta(hours=9, minutes=40)  # UTC; the round is proposed and its window open


@cache
def seed_that_waits() -> int:
    """Find the first world whose cycles all wait for a tap."""
    calendar = load_calendar(Path())
    for seed in range(1000):
        scenario = scenario_of(seed, calendar)
        starts = cycles_of(World(seed, scenario.start, quiet()).chance("owner cycles"))
        if all(start.approval is Approval.CONFIRM for start in starts):
            return seed
    raise LookupError


def every_command() -> list[str]:
    """Pair each command with its own few pieces of nonsense, and all nonsense with some command."""
    names = sorted(BY_NAME)
    return [
        f"/{name} {NONSENSE[(number * 3 + step) % len(NONSENSE)]}"
        for number, name in enumerate(names)
        for step in range(4)
    ]


@pytest.mark.fault(75)
def test_no_command_with_nonsense_behind_it_reaches_money_and_each_is_answered(
    tmp_path: Path,
) -> None:
    life = Life(seed_that_waits(), 1, tmp_path, Swarm(rates={}), None)
    life.owner.only_read()
    midnight = life.scenario.start.replace(hour=0, minute=0)
    said: list[tuple[datetime, str]] = []

    def say(text: str) -> None:
        said.append((life.world.now, text))
        life.telegram.say(text)

    for number, text in enumerate(every_command()):
        at = midnight + SEOUL_1840 + timedelta(seconds=EVERY * number)
        life.world.at(at, lambda text=text: say(text))  # type: ignore[misc]  # bound now
    life.run()
    assert len(said) == 4 * len(BY_NAME)
    shown = [fact.at for fact in life.world.facts if isinstance(fact, MessageShown)]
    unanswered = [
        text[:40]
        for at, text in said
        if not any(at < seen < at + timedelta(seconds=EVERY) for seen in shown)
    ]
    assert unanswered == []
    assert not [fact for fact in life.world.facts if isinstance(fact, OrderPosted)]
    evidence = gather(
        life.world.facts,
        tmp_path / DATABASE_NAME,
        end=life.world.now,
        calendar=life.calendar,
        logs=[],
        secrets=SECRETS,
        daily_limit=None,
        total_limit=None,
    )
    assert not list(evidence.of(*DECIDED))
    begun = list(evidence.of(CycleStarted))
    assert all(entry.at < midnight + SEOUL_1840 for entry in begun)
    failed = [
        fact.text
        for fact in life.world.facts
        if isinstance(fact, MessageShown) and "봇 안에서 오류가" in fact.text
    ]
    assert failed == []
    assert life.processes == 1
