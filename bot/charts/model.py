"""What a picture shows: frozen descriptions that any room can fill and a child process draws.

Prices and money are USD, percentages are percent, days are New York session dates. `language` is
"ko" or "en". With `amounts` false nothing in the picture tells how much money or how many shares
somebody has: money becomes percent, and fills lose their counts. Texts that stand in a picture as
they are given (`symbol`, `method`, `note`) are Latin letters and digits.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.errors import MuhanError
from strategy.model import Phase, Side


class DrawingFailed(MuhanError):
    """A picture could not be drawn; what it would have shown stands in the text beside it."""


class PicturesOff(DrawingFailed):
    """The owner wants no pictures (MUHAN_PICTURES)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CycleDay:
    """A session of a cycle: its close, and the lines as they stood for it (None: there is none).

    `exhaustion` is T after the session in percent of the splits.
    """

    day: date
    close: Decimal | None
    average: Decimal | None = None
    star: Decimal | None = None
    target: Decimal | None = None
    exhaustion: Decimal = Decimal(0)
    phase: Phase = Phase.NORMAL


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """What was bought or sold in a session: shares at a mean price."""

    day: date
    side: Side
    price: Decimal
    quantity: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CyclePicture:
    """A cycle: closes between average, star and target, fills, and how far it is used up."""

    language: str
    amounts: bool
    symbol: str
    method: str
    splits: int
    number: int
    days: tuple[CycleDay, ...]
    marks: tuple[Mark, ...] = ()

    @property
    def base(self) -> Decimal | None:
        """The price that counts as 0 % where the owner's prices are not shown."""
        if self.amounts:
            return None
        return next((day.close for day in self.days if day.close), Decimal(1))


def on_axis(value: Decimal | None, base: Decimal | None) -> Decimal | None:
    """Give a price as it is drawn: in USD, or in percent above `base` where there is one."""
    if value is None or base is None:
        return value
    return (value / base - 1) * 100


class LineKind(StrEnum):
    """Whose worth a line of an `EquityPicture` is; it has a colour and a word of its own."""

    OURS = "ours"
    HOLD = "hold"
    DCA = "dca"
    OTHER = "other"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """Worth by day, oldest first; `note` follows the kind's word ("V3.0"), alone for OTHER."""

    kind: LineKind
    values: tuple[tuple[date, Decimal], ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class EquityPicture:
    """Worth over time, one line or several on the same days; `note` names whose ("SOXL #3").

    Without amounts each line is its gain in percent of its own first value.
    """

    language: str
    amounts: bool
    lines: tuple[Line, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Gain:
    """What a day or a period realized, net of fees; `percent` is of the principal (or None)."""

    day: date
    amount: Decimal
    percent: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarPicture:
    """A month's realized gains, a box for each day; days without a session stay empty."""

    language: str
    amounts: bool
    year: int
    month: int
    gains: tuple[Gain, ...]
    note: str = ""


class Period(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, kw_only=True, slots=True)
class GainsPicture:
    """Realized gains by period, a bar for each and their sum as a line; `day` is its first day."""

    language: str
    amounts: bool
    period: Period
    gains: tuple[Gain, ...]
    note: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Minute:
    """Prices of a minute or of a few; `at` is its aware beginning."""

    at: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class MinutePicture:
    """A session's minutes in Seoul time, with the levels that matter to the cycle.

    Levels far from the day's prices are named at the edge instead of flattening the minutes.
    `average` is the owner's: it is left out without amounts.
    """

    language: str
    amounts: bool
    symbol: str
    session: date
    minutes: tuple[Minute, ...]
    previous_close: Decimal | None = None
    average: Decimal | None = None
    star: Decimal | None = None
    target: Decimal | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BacktestPicture:
    """A backtest on one page for a phone: worth beside holding and averaging, falls, T.

    `ours`, `hold` and `dca` are worth after each of `days`, `principal` before the first; `turns`
    and `phases` are the first ledger's. `figures` are ready words and values, two to a row.
    """

    language: str
    amounts: bool
    symbol: str
    method: str
    splits: int
    principal: Decimal
    days: tuple[date, ...]
    ours: tuple[Decimal, ...]
    hold: tuple[Decimal, ...]
    dca: tuple[Decimal, ...]
    turns: tuple[Decimal, ...]
    phases: tuple[Phase, ...]
    figures: tuple[tuple[str, str], ...]


Picture = (
    CyclePicture | EquityPicture | CalendarPicture | GainsPicture | MinutePicture | BacktestPicture
)

Draw = Callable[[Picture], Awaitable[bytes]]
"""Draw a picture as PNG; raises DrawingFailed."""


async def no_pictures(picture: Picture) -> bytes:
    """Draw nothing, as the owner wants it. Raises PicturesOff."""
    raise PicturesOff(
        f"그림을 꺼 두어 {type(picture).__name__}을(를) 그리지 않습니다: "
        "MUHAN_PICTURES=on으로 켭니다.",
        f"Pictures are off, so no {type(picture).__name__} is drawn: MUHAN_PICTURES=on draws them.",
    )
