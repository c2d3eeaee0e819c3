"""LOC and MOC where a venue takes limit orders only: KIS 모의투자, five minutes before the close.

Pure rules (issue 4, item 4): at close - 5 min a LOC whose limit the market has crossed goes out as
a limit order a little through the market, never beyond its own limit; a MOC sale as one well below
the bid; what has not filled at close - 1 min is cancelled. Every price is USD.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from bot.trading.model import Emulated, Slot
from bot.trading.ports import Touch
from strategy.model import OrderType, Side

THROUGH_THE_MARKET = Decimal("0.005")
BELOW_THE_BID = Decimal("0.01")
CENT = Decimal("0.01")


@dataclass(frozen=True, kw_only=True, slots=True)
class Emulation:
    """The venue's ways: where its market is asked, how often it may be called, what a page holds.

    `touch` reads a symbol's best bid and ask and raises BrokerSilent. `look_again` is how soon an
    order that must be gone before the close is looked for once more.
    """

    touch: Callable[[str], Awaitable[Touch]]
    calls_per_second: Decimal = Decimal(1)
    rows_on_a_page: int = 15
    look_again: timedelta = timedelta(seconds=10)


def imitated(slot: Slot) -> bool:
    """Tell whether an order is one that such a venue does not take."""
    return slot.type is not OrderType.LIMIT


def imitation(slot: Slot, touch: Touch) -> Emulated | str:
    """Say how a LOC or a MOC sale goes out now, or the reason (a code of risk's) why it does not.

    Prices are rounded to the cent on the side of caution, a buy down and a sale up, and end at the
    LOC's own limit.
    """
    match slot.type, slot.side, slot.price:
        case OrderType.LOC, Side.BUY, Decimal() as limit:
            if touch.ask > limit:
                return f"not_crossed {touch.ask}"
            price = min(limit, _down(touch.ask * (1 + THROUGH_THE_MARKET)))
        case OrderType.LOC, Side.SELL, Decimal() as limit:
            if touch.bid < limit:
                return f"not_crossed {touch.bid}"
            price = max(limit, _up(touch.bid * (1 - THROUGH_THE_MARKET)))
        case OrderType.MOC, Side.SELL, None:
            price = _up(touch.bid * (1 - BELOW_THE_BID))
        case _:
            return "no_imitation"
    return Emulated(price=price, bid=touch.bid, ask=touch.ask, traded=touch.traded)


def room(left: timedelta, to_cancel: timedelta, rows: int, venue: Emulation) -> int:
    """Compute how many orders can still go out, and be cancelled in time if none of them fills.

    `left` is the time for sending, `to_cancel` that between the last order and the close, `rows`
    what the broker lists already. Before each order the list is read, and around the cancels twice;
    a cancel is a row of its own.
    """
    calls, cancels = _calls(left, venue), _calls(to_cancel, venue)
    count = 0
    while True:
        calls -= _pages(rows + count, venue) + 1
        listed = rows + 2 * (count + 1)
        if calls < 0 or count + 1 + 2 * _pages(listed, venue) > cancels:
            return count
        count += 1


def _calls(left: timedelta, venue: Emulation) -> int:
    return int(Decimal(str(left.total_seconds())) * venue.calls_per_second)


def _pages(rows: int, venue: Emulation) -> int:
    return max(1, -(-rows // venue.rows_on_a_page))


def _down(price: Decimal) -> Decimal:
    return price.quantize(CENT, ROUND_FLOOR)


def _up(price: Decimal) -> Decimal:
    return price.quantize(CENT, ROUND_CEILING)
