"""The words of `.env` turned into values, or into one sentence about what is wrong with them."""

import re
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from bot.errors import SettingsError

_AMOUNT = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_ID = re.compile(r"[1-9][0-9]{0,18}")
_CHAT = re.compile(r"-?[1-9][0-9]{0,18}")

Choice = TypeVar("Choice", bound=StrEnum)


class UsdShort(StrEnum):
    """What happens when USD do not last: everything is tried, or the lowest rungs are left out."""

    REPORT = "report"
    DROP = "drop"


class WhenBlocked(StrEnum):
    """What new orders do while the chat turns the bot away: they wait, or go all the same."""

    PAUSE = "pause"
    KEEP = "keep"


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
