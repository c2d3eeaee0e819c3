"""A KRX code's day as its trades come: what a trade and a book record say. Prices are KRW."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from kis.simulator.domestic import FUNDS, KrxDay
from kis.simulator.sockets.depth import krx_depth, krx_tick
from kis.simulator.sockets.us_tapes import percent, sign, stamp

REGULAR = "20"


@dataclass(slots=True, kw_only=True)
class KrxTape:
    """A code's day so far; `base` is the close before, `amount` KRW, hours HHMMSS in Seoul.

    `second` is that of the latest trade, in UTC.
    """

    seed: int
    code: str
    day: date
    base: int
    base_volume: int
    open: int
    high: int
    low: int
    last: int
    total: int
    amount: int
    second: int
    trades: int = 0
    bought: int = 0
    high_hour: str = "090000"
    low_hour: str = "090000"

    @classmethod
    def of(cls, seed: int, code: str, day: KrxDay, second: int) -> "KrxTape":
        """Begin from a session as far as it is known at a second."""
        return cls(
            seed=seed,
            code=code,
            day=day.day,
            base=day.base,
            base_volume=day.base_volume,
            open=day.open,
            high=day.high,
            low=day.low,
            last=day.close,
            total=day.volume,
            amount=day.close * day.volume,
            bought=day.volume // 2,
            second=second,
        )

    @property
    def tick(self) -> int:
        """The smallest step of a price."""
        return krx_tick(self.last, fund=self.code in FUNDS)

    def take(self, second: int, price: int, volume: int) -> None:
        """Take in one trade."""
        self.second = second
        if price > self.high:
            self.high, self.high_hour = price, stamp(second).seoul_time
        if price < self.low:
            self.low, self.low_hour = price, stamp(second).seoul_time
        if price >= self.last:
            self.bought += volume
        self.last = price
        self.total += volume
        self.amount += price * volume
        self.trades += 1

    def trade(self, volume: int) -> str:
        """Word the latest trade in its 46 columns."""
        at = stamp(self.second)
        depth = krx_depth(self.seed, self.code, self.last, fund=self.code in FUNDS)
        difference = self.last - self.base
        sold = self.total - self.bought
        columns = [
            self.code,
            at.seoul_time,
            str(self.last),
            *_change(difference),
            percent(difference, self.base).removeprefix("+"),
            f"{self.amount / max(self.total, 1):.2f}",
            str(self.open),
            str(self.high),
            str(self.low),
            str(depth.asks[0]),
            str(depth.bids[0]),
            str(volume),
            str(self.total),
            str(self.amount),
            str(self.trades // 2),
            str(self.trades - self.trades // 2),
            str(self.trades % 2),
            f"{self.bought / max(sold, 1) * 100:.2f}",
            str(sold),
            str(self.bought),
            "1",
            f"{self.bought / max(self.total, 1):.2f}",
            f"{self.total / self.base_volume * 100:.2f}" if self.base_volume else "0.00",
            "090000",
            *_change(self.last - self.open),
            self.high_hour,
            *_change(self.last - self.high),
            self.low_hour,
            *_change(self.last - self.low),
            at.seoul_day,
            REGULAR,
            "N",
            str(depth.ask_sizes[0]),
            str(depth.bid_sizes[0]),
            str(sum(depth.ask_sizes)),
            str(sum(depth.bid_sizes)),
            "0.00",
            "0",
            "0.00",
            "0",
            "",
            str(self.open),
        ]
        return "^".join(columns)

    def book(self) -> str:
        """Word ten levels around the latest trade in 59 columns."""
        return (
            f"{self.code}^{stamp(self.second).seoul_time}^0"
            f"^{_levels(self.seed, self.code, self.last)}"
            f"^0^0^0^0^0^0^{sign(0)}^0.00^{self.total}^0^0^0^0^0"
        )


def _change(difference: int) -> tuple[str, str]:
    return sign(difference), str(difference)


@lru_cache(maxsize=1024)
def _levels(seed: int, code: str, last: int) -> str:
    depth = krx_depth(seed, code, last, fund=code in FUNDS)
    prices = (*depth.asks, *depth.bids, *depth.ask_sizes, *depth.bid_sizes)
    columns = (*prices, sum(depth.ask_sizes), sum(depth.bid_sizes))
    return "^".join(str(column) for column in columns)
