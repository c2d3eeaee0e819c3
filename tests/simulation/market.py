"""The market of the simulated world: seeded daily paths, a handful of prices inside a day.

Prices are USD on the cent. A `Tape` is one symbol's truth: what KIS shows of it is the quote desk's
affair (tests/simulation/kis). Bars are as they were traded; a split changes only what comes after.
"""

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from bot.sessions import Session

PRE_MARKET = timedelta(hours=5, minutes=30)
"""How long before the open trading begins: 04:00 in New York."""

HISTORY = 12
"""Sessions of the past that a tape knows from the beginning."""

Moment = Literal["pre", "open", "day", "close"]
_CENT = Decimal("0.01")
_LOWEST, _HIGHEST = 4.0, 400.0


@dataclass(frozen=True, slots=True)
class Print:
    """A price that the market shows from an instant (UTC) on."""

    at: datetime
    price: Decimal
    moment: Moment


@dataclass(frozen=True, slots=True)
class Bar:
    """One session as it was traded."""

    day: date
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: int


@dataclass(frozen=True, slots=True)
class Split:
    """New shares for old ones from a session on."""

    day: date
    new: int
    old: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A symbol: KIS's exchange codes of it, and how far it goes in a usual day."""

    symbol: str
    order_code: str
    quote_code: str
    product: str
    first: float
    sigma: float


LISTED = (
    Listed("TQQQ", "NASD", "NAS", "512", 72.0, 0.038),
    Listed("SOXL", "AMEX", "AMS", "529", 38.0, 0.052),
    Listed("AAAA", "NYSE", "NYS", "513", 21.0, 0.022),
)


@dataclass(slots=True)
class Tape:
    """One symbol's prices: `last` is the market's now, `today` the prints of its newest day."""

    listed: Listed
    chance: random.Random
    last: Decimal = Decimal(0)
    bars: list[Bar] = field(default_factory=list)
    splits: list[Split] = field(default_factory=list)
    today: list[Print] = field(default_factory=list)
    day: date | None = None

    def begin(self, past: Iterable[date]) -> None:
        """Make up the sessions before the world began."""
        self.last = _cents(self.listed.first * self.chance.uniform(0.6, 1.6))
        for day in past:
            opening, closing = self._move()
            between = _cents(float(opening + closing) / 2 * self.chance.gauss(1.0, 0.01))
            self.bars.append(self._bar(day, (opening, between, closing)))
            self.last = closing

    def plan(self, session: Session) -> list[Print]:
        """Make up a session's prints, in order; nothing is shown before its time."""
        opening, closing = self._move()
        opens, closes = session.open, session.close
        chance, length = self.chance, (closes - opens).total_seconds()
        last, gap = float(self.last), float(opening - self.last)
        prints = [
            Print(opens - timedelta(seconds=ahead), _cents(last + gap * part), "pre")
            for ahead, part in (
                (chance.uniform(13_000, 19_700), chance.uniform(0.2, 0.9)),
                (chance.uniform(300, 7_000), chance.uniform(0.7, 1.2)),
            )
        ]
        prints.append(Print(opens, opening, "open"))
        travel = float(closing - opening)
        width = float(opening) * self.listed.sigma
        for share in (0.15, 0.5, 0.85):
            at = opens + timedelta(seconds=length * (share + chance.uniform(-0.1, 0.1)))
            price = float(opening) + travel * share + chance.gauss(0.0, width * 0.5)
            prints.append(Print(at, _cents(price), "day"))
        prints.append(Print(closes, closing, "close"))
        return [Print(one.at.astimezone(UTC), one.price, one.moment) for one in prints]

    def show(self, day: date, one: Print) -> None:
        """Let a print happen."""
        if self.day != day:
            self.day, self.today = day, []
        self.today.append(one)
        self.last = one.price
        if one.moment == "close":
            self.bars.append(self._bar(day, [each.price for each in self._regular()]))

    def running(self) -> Bar | None:
        """Give the bar of the session so far: none before the open and after the close."""
        regular = self._regular()
        if not regular or regular[-1].moment == "close" or self.day is None:
            return None
        prices = [each.price for each in regular]
        return Bar(self.day, prices[0], max(prices), min(prices), prices[-1], 1_000_000)

    def split(self, split: Split) -> None:
        """Have a split begin: what the market pays for a share changes, the past does not."""
        self.splits.append(split)
        self.last = _cents(float(self.last) * split.old / split.new)

    def adjusted(self, bar: Bar) -> Bar:
        """Work the later splits into a bar."""
        ratio = Decimal(1)
        for split in self.splits:
            if split.day > bar.day:
                ratio = ratio * split.old / split.new
        if ratio == 1:
            return bar
        return Bar(
            bar.day,
            _on_the_cent(bar.open * ratio),
            _on_the_cent(bar.high * ratio),
            _on_the_cent(bar.low * ratio),
            _on_the_cent(bar.close * ratio),
            bar.volume,
        )

    @property
    def base(self) -> Decimal:
        """What KIS compares the price with: the previous close in today's shares."""
        return self.adjusted(self.bars[-1]).close if self.day_split() else self.bars[-1].close

    def day_split(self) -> bool:
        return bool(self.splits) and self.splits[-1].day > self.bars[-1].day

    def _regular(self) -> list[Print]:
        return [each for each in self.today if each.moment != "pre"]

    def _move(self) -> tuple[Decimal, Decimal]:
        """Throw the next open and close: mostly usual days, now and then a crash or a rally."""
        chance, sigma, level = self.chance, self.listed.sigma, float(self.last)
        throw = chance.random()
        if throw < 0.02:
            day = -chance.uniform(0.12, 0.32)
        elif throw < 0.035:
            day = chance.uniform(0.12, 0.24)
        else:
            day = chance.gauss(0.001, sigma)
        if not _LOWEST < level * (1 + day) < _HIGHEST:
            day = -day / 2
        gap = day * chance.uniform(0.0, 0.6) + chance.gauss(0.0, sigma * 0.2)
        return _cents(level * (1 + gap)), _cents(level * (1 + day))

    def _bar(self, day: date, prices: Sequence[Decimal]) -> Bar:
        volume = 1_000_000 + self.chance.randrange(90_000_000)
        return Bar(day, prices[0], max(prices), min(prices), prices[-1], volume)


class Market:
    """Every symbol's tape."""

    def __init__(self, chance: Callable[[str], random.Random], past: Sequence[date]) -> None:
        self.tapes = {each.symbol: Tape(each, chance(f"market {each.symbol}")) for each in LISTED}
        for tape in self.tapes.values():
            tape.begin(past)

    def last(self, symbol: str) -> Decimal:
        return self.tapes[symbol].last


def _cents(price: float) -> Decimal:
    return Decimal(max(round(price * 100), 1)).scaleb(-2)


def _on_the_cent(price: Decimal) -> Decimal:
    return max(price.quantize(_CENT), _CENT)
