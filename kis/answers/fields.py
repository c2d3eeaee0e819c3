"""One field of an answer: a word, a number, a day. Malformed is an error, never zero.

Every reader raises KisBadAnswer with the field's name.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

from kis.errors import KisBadAnswer
from kis.models import SEOUL, Side
from kis.wire.codes import ORDER_EXCHANGE

Row = Mapping[str, Any]

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,12})?")
_SIDES = {"01": Side.SELL, "02": Side.BUY}
_SIDE_WORDS = {"매도": Side.SELL, "매수": Side.BUY}
EXCHANGES = {code: exchange for exchange, code in ORDER_EXCHANGE.items()}


def text(row: Row, name: str) -> str:
    """Read a word, "" where it is absent or null; numbers that came bare are words too."""
    value = row.get(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    raise KisBadAnswer(f"{name} is neither a word nor a number")


def silent(row: Row, *names: str) -> bool:
    """Tell whether none of these fields says anything but zero: filler has no figures either."""
    return all(not text(row, name).strip("0.") for name in names)


def signed(row: Row, name: str) -> Decimal:
    """Read a number of either sign."""
    word = text(row, name)
    if not _NUMBER.fullmatch(word):
        raise KisBadAnswer(f"{name} is not a number")
    return Decimal(word)


def number(row: Row, name: str) -> Decimal:
    """Read a number that must not be negative."""
    value = signed(row, name)
    if value < 0:
        raise KisBadAnswer(f"{name} is negative")
    return value


def price(row: Row, name: str) -> Decimal:
    """Read a price: a number above zero."""
    value = number(row, name)
    if value == 0:
        raise KisBadAnswer(f"{name} is zero")
    return value


def shares(row: Row, name: str) -> int:
    """Read whole shares."""
    value = number(row, name)
    if value != value.to_integral_value():
        raise KisBadAnswer(f"{name} is not whole")
    return int(value)


def day(row: Row, name: str) -> date:
    word = text(row, name)
    try:
        return instant(word, "%Y%m%d", 8).date()
    except ValueError:
        raise KisBadAnswer(f"{name} is not a date") from None


def order_number(word: str) -> str:
    """Normalise an order number; "" when there is none."""
    if not (word.isascii() and word.isdigit()):
        return ""
    return word.lstrip("0")


def number_of_order(row: Row, name: str) -> str | None:
    """Read an order number that a row may lack: blank or zeros, but nothing else."""
    word = text(row, name)
    if not word.strip("0"):
        return None
    found = order_number(word)
    if not found:
        raise KisBadAnswer(f"{name} is no order number")
    return found


def symbol(row: Row, name: str) -> str:
    word = text(row, name)
    if not word:
        raise KisBadAnswer("a row without a symbol")
    return word


def side(row: Row, code_name: str, word_name: str) -> Side:
    """Read which side a row is on; some rows carry the word alone, such as 매수 or 매수취소."""
    code = text(row, code_name)
    found = _SIDES.get(code) if code else _SIDE_WORDS.get(text(row, word_name)[:2])
    if found is None:
        raise KisBadAnswer(f"{code_name} says neither buy nor sell")
    return found


def clock(word: str) -> time | None:
    try:
        return instant(word, "%H%M%S", 6).time()
    except ValueError:
        return None


def instant(word: str, form: str, width: int) -> datetime:
    # strptime takes single digits where two belong, so the width is asked for first.
    if len(word) != width or not (word.isascii() and word.isdigit()):
        raise ValueError(word)
    return _instant(word, form)


# Every listing says the same days and times again, and strptime is slow.
@lru_cache(maxsize=512)
def _instant(word: str, form: str) -> datetime:
    return datetime.strptime(word, form).replace(tzinfo=SEOUL)
