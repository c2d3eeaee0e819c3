"""Made-up markets by name: what each does to an ordinary, mean-reverting one.

All symbols of a market share its days of crash and turn, as those of a real market do.
"""

import math
import random
from dataclasses import dataclass
from enum import StrEnum


class Scenario(StrEnum):
    """The markets that can be asked for."""

    ORDINARY = "ordinary"
    CRASH = "crash"
    GAPS = "gaps"
    RALLY = "rally"
    FLAT = "flat"
    WHIPSAW = "whipsaw"


DESCRIPTIONS = {
    Scenario.ORDINARY: "volatile and mean-reverting, as a threefold ETF",
    Scenario.CRASH: "within ten sessions a day of -22 percent, then thirty of grinding fall",
    Scenario.GAPS: "every third session or so opens 5 to 12 percent away and stays there",
    Scenario.RALLY: "sixty sessions of +1.5 percent a day",
    Scenario.FLAT: "a few cents around one level",
    Scenario.WHIPSAW: "up 6 to 10 percent one session, down as much the next",
}
WORDS = "; ".join(f"{scenario}: {words}" for scenario, words in DESCRIPTIONS.items())
CRASH_DAY = math.log(0.78)
GRIND_SESSIONS = 30
RALLY_SESSIONS = 60


@dataclass(frozen=True, slots=True)
class Turn:
    """What a session adds to the ordinary market, in logarithms of price.

    `calm` multiplies the ordinary movement and `pull` the way back to the level; `gap` moves the
    opening, `drift` the close.
    """

    drift: float = 0.0
    gap: float = 0.0
    calm: float = 1.0
    pull: float = 1.0


ORDINARY_TURN = Turn()


def turn(scenario: Scenario, seed: int, index: int) -> Turn:
    """Give what a scenario does to its session number `index`; before 0 nothing."""
    if index < 0:
        return ORDINARY_TURN
    rng = random.Random(f"{scenario.value}|{seed}|{index}")
    match scenario:
        case Scenario.CRASH:
            return _crash(seed, index, rng)
        case Scenario.GAPS if rng.random() < 0.34:
            jump = math.copysign(rng.uniform(0.05, 0.12), rng.random() - 0.5)
            return Turn(drift=jump, gap=jump, calm=0.4)
        case Scenario.RALLY if index < RALLY_SESSIONS:
            return Turn(drift=0.015, calm=0.4, pull=0.0)
        case Scenario.FLAT:
            return Turn(calm=0.02)
        case Scenario.WHIPSAW:
            size = rng.uniform(0.06, 0.10)
            return Turn(drift=size if (index + seed) % 2 else -size, calm=0.2, pull=0.3)
        case _:
            return ORDINARY_TURN


def _crash(seed: int, index: int, rng: random.Random) -> Turn:
    day = random.Random(f"crash|{seed}").randrange(3, 10)
    if index == day:
        return Turn(drift=CRASH_DAY, gap=rng.uniform(-0.12, -0.06), calm=0.1, pull=0.0)
    if day < index <= day + GRIND_SESSIONS:
        return Turn(drift=-0.010, calm=0.6, pull=0.0)
    return ORDINARY_TURN
