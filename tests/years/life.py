"""A life of many years: the simulated world of tests/simulation, without faults, forgetting.

What the world remembers for its judge would grow without end, and with it the process: of that,
what nothing asks for any more is let go once a week, so that what grows is the program's.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from bot.sessions import load_calendar
from bot.setting_values import UsdShort, WhenBlocked
from bot.storage.database import DATABASE_NAME
from tests.simulation.drive import Life
from tests.simulation.faults import Swarm, quiet
from tests.simulation.scenario import Scenario

LAST_DAY = date(2027, 10, 17)
"""The calendar ends with 2027: a life of so many days begins so many before this."""
WEEK = 7 * 86_400.0
KEPT_DAYS, KEPT_BARS, KEPT_MESSAGES = 60, 700, 500
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What was measured after so many days: bytes of memory, of the state file and its log."""

    day: int
    memory: int
    state: int
    log: int


class LongLife(Life):
    """Live for years in one process; `read` gets a Reading after a day and every so many.

    An owner who asks has reports made of the whole history, again and again.
    """

    def __init__(
        self,
        seed: int,
        days: int,
        home: Path,
        *,
        every: int,
        read: Callable[[Reading], None],
        asks: bool = True,
    ) -> None:
        start = datetime.combine(LAST_DAY - timedelta(days=days), datetime.min.time(), UTC)
        super().__init__(
            seed,
            days,
            home,
            Swarm(rates=dict(quiet().rates)),
            None,
            scenario=_scenario(start + timedelta(hours=7)),
        )
        if not asks:
            self.owner.only_read()
        self._read = read
        self._every = every
        for day in (1, *range(every, days + 1, every)):
            self.world.at(self.world.start + timedelta(days=day), lambda day=day: self.measure(day))  # type: ignore[misc]
        self._forget()

    def measure(self, day: int) -> None:
        """Hand a reading on."""
        state = self.home / DATABASE_NAME
        log = state.with_name(f"{state.name}-wal")
        self._read(
            Reading(
                day=day,
                memory=memory(),
                state=state.stat().st_size if state.exists() else 0,
                log=log.stat().st_size if log.exists() else 0,
            )
        )

    def _forget(self) -> None:
        """Let go what only the judge would want, and what is older than anybody asks for."""
        self.world.facts.clear()
        oldest = self.world.now.date() - timedelta(days=KEPT_DAYS)
        book = self.broker.exchange.book
        for day in [day for day in book if day < oldest]:
            del book[day]
        for tape in self.broker.exchange.market.tapes.values():
            del tape.bars[:-KEPT_BARS]
        phone = self.telegram.phone
        posting, orders = self.telegram._methods.posting, self.broker.orders
        _cut(phone.messages, phone.said, posting._contents, posting._files)
        _cut(self.telegram._methods.queries, self.owner._decided, self.broker.prices._rows)
        _cut(orders.accepted)
        del phone.pinned[:-KEPT_MESSAGES]
        orders.reached = set(sorted(orders.reached)[-KEPT_MESSAGES:])
        asked = self.owner._intents
        asked._asked = set(sorted(asked._asked)[-KEPT_MESSAGES:])
        self.world.later(WEEK, self._forget)


def _cut(*remembered: dict[Any, Any]) -> None:
    """Leave the newest of each; a dict is in the order of its making."""
    for each in remembered:
        for key in list(each)[:-KEPT_MESSAGES]:
            del each[key]


def memory() -> int:
    """Read this process's resident memory (bytes)."""
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * _PAGE


def _scenario(start: datetime) -> Scenario:
    session = load_calendar(Path()).current_or_next(start)
    return Scenario(
        start=session.open.astimezone(UTC) - timedelta(hours=7),
        cash=Decimal(150_000),
        interleave=0.0,
        daily_limit=None,
        total_limit=None,
        usd_short=UsdShort.REPORT,
        blocked=WhenBlocked.KEEP,
    )
