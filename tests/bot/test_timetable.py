from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import NEW_YORK, SEOUL
from bot.sessions import Calendar, Session, session_on
from bot.timetable import REHEARSAL_HOURS, Hours, Timetable, timetable

CALENDAR = Calendar()
DAYS = CALENDAR.between(date(2010, 1, 4), date(2027, 12, 31))


def of(day: str) -> Timetable:
    session = CALENDAR.session(date.fromisoformat(day))
    assert session is not None
    return timetable(session)


def seoul(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SEOUL)


def test_a_summer_day_stands_at_seouls_wall_times() -> None:
    day = of("2026-10-07")
    assert day.propose_at == seoul("2026-10-07T18:20")
    assert day.send_from == seoul("2026-10-07T18:30")
    assert (day.quiet_from, day.quiet_until) == (
        seoul("2026-10-07T23:40"),
        seoul("2026-10-08T00:10"),
    )
    assert day.verify_at == seoul("2026-10-07T22:35")
    assert day.deadline == seoul("2026-10-08T04:30")
    assert day.reminders == (
        seoul("2026-10-08T03:30"),
        seoul("2026-10-08T04:10"),
        seoul("2026-10-08T04:25"),
    )
    assert day.settle_at == seoul("2026-10-08T05:10")
    assert day.settle_again_at == seoul("2026-10-08T05:40")
    assert day.closes_final_at == seoul("2026-10-08T12:00")


def test_in_winter_new_yorks_instants_come_an_hour_later_and_seouls_stay() -> None:
    day = of("2026-12-09")
    assert day.propose_at == seoul("2026-12-09T18:20")
    assert day.send_from == seoul("2026-12-09T18:30")
    assert day.verify_at == seoul("2026-12-09T23:35")
    assert day.deadline == seoul("2026-12-10T05:30")
    assert day.settle_at == seoul("2026-12-10T06:10")
    assert day.closes_final_at == seoul("2026-12-10T12:00")


@pytest.mark.parametrize(
    ("before", "after", "moves"),
    [("2026-03-06", "2026-03-09", -1), ("2026-10-30", "2026-11-02", 1)],
)
def test_a_change_of_daylight_saving_moves_the_close_and_not_the_evening(
    before: str, after: str, moves: int
) -> None:
    first, second = of(before), of(after)
    assert second.deadline.hour - first.deadline.hour == moves
    assert second.verify_at.hour - first.verify_at.hour == moves
    assert second.send_from.time() == first.send_from.time() == time(18, 30)


def test_a_half_day_moves_every_limit_with_its_close() -> None:
    day = of("2026-11-27")
    assert day.deadline == seoul("2026-11-28T02:30")
    assert day.reminders[0] == seoul("2026-11-28T01:30")
    assert day.settle_at == seoul("2026-11-28T03:10")
    assert day.send_from == seoul("2026-11-27T18:30")


@given(st.sampled_from(DAYS))
def test_sending_begins_inside_the_pre_market_after_its_first_ten_minutes(
    session: Session,
) -> None:
    day = timetable(session)
    premarket = datetime.combine(day.session.day, time(4, 0), NEW_YORK)
    assert premarket + timedelta(minutes=10) <= day.send_from < day.session.open
    order = [
        day.propose_at,
        day.send_from,
        day.verify_at,
        *day.reminders,
        day.deadline,
        day.settle_at,
        day.settle_again_at,
        day.closes_final_at,
    ]
    assert order == sorted(order)
    following = CALENDAR.following(day.session.day) if day.session != DAYS[-1] else None
    assert following is None or day.closes_final_at < timetable(following).propose_at


def test_an_earlier_sending_hour_waits_for_the_pre_market() -> None:
    hours = Hours(send=time(17, 0))
    assert timetable(session_on(date(2026, 10, 7)), hours).send_from == seoul("2026-10-07T17:10")
    assert timetable(session_on(date(2026, 12, 9)), hours).send_from == seoul("2026-12-09T18:10")


@pytest.mark.parametrize(
    ("instant", "may"),
    [
        ("2026-10-07T18:29:59", False),
        ("2026-10-07T18:30:00", True),
        ("2026-10-07T23:39:59", True),
        ("2026-10-07T23:40:00", False),
        ("2026-10-08T00:09:59", False),
        ("2026-10-08T00:10:00", True),
        ("2026-10-08T04:29:59", True),
        ("2026-10-08T04:30:00", False),
    ],
)
def test_orders_go_out_from_the_hour_to_the_deadline_but_not_at_kis_change_of_day(
    instant: str, *, may: bool
) -> None:
    assert of("2026-10-07").may_send(seoul(instant)) is may
    assert of("2026-10-07").may_send(seoul(instant).astimezone(UTC)) is may


@pytest.mark.parametrize(
    ("instant", "chance"),
    [
        ("2026-10-07T12:00:00", "2026-10-07T18:30:00"),
        ("2026-10-07T20:00:00", "2026-10-07T20:00:00"),
        ("2026-10-07T23:50:00", "2026-10-08T00:10:00"),
        ("2026-10-08T04:30:00", None),
    ],
)
def test_the_next_chance_to_send_skips_the_quiet_spell_and_ends_at_the_deadline(
    instant: str, chance: str | None
) -> None:
    expected = None if chance is None else seoul(chance)
    assert of("2026-10-07").next_chance(seoul(instant)) == expected


def test_a_quiet_spell_within_one_evening_ends_on_that_evening() -> None:
    hours = Hours(quiet_from=time(20, 0), quiet_until=time(20, 30))
    day = timetable(session_on(date(2026, 10, 7)), hours)
    assert day.quiet_until == seoul("2026-10-07T20:30")


@pytest.mark.parametrize("session", DAYS[-300::25])
def test_imitations_go_out_from_five_minutes_to_one_before_the_close_of_their_day(
    session: Session,
) -> None:
    day, second = timetable(session), timedelta(seconds=1)
    first, last = session.close - timedelta(minutes=5), session.close - timedelta(minutes=1)
    assert (day.emulate_from, day.emulate_until) == (first, last)
    assert [day.may_emulate(at) for at in (first - second, first, last - second, last)] == [
        False,
        True,
        True,
        False,
    ]


@given(st.sampled_from(DAYS))
def test_a_rehearsal_settles_after_noon_and_well_before_the_next_evening(session: Session) -> None:
    day = timetable(session, REHEARSAL_HOURS)
    noon = datetime.combine(session.day + timedelta(days=1), time(12), SEOUL)
    assert day.settle_at == noon + timedelta(minutes=10)
    assert day.settle_again_at == noon + timedelta(minutes=40)
    assert day.foresee_at == session.close + timedelta(minutes=10)
    following = timetable(CALENDAR.following(session.day)) if session != DAYS[-1] else None
    assert following is None or day.settle_again_at < following.propose_at
    assert timetable(session).foresee_at is None
