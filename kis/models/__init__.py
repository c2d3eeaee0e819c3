"""What the counter takes and gives: frozen values, money in USD as Decimal, shares as int."""

from kis.models.account import BuyingPower, Holding
from kis.models.listings import Right, RightKind, Settlement, SymbolInfo
from kis.models.orders import OpenOrder, OrderReceipt, OrderRequest, OrderRow, ReservationOrder
from kis.models.prices import (
    DailyBar,
    DomesticQuote,
    Level,
    MinuteBar,
    OrderBook,
    PriceDetail,
    Quote,
)
from kis.models.stream import (
    ExecutionNotice,
    MarketHours,
    NoticeKind,
    StreamState,
    StreamStateKind,
    Trade,
)
from kis.models.vocabulary import NEW_YORK, SEOUL, Credentials, Exchange, Listing, OrderKind, Side

__all__ = [
    "NEW_YORK",
    "SEOUL",
    "BuyingPower",
    "Credentials",
    "DailyBar",
    "DomesticQuote",
    "Exchange",
    "ExecutionNotice",
    "Holding",
    "Level",
    "Listing",
    "MarketHours",
    "MinuteBar",
    "NoticeKind",
    "OpenOrder",
    "OrderBook",
    "OrderKind",
    "OrderReceipt",
    "OrderRequest",
    "OrderRow",
    "PriceDetail",
    "Quote",
    "ReservationOrder",
    "Right",
    "RightKind",
    "Settlement",
    "Side",
    "StreamState",
    "StreamStateKind",
    "SymbolInfo",
    "Trade",
]
