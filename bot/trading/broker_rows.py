"""KIS's rows in trading's words: bars, orders, reservations, announced rights."""

from decimal import Decimal
from fractions import Fraction

from bot.trading.model import RestingOrder
from bot.trading.ports import Announced, BrokerOrder
from kis.models import DailyBar, OpenOrder, OrderRow, ReservationOrder, Right, RightKind
from strategy.changes import ShareSplit
from strategy.model import Bar, Side

MOST_SHARES_OF_A_SPLIT = 100


def resting_of(row: OpenOrder) -> RestingOrder:
    """Read an open order."""
    return RestingOrder(
        number=row.order_number,
        symbol=row.symbol,
        side=Side(row.side.value),
        quantity=row.open_quantity,
        price=row.price,
        reservation=False,
    )


def reserved_of(row: ReservationOrder) -> RestingOrder:
    """Read a reservation."""
    return RestingOrder(
        number=row.reservation_number,
        symbol=row.symbol,
        side=Side(row.side.value),
        quantity=row.quantity,
        price=row.price,
        reservation=True,
    )


def bar_of(row: DailyBar) -> Bar:
    """Put KIS's daily bar into the book's words."""
    return Bar(
        day=row.day, open=row.open, high=row.high, low=row.low, close=row.close, volume=row.volume
    )


def announced_of(row: Right) -> Announced | None:
    """Read an announced split or dividend; None for what a ledger does not book."""
    if row.kind in {RightKind.SPLIT, RightKind.REVERSE_SPLIT} and row.ratio:
        new, old = Fraction(row.ratio).limit_denominator(MOST_SHARES_OF_A_SPLIT).as_integer_ratio()
        split = ShareSplit(new=new, old=old)
        return Announced(symbol=row.symbol, day=row.seoul_day, split=split, cash=None)
    if row.kind in {RightKind.DIVIDEND, RightKind.SPECIAL_DIVIDEND} and row.currency == "USD":
        return Announced(symbol=row.symbol, day=row.seoul_day, split=None, cash=row.cash)
    return None


def order_of(row: OrderRow) -> BrokerOrder:
    """Read a row of the list of orders and fills."""
    return BrokerOrder(
        order_number=row.order_number,
        original_number=row.original_number or "",
        symbol=row.symbol,
        side=Side(row.side.value),
        is_cancel=row.cancel,
        quantity=row.quantity,
        price=row.price,
        filled=row.filled,
        filled_price=row.filled_price or Decimal(0),
        open_quantity=row.open_quantity,
        done=row.open_quantity == 0,
        refusal=row.refusal,
        ordered_at=row.ordered_at,
        by_api=row.media in ("", "OpenAPI"),
    )
