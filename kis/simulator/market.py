"""Prices: seeded markets, their splits, and the day's trades derived from a daily bar.

The last regular trade and the official close are two prices (median 0.1 % apart, at most 0.6 %):
LOC and MOC execute at the official close, quotes show the last trade until they are corrected.
"""

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from kis.simulator.model import Bar, Session, Split, cents
from kis.simulator.scenarios import Scenario, Turn, turn

FLOOR = 5.0
# Names the family of made-up markets: in this one seed 7 soon sells a quarter and graduates.
MARKET = "m476"
LEVELS = {"TQQQ": 70.0, "SOXL": 40.0, "QQQ": 520.0}
STEP = timedelta(minutes=30)
MEDIAN_GAP_PERCENT = 0.1
LARGEST_GAP_PERCENT = 0.6


def level_of(symbol: str) -> float:
    """Give the price in USD that a made-up symbol keeps coming back to: 15 to 300."""
    known = LEVELS.get(symbol)
    if known is not None:
        return known
    spread = random.Random(f"level|{symbol}").uniform(math.log(15), math.log(300))
    return round(math.exp(spread), 2)


def seeded_bars(
    seed: int,
    symbol: str,
    days: Sequence[date],
    scenario: Scenario = Scenario.ORDINARY,
    *,
    since: date | None = None,
    splits: Iterable[Split] = (),
) -> list[Bar]:
    """Make daily bars of a volatile, mean-reverting market, or of a scenario from `since` on.

    Days are session dates, oldest first; prices are USD in cents, never under 5 dollars. A bar
    depends on (seed, symbol, index of the day) and on the bars before it. Bars before a split
    stand at the height they were traded at.
    """
    level = level_of(symbol)
    close = level
    due = {split.day: split for split in splits if split.symbol == symbol}
    begun = 0 if since is None else bisect_left(days, since)
    bars = []
    for index, day in enumerate(days):
        if day in due:
            level, close = (at * due[day].old / due[day].new for at in (level, close))
        rng = random.Random(f"{MARKET}|{seed}|{symbol}|{index}")
        added = turn(scenario, seed, index - begun)
        bars.append(_seeded_bar(rng, day, added, close, level))
        close = float(bars[-1].close)
    return bars


def _seeded_bar(rng: random.Random, day: date, added: Turn, before: float, level: float) -> Bar:
    shock = rng.gauss(0.0, 0.036)
    if rng.random() < 0.02:
        shock = math.copysign(rng.uniform(0.10, 0.13), shock)
    shock *= added.calm
    pull = 0.03 * math.log(level / before) * added.pull
    wander = rng.gauss(0.0, 0.012) * added.calm + added.gap
    opening = max(FLOOR, before * math.exp(wander + shock * 0.25))
    close = max(FLOOR, before * math.exp(shock + pull + added.drift))
    high = max(opening, close) * (1 + abs(rng.gauss(0.0, 0.012)) * added.calm)
    low = max(FLOOR, min(opening, close) * (1 - abs(rng.gauss(0.0, 0.012)) * added.calm))
    prices = [cents(Decimal(repr(value))) for value in (opening, high, low, close)]
    volume = rng.randrange(30_000_000, 120_000_000)
    return Bar(day, prices[0], max(prices), min(prices), prices[3], volume)


@dataclass(frozen=True, slots=True)
class Print:
    """One regular trade that the market shows."""

    at: datetime
    price: Decimal
    volume: int


class Market:
    """All symbols' bars, and the trades of each session derived from them."""

    def __init__(
        self, seed: int, bars: Mapping[str, Sequence[Bar]], splits: Sequence[Split] = ()
    ) -> None:
        self._seed = seed
        self.splits = tuple(sorted(splits, key=lambda split: (split.day, split.symbol)))
        self._bars = {symbol: {bar.day: bar for bar in rows} for symbol, rows in bars.items()}
        self._days = {symbol: sorted(rows) for symbol, rows in self._bars.items()}
        self._paths: dict[tuple[str, date], tuple[Print, ...]] = {}

    @property
    def symbols(self) -> Iterable[str]:
        return self._bars.keys()

    def bar(self, symbol: str, day: date) -> Bar | None:
        return self._bars[symbol].get(day)

    def days_until(self, symbol: str, day: date) -> list[date]:
        """Give the days of a symbol's bars up to and with a day, oldest first."""
        days = self._days[symbol]
        return days[: bisect_right(days, day)]

    def ratio(self, symbol: str, after: date, until: date) -> Fraction:
        """Give what a price of `after` is multiplied by to stand at the height of `until`."""
        factor = Fraction(1)
        for split in self.splits:
            if split.symbol == symbol and after < split.day <= until:
                factor *= Fraction(split.old, split.new)
        return factor

    def last_regular(self, symbol: str, day: date) -> Decimal:
        """Give the last regular trade of a day, in USD, inside the bar's high and low."""
        bar = self._bars[symbol][day]
        rng = random.Random(f"{self._seed}|last|{symbol}|{day}")
        gap = min(rng.expovariate(math.log(2) / MEDIAN_GAP_PERCENT), LARGEST_GAP_PERCENT)
        sign = rng.choice((-1, 1))
        step = max(cents(bar.close * Decimal(repr(gap)) / 100), Decimal("0.01"))
        limit = bar.close * Decimal(repr(LARGEST_GAP_PERCENT)) / 100
        for distance in (sign * step, -sign * step):
            price = bar.close + distance
            if bar.low <= price <= bar.high and step <= limit:
                return price
        return bar.close

    def path(self, symbol: str, session: Session) -> tuple[Print, ...]:
        """Give a session's regular trades: open, both extremes, the last trade, and between."""
        key = (symbol, session.day)
        if key not in self._paths:
            if len(self._paths) > 64:
                self._paths.clear()
            bar = self.bar(symbol, session.day)
            self._paths[key] = () if bar is None else self._walk(symbol, session, bar)
        return self._paths[key]

    def _walk(self, symbol: str, session: Session, bar: Bar) -> tuple[Print, ...]:
        rng = random.Random(f"{self._seed}|path|{symbol}|{session.day}")
        length = session.close - session.open
        extremes = [bar.high, bar.low]
        rng.shuffle(extremes)
        corners = [
            (session.open, bar.open),
            (session.open + length * rng.uniform(0.10, 0.40), extremes[0]),
            (session.open + length * rng.uniform(0.50, 0.90), extremes[1]),
            (session.close - timedelta(seconds=1), self.last_regular(symbol, session.day)),
        ]
        volume = max(bar.volume // 14, 1)
        prints = []
        for (start, first), (end, second) in pairwise(corners):
            prints.append(Print(start.replace(microsecond=0), first, volume))
            steps = int((end - start) / STEP)
            prints.extend(
                Print(
                    (start + (end - start) * (index / (steps + 1))).replace(microsecond=0),
                    cents(first + (second - first) * index / (steps + 1)),
                    volume,
                )
                for index in range(1, steps + 1)
            )
        prints.append(Print(*corners[-1], volume))
        return tuple(prints)
