"""What a cycle and a market must be like before the book may be asked."""

from decimal import Decimal

from strategy.errors import StrategyError
from strategy.model import Cycle, Market, Phase
from strategy.price import CENT

LARGEST_MONEY = Decimal("1E12")
LARGEST_PRICE = Decimal("1E9")
LARGEST_QUANTITY = 10**9


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
    if not 0 <= cycle.turn <= cycle.rules.splits:
        raise StrategyError(f"T must lie between 0 and {cycle.rules.splits}, not at {cycle.turn}")
    if cycle.phase is Phase.REVERSE and cycle.reverse_day < 1:
        raise StrategyError("the days of the reverse phase count from 1, the day of the MOC")
    for close in market.closes:
        if not close.is_finite() or not 0 < close <= LARGEST_PRICE:
            raise StrategyError(f"a close must be a price above 0, not {close}")


def _check_numbers(cycle: Cycle) -> None:
    numbers = {
        "cash": cycle.cash,
        "the reserve": cycle.reserve,
        "the principal": cycle.principal,
        "the average": cycle.average,
        "T": cycle.turn,
    }
    for name, value in numbers.items():
        if not value.is_finite() or abs(value) > LARGEST_MONEY:
            raise StrategyError(f"{name} must be a number up to {LARGEST_MONEY:f}, not {value}")
    if cycle.average > LARGEST_PRICE:
        raise StrategyError(f"the average must be at most {LARGEST_PRICE:f}, not {cycle.average}")
    if cycle.reserve < 0 or cycle.average < 0:
        raise StrategyError("the reserve and the average cannot be below 0")
