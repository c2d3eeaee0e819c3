"""What was traded, order by order, as it was booked; money is USD."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from bot.storage.views import RoundView
from bot.trading.fills import fills
from strategy.fees import apportioned, charges
from strategy.model import ZERO, Cycle, Fill, Leg, OrderType, Side
from strategy.price import round12

Charged = Mapping[str, tuple[Decimal, Decimal]]
"""What the broker took, by round: fees of buys and of sales (USD)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trade:
    """One order's fills of a session: shares at a mean price.

    `fee` is the broker's own figure, or the agreed rate's while that is not known (not `charged`);
    `realized` is net of it: a buy's is the fee alone, so that a session's trades add up to what it
    realized.
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
    charged: bool = False


def trades(rounds: Iterable[RoundView], charged: Charged | None = None) -> tuple[Trade, ...]:
    """List the trades of settled rounds, the oldest session first; sales before buys.

    `charged` is what the broker took from the rounds of which it told.
    """
    known = charged or {}
    found = [trade for each in rounds for trade in _of_round(each, known.get(each.round_id))]
    return tuple(sorted(found, key=lambda one: (one.session, one.cycle_id, one.side is Side.BUY)))


def spent(traded: Iterable[Trade], side: Side) -> Decimal:
    """Add up what one side's orders were filled for, before fees."""
    return sum((trade.amount for trade in traded if trade.side is side), ZERO)


def _of_round(round_: RoundView, charged: tuple[Decimal, Decimal] | None) -> Iterable[Trade]:
    settled, plan = round_.settlement, round_.plan
    if settled is None or plan is None:
        return ()
    booked = tuple(
        _trade(round_, fill, settled.before) for fill in fills(plan, round_.orders) if fill.quantity
    )
    if charged is None:
        return booked
    bought, sold = charged
    return (*_taken(booked, Side.BUY, bought), *_taken(booked, Side.SELL, sold))


def _taken(booked: Iterable[Trade], side: Side, fees: Decimal) -> Iterable[Trade]:
    """Put the broker's fees of a side in the place of the agreed ones, shared by amount."""
    own = [trade for trade in booked if trade.side is side]
    for trade, fee in zip(own, apportioned(fees, [trade.amount for trade in own]), strict=True):
        realized = trade.realized + trade.fee - fee
        yield replace(trade, fee=fee, realized=realized, charged=True)


def _trade(round_: RoundView, fill: Fill, cycle: Cycle) -> Trade:
    order = fill.order
    amount = round12(fill.price * fill.quantity)
    fee = charges(cycle.rules, order.side, amount)
    sold = order.side is Side.SELL
    gained = round12(amount - cycle.average * fill.quantity) if sold else ZERO
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
