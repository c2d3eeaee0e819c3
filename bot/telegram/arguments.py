"""What somebody types behind a command, in any order: symbol, date, money, percent, number.

Nothing here reaches money: whatever is read is shown again before anything is done with it.
"""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from bot.errors import MuhanError
from bot.telegram.korean import with_particle

LONGEST = 200
LARGEST = Decimal(10) ** 12

_SYMBOL = re.compile(r"[A-Za-z]{1,5}(?:[./][A-Za-z])?")
_NUMBER = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,15})(?:\.[0-9]{1,12})?")
_PERCENT = re.compile(r"([+-]?[0-9]{1,6}(?:\.[0-9]{1,6})?)(?:%|퍼센트)")
_KOREAN_NUMBER = re.compile(r"[0-9][0-9,.조억만천백]*")
_LARGE = (("조", Decimal(10) ** 12), ("억", Decimal(10) ** 8), ("만", Decimal(10) ** 4))
_SMALL = (("천", Decimal(1000)), ("백", Decimal(100)))
_CURRENCIES = (
    ("달러", "USD"), ("불", "USD"), ("usd", "USD"), ("원", "KRW"), ("krw", "KRW"),
)  # fmt: skip
_ISO = re.compile(r"([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})")
_MONTH_DAY = re.compile(r"([0-9]{1,2})[-/]([0-9]{1,2})")
_KOREAN_DAY = re.compile(r"(?:([0-9]{4})년)?([0-9]{1,2})월([0-9]{1,2})일")
_NAMED_DAYS = {"오늘": 0, "today": 0, "어제": 1, "yesterday": 1, "그제": 2, "그저께": 2}


class Misunderstood(MuhanError):
    """Words behind a command that cannot be read; nothing was done with them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Arguments:
    """What was read; None where nothing of the kind stood there.

    `amount` is as typed, in `currency` ("USD", "KRW", "" where none was named). `count` is the
    amount where it is a whole number without a currency. `words` are what is nothing else.
    """

    symbol: str | None = None
    day: date | None = None
    amount: Decimal | None = None
    currency: str = ""
    percent: Decimal | None = None
    words: tuple[str, ...] = ()

    @property
    def count(self) -> int | None:
        if self.amount is None or self.currency or self.amount != self.amount.to_integral_value():
            return None
        return int(self.amount)


def read(text: str, *, today: date, words: frozenset[str] = frozenset()) -> Arguments:
    """Read what stands behind a command; `today` completes a date without its year.

    `words` are the command's own options in lower case ("월", "all"): they are no symbols.
    Raises `Misunderstood` for a number or date that is none, and for the same kind twice.
    """
    if len(text) > LONGEST:
        raise Misunderstood(
            f"글이 너무 깁니다({LONGEST}자까지). 종목, 날짜, 금액만 적어 주세요.",
            f"That is too long (at most {LONGEST} characters). Write a symbol, date or amount.",
        )
    found = Arguments()
    for word in _split(text):
        found = _taken(found, word, today, words)
    return found


def _split(text: str) -> list[str]:
    """Cut into words; what belongs together in writing stays together ("1억 3천만", "11월 3일")."""
    joined = re.sub(r"([0-9][조억만천백]+)\s+(?=[0-9][0-9,.]*[조억만천백])", r"\1", text)
    joined = re.sub(r"([0-9])\s+(?=(?:%|퍼센트|만|억|조|천|원|달러|불)(?:\s|$))", r"\1", joined)
    joined = re.sub(r"([만억조천])\s+(?=(?:원|달러|불)(?:\s|$))", r"\1", joined)
    joined = re.sub(r"([0-9]월)\s+(?=[0-9]{1,2}일)", r"\1", joined)
    return re.sub(r"([$₩])\s+(?=[0-9])", r"\1", joined).split()


def _taken(found: Arguments, word: str, today: date, words: frozenset[str]) -> Arguments:
    if word.lower() in words:
        return replace(found, words=(*found.words, word.lower()))
    if (day := _day(word, today)) is not None:
        return _once(found, "day", day, word)
    if match := _PERCENT.fullmatch(word):
        return _once(found, "percent", Decimal(match[1]), word)
    if (money := _money(word)) is not None:
        return replace(_once(found, "amount", money[0], word), currency=money[1])
    if _SYMBOL.fullmatch(word):
        return _once(found, "symbol", word.upper(), word)
    if any(letter.isdigit() for letter in word):
        raise _unreadable(word)
    return replace(found, words=(*found.words, word))


def _once(found: Arguments, name: str, value: object, word: str) -> Arguments:
    before = getattr(found, name)
    if before is not None and before != value:
        raise Misunderstood(
            f"같은 것이 두 번 적혔습니다: {word[:30]}. 하나만 적어 주세요.",
            f"The same is said twice: {word[:30]}. Write it once.",
        )
    return replace(found, **{name: value})  # type: ignore[arg-type]  # the field's own type


def _money(word: str) -> tuple[Decimal, str] | None:
    currency, sign, bare = _currency(word)
    if _NUMBER.fullmatch(bare):
        amount = Decimal(bare.replace(",", ""))
    elif _KOREAN_NUMBER.fullmatch(bare) and bare[-1] not in ",.":
        amount = _korean(bare, word)
    else:
        return None
    if amount > LARGEST:
        raise _unreadable(word)
    return -amount if sign == "-" else amount, currency


def _currency(word: str) -> tuple[str, str, str]:
    """Take sign and currency off: the currency's name ("" where none stands), sign, the rest."""
    sign = word[0] if word[0] in "+-" else ""
    bare = word[len(sign) :]
    if bare[:1] in ("$", "₩"):
        return ("USD" if bare[0] == "$" else "KRW"), sign, bare[1:]
    for ending, name in _CURRENCIES:
        if bare.lower().endswith(ending) and len(bare) > len(ending):
            return name, sign, bare[: -len(ending)]
    return "", sign, bare


def _korean(text: str, word: str) -> Decimal:
    """Read a number in Korean units: 2만, 1억3천만, 3천5백만, 1.5만."""
    whole, rest = Decimal(0), text
    for unit, size in _LARGE:
        head, found, tail = rest.partition(unit)
        if found:
            whole, rest = whole + _under(head, word) * size, tail
    return whole + (_under(rest, word) if rest else 0)


def _under(text: str, word: str) -> Decimal:
    """Read a number below ten thousand, with or without 천 and 백."""
    whole, rest = Decimal(0), text
    for unit, size in _SMALL:
        head, found, tail = rest.partition(unit)
        if found:
            whole, rest = whole + _plain(head, word) * size, tail
    return whole + (_plain(rest, word) if rest or not whole else 0)


def _plain(text: str, word: str) -> Decimal:
    if _NUMBER.fullmatch(text) is None:
        raise _unreadable(word)
    return Decimal(text.replace(",", ""))


def _unreadable(word: str) -> Misunderstood:
    return Misunderstood(
        f"{with_particle(repr(word[:30]), '은')} 읽을 수 없는 숫자나 날짜입니다."
        " 예: 1,234.5 · 2만 · 5% · 11/3",
        f"{word[:30]!r} is no number or date that can be read. Such as: 1,234.5 · 5% · 11/3",
    )


def _day(word: str, today: date) -> date | None:
    if word.lower() in _NAMED_DAYS:
        return today - timedelta(days=_NAMED_DAYS[word.lower()])
    if match := _ISO.fullmatch(word):
        return _date(word, *map(int, match.groups()))
    if match := _KOREAN_DAY.fullmatch(word):
        year = int(match[1]) if match[1] else None
        return _past(word, today, int(match[2]), int(match[3]), year)
    if match := _MONTH_DAY.fullmatch(word):
        return _past(word, today, int(match[1]), int(match[2]))
    return None


def _past(word: str, today: date, month: int, day: int, year: int | None = None) -> date:
    """Complete a date without a year: the last such day, today included."""
    if year is not None:
        return _date(word, year, month, day)
    this_year = _date(word, today.year, month, day)
    return this_year if this_year <= today else _date(word, today.year - 1, month, day)


def _date(word: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise _unreadable(word) from error
