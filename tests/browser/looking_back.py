"""A state file with some months in it: two runs, a viewer, and rates."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bot.events import CycleStarted, Event, PersonJoined, RateSeen
from bot.storage.database import DATABASE_NAME, opened
from bot.storage.journal import Journal
from bot.storage.views import RoundView
from bot.trading.model import STARTUP, Approval
from strategy.cycle import start
from tests.bot.reports.history import events_of, played, rules
from tests.markets import sessions

VIEWER = 1000002
AT = datetime(2027, 3, 1, tzinfo=UTC)
RATES = ("1387.5", "1402.1", "1431.8", "1398.2")


def closes(seed: int, count: int, first: str) -> list[str]:
    """Make a market that falls and rises enough for some cycles to end."""
    rng, close, made = random.Random(seed), Decimal(first), [first]
    for _ in range(count - 1):
        step = Decimal(round(rng.gauss(1.5, 32))) / 1000
        close = max(close * (1 + step), Decimal(4)).quantize(Decimal("0.01"))
        made.append(str(close))
    return made


def runs() -> tuple[tuple[RoundView, ...], ...]:
    """Play two runs: one over two years' ends, one that began later."""
    days = sessions(110)
    one = played(closes(5, 110, "72.40"), days=days)
    other = start(rules("SOXL", splits=40), Decimal(20000))
    return one, played(closes(9, 60, "41.20"), cycle_id=2, cycle=other, days=days[50:])


async def write_state(home: Path) -> None:
    """Write the state file as the bot would have left it."""
    home.mkdir(parents=True, exist_ok=True)
    async with (
        opened(home / DATABASE_NAME) as database,
        Journal(database).recording(AT) as recording,
    ):
        for event in _events():
            await recording.record(event)


def _events() -> Iterator[Event]:
    yield PersonJoined(user_id=VIEWER, role="VIEWER", name="손님")
    for place, rate in enumerate(RATES):
        yield RateSeen(day=sessions(60)[place * 15], rate=Decimal(rate))
    for rounds in runs():
        first = rounds[0].settlement
        assert first is not None
        yield CycleStarted(
            cycle_id=first.cycle_id, cycle=first.before, approval=Approval.AUTO, by=STARTUP
        )
        for view in rounds:
            yield from events_of(view, _known(rounds, view))


def _known(rounds: tuple[RoundView, ...], view: RoundView) -> tuple[Decimal, ...]:
    """Give the close that a round was planned with; the first day's is that of its market."""
    place = rounds.index(view)
    if place == 0:
        return (Decimal("72.40") if view.cycle_id == 1 else Decimal("41.20"),)
    settled = rounds[place - 1].settlement
    assert settled is not None
    assert settled.close is not None
    return (settled.close,)
