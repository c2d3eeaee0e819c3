"""The words of `.env` turned into values, or into one sentence about what is wrong with them."""

import re
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from bot.errors import SettingsError

_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_ID = re.compile(r"[1-9][0-9]{0,18}")
_CHAT = re.compile(r"-?[1-9][0-9]{0,18}")

SHORTEST_PASSPHRASE = 12
"""Characters: with what a guess costs (bot/sealing.py) more than a thief of one file can try."""

Choice = TypeVar("Choice", bound=StrEnum)


class UsdShort(StrEnum):
    """What happens when USD do not last: everything is tried, or the lowest rungs are left out."""

    REPORT = "report"
    DROP = "drop"


class WhenBlocked(StrEnum):
    """What new orders do while the chat turns the bot away: they wait, or go all the same."""

    PAUSE = "pause"
    KEEP = "keep"


class Pictures(StrEnum):
    """Whether pictures are drawn: each costs a second of work and 90 MB while it is drawn."""

    ON = "on"
    OFF = "off"


class Aiogram(StrEnum):
    """How aiogram is imported: its models built at their first use, or all of them at the start."""

    LAZY = "lazy"
    PLAIN = "plain"


def amount(name: str, value: object, example: str) -> Decimal:
    """Read an amount in USD above 0. Raises SettingsError."""
    word = str(value).strip()
    if _AMOUNT.fullmatch(word) is None or Decimal(word) == 0:
        raise SettingsError(
            f"{name}가 달러 금액이 아닙니다: {example}처럼 0보다 큰 수로 적어 주세요.",
            f"{name} is no amount in USD: write a number above 0, such as {example}.",
        )
    return Decimal(word)


def limit(name: str, value: object) -> Decimal | None:
    """Read a limit in USD; an empty word sets none. Raises SettingsError."""
    return None if value is None or not str(value).strip() else amount(name, value, "500")


def count(name: str, value: object, *, most: int) -> int:
    """Read a whole number from 0 to `most`. Raises SettingsError."""
    word = str(value).strip()
    if not (word.isascii() and word.isdigit()) or int(word) > most:
        raise SettingsError(
            f"{name} 값을 쓸 수 없습니다: 0부터 {most}까지의 정수를 적어 주세요.",
            f"{name} cannot be used: write a whole number from 0 to {most}.",
        )
    return int(word)


def passphrase(name: str, word: str) -> str:
    """Take a passphrase, "" for none. Raises SettingsError for one that can be guessed."""
    if word and len(word) < SHORTEST_PASSPHRASE:
        raise SettingsError(
            f"{name}가 너무 짧습니다: {SHORTEST_PASSPHRASE}자 이상, 예를 들어 서로 상관없는 낱말 "
            "네댓 개를 적어 주세요.",
            f"{name} is too short: write {SHORTEST_PASSPHRASE} characters or more, such as four or "
            "five words that have nothing to do with each other.",
        )
    return word


def backup_folder(folder: Path | None, *, encrypted: bool) -> Path | None:
    """Take the folder that daily backups go to; outside MUHAN_HOME they have to be encrypted.

    Raises SettingsError.
    """
    if folder is not None and not encrypted:
        raise SettingsError(
            "MUHAN_BACKUP_FOLDER에는 MUHAN_BACKUP_PASSPHRASE가 필요합니다: MUHAN_HOME 밖에 두는 "
            "백업은 암호화합니다. 암호를 적거나 폴더 줄을 지워 주세요.",
            "MUHAN_BACKUP_FOLDER needs MUHAN_BACKUP_PASSPHRASE: a backup outside MUHAN_HOME is "
            "encrypted. Set the passphrase, or remove the folder.",
        )
    return None if folder is None else folder.expanduser().absolute()


def person(name: str, word: str) -> int:
    """Read a numeric Telegram user id. Raises SettingsError."""
    if _ID.fullmatch(word) is None:
        raise SettingsError(
            f"{name}에 텔레그램 숫자 ID가 아닌 값이 있습니다: 0보다 큰 정수를 적고, "
            "여럿이면 쉼표로 나눠 주세요.",
            f"{name} holds something that is no numeric Telegram id: write whole numbers above 0, "
            "with commas between them.",
        )
    return int(word)


def chat(name: str, value: object) -> int | None:
    """Read a chat's numeric id (a group's is negative); an empty word names none."""
    word = "" if value is None else str(value).strip()
    if not word:
        return None
    if _CHAT.fullmatch(word) is None:
        raise SettingsError(
            f"{name}가 텔레그램 대화방의 숫자 ID가 아닙니다: 123456789나 -1001234567890처럼 적어 "
            "주세요.",
            f"{name} is no numeric id of a Telegram chat: write one such as 123456789 or "
            "-1001234567890.",
        )
    return int(word)


def group(name: str, value: object) -> int | None:
    """Read a group's numeric id, which begins with a minus; an empty word names none."""
    found = chat(name, value)
    if found is not None and found > 0:
        raise SettingsError(
            f"{name}은 그룹의 숫자 ID여야 합니다: -1001234567890처럼 -로 시작합니다.",
            f"{name} must be a group's numeric id: it begins with a minus, such as -1001234567890.",
        )
    return found


def one_of(choices: type[Choice], name: str, word: str) -> Choice:
    """Read one of several words. Raises SettingsError that names them all."""
    try:
        return choices(word)
    except ValueError:
        known = ", ".join(choices)
        raise SettingsError(
            f"{name} 값을 모릅니다: {known} 가운데 하나로 적어 주세요.",
            f"{name} is not known: write one of {known}.",
        ) from None
