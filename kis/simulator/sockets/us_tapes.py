"""A US symbol's day as its trades come: what a trade and a book record say, without rereading it.

Prices are whole numbers of 1/10000 USD here: a record is worded two thousand times a second.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache

from kis.simulator.model import NEW_YORK, SEOUL, Phase
from kis.simulator.sockets.depth import us_depth

MARKET_TYPES = {Phase.REGULAR: "1", Phase.PRE: "2", Phase.AFTER: "3", Phase.CLOSED: "3"}
UNIT = 10_000


@dataclass(frozen=True, slots=True)
class Stamp:
    """An instant as KIS writes it, in New York and in Seoul."""

    local_day: str
    local_time: str
    seoul_day: str
    seoul_time: str


@lru_cache(maxsize=256)
def stamp(second: int) -> Stamp:
    """Write an instant given in whole seconds of UTC."""
    at = datetime.fromtimestamp(second, UTC)
    local, seoul = at.astimezone(NEW_YORK), at.astimezone(SEOUL)
    return Stamp(f"{local:%Y%m%d}", f"{local:%H%M%S}", f"{seoul:%Y%m%d}", f"{seoul:%H%M%S}")


def units(price: Decimal) -> int:
    """Give a price in 1/10000 USD, rounded half to even."""
    return int((price * UNIT).to_integral_value())


@dataclass(slots=True, kw_only=True)
class UsTape:
    """A symbol's day so far: `base` is the previous close, `total` the day's shares.

    `second` is that of the latest trade, in UTC.
    """

    seed: int
    rsym: str
    symbol: str
    day: date
    base: int
    open: int
    high: int
    low: int
    last: int
    total: int
    second: int
    market_type: str = "1"

    @property
    def tick(self) -> int:
        """The smallest step of a price: a cent."""
        return 100

    def take(self, second: int, price: int, volume: int) -> None:
        """Take in one trade."""
        self.second = second
        self.last = price
        self.high = max(self.high, price)
        self.low = min(self.low, price)
        self.total += volume

    def trade(self, volume: int) -> str:
        """Word the latest trade in its 26 columns."""
        at = stamp(self.second)
        depth = us_depth(self.seed, self.symbol, self.last)
        difference = self.last - self.base
        bought = self.total // 2
        return (
            f"{self.rsym}^{self.symbol}^4^{at.local_day}^{at.local_day}^{at.local_time}"
            f"^{at.seoul_day}^{at.seoul_time}^{self.open / UNIT:.4f}^{self.high / UNIT:.4f}"
            f"^{self.low / UNIT:.4f}^{self.last / UNIT:.4f}^{sign(difference)}"
            f"^{abs(difference) / UNIT:.4f}^{percent(difference, self.base)}"
            f"^{depth.bids[0] / UNIT:.4f}^{depth.asks[0] / UNIT:.4f}"
            f"^{depth.bid_sizes[0]}^{depth.ask_sizes[0]}^{volume}^{self.total}"
            f"^{self.last * self.total // UNIT}^{bought}^{self.total - bought}^100.00"
            f"^{self.market_type}"
        )

    def book(self) -> str:
        """Word ten levels around the latest trade in 71 columns."""
        at = stamp(self.second)
        return (
            f"{self.rsym}^{self.symbol}^4^{at.local_day}^{at.local_time}^{at.seoul_day}"
            f"^{at.seoul_time}^{_levels(self.seed, self.symbol, self.last)}"
        )


@lru_cache(maxsize=4096)
def _levels(seed: int, symbol: str, last: int) -> str:
    depth = us_depth(seed, symbol, last)
    columns = [str(sum(depth.bid_sizes)), str(sum(depth.ask_sizes)), "0", "0"]
    for bid, ask, bid_size, ask_size in zip(
        depth.bids, depth.asks, depth.bid_sizes, depth.ask_sizes, strict=True
    ):
        columns += (
            f"{bid / UNIT:.4f}",
            f"{ask / UNIT:.4f}",
            str(bid_size),
            str(ask_size),
            "0",
            "0",
        )
    return "^".join(columns)


def sign(difference: int) -> str:
    """Give KIS's sign of a change: 2 up, 3 level, 5 down."""
    if difference == 0:
        return "3"
    return "2" if difference > 0 else "5"


def percent(difference: int, base: int) -> str:
    """Give a change in percent with two places, half to even: a sign, but none at 0."""
    if base == 0:
        return "0.00"
    whole, rest = divmod(abs(difference) * 10_000, base)
    whole += 2 * rest > base or (2 * rest == base and whole % 2)
    if whole == 0:
        return "0.00"
    mark = "+" if difference > 0 else "-"
    return f"{mark}{whole // 100}.{whole % 100:02d}"
