"""What is read in the transaction that writes "sent": the last look at everything that may stop it.

Nothing that was read earlier is believed here but the market's price and the broker's list of
orders, which were asked for just before.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.storage.database import Transaction
from bot.storage.standing import (
    called_back,
    cost_of_shares,
    known_numbers,
    orders_out,
    previous_close_of,
    slots_of_round,
    slots_of_session,
    standing_of,
)
from bot.trading.consent import consented
from bot.trading.desk import Desk
from bot.trading.due import Due
from bot.trading.limits import Dated, worst_outlay
from bot.trading.model import OrderState, RestingOrder
from bot.trading.ports import BrokerOrder
from bot.trading.risk import Standing
from bot.trading.rounds import spending_cap
from strategy.model import ZERO, Side

SPENT = (
    OrderState.SENT,
    OrderState.UNKNOWN,
    OrderState.AMBIGUOUS,
    OrderState.UNKNOWN_TOLD,
    OrderState.OPEN,
    OrderState.PARTIAL,
    OrderState.FILLED,
    OrderState.CLOSED_PARTIAL,
)
LIVE = (
    OrderState.SENT,
    OrderState.UNKNOWN,
    OrderState.AMBIGUOUS,
    OrderState.UNKNOWN_TOLD,
    OrderState.OPEN,
    OrderState.PARTIAL,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Moment:
    """An order and what the broker listed just before it goes out."""

    due: Due
    listed: tuple[BrokerOrder, ...] = ()


async def standing(desk: Desk, tx: Transaction, moment: Moment) -> Standing:
    """Read, inside a transaction, what `risk.refusals` judges an order by."""
    each, session = moment.due, moment.due.order.session
    round_ = each.round_
    if round_.plan is None:
        raise ValueError(f"round {round_.round_id} has no plan")
    trading, held, state = await standing_of(tx, round_.round_id)
    ours = await slots_of_round(tx, round_.round_id, SPENT)
    live = await slots_of_session(tx, session, LIVE)
    limits, this = desk.limits, (session, each.slot)
    day, total = ZERO, ZERO
    if limits.daily is not None:
        today: list[Dated] = [
            (session, slot) for slot in await slots_of_session(tx, session, SPENT)
        ]
        day = worst_outlay([*today, this])
    if limits.total is not None:
        out = await orders_out(tx, SPENT)
        total = await cost_of_shares(tx) + worst_outlay([*out, this])
    return Standing(
        trading=trading,
        held=held,
        round_state=state,
        now=desk.clock.now(),
        timetable=each.table,
        last_price=each.price,
        cap=spending_cap(round_.plan),
        round_buys=(*(slot for slot in ours if slot.side is Side.BUY), each.slot),
        live=tuple(slot for slot in live if slot.symbol == each.symbol),
        emulated=each.emulated is not None,
        previous_close=await previous_close_of(tx, round_.round_id),
        foreign=_foreign(moment.listed, each.symbol, await known_numbers(tx, session)),
        limits=limits,
        day_spend=day,
        total_spend=total,
        called_back=await called_back(tx, round_.round_id),
        consented=await consented(desk, tx),
    )


def _foreign(
    listed: Iterable[BrokerOrder], symbol: str, ours: frozenset[str]
) -> tuple[RestingOrder, ...]:
    """Pick the open orders of a symbol that no slot of ours placed."""
    return tuple(
        RestingOrder(
            number=row.order_number,
            symbol=symbol,
            side=row.side,
            quantity=row.open_quantity,
            price=row.price,
            reservation=False,
        )
        for row in listed
        if row.symbol == symbol
        and not row.is_cancel
        and not row.done
        and row.open_quantity
        and row.order_number not in ours
    )
