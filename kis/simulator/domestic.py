"""A made-up KRX: daily bars and trades of six-digit codes in KRW, for quotes and streams only.

Every week day is a session of 9:00 to 15:30 in Seoul; KRX's holidays are not known here.
"""

import math
import random
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from operator import itemgetter

from kis.simulator.model import SEOUL
from kis.simulator.sockets.depth import krx_tick

OPEN, CLOSE = time(9), time(15, 30)
LEVELS = {"005930": 71_900, "069500": 35_000}
FUNDS = frozenset({"069500"})
STEP = timedelta(minutes=10)
DAILY_LIMIT = 0.30


@dataclass(frozen=True, slots=True)
class KrxPrint:
    """One trade in KRW."""

    at: datetime
    price: int
    volume: int


@dataclass(frozen=True, slots=True)
class KrxDay:
    """A session in KRW; `base` is the close before it."""

    day: date
    base: int
    open: int
    high: int
    low: int
    close: int
    volume: int
    base_volume: int


class Domestic:
    """KRX codes over the week days from `start` to `end`, made from a seed."""

    def __init__(self, seed: int, codes: Sequence[str], start: date, end: date) -> None:
        self.seed = seed
        self.codes = tuple(codes)
        count = (end - start).days + 1
        days = (start + timedelta(days=index) for index in range(count))
        self._days = [day for day in days if day.weekday() < 5]
        self._made: dict[str, list[KrxDay]] = {}
        self._prints: dict[tuple[str, date], tuple[KrxPrint, ...]] = {}
        self._agenda: tuple[date, list[tuple[datetime, list[tuple[str, KrxPrint]]]]] = (
            date.min,
            [],
        )

    def days(self, code: str) -> list[KrxDay]:
        """Give a code's sessions, oldest first; raises KeyError for an unknown code."""
        if code not in self.codes:
            raise KeyError(code)
        if code not in self._made:
            self._made[code] = _days(self.seed, code, self._days)
        return self._made[code]

    def day_at(self, code: str, now: datetime) -> KrxDay | None:
        """Give the session that began last; None before the first."""
        local = now.astimezone(SEOUL)
        days = self.days(code)
        index = bisect_left(self._days, local.date())
        started = index < len(days) and days[index].day == local.date() and local.time() >= OPEN
        index -= 0 if started else 1
        return days[min(index, len(days) - 1)] if index >= 0 else None

    def so_far(self, code: str, now: datetime) -> KrxDay | None:
        """Give the latest session as its trades have shown it: `close` is the last one's price."""
        whole = self.day_at(code, now)
        if whole is None:
            return None
        done = [trade for trade in self.prints(code, whole.day) if trade.at <= now]
        prices = [trade.price for trade in done]
        return KrxDay(
            whole.day,
            whole.base,
            prices[0],
            max(prices),
            min(prices),
            prices[-1],
            sum(trade.volume for trade in done),
            whole.base_volume,
        )

    def prints(self, code: str, day: date) -> tuple[KrxPrint, ...]:
        """Give a session's trades: the open, both extremes, the close, and between."""
        key = (code, day)
        if key not in self._prints:
            if len(self._prints) > 64:
                self._prints.clear()
            days = self.days(code)
            index = bisect_left(self._days, day)
            known = index < len(days) and days[index].day == day
            self._prints[key] = _walk(self.seed, code, days[index]) if known else ()
        return self._prints[key]

    def next_prints(self, after: datetime) -> tuple[datetime, list[tuple[str, KrxPrint]]] | None:
        """Give the next instant of trades after one, and its trades; None past the last day."""
        for day in self._days[bisect_left(self._days, self.day_of(after)) :]:
            instants = self._instants(day)
            index = bisect_right(instants, after, key=itemgetter(0))
            if index < len(instants):
                return instants[index]
        return None

    def _instants(self, day: date) -> list[tuple[datetime, list[tuple[str, KrxPrint]]]]:
        if self._agenda[0] != day:
            found: dict[datetime, list[tuple[str, KrxPrint]]] = {}
            for code in self.codes:
                for trade in self.prints(code, day):
                    found.setdefault(trade.at, []).append((code, trade))
            self._agenda = (day, sorted(found.items()))
        return self._agenda[1]

    @staticmethod
    def day_of(at: datetime) -> date:
        return at.astimezone(SEOUL).date()


def _days(seed: int, code: str, days: Sequence[date]) -> list[KrxDay]:
    fund = code in FUNDS
    level = LEVELS.get(code) or int(math.exp(random.Random(f"krx|{code}").uniform(8.0, 12.5)))
    close, volume = _on_tick(level, fund=fund), 0
    made = []
    for index, day in enumerate(days):
        rng = random.Random(f"krx|{seed}|{code}|{index}")
        shock = max(min(rng.gauss(0.0, 0.017), DAILY_LIMIT), -DAILY_LIMIT)
        pull = 0.02 * math.log(level / close)
        opening = close * math.exp(rng.gauss(0.0, 0.006))
        ending = close * math.exp(shock + pull)
        high = max(opening, ending) * (1 + abs(rng.gauss(0.0, 0.006)))
        low = min(opening, ending) * (1 - abs(rng.gauss(0.0, 0.006)))
        prices = [_on_tick(price, fund=fund) for price in (opening, high, low, ending)]
        before, close, previous = close, prices[3], volume
        volume = rng.randrange(5_000_000, 25_000_000)
        made.append(
            KrxDay(day, before, prices[0], max(prices), min(prices), close, volume, previous)
        )
    return made


def _walk(seed: int, code: str, bar: KrxDay) -> tuple[KrxPrint, ...]:
    rng = random.Random(f"krx|{seed}|path|{code}|{bar.day}")
    begin = datetime.combine(bar.day, OPEN, SEOUL)
    length = datetime.combine(bar.day, CLOSE, SEOUL) - begin
    extremes = [bar.high, bar.low]
    rng.shuffle(extremes)
    corners = [
        (0.0, bar.open),
        (rng.uniform(0.10, 0.40), extremes[0]),
        (rng.uniform(0.50, 0.90), extremes[1]),
        (1.0, bar.close),
    ]
    steps = int(length / STEP)
    places = sorted({*(index / steps for index in range(steps + 1)), *(at for at, _ in corners)})
    volume = max(bar.volume // len(places), 1)
    prints: list[KrxPrint] = []
    for place in places:
        at = (begin + length * place).replace(microsecond=0)
        if prints and at <= prints[-1].at:
            at = prints[-1].at + timedelta(seconds=1)
        price = _between(corners, place, fund=code in FUNDS)
        prints.append(KrxPrint(at, price, volume))
    return tuple(prints)


def _between(corners: Sequence[tuple[float, int]], place: float, *, fund: bool) -> int:
    for (start, first), (end, second) in pairwise(corners):
        if place == start:
            return first
        if start < place < end:
            price = first + (second - first) * (place - start) / (end - start)
            bounds = sorted((first, second))
            return min(max(_on_tick(price, fund=fund), bounds[0]), bounds[1])
    return corners[-1][1]


def _on_tick(price: float, *, fund: bool) -> int:
    whole = max(int(price), 1)
    tick = krx_tick(whole, fund=fund)
    return max(whole // tick * tick, tick)
