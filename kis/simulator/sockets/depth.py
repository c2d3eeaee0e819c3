"""What rests in a book around a price: the same shares at the same price for a seed."""

from dataclasses import dataclass
from functools import lru_cache
from zlib import crc32

LEVELS = 10
LOTS = 90
LOT = 10


@dataclass(frozen=True, slots=True)
class Depth:
    """Ten levels a side, best first; prices in the smallest unit of the caller, 0 where none."""

    bids: tuple[int, ...]
    asks: tuple[int, ...]
    bid_sizes: tuple[int, ...]
    ask_sizes: tuple[int, ...]


@lru_cache(maxsize=8192)
def resting(seed: int, symbol: str, side: str, price: int) -> int:
    """Give the shares that rest at a price: 100 to 990 in tens, none at no price."""
    if price <= 0:
        return 0
    return 100 + crc32(f"{seed}|{symbol}|{side}|{price}".encode()) % LOTS * LOT


@lru_cache(maxsize=4096)
def us_depth(seed: int, symbol: str, last: int) -> Depth:
    """Give a US book around the last trade, a cent a level; prices in 1/10000 USD."""
    bids = tuple(max(last - 100 * level, 0) for level in range(1, LEVELS + 1))
    asks = tuple(last + 100 * level for level in range(1, LEVELS + 1))
    return _sized(seed, symbol, bids, asks)


@lru_cache(maxsize=4096)
def krx_depth(seed: int, code: str, last: int, *, fund: bool) -> Depth:
    """Give a KRX book whose best ask is the last trade; prices in KRW by the price's tick."""
    bids, asks = [], [last]
    low = last
    for _ in range(LEVELS):
        low = step_down(low, fund=fund)
        bids.append(low)
    while len(asks) < LEVELS:
        asks.append(asks[-1] + krx_tick(asks[-1], fund=fund))
    return _sized(seed, code, tuple(bids), tuple(asks))


def krx_tick(price: int, *, fund: bool) -> int:
    """Give the tick in KRW at a price: KRX's bands since January 2023; funds have two."""
    if fund:
        return 1 if price < 2_000 else 5
    for limit, tick in (
        (2_000, 1), (5_000, 5), (20_000, 10), (50_000, 50), (200_000, 100), (500_000, 500),
    ):  # fmt: skip
        if price < limit:
            return tick
    return 1_000


def step_down(price: int, *, fund: bool) -> int:
    """Give the next price below on KRX; 0 when there is none."""
    return max(price - krx_tick(price - 1, fund=fund), 0)


def _sized(seed: int, symbol: str, bids: tuple[int, ...], asks: tuple[int, ...]) -> Depth:
    return Depth(
        bids,
        asks,
        tuple(resting(seed, symbol, "bid", price) for price in bids),
        tuple(resting(seed, symbol, "ask", price) for price in asks),
    )
