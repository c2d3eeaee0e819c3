"""The command menu: what the bot answers, in the order in which it is shown."""

from dataclasses import dataclass

from aiogram.types import BotCommand


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One command with what it does, in Korean and in English.

    `fresh` marks a command that lets orders go out: it is refused when its message is old. One
    that holds them back is not, or a machine whose clock is wrong could not be stopped.
    """

    name: str
    korean: str
    english: str
    fresh: bool = False

    def words(self, language: str) -> str:
        return self.english if language == "en" else self.korean


COMMANDS: tuple[Entry, ...] = (
    Entry(name="start", korean="첫 화면", english="Home"),
    Entry(name="today", korean="오늘 회차", english="Today's round"),
    Entry(name="status", korean="사이클 상태", english="Where the cycles stand"),
    Entry(name="plan", korean="다음 주문 미리보기", english="Preview the next orders"),
    Entry(name="orders", korean="미체결 주문", english="Open orders"),
    Entry(name="report", korean="손익 보고", english="Profit report"),
    Entry(name="pause", korean="일시정지 (매수만 또는 모두)", english="Pause buys or all"),
    Entry(name="resume", korean="다시 시작", english="Resume", fresh=True),
    Entry(name="stop", korean="정지 (주문 유지 또는 취소)", english="Stop everything"),
    Entry(name="help", korean="도움말", english="Help"),
)
BY_NAME = {entry.name: entry for entry in COMMANDS}


def commands(language: str) -> list[BotCommand]:
    """Give the menu that Telegram shows, in a language."""
    return [BotCommand(command=entry.name, description=entry.words(language)) for entry in COMMANDS]


def command_of(text: str | None) -> str | None:
    """Name the command that a message gives ("/stop@my_bot now" is stop), None when it is none."""
    if not text or not text.startswith("/"):
        return None
    first = text.split(maxsplit=1)[0]
    return first.removeprefix("/").partition("@")[0].lower()
