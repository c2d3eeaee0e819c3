"""A day's tape of one symbol: what its trades have shown so far."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kis.simulator.market import Print
from kis.simulator.model import Bar

CORNERS = ("opening", "high", "low", "last")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """The corners of a session's regular trades, the latest trade of any hours, a polled price.

    `volume` is the regular trades' shares as they were seen, not the exchange's own count.
    """

    symbol: str
    day: date
    opening: Print | None = None
    high: Print | None = None
    low: Print | None = None
    last: Print | None = None
    latest: Print | None = None
    polled: Print | None = None
    volume: int = 0

    def traded(self, trade: Print, *, regular: bool) -> "Tape":
        """Add a trade."""
        if not regular:
            return replace(self, latest=trade)
        return replace(
            self,
            opening=self.opening or trade,
            high=trade if self.high is None or trade.price > self.high.price else self.high,
            low=trade if self.low is None or trade.price < self.low.price else self.low,
            last=trade,
            latest=trade,
            volume=self.volume + trade.volume,
        )

    @property
    def shown(self) -> Print | None:
        """The price to display: the newer of the latest trade and the polled price."""
        seen = [one for one in (self.latest, self.polled) if one is not None]
        return max(seen, key=lambda one: one.at) if seen else None

    def path(self) -> tuple[Print, ...]:
        """Give the day as the few prints that make its bar; the last carries the volume."""
        corners = (self.opening, self.high, self.low, self.last)
        prints = [Print(one.at, one.price, 0) for one in corners if one is not None]
        if not prints:
            return (Print(self.shown.at, self.shown.price, 0),) if self.shown else ()
        prints.sort(key=lambda one: one.at)
        end = prints.index(Print(corners[-1].at, corners[-1].price, 0)) if corners[-1] else -1
        prints.append(replace(prints.pop(end), volume=self.volume))
        return tuple(prints)

    def bar(self) -> Bar | None:
        """Give the day's bar so far; None before anything was seen."""
        if self.opening and self.high and self.low and self.last:
            prices = (self.opening.price, self.high.price, self.low.price, self.last.price)
            return Bar(self.day, *prices, self.volume)
        if self.shown is None:
            return None
        price = self.shown.price
        return Bar(self.day, price, price, price, price, 0)

    def record(self) -> dict[str, object]:
        """Give plain values for the state file."""
        prints = {name: getattr(self, name) for name in (*CORNERS, "latest", "polled")}
        return {
            "symbol": self.symbol,
            "day": self.day.isoformat(),
            "volume": self.volume,
            **{name: _plain(one) for name, one in prints.items() if one is not None},
        }


def from_record(record: dict[str, Any]) -> Tape:
    """Read a tape back."""
    return Tape(
        symbol=record["symbol"],
        day=date.fromisoformat(record["day"]),
        volume=record["volume"],
        **{
            name: Print(datetime.fromisoformat(at), Decimal(price), volume)
            for name in (*CORNERS, "latest", "polled")
            if name in record
            for at, price, volume in [record[name]]
        },
    )


def _plain(trade: Print) -> tuple[str, str, int]:
    return trade.at.isoformat(), str(trade.price), trade.volume
