"""What the tests of 한투 모의 share: its counter, and a day that sells at the close."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from strategy.model import Cycle, Phase
from tests.bot.trading.counter import Counter
from tests.bot.trading.floor import DAY, holding, world

D = Decimal


def practice() -> Counter:
    """A 모의투자 counter at 48.00, where the star and the average are crossed and rungs are not."""
    made = world()
    made.mock = True
    made.call_takes = timedelta(seconds=1)
    made.prices["TQQQ"] = D(48)
    made.closes[DAY] = D("48.10")
    return made


def reverse() -> Cycle:
    """A cycle on its first reverse day: it sells at the close whatever that is."""
    return replace(
        holding(), phase=Phase.REVERSE, reverse_day=1, turn=D(19), max_turn=D(19), cash=D(200)
    )
