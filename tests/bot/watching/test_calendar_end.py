"""The calendar's last fortnight, lived look by look."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.events import CalendarEnding, RoundProposed, RoundSettled
from tests.bot.trading.floor import on_floor, world
from tests.bot.watching.watched import watch


@pytest.mark.fault(50)
async def test_the_calendars_end_is_told_a_fortnight_before_and_then_nothing_is_sent(
    tmp_path: Path,
) -> None:
    counter = world(datetime(2027, 12, 17, 12, tzinfo=UTC))
    async with on_floor(tmp_path / "muhan.sqlite3", counter) as floor:
        await watch(floor)
        await floor.begin()
        await floor.live(datetime(2028, 1, 8, tzinfo=UTC))
        told = await floor.all(CalendarEnding)
        assert [event.days for event in told] == [14, 7, 3, 1, 0]
        assert {event.last_day for event in told} == {date(2027, 12, 31)}
        proposed = await floor.all(RoundProposed)
        assert max(event.session for event in proposed) == date(2027, 12, 31)
        # The last session is settled all the same.
        settled = await floor.all(RoundSettled)
        assert max(event.session for event in settled) == date(2027, 12, 31)
