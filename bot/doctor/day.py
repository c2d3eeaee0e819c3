"""The look at the coming day: the next session and its order window, in Seoul's time."""

from datetime import datetime

from bot.addresses import Venue
from bot.clock import SEOUL
from bot.console_words import both
from bot.doctor.findings import Finding, skipped, well, wrong
from bot.doctor.patient import Patient
from bot.errors import MuhanError
from bot.sessions import load_calendar
from bot.timetable import DEFAULT_HOURS, REHEARSAL_HOURS, Timetable, timetable

_DAYS = (
    ("월", "화", "수", "목", "금", "토", "일"),
    ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
)


async def window(patient: Patient) -> Finding:
    """Say when the next session's orders may go out, and whether that is now."""
    venue = patient.settings.muhan_venue
    if venue is Venue.DEMO:
        return skipped(
            both("데모의 시각은 시뮬레이터가 정합니다.", "A demo's time is the simulator's.")
        )
    now = patient.wall.now()
    hours = REHEARSAL_HOURS if venue is Venue.PAPER else DEFAULT_HOURS
    try:
        session = load_calendar(patient.settings.muhan_home).current_or_next(now)
    except MuhanError as error:
        return wrong(
            both("다음 장을 알 수 없습니다", "The next session is not known"),
            why=both(error.korean, error.english),
            remedy=both("달력부터 고쳐 주세요.", "Mend the calendar first."),
        )
    table = timetable(session, hours)
    state = _state(table, now)
    span = f"{_moment(table.send_from, 0)}–{table.deadline:%H:%M}"
    span_en = f"{_moment(table.send_from, 1)}-{table.deadline:%H:%M}"
    opens, closes = (at.astimezone(SEOUL) for at in (session.open, session.close))
    imitated = both("", "")
    if venue is Venue.MOCK:
        imitated = both(
            f", LOC는 {table.emulate_from:%H:%M}부터 흉내",
            f", LOC imitated from {table.emulate_from:%H:%M}",
        )
    return well(
        f"다음 장 (서울): 주문 {span}, 개장 {opens:%H:%M}, 마감 {closes:%H:%M}"
        f"{imitated[0]}. {state[0]}",
        f"Next session (Seoul): orders {span_en}, open {opens:%H:%M}, close {closes:%H:%M}"
        f"{imitated[1]}. {state[1]}",
    )


def _state(table: Timetable, now: datetime) -> tuple[str, str]:
    if table.may_send(now):
        return both("지금 주문할 수 있습니다", "Orders may go out now")
    if table.quiet(now):
        return both("지금은 한투 점검 시간입니다", "KIS changes its day just now")
    if now < table.send_from:
        return both("아직 주문 시간이 아닙니다", "It is too early for orders")
    return both("이 장의 주문은 끝났습니다", "It is too late for this session's orders")


def _moment(at: datetime, language: int) -> str:
    return f"{at:%m-%d}({_DAYS[language][at.weekday()]}) {at:%H:%M}"
