"""What a checked run agrees on, and the state that it carries from session to session."""

from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from tests.checker.figures import nearest

BY_EVENTS = ("1.0", "4.0")
TARGETS = {
    "1.0": {"TQQQ": 10, "SOXL": 10},
    "2.1": {"TQQQ": 10, "SOXL": 10},
    "2.2": {"TQQQ": 10, "SOXL": 12},
    "3.0": {"TQQQ": 15, "SOXL": 20},
    "4.0": {"TQQQ": 15, "SOXL": 20},
}
EXITS = {"2.2": {"TQQQ": 10, "SOXL": 12}}
AUTHORS_EXITS = {"TQQQ": 15, "SOXL": 20}


class Bar(NamedTuple):
    day: date
    open: int
    high: int
    low: int
    close: int


class Row(NamedTuple):
    """A session as `muhan backtest --days` writes it: cents, shares, and parts of 1e-12."""

    day: date
    close: int
    phase: str
    turn: int
    quantity: int
    average: int
    cash: int
    unit: int
    bought: int
    sold: int
    realized: int
    cycle: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """The agreement. Percentages are exact; the principal is in parts of 1e-12 USD."""

    method: str
    symbol: str
    splits: int
    principal: int
    compounding: str
    ladder: int
    band: Fraction = Fraction(20)
    cap: Fraction = Fraction(10)
    fee: Fraction = Fraction(0)
    sell_fee: Fraction | None = None
    sec_fee: Fraction = Fraction(0)
    first_buy: Fraction | None = None

    @property
    def target(self) -> Fraction:
        return Fraction(TARGETS[self.method][self.symbol])

    @property
    def exit(self) -> Fraction:
        return Fraction(EXITS.get(self.method, AUTHORS_EXITS)[self.symbol])

    @property
    def first_percent(self) -> Fraction:
        if self.first_buy is not None:
            return self.first_buy
        return Fraction(10 if (self.method, self.symbol) == ("2.2", "TQQQ") else 12)

    @property
    def rounds(self) -> int:
        return self.splits // 4

    @property
    def grows(self) -> bool:
        """Say whether profits raise the unit at once (3.0 as published)."""
        return self.method == "3.0" and self.compounding == "half"


@dataclass(kw_only=True)
class Run:
    """A run's state. `step` is the day of the reverse phase (1: the MOC) or the quarter's round."""

    terms: Terms
    principal: int
    cash: int
    unit: int
    reserve: int = 0
    number: int = 1
    quantity: int = 0
    average: int = 0
    turn: int = 0
    phase: str = "normal"
    step: int = 0
    rounds_unit: int = 0
    year: int = 0
    closes: list[int] = field(default_factory=list)

    @property
    def spendable(self) -> int:
        """Give the money for sizing; fees on the last units can take cash below zero."""
        own = self.cash - self.reserve if self.terms.method == "4.0" else self.cash
        return max(0, own)

    @property
    def left(self) -> int:
        """The units still to be used, in parts of 1e-12: a - T."""
        return self.terms.splits * 10**12 - self.turn

    @property
    def second_half(self) -> bool:
        return 2 * self.turn >= self.terms.splits * 10**12

    @property
    def exhausted(self) -> bool:
        return self.left < 10**12


def begin(terms: Terms) -> Run:
    unit = nearest(Fraction(terms.principal, terms.splits))
    return Run(terms=terms, principal=terms.principal, cash=terms.principal, unit=unit)
