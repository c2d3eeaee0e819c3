"""The account: cash and holdings, changed by fills, and by hand where a test asks for it."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from kis.simulator.model import CENT, ZERO, Fill, Side


@dataclass(frozen=True, slots=True)
class Position:
    """Shares held and what they cost in USD, fees outside."""

    quantity: int = 0
    cost: Decimal = ZERO

    @property
    def average(self) -> Decimal:
        return self.cost / self.quantity if self.quantity else ZERO


class Account:
    """Cash in USD and positions by symbol."""

    def __init__(self, cash: Decimal) -> None:
        self.cash = cash
        self.realized = ZERO
        self.positions: dict[str, Position] = {}
        self._sold_on: tuple[date, Decimal] | None = None

    def held(self, symbol: str) -> Position:
        return self.positions.get(symbol, Position())

    def hold(self, symbol: str, quantity: int, cost: Decimal) -> None:
        """Set a position as if its shares had always been there."""
        if quantity:
            self.positions[symbol] = Position(quantity, cost)
        else:
            self.positions.pop(symbol, None)

    def sold_on(self, day: date) -> Decimal:
        """Give a day's sale proceeds in USD: unsettled, yet orderable."""
        return self._sold_on[1] if self._sold_on and self._sold_on[0] == day else ZERO

    def apply(self, fill: Fill) -> None:
        """Book one fill with its fee.

        Raises ValueError when a sale exceeds what is held: the exchange reserves shares first.
        """
        held = self.held(fill.symbol)
        if fill.side is Side.BUY:
            self.cash -= fill.amount + fill.fee
            self.positions[fill.symbol] = Position(
                held.quantity + fill.quantity, held.cost + fill.amount
            )
            return
        if fill.quantity > held.quantity:
            raise ValueError(f"{fill.quantity} {fill.symbol} sold, {held.quantity} held")
        cost = held.average * fill.quantity
        self.cash += fill.amount - fill.fee
        self.realized += fill.amount - cost
        self._sold_on = (fill.day, self.sold_on(fill.day) + fill.amount - fill.fee)
        if fill.quantity == held.quantity:
            del self.positions[fill.symbol]
        else:
            self.positions[fill.symbol] = Position(held.quantity - fill.quantity, held.cost - cost)


def fee_of(amount: Decimal, percent: Decimal) -> Decimal:
    """Give the fee of an order's filled total, half-up to the cent."""
    return (amount * percent / 100).quantize(CENT, ROUND_HALF_UP)
