"""What a day asks takes no longer after years: every question finds its rows, and reads no others.

SQLite itself says how it would answer each (EXPLAIN QUERY PLAN), whatever the number of rows is.
"""

from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.events import CycleStarted, FeesCharged
from bot.reports.record import read, read_completed
from bot.storage.database import DATABASE_NAME, Database, Row, opened
from bot.storage.journal import Journal
from bot.storage.views import UNRESOLVED, Views
from bot.trading.model import CONSOLE, GOING_OUT, UNSETTLED, Approval
from strategy.cycle import charge_more, start
from strategy.model import Cycle
from tests.bot.reports.history import events_of, played, rules

NOW = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)
SWINGS = [
    "100",
    "97",
    "94",
    "99",
    "108",
    "121",
    "130",
    "126",
    "119",
    "112",
    "118",
    "131",
    "144",
] * 4
LARGE = ("round", "journal", "broker_order", "charge")
"""The tables that grow by the session."""


class Noted:
    """A state file whose questions are written down."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.asked: list[tuple[str, tuple[Any, ...]]] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    async def one(self, sql: str, values: Iterable[Any] = ()) -> Row | None:
        found = await self.all(sql, values)
        return found[0] if found else None

    async def all(self, sql: str, values: Iterable[Any] = ()) -> list[Row]:
        self.asked.append((sql, tuple(values)))
        return await self._database.all(sql, self.asked[-1][1])

    async def ways(self) -> list[str]:
        """Say, step by step, how every question would be answered."""
        return [
            str(step["detail"])
            for sql, values in self.asked
            for step in await self._database.all(f"EXPLAIN QUERY PLAN {sql}", values)
        ]

    async def scans(self) -> list[str]:
        """Name the questions for which a whole large table would be walked."""
        found = []
        for sql, values in self.asked:
            for step in await self._database.all(f"EXPLAIN QUERY PLAN {sql}", values):
                words = str(step["detail"]).split()
                if words[0] == "SCAN" and words[1] in LARGE:
                    found.append(f"{sql}: {step['detail']}")
        return found


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    """Two runs of some cycles each, on the same days."""
    async with opened(tmp_path / DATABASE_NAME) as room:
        journal = Journal(room)
        for cycle_id, symbol in ((1, "TQQQ"), (2, "SOXL")):
            begun = start(rules(symbol), Decimal(10_000 * cycle_id))
            await _trade(journal, cycle_id, begun)
        yield room


async def _trade(journal: Journal, cycle_id: int, begun: Cycle) -> None:
    started = CycleStarted(cycle_id=cycle_id, cycle=begun, approval=Approval.AUTO, by=CONSOLE)
    async with journal.recording(NOW) as recording:
        await recording.record(started)
        for view in played(SWINGS, cycle_id=cycle_id, cycle=begun):
            for event in events_of(view):
                await recording.record(event)


async def test_no_question_of_a_day_walks_a_table_that_grows(database: Database) -> None:
    noted = Noted(database)
    views = Views(noted)  # type: ignore[arg-type]  # a Database that notes what it is asked
    await _ask_a_day(views)
    assert len(noted.asked) > 20
    assert await noted.scans() == []


async def _ask_a_day(views: Views) -> None:
    latest = (await views.settlements(cycle_id=1, limit=1))[0]
    for question in (
        views.status(),
        views.today(),
        views.rounds_of(latest.session),
        views.rounds_in(*GOING_OUT),
        views.rounds_in(*UNSETTLED),
        views.orders_in(*UNRESOLVED),
        views.orders_of_session(latest.session),
        views.latest_round(1),
        views.round(latest.round_id),
        views.rounds_shown_late(),
        views.proposals(latest.session),
        views.settled_after(1, latest.session),
        views.settled_between(latest.session, latest.session),
        views.rounds_of_cycle(1, latest.before.number),
        views.finished_until(latest.session, 1),
        views.turned_away(latest.round_id),
        views.cancels(latest.round_id),
        read_completed(views, 1, 1),
    ):
        await question


async def test_a_cycles_rounds_are_found_without_those_of_the_cycles_before(
    database: Database,
) -> None:
    noted = Noted(database)
    await Views(noted).rounds_of_cycle(1, 2)  # type: ignore[arg-type]  # as above
    assert "USING INDEX round_number (cycle_id=? AND <expr>=?)" in (await noted.ways())[0]


async def test_a_question_for_all_of_the_history_does_walk_one(database: Database) -> None:
    noted = Noted(database)
    await Views(noted).settled_rounds()  # type: ignore[arg-type]  # as above
    assert await noted.scans() != []


async def test_one_finished_cycle_is_what_the_whole_history_says_of_it(database: Database) -> None:
    views = Views(database)
    await _charge_a_cent_more(database)
    whole = (await read(views)).completed
    assert len(whole) > 4
    assert {done.cycle_id for done in whole} == {1, 2}
    for done in whole:
        assert await read_completed(views, done.cycle_id, done.cycle.number) == done


async def test_a_cycle_that_is_not_over_is_none(database: Database) -> None:
    views = Views(database)
    running = (await views.cycles())[0].cycle
    assert await read_completed(views, 1, running.number) is None


async def _charge_a_cent_more(database: Database) -> None:
    """Let KIS take a cent more of a round in the middle than was booked."""
    views = Views(database)
    rounds = [each.settlement for each in await views.settled_rounds(1) if each.settlement]
    paid = next(each for each in rounds[len(rounds) // 4 :] if each.bought and not each.sold)
    more = paid.fees + Decimal("0.01")
    ledger = (await views.cycles())[0].cycle
    event = FeesCharged(
        round_id=paid.round_id,
        cycle_id=1,
        session=paid.session,
        booked=paid.fees,
        bought=more,
        sold=Decimal(0),
        before=ledger,
        after=charge_more(ledger, Decimal("0.01")),
    )
    async with Journal(database).recording(NOW + timedelta(days=1)) as recording:
        await recording.record(event)
