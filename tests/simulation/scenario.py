"""What a seed's world begins with: the evening, the money, how tasks are interleaved."""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from bot.sessions import Calendar
from bot.setting_values import UsdShort, WhenBlocked

FIRST, LAST = date(2025, 3, 3), date(2027, 11, 1)
TIGHT, EASY = 40_000, 300_000
REMARKABLE = (
    date(2026, 3, 4),  # New York's clocks go forward on the 8th
    date(2026, 10, 28),  # and back on November 1st
    date(2027, 3, 10),
    date(2026, 11, 20),  # Thanksgiving and the half day after it
    date(2026, 12, 21),  # Christmas Eve is a half day
    date(2026, 6, 30),  # Independence Day is kept on July 3rd
    date(2026, 9, 22),  # Chuseok: Korea rests, New York does not
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """`start` is aware UTC; money is USD; `interleave` how likely a statement lets others run."""

    start: datetime
    cash: Decimal
    interleave: float
    daily_limit: Decimal | None
    total_limit: Decimal | None
    usd_short: UsdShort
    blocked: WhenBlocked


def scenario_of(seed: int, calendar: Calendar) -> Scenario:
    """Draw a seed's scenario: a third begin before a remarkable week."""
    chance = random.Random(f"{seed}/scenario")
    if chance.random() < 0.33:
        day = chance.choice(REMARKABLE)
    else:
        day = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
    session = calendar.following(day - timedelta(days=1))
    # 16:00 in Seoul: two hours and a half before the evening's first deadline.
    start = datetime.combine(session.day, time(7), UTC) + timedelta(minutes=chance.randrange(90))
    return Scenario(
        start=start,
        cash=Decimal(chance.randrange(TIGHT, EASY)),
        interleave=chance.choice((0.0, 0.0, 0.02, 0.3)),
        daily_limit=_limit(chance, 200, 3_000),
        total_limit=_limit(chance, 500, 12_000),
        usd_short=chance.choice(list(UsdShort)),
        blocked=chance.choice(list(WhenBlocked)),
    )


def _limit(chance: random.Random, least: int, most: int) -> Decimal | None:
    """Draw one of the owner's spending limits: most owners set none."""
    return Decimal(chance.randrange(least, most)) if chance.random() < 0.25 else None
