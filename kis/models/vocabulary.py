"""The words that every call shares: sides, kinds, exchanges, the account's keys, a listing."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar
from zoneinfo import ZoneInfo

SEOUL = ZoneInfo("Asia/Seoul")
NEW_YORK = ZoneInfo("America/New_York")

SYMBOL = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,11}")
_ACCOUNT = re.compile(r"[0-9]{8}-[0-9]{2}")

T = TypeVar("T")


class Side(StrEnum):
    BUY = "buy"
    SELL = "sell"


class OrderKind(StrEnum):
    """How an order meets the market; MOC is for sells only."""

    LIMIT = "limit"
    LOC = "loc"
    MOC = "moc"


class Exchange(StrEnum):
    """Where a symbol is listed as KIS names it: NYSE Arca (SOXL) is AMEX."""

    NASDAQ = "NASDAQ"
    NYSE = "NYSE"
    AMEX = "AMEX"


@dataclass(frozen=True, kw_only=True, slots=True, repr=False)
class Credentials:
    """The keys of one account ("12345678-01") and the login id that fill notices need."""

    app_key: str
    app_secret: str
    account: str
    hts_id: str

    def __post_init__(self) -> None:
        if not _ACCOUNT.fullmatch(self.account):
            raise ValueError("an account reads 12345678-01")

    def __repr__(self) -> str:
        return "Credentials(...)"

    @property
    def cano(self) -> str:
        return self.account[:8]

    @property
    def product(self) -> str:
        return self.account[9:]


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing(Generic[T]):
    """Rows, and whether they are all there are. Absence may be believed only when complete.

    `reason` says why a listing is not complete, where the one who made it knows.
    """

    rows: tuple[T, ...]
    complete: bool
    reason: str = ""

    def __post_init__(self) -> None:
        if self.complete and self.reason:
            raise ValueError(f"a complete listing has no reason not to be: {self.reason}")

    @property
    def empty(self) -> bool:
        """Whether there is nothing, for certain: every page was read and none held a row."""
        return self.complete and not self.rows
