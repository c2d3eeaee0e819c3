"""/alerts: how each class of letters sounds, quiet hours, the morning's digest, the language."""

import re
from datetime import time

from bot.errors import MuhanError
from bot.storage.people import LANGUAGE
from bot.telegram import figures
from bot.telegram.asked import Asked
from bot.telegram.catalogue import ENGLISH, KOREAN, mark
from bot.telegram.classes import DEFAULT_WAYS, NAMES, WAYS, AlertClass, Way
from bot.telegram.desk import Desk
from bot.telegram.handlers.buttons import again, show
from bot.telegram.handlers.family import Do, Show
from bot.telegram.handlers.press import Press
from bot.telegram.markup import code, lines
from bot.telegram.preferences import (
    DIGEST,
    NEVER,
    QUIET,
    Preferences,
    Span,
    preferences_of,
    span_text,
    way_name,
)
from bot.telegram.taps import Action, Button, Kind

QUIET_CHOICES = ("23:00-07:00", "00:00-07:00", "01:00-08:00", NEVER)
DIGEST_CHOICES = ("06:30", "07:00", "07:30", "08:00", "09:00")
QUIET_PAGE, DIGEST_PAGE = "quiet", "digest"
_NEXT = {Way.RING: Way.SILENT, Way.SILENT: Way.OFF, Way.OFF: Way.RING}
_CLOCK = r"([01]?[0-9]|2[0-3]):([0-5][0-9])"
_SPAN = re.compile(rf"{_CLOCK}\s*[-~–]\s*{_CLOCK}")
_MOMENT = re.compile(_CLOCK)
_LANGUAGES = {
    "한국어": KOREAN,
    "korean": KOREAN,
    "ko": KOREAN,
    "english": ENGLISH,
    "영어": ENGLISH,
    "en": ENGLISH,
}


class NotAnAlertSetting(MuhanError):
    """What stood behind /alerts is neither hours nor a language; nothing was changed."""


async def alerts(desk: Desk, asked: Asked) -> None:
    """Show what a person has chosen; quiet hours, a time or a language behind it are set."""
    if asked.text == QUIET_PAGE:
        await _quiet_page(desk, asked)
    elif asked.text == DIGEST_PAGE:
        await _digest_page(desk, asked)
    else:
        if asked.text:
            await desk.people.set(asked.user_id, *_typed(asked.text))
        await _show(desk.of(asked.user_id), asked)


async def _show(desk: Desk, asked: Asked) -> None:
    words, mine = desk.words, preferences_of(desk.people, asked.user_id)
    rows = [(words.plain(NAMES[alert]), _way(desk, mine, alert)) for alert in AlertClass]
    html = lines(
        words.say("알림 설정"),
        code(figures.table(rows)),
        words.say(
            "방해금지 {quiet} · 아침 요약 {digest} · 언어 {language}",
            quiet=_span(desk, mine.quiet),
            digest=f"{mine.digest:%H:%M}",
            language="한국어" if words.korean else "English",
        ),
        words.say(
            "급한 일은 밤에도 울리고 끌 수 없습니다.\n"
            "밤사이 온 것과 끈 종류는 아침 요약에 한 줄씩 나옵니다.\n"
            "답을 기다리는 것은 꺼 두어도 소리 없이 옵니다."
        ),
    )
    await desk.answer(asked, html, _buttons(desk, mine))


def _buttons(desk: Desk, mine: Preferences) -> list[list[Button]]:
    words = desk.words
    changes = [
        [
            _set(
                words.plain(
                    "{name}: {way:으로} 바꾸기",
                    name=words.plain(NAMES[alert]),
                    way=words.plain(WAYS[_NEXT[mine.ways[alert]]]),
                ),
                way_name(alert),
                _NEXT[mine.ways[alert]].value,
            )
        ]
        for alert in AlertClass
        if alert is not AlertClass.URGENT
    ]
    other = ENGLISH if words.korean else KOREAN
    return [
        *changes,
        [
            again(desk, "alerts", QUIET_PAGE, caption=mark("방해금지 시간")),
            again(desk, "alerts", DIGEST_PAGE, caption=mark("아침 요약 시간")),
        ],
        [
            _set("English" if words.korean else "한국어", LANGUAGE, other),
            show(desk, "첫 화면", "start"),
        ],
    ]


async def _quiet_page(desk: Desk, asked: Asked) -> None:
    words, mine = desk.words, preferences_of(desk.people, asked.user_id)
    html = words.say(
        "방해금지: 지금 {quiet} (한국 시각)\n"
        "이 시간에는 급한 일만 울립니다. 나머지는 소리 없이 오고 아침 요약에 다시 나옵니다.",
        quiet=_span(desk, mine.quiet),
    )
    choices = [_set(_choice(desk, choice), QUIET, choice) for choice in QUIET_CHOICES]
    back = [again(desk, "alerts", caption=mark("알림 설정으로"))]
    await desk.answer(asked, html, [choices[:2], choices[2:], back])


async def _digest_page(desk: Desk, asked: Asked) -> None:
    words, mine = desk.words, preferences_of(desk.people, asked.user_id)
    html = words.say(
        "아침 요약: 지금 {digest} (한국 시각)\n"
        "밤사이 소리 없이 온 것과 꺼 둔 알림을 한 번에 보여 드립니다. 없는 날은 보내지 않습니다.",
        digest=f"{mine.digest:%H:%M}",
    )
    choices = [_set(choice, DIGEST, choice) for choice in DIGEST_CHOICES]
    back = [again(desk, "alerts", caption=mark("알림 설정으로"))]
    await desk.answer(asked, html, [choices[:3], choices[3:], back])


async def _chosen(desk: Desk, press: Press) -> None:
    """Keep what a button stands for, and show everything as it is now in its place."""
    if not await desk.taps.use(press.nonce):
        return
    await desk.people.set(press.user_id, press.action.command, press.action.figure)
    asked = Asked(user_id=press.user_id, message_id=press.message_id, edit=True)
    await _show(desk.of(press.user_id), asked)


def _typed(text: str) -> tuple[str, str]:
    """Read hours ("23:00-07:00"), a time ("08:00") or a language: a setting's name and value.

    Raises NotAnAlertSetting.
    """
    word = text.strip().lower()
    if word in _LANGUAGES:
        return LANGUAGE, _LANGUAGES[word]
    if (span := _SPAN.fullmatch(word)) is not None:
        start, end = time(int(span[1]), int(span[2])), time(int(span[3]), int(span[4]))
        return QUIET, span_text((start, end) if start != end else None)
    if (moment := _MOMENT.fullmatch(word)) is not None:
        return DIGEST, f"{int(moment[1]):02}:{moment[2]}"
    raise NotAnAlertSetting(
        "알림 설정으로 읽을 수 없는 말이라 바꾸지 않았습니다. 방해금지는 23:00-07:00, 아침 요약은 "
        "08:00, 언어는 한국어나 English 로 적거나 /alerts 의 버튼을 눌러 주세요.",
        "That is no alert setting, so nothing was changed. Write quiet hours as 23:00-07:00, the "
        "digest's time as 08:00, the language as 한국어 or English, or press the buttons of "
        "/alerts.",
    )


def _way(desk: Desk, mine: Preferences, alert: AlertClass) -> str:
    if alert is AlertClass.URGENT:
        return desk.words.plain("울림 (끌 수 없음)")
    return desk.words.plain(WAYS[mine.ways.get(alert, DEFAULT_WAYS[alert])])


def _span(desk: Desk, span: Span | None) -> str:
    return _choice(desk, span_text(span))


def _choice(desk: Desk, choice: str) -> str:
    return desk.words.plain("쓰지 않음") if choice == NEVER else choice.replace("-", "–")


def _set(caption: str, name: str, value: str) -> Button:
    return Button(caption=caption, action=Action(kind=Kind.ALERTS, command=name, figure=value))


SHOWS: dict[str, Show] = {"alerts": alerts}
ACTIONS: dict[Kind, Do] = {Kind.ALERTS: _chosen}
