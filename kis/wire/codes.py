"""Paths, exchange codes and how a price is written."""

from decimal import Decimal
from types import MappingProxyType

from kis.models import Credentials, Exchange, OrderKind, RightKind

TRADING = "/uapi/overseas-stock/v1/trading"
QUOTATIONS = "/uapi/overseas-price/v1/quotations"
ORDER = f"{TRADING}/order"
CANCEL = f"{TRADING}/order-rvsecncl"
OPEN_ORDERS = f"{TRADING}/inquire-nccs"
EXECUTIONS = f"{TRADING}/inquire-ccnl"
RESERVE = f"{TRADING}/order-resv"
CANCEL_RESERVATION = f"{TRADING}/order-resv-ccnl"
RESERVATIONS = f"{TRADING}/order-resv-list"
BALANCE = f"{TRADING}/inquire-balance"
BUYING_POWER = f"{TRADING}/inquire-psamount"
PRESENT = f"{TRADING}/inquire-present-balance"
SETTLED = f"{TRADING}/inquire-paymt-stdr-balance"
PROFITS = f"{TRADING}/inquire-period-profit"
TRANSACTIONS = f"{TRADING}/inquire-period-trans"
MARGINS = f"{TRADING}/foreign-margin"
PRICE = f"{QUOTATIONS}/price"
DAILY = f"{QUOTATIONS}/dailyprice"
DETAIL = f"{QUOTATIONS}/price-detail"
BOOK = f"{QUOTATIONS}/inquire-asking-price"
MINUTES = f"{QUOTATIONS}/inquire-time-itemchartprice"
SYMBOL_INFO = f"{QUOTATIONS}/search-info"
RIGHTS = f"{QUOTATIONS}/period-rights"
SETTLEMENTS = "/uapi/overseas-stock/v1/quotations/countries-holiday"
DOMESTIC_PRICE = "/uapi/domestic-stock/v1/quotations/inquire-price"

ORDER_EXCHANGE = MappingProxyType(
    {Exchange.NASDAQ: "NASD", Exchange.NYSE: "NYSE", Exchange.AMEX: "AMEX"}
)
QUOTE_EXCHANGE = MappingProxyType(
    {Exchange.NASDAQ: "NAS", Exchange.NYSE: "NYS", Exchange.AMEX: "AMS"}
)
PRODUCT_TYPE = MappingProxyType(
    {Exchange.NASDAQ: "512", Exchange.NYSE: "513", Exchange.AMEX: "529"}
)
RIGHT_CODES = MappingProxyType(
    {
        RightKind.STOCK_DIVIDEND: "02",
        RightKind.DIVIDEND: "03",
        RightKind.SPLIT: "14",
        RightKind.REVERSE_SPLIT: "15",
        RightKind.SPECIAL_DIVIDEND: "75",
    }
)
# On real accounts NASD asks for the whole of the US in listings.
WHOLE_US = "NASD"
LIMIT = "00"
AT_THE_OPEN = "31"
ORDER_DIVISION = MappingProxyType(
    {OrderKind.LIMIT: LIMIT, OrderKind.MOC: "33", OrderKind.LOC: "34"}
)
ORDER_NUMBER_WIDTH = 10
_CENT = Decimal("0.01")
_SUB_CENT = Decimal("0.0001")


def price_text(price: Decimal) -> str:
    """Write a price in USD: two decimals from $1 on, four below; "0" for none.

    Raises ValueError when the price is not on KIS's tick: rounding is the strategy's business.
    """
    if not price.is_finite() or price < 0:
        raise ValueError(f"not a price: {price}")
    if price == 0:
        return "0"
    tick = _CENT if price >= 1 else _SUB_CENT
    written = price.quantize(tick)
    if written != price:
        raise ValueError(f"{price} is not on the tick of {tick}")
    return f"{written:f}"


def account(credentials: Credentials) -> dict[str, str]:
    return {"CANO": credentials.cano, "ACNT_PRDT_CD": credentials.product}
