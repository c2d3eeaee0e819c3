"""The line that `systemctl status` shows, from one evening to the next morning."""

from datetime import date, datetime

import pytest

from bot.clock import SEOUL
from bot.doing import Day, doing
from bot.sessions import session_on
from bot.timetable import timetable

BEFORE, TABLE = timetable(session_on(date(2026, 10, 6))), timetable(session_on(date(2026, 10, 7)))


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 10, day, hour, minute, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("now", "korean", "english"),
    [
        (at(7, 5, 5), "10-07 05:10 정산을 기다립니다", "waiting to settle at 10-07 05:10 (Seoul)"),
        (at(7, 12), "10-07 18:20 계획을 기다립니다", "waiting to plan at 10-07 18:20 (Seoul)"),
        (at(7, 18, 25), "계획했고 10-07 18:30부터", "orders go out from 10-07 18:30 (Seoul)"),
        (at(7, 19), "주문 시간: 10-08 04:30까지", "order window until 10-08 04:30 (Seoul)"),
        (at(7, 23, 50), "10-08 00:10부터 이어서", "on from 10-08 00:10 (Seoul)"),
        (at(8, 4, 40), "10-08 05:00 마감을", "waiting for the close at 10-08 05:00 (Seoul)"),
    ],
)
def test_the_line_says_what_comes_next_in_seoul_time(
    now: datetime, korean: str, english: str
) -> None:
    line = doing(Day(now=now, before=BEFORE, table=TABLE))
    assert korean in line[0]
    assert english in line[1]


def test_trouble_comes_first() -> None:
    day = Day(now=at(7, 12), before=BEFORE, table=TABLE, silent="EGW00300")
    assert doing(day)[0].startswith("한투가 답하지 않습니다; 10-07 18:20")
    held = Day(now=at(7, 12), before=BEFORE, table=TABLE, held=("disk full",), silent="EGW00300")
    assert doing(held) == ("주문을 붙들고 있습니다: disk full", "orders are held back: disk full")
