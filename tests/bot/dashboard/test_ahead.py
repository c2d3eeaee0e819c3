"""What happens next, at Seoul's wall clock."""

from datetime import datetime
from pathlib import Path

from bot.clock import SEOUL
from bot.dashboard.ahead import day_at, steps
from bot.sessions import load_calendar


def told(tmp_path: Path, venue: str, now: datetime) -> list[str]:
    day = day_at(load_calendar(tmp_path), venue, now)
    assert day is not None
    return [f"{step.at.astimezone(SEOUL):%m-%d %H:%M} {step.what[1]}" for step in steps(day)]


def test_a_summer_evening_is_told_in_seouls_hours(tmp_path: Path) -> None:
    assert told(tmp_path, "real", datetime(2026, 10, 7, 18, 0, tzinfo=SEOUL)) == [
        "10-07 18:20 the plan is made and told",
        "10-07 18:30 orders go out from here",
        "10-07 22:30 New York opens",
        "10-08 04:30 last call for approval and orders",
        "10-08 05:00 New York closes",
        "10-08 05:10 the result is booked and told",
    ]


def test_a_half_day_in_winter_moves_the_last_call(tmp_path: Path) -> None:
    night = told(tmp_path, "real", datetime(2026, 11, 27, 20, 0, tzinfo=SEOUL))
    assert night[2:5] == [
        "11-27 23:30 New York opens",
        "11-28 02:30 last call for approval and orders",
        "11-28 03:00 New York closes",
    ]


def test_a_day_is_on_until_it_is_settled(tmp_path: Path) -> None:
    before = told(tmp_path, "real", datetime(2026, 10, 8, 5, 9, tzinfo=SEOUL))
    after = told(tmp_path, "real", datetime(2026, 10, 8, 5, 10, tzinfo=SEOUL))
    assert (before[0][:5], after[0][:5]) == ("10-07", "10-08")


def test_a_rehearsal_is_settled_at_noon(tmp_path: Path) -> None:
    day = told(tmp_path, "paper", datetime(2026, 10, 8, 11, 0, tzinfo=SEOUL))
    assert day[-1] == "10-08 12:10 the result is booked and told"


def test_past_the_calendars_end_nothing_is_promised(tmp_path: Path) -> None:
    calendar = load_calendar(tmp_path, last_year=2026)
    assert day_at(calendar, "real", datetime(2027, 1, 2, 12, 0, tzinfo=SEOUL)) is None
