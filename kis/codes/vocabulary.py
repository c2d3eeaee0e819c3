"""What a message of KIS's can mean, and what follows from it for an order and for a stream."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What a message is about."""

    OK = "ok"
    NOTHING_FOUND = "nothing found"
    TOKEN = "token"  # noqa: S105 - a word, not a password
    TOKEN_TOO_OFTEN = "token too often"  # noqa: S105 - the same
    KEYS = "keys"
    PERMISSION = "permission"
    ACCOUNT = "account"
    RATE = "rate"
    GATEWAY = "gateway, outcome unknown"
    MAINTENANCE = "maintenance"
    NOT_OFFERED = "not offered"
    INPUT = "wrong input"
    HOURS = "hours"
    CASH = "cash short"
    QUANTITY = "quantity short"
    ORDER_TYPE = "wrong order type"
    PRICE = "wrong price"
    SYMBOL = "unknown symbol"
    GONE = "order gone"
    CROSSED = "own orders cross"
    UNCLEAR = "several meanings"
    STREAM = "stream"


class OnOrder(StrEnum):
    """What a message says of the order that it answers (domain/safety.md section 2).

    `REFUSED` holds with HTTP 200, `REFUSED_AT_500` with HTTP 500 as well: KIS was seen to refuse
    plainly in that way. `GATEWAY` never reached the order system, whatever the status.
    """

    REFUSED = "refused"
    REFUSED_AT_500 = "refused, even with HTTP 500"
    GATEWAY = "turned away at the gateway"
    UNKNOWN = "unknown"


class OnStream(StrEnum):
    """What a message says of the websocket that it came over."""

    FINE = "fine"
    DECLINED = "one subscription declined"
    NEW_KEY = "connect again with a new approval key"
    FATAL = "stop and tell"


class Sentence(NamedTuple):
    """One sentence for the owner, twice."""

    korean: str
    english: str

    def of(self, language: str) -> str:
        """Give the sentence in "ko" or "en"."""
        return self.english if language == "en" else self.korean


@dataclass(frozen=True, kw_only=True, slots=True)
class Meaning:
    """What a message means: why KIS says so, and what the owner can do about it."""

    kind: Kind
    cause: Sentence
    remedy: Sentence
    on_order: OnOrder = OnOrder.REFUSED
    on_stream: OnStream = OnStream.DECLINED


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One row of a table: these codes, with these words in the message, mean this.

    Without codes the words alone tell, whatever the code; without words the code alone does.
    """

    meaning: Meaning
    codes: tuple[str, ...] = ()
    words: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        if not self.codes and self.words is None:
            raise ValueError("a row without codes and without words would mean everything")
