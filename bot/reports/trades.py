"""What was traded, order by order, as it was booked; money is USD."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.storage.views import RoundView
from bot.trading.fills import fills
from strategy.fees import charges
from strategy.model import ZERO, Fill, Leg, OrderType, Side
from strategy.price import round12


@dataclass(frozen=True, kw_only=True, slots=True)
class Trade:
    """One order's fills of a session: shares at a mean price.

    `fee` is the agreed rate's, `realized` net of it: a buy's is the fee alone, so that a session's
    trades add up to what it realized.
    """

    session: date
    cycle_id: int
    number: int
    symbol: str
    method: str
    side: Side
    leg: Leg
    type: OrderType
    quantity: int
    price: Decimal
    amount: Decimal
    fee: Decimal
    realized: Decimal


def trades(rounds: Iterable[RoundView]) -> tuple[Trade, ...]:
    """List the trades of settled rounds, the oldest session first; sales before buys."""
    found = [trade for round_ in rounds for trade in _of_round(round_)]
    return tuple(sorted(found, key=lambda one: (one.session, one.cycle_id, one.side is Side.BUY)))


def spent(traded: Iterable[Trade], side: Side) -> Decimal:
    """Add up what one side's orders were filled for, before fees."""
    return sum((trade.amount for trade in traded if trade.side is side), ZERO)


def _of_round(round_: RoundView) -> Iterable[Trade]:
    settled, plan = round_.settlement, round_.plan
    if settled is None or plan is None:
        return ()
    return tuple(
        _trade(round_, fill, settled.before.average)
        for fill in fills(plan, round_.orders)
        if fill.quantity
    )


def _trade(round_: RoundView, fill: Fill, average: Decimal) -> Trade:
    if round_.settlement is None:
        raise ValueError(f"round {round_.round_id} is not settled")
    cycle, order = round_.settlement.before, fill.order
    amount = round12(fill.price * fill.quantity)
    fee = charges(cycle.rules, order.side, amount)
    gained = round12(amount - average * fill.quantity) if order.side is Side.SELL else ZERO
    return Trade(
        session=round_.session,
        cycle_id=round_.cycle_id,
        number=cycle.number,
        symbol=cycle.rules.symbol,
        method=cycle.rules.method,
        side=order.side,
        leg=order.leg,
        type=order.type,
        quantity=fill.quantity,
        price=fill.price,
        amount=amount,
        fee=fee,
        realized=gained - fee,
    )
