"""The end of a week and of a month is journalled once, when its last session is settled."""

from datetime import date, timedelta
from pathlib import Path

from bot.charts.model import Period
from bot.events import PeriodEnded, RoundSettled
from tests.bot.trading.floor import DAY, NEXT, Floor, on_floor, table_of, world

FRIDAY = date(2026, 10, 9)
WEEK = PeriodEnded(period=Period.WEEK, first=date(2026, 10, 5), last=date(2026, 10, 11))
MONTH = PeriodEnded(period=Period.MONTH, first=date(2026, 10, 1), last=date(2026, 10, 31))
MINUTE = timedelta(minutes=1)


async def test_a_week_ends_with_the_settlement_of_its_last_session(floor: Floor) -> None:
    await floor.begin()
    await floor.live(table_of(FRIDAY).session.close + MINUTE)
    assert await floor.all(PeriodEnded) == []
    await floor.live(table_of(FRIDAY).settle_again_at)
    assert await floor.all(PeriodEnded) == [WEEK]
    *_, settled, ended = [
        entry.event
        for entry in await floor.entries()
        if isinstance(entry.event, RoundSettled | PeriodEnded)
    ]
    assert isinstance(settled, RoundSettled)
    assert (settled.session, ended) == (FRIDAY, WEEK)
    await floor.live(table_of(date(2026, 10, 12)).settle_again_at)
    assert await floor.all(PeriodEnded) == [WEEK]


async def test_a_month_ends_with_its_last_session_and_a_restart_tells_nothing_again(
    tmp_path: Path,
) -> None:
    counter = world(table_of(date(2026, 10, 30)).propose_at - timedelta(minutes=5))
    async with on_floor(tmp_path / "state", counter) as floor:
        await floor.begin()
        await floor.live(table_of(date(2026, 10, 30)).settle_again_at)
        week = PeriodEnded(period=Period.WEEK, first=date(2026, 10, 26), last=date(2026, 11, 1))
        assert await floor.all(PeriodEnded) == [week, MONTH]
    async with on_floor(tmp_path / "state", counter) as floor:
        await floor.live(table_of(date(2026, 11, 2)).propose_at)
        assert await floor.all(PeriodEnded) == [week, MONTH]


async def test_a_bot_that_was_off_at_the_weeks_end_tells_of_it_later(floor: Floor) -> None:
    await floor.begin()
    await floor.live(table_of(NEXT).propose_at)
    assert [settled.session for settled in await floor.all(RoundSettled)] == [DAY]
    await floor.live(table_of(NEXT).settle_again_at)
    await floor.look(table_of(date(2026, 10, 13)).propose_at)
    assert await floor.all(PeriodEnded) == [WEEK]


async def test_a_week_without_a_settled_session_is_not_told_of(floor: Floor) -> None:
    await floor.look(table_of(FRIDAY).settle_again_at)
    await floor.look(table_of(date(2026, 10, 12)).propose_at)
    assert await floor.all(PeriodEnded) == []
