"""/schedule: the next seven sessions in Seoul's time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from bot.clock import NEW_YORK
from bot.commands.upkeep import AskSessions
from bot.telegram import figures
from bot.telegram.asked import Asked
from bot.telegram.catalogue import Words, mark
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Show
from bot.telegram.markup import Html, code, lines
from bot.timetable import Timetable

SESSIONS = 7
ONE_DAY = timedelta(days=1)
HEADING = (mark("날짜"), mark("주문"), mark("개장"), mark("마감"))


async def schedule(desk: Desk, asked: Asked) -> None:
    """Show when orders go out, and when New York opens and closes, in Seoul's time."""
    tables = await desk.bus.ask(AskSessions(count=SESSIONS))
    rows = [[again(desk, "schedule"), show(desk, "오늘", "today"), show(desk, "상태", "health")]]
    await desk.answer(asked, week(desk.words, tables, desk.clock.now()), rows)


def week(words: Words, tables: Sequence[Timetable], now: datetime) -> Html:
    """Lay out sessions: a row each, and below what is unusual about them."""
    if not tables:
        return words.say(
            "알고 있는 거래일이 없습니다.\n"
            "왜: 봇의 거래일 달력이 끝났습니다.\n"
            "지금: 프로그램을 올려 주세요. 그때까지 주문은 나가지 않습니다."
        )
    heading = tuple(words.plain(name) for name in HEADING)
    table = figures.table([heading, *(_row(words, each) for each in tables)])
    first = tables[0]
    open_now = first.session.open <= now < first.session.close
    return lines(
        words.say("다음 미국장 {count}일 (한국 시각, 마감은 이튿날 새벽)", count=len(tables)),
        code(table),
        words.say("지금 장이 열려 있습니다.") if open_now else None,
        *_half_days(words, tables),
        *_clock_turns(words, tables),
        *_gaps(words, tables),
        words.say(
            "한투 점검: 매일 {start}–{end}에는 주문하지 않습니다. 주말에는 한투가 답하지 않을 수 "
            "있습니다.",
            start=figures.clock(first.quiet_from),
            end=figures.clock(first.quiet_until),
        ),
        None
        if len(tables) == SESSIONS
        else words.say("거래일 달력이 여기서 끝납니다. 프로그램을 올려 주세요."),
    )


def _row(words: Words, table: Timetable) -> tuple[str, ...]:
    session = table.session
    return (
        figures.day(words, session.day),
        figures.clock(table.send_from),
        figures.clock(session.open),
        figures.clock(session.close) + ("*" if session.early_close else ""),
    )


def _half_days(words: Words, tables: Sequence[Timetable]) -> list[Html]:
    return [
        words.say(
            "* {day}: 뉴욕 {close} 조기 폐장이라 주문도 {deadline}까지로 당깁니다.",
            day=figures.day(words, table.session.day),
            close=f"{table.session.close.astimezone(NEW_YORK):%H:%M}",
            deadline=figures.clock(table.deadline),
        )
        for table in tables
        if table.session.early_close
    ]


def _clock_turns(words: Words, tables: Sequence[Timetable]) -> list[Html]:
    """Say where New York's clock is put on or back between two sessions."""
    found = []
    for before, after in pairwise(tables):
        old, new = (each.session.open.astimezone(NEW_YORK).utcoffset() for each in (before, after))
        if old is None or new is None or old == new:
            continue
        text = (
            mark("{day}부터 서머타임: 개장과 마감이 1시간 빨라집니다.")
            if new > old
            else mark("{day}부터 서머타임 끝: 개장과 마감이 1시간 늦어집니다.")
        )
        found.append(words.say(text, day=figures.day(words, after.session.day)))
    return found


def _gaps(words: Words, tables: Sequence[Timetable]) -> list[Html]:
    """Name the weekdays between two sessions on which New York is closed."""
    found = []
    for before, after in pairwise(tables):
        day = before.session.day + ONE_DAY
        while day < after.session.day:
            if day.weekday() < 5:
                found.append(words.say("{day}: 미국 휴장", day=figures.day(words, day)))
            day += ONE_DAY
    return found


SHOWS: dict[str, Show] = {"schedule": schedule}
