"""Health and log: how the bot, its lines and its machine are, and what it wrote down."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import streamlit as st

from bot.commands.upkeep import Condition
from bot.dashboard import vocabulary
from bot.dashboard.living import live
from bot.dashboard.room import Room
from bot.dashboard.shown import Shown
from bot.dashboard.tables import figures, table
from bot.dashboard.words import Words
from bot.storage.people import Role

OFTEN = timedelta(seconds=5)
SHOWN = 200
LEVELS = ("debug", "info", "warning", "error", "critical")


def show(room: Room) -> None:
    """Draw the page."""
    live(_condition, every=OFTEN)
    if room.may(Role.OWNER):
        _log(room)


def _condition(room: Room) -> None:
    if not room.bot_up:
        _off(room)
        return
    condition = room.control.health(room.session)
    words = room.words
    if condition.wrong:
        found = dict.fromkeys(_wrong(words, code) for code in condition.wrong)
        st.error(f"{words.say('이상', 'Wrong')}: {', '.join(found)}", icon=":material/warning:")
    else:
        st.success(words.say("정상", "All is well"), icon=":material/check_circle:")
    if condition.dead:
        st.warning(
            words.say(
                f"아무에게도 닿지 못한 알림이 {condition.dead}건 있습니다: 텔레그램에서 봇을 막아 "
                "두었는지 봐 주세요.",
                f"{condition.dead} letters reached nobody: see whether the bot is blocked in "
                "Telegram.",
            )
        )
    figures(_lines(words, condition))
    figures(_machine(words, condition))


def _wrong(words: Words, code: str) -> str:
    known = vocabulary.WRONG.get(code.partition(" ")[0])
    return words.both(known) if known else code


def _lines(words: Words, condition: Condition) -> list[tuple[str, str]]:
    say, left = words.say, condition.token_left
    state = vocabulary.WEBSOCKET.get(condition.websocket)
    return [
        (say("켜진 지", "Up for"), span(words, condition.up_for)),
        (
            say("KIS 토큰", "KIS token"),
            span(words, left) if left is not None else say("아직 묻지 않음", "not asked yet"),
        ),
        (say("웹소켓", "Websocket"), words.both(state) if state else condition.websocket),
        (
            say("미체결 · 미확인", "Open · unknown"),
            f"{condition.open_orders} · {condition.unknown_orders}",
        ),
        (
            say("알림 대기 · 못 전함", "Letters waiting · lost"),
            f"{condition.letters} · {condition.dead}",
        ),
    ]


def _machine(words: Words, condition: Condition) -> list[tuple[str, str]]:
    say, unknown = words.say, words.say("모름", "unknown")
    ahead, backup = condition.ahead, condition.backed_up_ago
    return [
        (say("메모리", "Memory"), _megabytes(condition.memory) if condition.memory else unknown),
        (say("상태 파일", "State file"), _megabytes(condition.state)),
        (say("디스크 사용", "Disk used"), f"{condition.disk_used}%"),
        (
            say("매일 백업", "Daily backup"),
            say("아직 없음", "none yet")
            if backup is None
            else say(f"{span(words, backup)} 전", f"{span(words, backup)} ago"),
        ),
        (
            say("시계 오차", "Clock off by"),
            unknown if ahead is None else say(f"{_seconds(ahead)}초", f"{_seconds(ahead)} s"),
        ),
    ]


def _off(room: Room) -> None:
    """Say what the state file knows of a bot that does not answer."""
    say = room.words.say
    rounds = room.reading.ask(lambda views: views.today())
    running = len(room.reading.ask(lambda views: views.cycles()))
    last = room.shown.day(rounds[-1].session) if rounds else say("아직 없음", "none yet")
    figures(
        [
            (say("마지막 회차", "Last round"), last),
            (say("도는 사이클", "Running cycles"), str(running)),
        ]
    )
    st.caption(
        say(
            "연결과 컴퓨터의 상태는 봇이 켜져 있을 때 볼 수 있습니다. 컴퓨터에서 muhan doctor 를 "
            "실행하면 까닭과 고치는 법을 알려 줍니다.",
            "How lines and machine are can be seen while the bot is on. Run muhan doctor on the "
            "computer: it says what is wrong and how to mend it.",
        )
    )


def _log(room: Room) -> None:
    say = room.words.say
    st.markdown(f"##### {say('최근 로그', 'The log of late')}")
    if not room.bot_up:
        st.caption(say("봇이 켜져 있을 때 볼 수 있습니다.", "To be seen while the bot is on."))
        return
    lines = room.control.logs(room.session)
    least = st.segmented_control(
        say("어느 것부터", "From which level"), LEVELS[1:4], default=LEVELS[1], key="least"
    )
    with st.container(horizontal=True):
        st.button(say("새로 읽기", "Read anew"), icon=":material/refresh:")
        st.download_button(
            say("모두 내려받기", "Download all"),
            "\n".join(lines),
            file_name="muhan-log.jsonl",
            mime="application/jsonl",
            icon=":material/download:",
            on_click="ignore",
        )
    from_level = LEVELS.index(least) if least else 0
    rows = [line for line in map(_parsed, lines) if _level(line) >= from_level]
    if rows:
        table([_row(room.shown, line) for line in reversed(rows[-SHOWN:])])
    else:
        st.caption(say("그런 줄이 없습니다.", "There are no such lines."))
    st.caption(
        say("열쇠, 토큰, 계좌번호는 가렸습니다.", "Keys, tokens and account numbers are masked.")
    )


def _parsed(line: str) -> Mapping[str, Any]:
    try:
        told = json.loads(line)
    except ValueError:
        return {"event": line}
    return told if isinstance(told, dict) else {"event": line}


def _level(line: Mapping[str, Any]) -> int:
    level = str(line.get("level", "info"))
    return LEVELS.index(level) if level in LEVELS else 1


def _row(shown: Shown, line: Mapping[str, Any]) -> tuple[str, str, str]:
    others = {
        name: value
        for name, value in line.items()
        if name not in {"timestamp", "level", "event", "exception"}
    }
    told = " ".join(f"{name}={value}" for name, value in others.items())
    return (
        _at(shown, str(line.get("timestamp", ""))),
        str(line.get("level", "")),
        f"{line.get('event', '')} {told}".strip(),
    )


def _at(shown: Shown, timestamp: str) -> str:
    """Write when a line was written, in Seoul; as it stands where it is no instant."""
    try:
        instant = datetime.fromisoformat(timestamp)
    except ValueError:
        return timestamp
    return shown.clock_seconds(instant) if instant.tzinfo else timestamp


def span(words: Words, length: timedelta) -> str:
    """Write a length of time by its two largest parts: 3일 4시간, 4 h 10 min."""
    minutes = max(0, int(length.total_seconds())) // 60
    parts = [
        (minutes // 1440, words.say("일", " d")),
        (minutes // 60 % 24, words.say("시간", " h")),
        (minutes % 60, words.say("분", " min")),
    ]
    told = [f"{count}{unit}" for count, unit in parts if count][:2]
    return " ".join(told) or words.say("1분 미만", "under a minute")


def _megabytes(size: int) -> str:
    return f"{size / 10**6:.1f}MB"


def _seconds(length: timedelta) -> str:
    return f"{length.total_seconds():+.2f}"
