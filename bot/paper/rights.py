"""Splits as KIS announces them, for the room's account."""

from datetime import date, datetime, timedelta
from fractions import Fraction

from bot.clock import Clock
from bot.paper.complaints import Complaints
from kis.errors import ReadError
from kis.models import Exchange, Right, RightKind
from kis.quotations import Quotations
from kis.simulator.live.exchange import LiveExchange
from kis.simulator.model import Split

EVERY = timedelta(hours=1)
BEHIND = timedelta(days=10)
AHEAD = timedelta(days=60)
LARGEST = 1000
KINDS = frozenset({RightKind.SPLIT, RightKind.REVERSE_SPLIT})


class SplitWatch:
    """Ask for announcements every hour, and hand splits on in time for their pre-market."""

    def __init__(self, quotations: Quotations, exchange: LiveExchange, clock: Clock) -> None:
        self._quotations = quotations
        self._exchange = exchange
        self._clock = clock
        self._complaints = Complaints()
        self._next: dict[str, datetime] = {}

    async def look(self, symbols: dict[str, Exchange]) -> None:
        """Ask for every symbol whose time has come."""
        for symbol in symbols:
            now = self._clock.now()
            if self._next.get(symbol, now) > now:
                continue
            self._next[symbol] = now + EVERY
            today = self._exchange.today
            try:
                listing = await self._quotations.announcements.rights(
                    today - BEHIND, today + AHEAD, symbol
                )
            except ReadError as error:
                self._complaints.about("no announcements", symbol, str(error))
                continue
            self._complaints.over("no announcements", symbol)
            for split in splits_of(listing.rows, today):
                self._exchange.announce(split)


def splits_of(rights: tuple[Right, ...], today: date) -> list[Split]:
    """Read the splits off announcements that are confirmed, or whose day has come.

    `today` is the date in New York. KIS lists one split with several dates; the last of them in
    Seoul is the first session at the new shares.
    """
    days: dict[tuple[str, Fraction], date] = {}
    for right in rights:
        if right.kind not in KINDS or not right.ratio:
            continue
        if not right.confirmed and right.seoul_day > today:
            continue
        key = (right.symbol, Fraction(right.ratio).limit_denominator(LARGEST))
        days[key] = max(right.seoul_day, days.get(key, right.seoul_day))
    return [
        Split(symbol, day, ratio.numerator, ratio.denominator)
        for (symbol, ratio), day in sorted(days.items())
        if ratio.numerator != ratio.denominator
    ]
