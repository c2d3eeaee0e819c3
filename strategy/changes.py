"""What the owner may change in a running cycle, and the effect that is shown first.

Money is USD, T is a turn, quantities are shares. `kind` tells the changes apart in the journal.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from strategy.errors import StrategyError
from strategy.model import Compounding, Side


class ChangeRefused(StrategyError):
    """A change that this cycle cannot take; the sentence says what is expected, in both words."""

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(english)
        self.korean = korean
        self.english = english

    def sentence(self, language: str) -> str:
        """Say it in a language, "ko" or "en"."""
        return self.english if language == "en" else self.korean


@dataclass(frozen=True, kw_only=True, slots=True)
class SeedChange:
    """Money put into the run, or taken out of it when negative (USD)."""

    amount: Decimal
    kind: Literal["seed"] = field(default="seed", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class TurnCorrection:
    """The T that the owner says is right."""

    turn: Decimal
    kind: Literal["turn"] = field(default="turn", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class CompoundingChange:
    """Another answer to what becomes of a finished cycle's profit."""

    compounding: Compounding
    kind: Literal["compounding"] = field(default="compounding", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class ShareSplit:
    """`old` shares became `new`: 2:1 is new 2, old 1; a reverse split of five is new 1, old 5.

    `cash_in_lieu` is what was paid for the part of a share that was left over (USD); None says
    that nothing was left over.
    """

    new: int
    old: int
    cash_in_lieu: Decimal | None = None
    kind: Literal["split"] = field(default="split", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Dividend:
    """A dividend as it arrived, net of tax (USD)."""

    amount: Decimal
    kind: Literal["dividend"] = field(default="dividend", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class HandTrade:
    """Shares that the owner bought or sold by hand, taken into the cycle as they were traded.

    `price` is their mean price (USD), `day` the New York session; `turn` is the T after it that
    the owner agreed to, None for the one that `by_hand` gives.
    """

    side: Side
    quantity: int
    price: Decimal
    day: date
    turn: Decimal | None = None
    kind: Literal["hand"] = field(default="hand", repr=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class RulesChange:
    """Another agreement: what is None stays as it is agreed (percent; rungs).

    The version, the splits and the target count from the next cycle on, the rest at once.
    `unofficial` is the owner's word that he wants what the version's author does not name.
    """

    method: str | None = None
    splits: int | None = None
    target_percent: Decimal | None = None
    ladder: int | None = None
    first_buy_percent: Decimal | None = None
    band_percent: Decimal | None = None
    cap_percent: Decimal | None = None
    fee_percent: Decimal | None = None
    unofficial: bool = False
    kind: Literal["rules"] = field(default="rules", repr=False)


CycleChange = SeedChange | TurnCorrection | CompoundingChange | Dividend | HandTrade | RulesChange
"""What concerns one cycle alone; a split concerns every cycle of its symbol."""

Change = CycleChange | ShareSplit


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """How a cycle stands: `unit` is the day's unit, `budget` what the next buys may cost (USD)."""

    unit: Decimal
    budget: Decimal
    turn: Decimal
    quantity: int
    average: Decimal
    cash: Decimal
    principal: Decimal
    compounding: Compounding


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """What a change does, shown before it is made."""

    before: Figures
    after: Figures
