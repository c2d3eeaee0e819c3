"""What the price feed has seen of a symbol, and where it has not: gaps, told as gaps."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from kis.simulator.model import SEOUL
from kis.simulator.store import Store

KEPT_FOR = timedelta(days=10)
SHOWN = 3
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A stretch of time in which trades of a symbol may have been missed."""

    symbol: str
    start: datetime
    end: datetime
    reason: str


class Coverage:
    """The gaps of every symbol; one that is open now counts until now.

    A symbol that was covered when the state was last written has a gap since then: nobody saw what
    happened while the simulator was away.
    """

    def __init__(self, store: Store, last_seen: datetime) -> None:
        self._store = store
        self._open: dict[str, tuple[datetime, str]] = {}
        self._covered: set[str] = set()
        self._gaps: list[Gap] = []
        for row in store.kept("gap"):
            gap = Gap(
                symbol=row["symbol"],
                start=datetime.fromisoformat(row["start"]),
                end=datetime.fromisoformat(row["end"]),
                reason=row["reason"],
            )
            if gap.end > last_seen - KEPT_FOR:
                self._gaps.append(gap)
            else:
                store.forget("gap", _key(gap))
        for row in store.kept("feed"):
            since = row["down_since"]
            self._open[row["symbol"]] = (
                (datetime.fromisoformat(since), row["reason"]) if since else (last_seen, "restart")
            )

    def covered(self, symbol: str) -> bool:
        return symbol in self._covered

    def since(self, symbol: str) -> tuple[datetime, str]:
        """Give since when, and why, a symbol that is not covered has not been."""
        return self._open.get(symbol, (NEVER, "not subscribed yet"))

    def up(self, symbol: str, at: datetime) -> None:
        """Note that trades of a symbol are seen from an instant on."""
        if symbol in self._covered:
            return
        start, reason = self.since(symbol)
        self._covered.add(symbol)
        self._open.pop(symbol, None)
        if at > start:
            self.add(Gap(symbol=symbol, start=start, end=at, reason=reason))
        self._keep(symbol)

    def down(self, symbol: str, at: datetime, reason: str) -> None:
        """Note that trades of a symbol are not seen any more."""
        if symbol not in self._covered:
            return
        self._covered.discard(symbol)
        self._open[symbol] = (at, reason)
        self._keep(symbol)

    def missed(self, symbols: Iterable[str], start: datetime, end: datetime, reason: str) -> None:
        """Note a gap that is over already, or that one still open began earlier than was known."""
        for symbol in symbols:
            if symbol in self._covered:
                self.add(Gap(symbol=symbol, start=start, end=end, reason=reason))
            elif start < self.since(symbol)[0]:
                self._open[symbol] = (start, reason)
                self._keep(symbol)

    def add(self, gap: Gap) -> None:
        """Write a gap down; one that touches the last for the same reason makes that longer."""
        last = next((one for one in reversed(self._gaps) if one.symbol == gap.symbol), None)
        if last and last.reason == gap.reason and gap.start <= last.end and last.start <= gap.end:
            gap = replace(last, start=min(last.start, gap.start), end=max(last.end, gap.end))
            self._gaps.remove(last)
            self._store.forget("gap", _key(last))
        self._gaps.append(gap)
        self._store.keep(
            "gap",
            _key(gap),
            {
                "symbol": gap.symbol,
                "start": gap.start.isoformat(),
                "end": gap.end.isoformat(),
                "reason": gap.reason,
            },
        )

    def during(self, symbol: str, start: datetime, end: datetime) -> list[Gap]:
        """Give a symbol's gaps inside a stretch of time, cut to it, oldest first."""
        gaps = [gap for gap in self._gaps if gap.symbol == symbol]
        if symbol not in self._covered:
            since, reason = self.since(symbol)
            gaps.append(Gap(symbol=symbol, start=since, end=max(end, since), reason=reason))
        return sorted(
            (
                Gap(
                    symbol=symbol,
                    start=max(gap.start, start),
                    end=min(gap.end, end),
                    reason=gap.reason,
                )
                for gap in gaps
                if gap.start < end and gap.end > start
            ),
            key=lambda gap: gap.start,
        )

    def _keep(self, symbol: str) -> None:
        since, reason = self._open.get(symbol, (None, ""))
        self._store.keep(
            "feed",
            symbol,
            {
                "symbol": symbol,
                "down_since": None if since is None else since.isoformat(),
                "reason": reason,
            },
        )


def _key(gap: Gap) -> str:
    return f"{gap.symbol}|{gap.start.isoformat()}|{gap.end.isoformat()}"


def gap_words(gaps: Sequence[Gap]) -> str:
    """Say when the feed was gone, on Seoul's clock; gaps that touch are one. Empty without any."""
    joined: list[tuple[datetime, datetime]] = []
    for gap in gaps:
        if joined and gap.start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], gap.end))
        else:
            joined.append((gap.start, gap.end))
    if not joined:
        return ""
    shown = ", ".join(
        f"{start.astimezone(SEOUL):%H:%M}-{end.astimezone(SEOUL):%H:%M}"
        for start, end in joined[:SHOWN]
    )
    more = f" +{len(joined) - SHOWN}" if len(joined) > SHOWN else ""
    return f"시세 끊김, feed gap {shown}{more}"
