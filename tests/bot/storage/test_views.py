"""The question desk over the journal's own lines."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from bot.events import CycleStarted, RoundForeseen, RoundProposed
from bot.storage import codec, database
from bot.storage.database import opened
from bot.storage.journal import Journal
from bot.storage.views import Views
from bot.trading.model import CONSOLE, Approval, round_id
from strategy import versions
from strategy.model import Market
from tests.bot.trading.floor import DAY, NEXT, holding, table_of

NOW = datetime(2026, 10, 7, 9, 20, tzinfo=UTC)


def proposed(cycle_id: int, session: date, close: str) -> RoundProposed:
    market = Market(closes=(Decimal(close),))
    return RoundProposed(
        round_id=round_id(cycle_id, session),
        cycle_id=cycle_id,
        session=session,
        plan=versions.plan(holding(), market),
        market=market,
        digest="d",
        approval=Approval.AUTO,
        deadline=table_of(session).deadline,
    )


async def test_of_a_session_the_last_plan_of_each_round_is_read_with_its_closes(
    tmp_path: Path,
) -> None:
    started = CycleStarted(cycle_id=1, cycle=holding(), approval=Approval.AUTO, by=CONSOLE)
    last = proposed(1, DAY, "51")
    other = proposed(2, DAY, "52")
    async with opened(tmp_path / "state") as room:
        async with Journal(room).recording(NOW) as recording:
            for event in (started, replace(started, cycle_id=2), other, proposed(1, DAY, "50")):
                await recording.record(event)
            for event in (last, proposed(1, NEXT, "53")):
                await recording.record(event)
        assert await Views(room).proposals(DAY) == (last, other)
        assert await Views(room).proposals(date(2026, 10, 9)) == ()


FORESEEN = RoundForeseen(
    round_id=round_id(1, DAY),
    session=DAY,
    close=Decimal("49.90"),
    bought=3,
    sold=0,
    realized=Decimal(0),
    turn=Decimal("4.5"),
    quantity=43,
)


async def test_what_was_foreseen_of_a_round_can_be_shown_again(tmp_path: Path) -> None:
    started = CycleStarted(cycle_id=1, cycle=holding(), approval=Approval.AUTO, by=CONSOLE)
    async with opened(tmp_path / "state") as room:
        views = Views(room)
        async with Journal(room).recording(NOW) as recording:
            for event in (started, proposed(1, DAY, "50")):
                await recording.record(event)
        before = await views.round(FORESEEN.round_id)
        async with Journal(room).recording(NOW) as recording:
            await recording.record(FORESEEN)
        after = await views.round(FORESEEN.round_id)
    assert before is not None
    assert after is not None
    assert (before.foreseen, after.foreseen) == (None, FORESEEN)


async def test_a_file_that_only_marked_what_was_foreseen_gets_it_from_its_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = database._scripts()
    monkeypatch.setattr(database, "_scripts", lambda: whole[:4])
    line = "INSERT INTO journal (at, type, round_id, body) VALUES ('t', 'RoundForeseen', ?, ?)"
    async with opened(tmp_path / "state") as room, room.transaction() as tx:
        await tx.execute(
            "INSERT INTO cycle (cycle_id, symbol, approval, state, started_at)"
            " VALUES (1, 'TQQQ', 'auto', '{}', ?)",
            (NOW.isoformat(),),
        )
        for session, foreseen in ((DAY, 1), (NEXT, 0)):
            await tx.execute(
                "INSERT INTO round (round_id, cycle_id, session, state, digest, approval,"
                " proposed_at, foreseen) VALUES (?, 1, ?, 'settled', 'd', 'auto', ?, ?)",
                (round_id(1, session), session.isoformat(), NOW.isoformat(), foreseen),
            )
        await tx.execute(line, (FORESEEN.round_id, codec.dumps(FORESEEN)))
    monkeypatch.setattr(database, "_scripts", lambda: whole)
    async with opened(tmp_path / "state") as room:
        marked = await Views(room).round(FORESEEN.round_id)
        other = await Views(room).round(round_id(1, NEXT))
    assert marked is not None
    assert other is not None
    assert (marked.foreseen, other.foreseen) == (FORESEEN, None)
