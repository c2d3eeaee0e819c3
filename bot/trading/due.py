"""What is due: the slots whose time has come, priced, in the account's order of sending."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.storage.views import OrderView, RoundView
from bot.timetable import Timetable
from bot.trading.desk import Desk
from bot.trading.emulation import imitation, room
from bot.trading.model import Emulated, OrderState, Slot, as_sent
from bot.trading.ports import BrokerSilent, Touch
from bot.trading.rounds import turn_to_send
from strategy.model import Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """A slot whose time has come, with its round and the round's day.

    `touch` is the market just before sending, None where it was not to be had; `emulated` how a
    LOC or MOC goes where neither is taken, `barred` why it does not.
    """

    order: OrderView
    round_: RoundView
    table: Timetable
    touch: Touch | None = None
    emulated: Emulated | None = None
    barred: str = ""

    @property
    def symbol(self) -> str:
        return self.order.slot.symbol

    @property
    def slot(self) -> Slot:
        """The slot as the broker is to see it."""
        return as_sent(self.order.slot, self.emulated)

    @property
    def price(self) -> Decimal | None:
        """What the symbol costs a buyer, or brings a seller."""
        if self.touch is None:
            return None
        return self.touch.ask if self.order.slot.side is Side.BUY else self.touch.bid


def due_of(desk: Desk, round_: RoundView) -> list[Due]:
    """List what of a round may be tried now; an imitation waits for its minutes."""
    table, now = desk.table(round_.session), desk.clock.now()
    return [
        Due(order=order, round_=round_, table=table)
        for order in round_.orders
        if order.state is OrderState.PLANNED
        and (order.retry_at is None or order.retry_at <= now)
        and (desk.emulation is None or desk.may_send(order.slot, table))
    ]


async def in_order(desk: Desk, due: Sequence[Due], silences: dict[str, BrokerSilent]) -> list[Due]:
    """Price what is due and put it in the order of sending; note who was silent about a symbol."""
    touches = await _touches(desk, due, silences)
    priced = [_shaped(desk, replace(each, touch=touches[each.symbol])) for each in due]
    priced.sort(key=lambda each: turn_to_send(each.order.slot, each.price))
    return await _within_time(desk, priced)


async def _touches(
    desk: Desk, due: Sequence[Due], silences: dict[str, BrokerSilent]
) -> dict[str, Touch | None]:
    """Ask each symbol's price once; a MOC that goes as what it is goes without one."""
    touches: dict[str, Touch | None] = {}
    for symbol in dict.fromkeys(each.symbol for each in due):
        slots = [each.order.slot for each in due if each.symbol == symbol]
        try:
            touches[symbol] = await _touch(desk, symbol, slots)
        except BrokerSilent as silence:
            touches[symbol] = None
            if any(slot.price is not None or desk.emulates(slot) for slot in slots):
                silences[symbol] = silence
    return touches


async def _touch(desk: Desk, symbol: str, slots: Sequence[Slot]) -> Touch:
    """Ask a symbol's price. Raises BrokerSilent for none, and for one that is no price."""
    emulation = desk.emulation
    if emulation is not None and any(desk.emulates(slot) for slot in slots):
        touch = await emulation.touch(symbol)
    else:
        last = await desk.broker.last_price(symbol)
        touch = Touch(bid=last, ask=last, traded=True)
    if not all(price.is_finite() and price > 0 for price in (touch.bid, touch.ask)):
        raise BrokerSilent(f"no price of {symbol} that can be believed")
    return touch


def _shaped(desk: Desk, each: Due) -> Due:
    """Give an imitation its price, or the reason why it does not go."""
    slot = each.order.slot
    if each.touch is None or not desk.emulates(slot):
        return each
    how = imitation(slot, each.touch)
    return replace(each, barred=how) if isinstance(how, str) else replace(each, emulated=how)


async def _within_time(desk: Desk, due: list[Due]) -> list[Due]:
    """Bar the imitations for which the venue has no calls left before the close."""
    going = [each for each in due if each.emulated]
    emulation = desk.emulation
    if emulation is None or not going:
        return due
    table = going[0].table
    known = await desk.views.orders_of_session(table.session.day)
    places = room(
        table.emulate_until - desk.clock.now(),
        table.session.close - table.emulate_until,
        sum(order.order_number is not None for order in known),
        emulation,
    )
    late = {each.order.slot.key for each in going[places:]}
    return [
        replace(each, barred=f"no_time {places}") if each.order.slot.key in late else each
        for each in due
    ]
