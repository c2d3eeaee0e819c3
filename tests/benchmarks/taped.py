"""A seeded tape of US trades, as websocket frames, for the benchmarks of the stream."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from kis.models import NEW_YORK, SEOUL, Exchange, MarketHours, Trade

SEED = 7
SYMBOLS = 41
A_SECOND = 2_000  # trades of all symbols
OPENS = datetime(2026, 11, 20, 9, 30, tzinfo=NEW_YORK)


@dataclass(slots=True)
class _Paper:
    """A symbol's day so far; prices in cents."""

    name: str
    last: int
    volume: int = 0


def tape(count: int, *, symbols: int = SYMBOLS, a_second: int = A_SECOND) -> list[Trade]:
    """Make trades in order: prices walk in cents, sizes are mostly round lots."""
    rng = random.Random(SEED)
    papers = [_Paper(f"S{number:03}", rng.randint(900, 60_000)) for number in range(symbols)]
    trades = []
    for number in range(count):
        paper = rng.choice(papers)
        paper.last = max(100, paper.last + rng.choice((-2, -1, 0, 0, 0, 1, 2)))
        size = rng.choice((1, 5, 10, 37, 100, 100, 100, 200, 300, rng.randint(1, 5_000)))
        paper.volume += size
        trades.append(
            Trade(
                symbol=paper.name,
                exchange=Exchange.NASDAQ,
                price=Decimal(paper.last) / 100,
                quantity=size,
                day_volume=paper.volume,
                at=(OPENS + timedelta(seconds=number // a_second)).astimezone(SEOUL),
                hours=MarketHours.REGULAR,
            )
        )
    return trades


def record(trade: Trade) -> str:
    """Word a trade in HDFSCNT0's 26 columns, as the recorded frames have them."""
    there, cents = trade.at.astimezone(NEW_YORK), trade.price
    return (
        f"DNAS{trade.symbol}^{trade.symbol}^4^{there:%Y%m%d}^{there:%Y%m%d}^{there:%H%M%S}"
        f"^{trade.at:%Y%m%d}^{trade.at:%H%M%S}^{cents - 1:.4f}^{cents + 1:.4f}^{cents - 2:.4f}"
        f"^{cents:.4f}^2^0.1950^+0.11^{cents - Decimal('0.01'):.4f}^{cents + Decimal('0.01'):.4f}"
        f"^201^5^{trade.quantity}^{trade.day_volume}^{trade.day_volume * 70}^24757^20513^82.86^1"
    )


def frames(trades: list[Trade], records: int) -> list[str]:
    """Word trades as frames of so many records (the last may have fewer)."""
    parts = [trades[at : at + records] for at in range(0, len(trades), records)]
    return [
        f"0|HDFSCNT0|{len(part):03}|" + "^".join(record(trade) for trade in part) for part in parts
    ]


def digest(trades: list[Trade]) -> dict[str, str]:
    """Sum up what no parser may lose or change; python-kis does not give a trade's own size."""
    return {
        "count": str(len(trades)),
        "prices": str(sum((trade.price for trade in trades), Decimal(0))),
        "volumes": str(sum(trade.day_volume for trade in trades)),
        "instants": str(sum(int(trade.at.timestamp()) for trade in trades)),
    }
