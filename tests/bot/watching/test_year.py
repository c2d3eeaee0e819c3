"""The days of a year as the room lives them: holidays, half days, a late closure, both changes."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.events import (
    OrderSent,
    OrderWithheld,
    RoundLapsed,
    RoundMissed,
    RoundProposed,
    RoundSettled,
)
from bot.sessions import Calendar
from bot.trading.model import Approval, OrderState
from tests.bot.trading.floor import DAY, HALF_DAY, on_floor, table_of, world
from tests.bot.watching.watched import Watched, watch

TABLE = table_of(DAY)
S = OrderState


@pytest.mark.fault(47)
async def test_a_holiday_has_no_round_and_a_half_day_an_earlier_cut_off(tmp_path: Path) -> None:
    # Thanksgiving 2026 is closed; the Friday after it closes at 13:00.
    counter = world(datetime(2026, 11, 25, 22, tzinfo=UTC))
    async with on_floor(tmp_path / "muhan.sqlite3", counter) as floor:
        await watch(floor)
        await floor.begin()
        await floor.live(datetime(2026, 11, 28, 3, tzinfo=UTC))
        (proposed,) = await floor.all(RoundProposed)
        assert proposed.session == HALF_DAY
        assert proposed.deadline == datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
        assert len(await floor.all(RoundSettled)) == 1
        assert await floor.all(RoundMissed) == []


@pytest.mark.fault(47)
async def test_a_day_closed_late_sends_nothing_and_says_so(room: Watched) -> None:
    floor = room.floor
    await floor.begin()
    await floor.look(TABLE.propose_at)
    floor.trading.desk.calendar = Calendar(overrides={DAY: None})
    await floor.live(TABLE.settle_again_at)
    assert floor.counter.placed == []
    (lapsed,) = await floor.all(RoundLapsed)
    assert lapsed.reason == "closed_day"


@pytest.mark.fault(47)
async def test_a_day_closed_when_the_orders_are_out_is_settled_without_a_fill(
    room: Watched,
) -> None:
    floor = room.floor
    await floor.begin()
    await floor.look(TABLE.propose_at)
    floor.counter.before_place = lambda _: setattr(
        floor.trading.desk, "calendar", Calendar(overrides={DAY: None})
    )
    await floor.live(TABLE.send_from)
    assert len(floor.counter.placed) == 1  # the closure was known before the second
    for posted in floor.counter.posted:
        floor.counter.end(posted.row.order_number, "장종료")
    await floor.live(TABLE.settle_again_at)
    assert len(await floor.all(OrderSent)) == 1
    (settled,) = await floor.all(RoundSettled)
    assert (settled.bought, settled.sold) == (0, 0)
    assert {reason for e in await floor.all(OrderWithheld) for reason in e.reasons} <= {
        "closed_day"
    }


@pytest.mark.fault(48)
@pytest.mark.parametrize("start", [date(2026, 10, 24), date(2027, 3, 6)])
async def test_over_a_change_of_daylight_saving_every_session_has_one_round_in_its_window(
    tmp_path: Path, start: date
) -> None:
    counter = world(datetime.combine(start, datetime.min.time(), UTC))
    async with on_floor(tmp_path / "muhan.sqlite3", counter) as floor:
        await watch(floor)
        await floor.begin()
        await floor.live(datetime.combine(start + timedelta(days=15), datetime.min.time(), UTC))
        proposed = [event.session for event in await floor.all(RoundProposed)]
        expected = [each.day for each in Calendar().between(start, start + timedelta(days=13))]
        assert proposed == expected
        for entry in await floor.entries():
            if isinstance(entry.event, OrderSent):
                table = table_of(date.fromisoformat(entry.event.slot.split(".", maxsplit=1)[0]))
                assert table.may_send(entry.at)


@pytest.mark.fault(49)
async def test_midnight_in_seoul_lies_inside_one_session_and_makes_one_round(room: Watched) -> None:
    floor = room.floor
    await floor.begin(approval=Approval.CONFIRM)
    floor.clock.at = (TABLE.quiet_from - timedelta(minutes=1)).astimezone(UTC)
    await floor.live(TABLE.deadline + timedelta(minutes=1))
    (proposed,) = await floor.all(RoundProposed)
    assert proposed.session == DAY
    assert await floor.all(RoundMissed) == []
