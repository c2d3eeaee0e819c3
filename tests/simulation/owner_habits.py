"""What kind of person a seed's owner is, and with which cycles that person begins."""

import random
from dataclasses import dataclass
from decimal import Decimal

from bot.commands import StartCycle
from bot.trading.model import CONSOLE, Approval
from strategy.model import Rules
from strategy.versions import METHODS, UNOFFICIAL_SPLITS, rules

SYMBOLS = ("TQQQ", "SOXL")
SMALLEST, LARGEST = 9_000, 60_000
TARGET = Decimal(10)


@dataclass(frozen=True, kw_only=True, slots=True)
class Habits:
    """How this person deals with the chat: chances, each per occasion or per day.

    `answers` weigh what becomes of a proposed round: prompt, late, reminded, skipped, forgotten.
    """

    answers: tuple[float, float, float, float, float]
    asks: float
    pauses: float
    stops: float
    curious: float
    hasty: float
    impatient: float


ANSWERS = ("prompt", "late", "reminded", "skipped", "forgotten")


def habits_of(chance: random.Random) -> Habits:
    """Draw a person: most approve soon; some forget, some press twice, some stop everything."""
    return Habits(
        answers=(
            chance.uniform(0.5, 0.9),
            chance.uniform(0.0, 0.2),
            chance.uniform(0.0, 0.35),
            chance.uniform(0.0, 0.08),
            chance.uniform(0.0, 0.1),
        ),
        asks=chance.uniform(0.1, 0.8),
        pauses=chance.choice((0.0, 0.02, 0.1)),
        stops=chance.choice((0.0, 0.02, 0.08)),
        curious=chance.choice((0.0, 0.01, 0.03)),
        hasty=chance.choice((0.0, 0.05, 0.3)),
        impatient=chance.uniform(0.0, 0.15),
    )


def cycles_of(chance: random.Random) -> list[StartCycle]:
    """Draw the cycles of the account: one to three, on one or two symbols."""
    count = chance.choices((1, 2, 3), (0.6, 0.34, 0.06))[0]
    first = chance.choice(SYMBOLS)
    other = SYMBOLS[first == SYMBOLS[0]]
    symbols = [first, *(chance.choices((other, first), (0.8, 0.2))[0] for _ in range(count - 1))]
    return [
        StartCycle(
            rules=_rules(chance, symbol),
            principal=Decimal(chance.randrange(SMALLEST, LARGEST)),
            approval=chance.choices(
                (Approval.CONFIRM, Approval.AUTO, Approval.ALERT), (0.55, 0.43, 0.02)
            )[0],
            by=CONSOLE,
            beside=symbol in symbols[:number],
        )
        for number, symbol in enumerate(symbols)
    ]


def _rules(chance: random.Random, symbol: str) -> Rules:
    name = chance.choices(("4.0", "3.0", "2.2", "2.1", "1.0"), (0.4, 0.2, 0.2, 0.1, 0.1))[0]
    if chance.random() < 0.15:
        return rules(name, symbol, UNOFFICIAL_SPLITS, target_percent=TARGET, unofficial=True)
    return rules(name, symbol, chance.choice(METHODS[name].splits))
