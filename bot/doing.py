"""What the bot is doing now, in one line for whoever looks from outside (`systemctl status`)."""

from dataclasses import dataclass
from datetime import datetime

from bot.clock import SEOUL
from bot.errors import CalendarEnded
from bot.timetable import Timetable, timetable
from bot.trading.desk import Desk

Line = tuple[str, str]
"""Korean and English."""

STARTING = ("복구 중: 장부와 끝나지 않은 주문을 확인합니다", "recovering: ledger and open orders")
STOPPING = ("끝내는 중: 보낸 주문의 답을 기다립니다", "stopping: waiting for the last answer")
RELOADING = ("설정을 다시 읽는 중", "reading the settings anew")


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What the line is made of: the last session that closed and the one that runs or comes next.

    `held` are the codes of what holds all orders back, `silent` is why the broker cannot be asked.
    """

    now: datetime
    before: Timetable
    table: Timetable
    held: tuple[str, ...] = ()
    silent: str = ""


def now_doing(desk: Desk) -> Line:
    """Say what a bot that is ready does now."""
    now = desk.clock.now()
    try:
        session = desk.calendar.current_or_next(now)
        day = Day(
            now=now,
            before=timetable(desk.calendar.previous(session.day), desk.hours),
            table=timetable(session, desk.hours),
            held=desk.holds.reasons,
            silent=desk.trouble,
        )
    except CalendarEnded as ended:
        return ended.korean, ended.english
    return doing(day)


def doing(day: Day) -> Line:
    """Say it: trouble first, else what comes next, in Seoul time."""
    if day.held:
        why = ", ".join(day.held)
        return f"주문을 붙들고 있습니다: {why}", f"orders are held back: {why}"
    korean, english = _by_the_clock(day.now, day.before, day.table)
    if day.silent:
        return f"한투가 답하지 않습니다; {korean}", f"KIS does not answer; {english}"
    return korean, english


def _by_the_clock(now: datetime, before: Timetable, table: Timetable) -> Line:
    if now < before.settle_at:
        at = _clock(before.settle_at)
        return f"{at} 정산을 기다립니다", f"waiting to settle at {at} (Seoul)"
    if now < table.propose_at:
        at = _clock(table.propose_at)
        return f"{at} 계획을 기다립니다", f"waiting to plan at {at} (Seoul)"
    if now < table.send_from:
        at = _clock(table.send_from)
        return f"계획했고 {at}부터 주문합니다", f"planned; orders go out from {at} (Seoul)"
    if now >= table.deadline:
        at = _clock(table.session.close)
        return f"{at} 마감을 기다립니다", f"waiting for the close at {at} (Seoul)"
    if table.quiet(now):
        at = _clock(table.quiet_until)
        return f"한투 점검 시간: {at}부터 이어서", f"KIS's change of day: on from {at} (Seoul)"
    at = _clock(table.deadline)
    return f"주문 시간: {at}까지", f"order window until {at} (Seoul)"


def _clock(instant: datetime) -> str:
    return f"{instant.astimezone(SEOUL):%m-%d %H:%M}"
