"""Figures as a person of the dashboard reads them; amounts and shares are hidden from viewers."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from bot import amounts, dates
from bot.clock import SEOUL
from bot.dashboard.words import Words

HIDDEN = "•••"


@dataclass(frozen=True, slots=True)
class Shown:
    """Write figures in a person's language; `veiled` is a viewer's, who sees T and percent only."""

    words: Words
    veiled: bool

    def money(self, amount: Decimal | None) -> str:
        """Write USD: $1,234.56; "-" for what is not known."""
        return self._hidden("-" if amount is None else amounts.money(amount))

    def gain(self, amount: Decimal) -> str:
        """Write USD with their sign: +$412.55."""
        return self._hidden(amounts.gain(amount))

    def won_gain(self, amount: Decimal) -> str:
        """Write whole KRW with their sign: +₩572,600."""
        return self._hidden(amounts.won_gain(amount))

    def shares(self, quantity: int) -> str:
        """Write a number of shares: 12주, 12 sh."""
        return self._hidden(self.words.say(f"{quantity:,}주", f"{quantity:,} sh"))

    def percent(self, value: Decimal) -> str:
        """Write percent with one decimal: 18.8%."""
        return amounts.percent(value)

    def signed(self, value: Decimal) -> str:
        """Write percent with their sign and two decimals: +12.50%."""
        return f"{amounts.signed(value)}%"

    def turn(self, value: Decimal) -> str:
        """Write T with two decimals."""
        return amounts.turn(value)

    def day(self, session: date) -> str:
        """Write a date: 10월 7일(수), Wed 7 Oct."""
        return dates.day(session, korean=self.words.korean)

    def clock(self, instant: datetime) -> str:
        """Write an instant's time of day in Seoul: 18:30."""
        return dates.clock(instant)

    def clock_seconds(self, instant: datetime) -> str:
        """Write an instant's time of day in Seoul to the second: 18:30:12."""
        return dates.clock_seconds(instant)

    def moment(self, instant: datetime) -> str:
        """Write an instant's date and time in Seoul: 10월 7일(수) 18:30."""
        return f"{self.day(instant.astimezone(SEOUL).date())} {self.clock(instant)}"

    def _hidden(self, text: str) -> str:
        return HIDDEN if self.veiled else text
