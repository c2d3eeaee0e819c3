"""Paths, exchange codes and how a price is written."""

from decimal import Decimal
from types import MappingProxyType

from kis.models import Credentials, Exchange, OrderKind

TRADING = "/uapi/overseas-stock/v1/trading"
QUOTATIONS = "/uapi/overseas-price/v1/quotations"
ORDER = f"{TRADING}/order"
CANCEL = f"{TRADING}/order-rvsecncl"
OPEN_ORDERS = f"{TRADING}/inquire-nccs"
EXECUTIONS = f"{TRADING}/inquire-ccnl"
RESERVATIONS = f"{TRADING}/order-resv-list"
BALANCE = f"{TRADING}/inquire-balance"
BUYING_POWER = f"{TRADING}/inquire-psamount"
PRICE = f"{QUOTATIONS}/price"
DAILY = f"{QUOTATIONS}/dailyprice"

ORDER_EXCHANGE = MappingProxyType(
    {Exchange.NASDAQ: "NASD", Exchange.NYSE: "NYSE", Exchange.AMEX: "AMEX"}
)
QUOTE_EXCHANGE = MappingProxyType(
    {Exchange.NASDAQ: "NAS", Exchange.NYSE: "NYS", Exchange.AMEX: "AMS"}
)
# On real accounts NASD asks for the whole of the US in listings.
WHOLE_US = "NASD"
ORDER_DIVISION = MappingProxyType({OrderKind.LIMIT: "00", OrderKind.MOC: "33", OrderKind.LOC: "34"})
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
