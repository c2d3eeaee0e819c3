"""The question desk over the journal's own lines."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from bot.events import CycleStarted, RoundProposed
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
