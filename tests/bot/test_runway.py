"""Runway and settlement days against the calendars of both countries."""

from datetime import date
from decimal import Decimal

import pytest

from bot.runway import Need, banks_open, runway, settled_in_seoul
from bot.sessions import Calendar, Session

CALENDAR = Calendar()


def session(day: date) -> Session:
    found = CALENDAR.session(day)
    assert found is not None
    return found


def need(usd: int) -> Need:
    return Need(cycle_id=1, symbol="SOXL", per_session=Decimal(usd))


def test_usd_last_for_whole_sessions_and_then_are_short() -> None:
    way = runway(Decimal(1000), [need(200), need(100)], CALENDAR, session(date(2026, 10, 7)))

    assert (way.sessions, way.short_on) == (3, date(2026, 10, 12))


def test_what_the_korean_holidays_shut_is_told_before_the_money_is_short() -> None:
    # 9 October is Hangul Day: New York trades, and no bank in Seoul sells dollars.
    way = runway(Decimal(600), [need(300)], CALENDAR, session(date(2026, 10, 7)))

    assert way.short_on == date(2026, 10, 9)
    assert way.shut == (date(2026, 10, 9),)
    assert way.warns


def test_a_holiday_long_after_the_money_is_short_is_no_warning() -> None:
    way = runway(Decimal(100), [need(300)], CALENDAR, session(date(2026, 10, 7)))

    assert way.short_on == date(2026, 10, 7)
    assert not way.warns


@pytest.mark.parametrize(
    ("usd", "short_on", "warns"),
    [
        (600, date(2026, 10, 9), True),
        (900, date(2026, 10, 12), True),  # the Monday after the Friday's holiday
        (1200, date(2026, 10, 13), False),
        (6000, date(2026, 11, 4), False),
    ],
)
def test_money_that_lasts_well_over_a_holiday_is_no_warning(
    usd: int, short_on: date, warns: bool
) -> None:
    way = runway(Decimal(usd), [need(300)], CALENDAR, session(date(2026, 10, 7)))

    assert (way.short_on, way.shut) == (short_on, (date(2026, 10, 9),))
    assert way.warns is warns


def test_without_a_need_money_lasts_for_ever() -> None:
    way = runway(Decimal(600), [], CALENDAR, session(date(2026, 10, 7)))

    assert (way.short_on, way.warns) == (None, False)


def test_at_the_end_of_the_calendar_no_date_is_made_up() -> None:
    way = runway(Decimal(6000), [need(100)], CALENDAR, session(date(2027, 12, 30)))

    assert way.sessions == 60
    assert way.short_on is None


@pytest.mark.parametrize(
    ("traded", "settled"),
    [
        (date(2026, 12, 29), date(2026, 12, 31)),
        (date(2026, 12, 30), date(2027, 1, 4)),
        (date(2026, 10, 9), date(2026, 10, 14)),  # Columbus Day: traded, not settled
        (date(2026, 2, 12), date(2026, 2, 19)),  # Lunar New Year
        (date(2027, 12, 31), date(2028, 1, 4)),  # beyond the calendar of sessions
    ],
)
def test_a_trade_settles_in_seoul_the_day_after_new_york(traded: date, settled: date) -> None:
    assert settled_in_seoul(traded, CALENDAR) == settled


def test_banks_rest_on_substitute_holidays_too() -> None:
    assert not banks_open(date(2026, 3, 2))  # for 1 March, a Sunday
    assert banks_open(date(2026, 3, 3))
