import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import exchange_calendars
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import NEW_YORK
from bot.errors import CalendarEnded, OverridesError
from bot.sessions import Calendar, load_calendar, parse_overrides, session_on

SHARED_SESSIONS = Path(__file__).parents[3] / "shared" / "data" / "nyse_sessions.csv"
FIRST, LAST = date(2010, 1, 1), date(2027, 12, 31)
CALENDAR = Calendar()


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def ours() -> list[tuple[datetime, datetime, bool]]:
    return [
        (one.open.astimezone(UTC), one.close.astimezone(UTC), one.early_close)
        for one in CALENDAR.between(FIRST, LAST)
    ]


def test_every_session_and_half_day_equals_the_shared_calendar() -> None:
    if not SHARED_SESSIONS.exists():
        pytest.skip("../shared is not beside this clone")
    with SHARED_SESSIONS.open() as lines:
        theirs = [
            (
                datetime.fromisoformat(row["open_utc"]),
                datetime.fromisoformat(row["close_utc"]),
                row["early_close"] == "1",
            )
            for row in csv.DictReader(lines)
        ]
    assert ours() == theirs


# exchange_calendars 4.13 on pandas 3.1 warns about its own insides.
@pytest.mark.filterwarnings("ignore:Series.values returning")
def test_every_session_and_half_day_equals_exchange_calendars() -> None:
    theirs = exchange_calendars.get_calendar("XNYS", start=str(FIRST), end=str(LAST))
    early = set(theirs.early_closes)
    assert ours() == [
        (opens.to_pydatetime(), closes.to_pydatetime(), day in early)
        for day, opens, closes in zip(theirs.sessions, theirs.opens, theirs.closes, strict=True)
    ]


@pytest.mark.parametrize("day", ["2012-10-29", "2018-12-05", "2025-01-09"])
def test_a_closure_announced_late_is_known_from_the_past(day: str) -> None:
    assert CALENDAR.session(date.fromisoformat(day)) is None


def test_a_session_opens_and_closes_at_new_york_wall_times_in_summer_and_winter() -> None:
    summer, winter = CALENDAR.session(date(2026, 10, 30)), CALENDAR.session(date(2026, 11, 2))
    assert summer is not None
    assert winter is not None
    assert summer.open.astimezone(UTC).time() == time(13, 30)
    assert winter.open.astimezone(UTC).time() == time(14, 30)
    assert summer.close.astimezone(UTC).time() == time(20, 0)
    assert winter.close.astimezone(UTC).time() == time(21, 0)


def test_the_day_after_thanksgiving_closes_early() -> None:
    session = CALENDAR.session(date(2026, 11, 27))
    assert session is not None
    assert session.early_close
    assert session.close == new_york("2026-11-27T13:00")


def test_the_next_session_after_an_instant_has_not_opened_yet() -> None:
    friday_open = new_york("2026-10-09T09:30")
    assert CALENDAR.next_after(friday_open - timedelta(seconds=1)).day == date(2026, 10, 9)
    assert CALENDAR.next_after(friday_open).day == date(2026, 10, 12)


def test_an_open_session_is_current_until_its_close() -> None:
    close = new_york("2026-10-09T16:00")
    assert CALENDAR.current_or_next(close - timedelta(seconds=1)).day == date(2026, 10, 9)
    assert CALENDAR.current_or_next(close).day == date(2026, 10, 12)


def test_an_instant_of_seoul_is_looked_up_on_new_yorks_date() -> None:
    seoul_morning = datetime.fromisoformat("2026-10-10T04:30+09:00")
    assert CALENDAR.current_or_next(seoul_morning).day == date(2026, 10, 9)


def test_the_previous_session_skips_a_holiday_and_a_weekend() -> None:
    assert CALENDAR.previous(date(2026, 7, 6)).day == date(2026, 7, 2)


@given(st.datetimes(datetime(2010, 1, 5), datetime(2027, 12, 20)))  # noqa: DTZ001  given New York's zone below
def test_neighbouring_sessions_find_each_other(naive: datetime) -> None:
    instant = naive.replace(tzinfo=NEW_YORK)
    session = CALENDAR.next_after(instant)
    assert session.open > instant
    assert CALENDAR.following(CALENDAR.previous(session.day).day) == session
    assert CALENDAR.previous(session.day).open <= instant


@pytest.mark.fault(50)
def test_a_day_beyond_the_last_known_year_is_refused_with_a_sentence() -> None:
    with pytest.raises(CalendarEnded, match=r"2028-01-03.*2027년까지"):
        CALENDAR.session(date(2028, 1, 3))
    with pytest.raises(CalendarEnded) as ended:
        CALENDAR.next_after(new_york("2027-12-31T12:00"))
    assert "ends with 2027" in ended.value.sentence("en")


def test_the_last_known_year_can_be_handed_in_for_markets_of_the_future() -> None:
    assert Calendar(last_year=2031).session(date(2031, 3, 3)) is not None


def test_an_override_file_closes_a_day_and_shortens_another(tmp_path: Path) -> None:
    (tmp_path / "sessions.csv").write_text(
        "date,open,close\n# a day of mourning\n2026-10-07,closed\n\n2026-10-08, 09:30, 13:00\n"
    )
    calendar = load_calendar(tmp_path)
    assert calendar.session(date(2026, 10, 7)) is None
    shortened = calendar.session(date(2026, 10, 8))
    assert shortened == session_on(date(2026, 10, 8), closes=time(13, 0))
    assert shortened.early_close
    assert calendar.following(date(2026, 10, 6)).day == date(2026, 10, 8)
    assert calendar.session(date(2026, 10, 9)) == session_on(date(2026, 10, 9))


def test_an_override_opens_a_day_that_the_rules_close(tmp_path: Path) -> None:
    (tmp_path / "sessions.csv").write_text("2026-07-03,09:30,13:00")
    assert load_calendar(tmp_path).session(date(2026, 7, 3)) is not None


def test_without_an_override_file_the_rules_hold(tmp_path: Path) -> None:
    assert load_calendar(tmp_path).session(date(2026, 7, 3)) is None


@pytest.mark.parametrize(
    "line",
    [
        "2026-02-30,closed",
        "20260707,closed",
        "2026-07-07",
        "2026-07-07,shut",
        "2026-07-07,09:30",
        "2026-07-07,09:30,16:00,extra",
        "2026-07-07,16:00,09:30",
        "2026-07-07,9:30,16:00",
        "2026-07-07,09:30+09:00,16:00",
        "2026-07-07,25:00,26:00",
        ",closed",
        "한글",
    ],
)
def test_a_malformed_override_is_refused_with_its_line_number(line: str) -> None:
    with pytest.raises(OverridesError, match=r"sessions.csv 2번째 줄"):
        parse_overrides(f"2025-01-09,closed\n{line}\n", source=Path("sessions.csv"))


def test_a_day_written_twice_is_refused_with_the_second_line() -> None:
    with pytest.raises(OverridesError, match=r"3번째 줄.*2026-07-07이"):
        parse_overrides("2026-07-07,closed\n\n2026-07-07,09:30,13:00", source=Path("sessions.csv"))


def test_an_override_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sessions.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(OverridesError, match="UTF-8"):
        load_calendar(tmp_path)
