"""What a cycle and a market must be like before the book may be asked."""

from decimal import Decimal

from strategy.errors import StrategyError
from strategy.model import Counting, Cycle, Market, Phase, Sizing
from strategy.price import CENT

LARGEST_MONEY = Decimal("1E12")
LARGEST_PRICE = Decimal("1E9")
LARGEST_QUANTITY = 10**9
_NAMES = (
    "cash",
    "the reserve",
    "the principal",
    "the average",
    "T",
    "the unit",
    "the quarter phase's unit",
)


def check(cycle: Cycle, market: Market) -> None:
    """Refuse a state or closes that no history of the method can have produced.

    Raises StrategyError with one sentence that names the figure.
    """
    _check_numbers(cycle)
    if cycle.quantity < 0 or cycle.quantity > LARGEST_QUANTITY:
        raise StrategyError(
            f"the quantity held must be 0 to {LARGEST_QUANTITY}, not {cycle.quantity}"
        )
    if cycle.quantity > 0 and cycle.average < CENT:
        raise StrategyError(
            f"{cycle.quantity} shares are held, so their average must be a cent at least"
        )
    if cycle.quantity == 0 and (cycle.average != 0 or cycle.turn != 0):
        raise StrategyError(
            f"nothing is held, so T and the average must be 0, not {cycle.turn} and {cycle.average}"
        )
    _check_turn(cycle)
    if cycle.phase is Phase.REVERSE and cycle.reverse_day < 1:
        raise StrategyError("the days of the reverse phase count from 1, the day of the MOC")
    for close in market.closes:
        if not close.is_finite() or not 0 < close <= LARGEST_PRICE:
            raise StrategyError(f"a close must be a price above 0, not {close}")


def _check_turn(cycle: Cycle) -> None:
    splits = cycle.rules.splits
    # A T from cost may pass a for a while in the quarter phase, where few shares do not divide.
    counted = cycle.rules.counting is Counting.EVENTS
    if cycle.turn < 0 or (counted and cycle.turn > splits):
        raise StrategyError(f"T must lie between 0 and {splits}, not at {cycle.turn}")
    if cycle.rules.sizing is not Sizing.DAILY and cycle.quantity and cycle.unit <= 0:
        raise StrategyError(
            "a version with a fixed unit needs a unit above 0 while shares are held"
        )
    steps = splits // 4 + 2
    if not 0 <= cycle.quarter_round <= steps:
        raise StrategyError(
            f"the rounds of the quarter phase are 1 to {splits // 4} (0 and {splits // 4 + 1} are "
            f"its days at the close), not {cycle.quarter_round}"
        )


def _check_numbers(cycle: Cycle) -> None:
    numbers = (
        cycle.cash,
        cycle.reserve,
        cycle.principal,
        cycle.average,
        cycle.turn,
        cycle.unit,
        cycle.quarter_unit,
    )
    for name, value in zip(_NAMES, numbers, strict=True):
        if not value.is_finite() or abs(value) > LARGEST_MONEY:
            raise StrategyError(f"{name} must be a number up to {LARGEST_MONEY:f}, not {value}")
    if cycle.average > LARGEST_PRICE:
        raise StrategyError(f"the average must be at most {LARGEST_PRICE:f}, not {cycle.average}")
    if cycle.reserve < 0 or cycle.average < 0 or cycle.unit < 0 or cycle.quarter_unit < 0:
        raise StrategyError("the reserve, the average and the unit cannot be below 0")
