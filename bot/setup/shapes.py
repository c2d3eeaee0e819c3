"""What the answers look like: each parser gives the word for `.env`, or says what it should be."""

import re
from decimal import Decimal, InvalidOperation

from bot.addresses import Venue
from bot.errors import MuhanError
from bot.setting_values import one_of, person
from bot.settings import Language
from bot.setup.terminal import Unfit

GENERAL_ACCOUNT = "01"
_TOKEN = re.compile(r"[0-9]{3,}:[A-Za-z0-9_-]{3,}")
_KEY = re.compile(r"[A-Za-z0-9+/=_.-]{8,}")
_LOGIN = re.compile(r"[A-Za-z0-9@_.-]{1,40}")
_LONGEST_APP_KEY = 60


def token(text: str) -> str:
    """Read a bot's token. Raises Unfit."""
    if _TOKEN.fullmatch(text) is None:
        raise Unfit(
            "봇 토큰의 모양이 아닙니다: BotFather가 준 '숫자:문자'를 통째로 붙여 넣어 주세요.",
            "That is not shaped like a bot token: paste the whole 'digits:letters' of BotFather.",
        )
    return text


def app_key(text: str) -> str:
    """Read an app key. Raises Unfit; a secret that was pasted in its place is told."""
    if len(text) > _LONGEST_APP_KEY:
        raise Unfit(
            "앱키로는 너무 깁니다: 180자인 것은 앱시크릿이고, 앱키는 36자입니다.",
            "That is too long for an app key: the secret has 180 characters, the app key 36.",
        )
    return _key(text)


def app_secret(text: str) -> str:
    """Read an app secret. Raises Unfit."""
    return _key(text)


def _key(text: str) -> str:
    if _KEY.fullmatch(text) is None:
        raise Unfit(
            "열쇠에 있을 수 없는 글자이거나 너무 짧습니다: 빈칸과 줄바꿈 없이 그대로 붙여 넣어 "
            "주세요.",
            "That is too short, or holds what no key has: paste it as it is, without blanks and "
            "breaks.",
        )
    return text


def account(text: str) -> str:
    """Read an account number, with or without its dash; 8 digits are a general account's."""
    digits = re.sub(r"[\s-]", "", text)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in {8, 10}:
        raise Unfit(
            "계좌번호는 8자리-2자리입니다 (예: 12345678-01).",
            "An account number is 8 digits, a dash and 2 digits, such as 12345678-01.",
        )
    return f"{digits[:8]}-{digits[8:] or GENERAL_ACCOUNT}"


def login(text: str) -> str:
    """Read an HTS login id; nothing is an answer too. Raises Unfit."""
    if text and _LOGIN.fullmatch(text) is None:
        raise Unfit(
            "HTS ID의 모양이 아닙니다: 한투에 로그인할 때 쓰는 영문·숫자 ID를 적어 주세요.",
            "That is no HTS id: write the letters and digits you log in at KIS with.",
        )
    return text


def usd(text: str) -> Decimal:
    """Read a sum of money above 0, in USD. Raises Unfit."""
    return _number(text.replace(",", "").removeprefix("$"), least=Decimal(1))


def percent(text: str) -> Decimal:
    """Read a fee in percent, 0 to 5. Raises Unfit."""
    found = _number(text.removesuffix("%").strip(), least=Decimal(0))
    if found > 5:
        raise Unfit(
            "수수료는 0에서 5 사이의 %입니다 (예: 0.25).",
            "A fee is a percentage from 0 to 5, such as 0.25.",
        )
    return found


def _number(text: str, *, least: Decimal) -> Decimal:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite() or not least <= found < Decimal(10) ** 9:
        raise Unfit(
            f"{least} 이상의 숫자로 적어 주세요 (예: 10000).",
            f"Write a number of {least} or more, such as 10000.",
        )
    return found


def owner(text: str) -> str:
    """Read a person's numeric id at Telegram. Raises MuhanError."""
    return str(person("TELEGRAM_OWNER_ID", text))


def venue(text: str) -> str:
    """Read a venue's word. Raises MuhanError."""
    return one_of(Venue, "MUHAN_VENUE", text).value


def language(text: str) -> str:
    """Read a language's word. Raises MuhanError."""
    return one_of(Language, "MUHAN_LANGUAGE", text).value


SHAPES = {
    "MUHAN_LANGUAGE": language,
    "TELEGRAM_BOT_TOKEN": token,
    "TELEGRAM_OWNER_ID": owner,
    "MUHAN_VENUE": venue,
    "KIS_APP_KEY": app_key,
    "KIS_APP_SECRET": app_secret,
    "KIS_ACCOUNT": account,
    "KIS_HTS_ID": login,
}
"""The settings that are asked here; one that stands there in another shape is missing."""


def fits(name: str, value: str) -> bool:
    """Tell whether a value that was written down by hand has its setting's shape."""
    try:
        return SHAPES[name](value) == value
    except MuhanError:
        return False
