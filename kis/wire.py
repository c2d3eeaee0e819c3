"""How a question or an order is written for KIS: paths, field names and codes of requests.

The only place where OVRS_ORD_UNPR is spelled. Source: KIS's field tables (domain/kis.md 4 to 6).
"""

from datetime import date
from decimal import Decimal
from types import MappingProxyType

from kis.models import Credentials, Exchange, OrderKind, OrderRequest, Side

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


def order_body(credentials: Credentials, order: OrderRequest) -> dict[str, str]:
    """Write an order."""
    return {
        "CANO": credentials.cano,
        "ACNT_PRDT_CD": credentials.product,
        "OVRS_EXCG_CD": ORDER_EXCHANGE[order.exchange],
        "PDNO": order.symbol,
        "ORD_QTY": str(order.quantity),
        "OVRS_ORD_UNPR": "0" if order.price is None else price_text(order.price),
        "CTAC_TLNO": "",
        "MGCO_APTM_ODNO": "",
        "SLL_TYPE": "00" if order.side is Side.SELL else "",
        "ORD_SVR_DVSN_CD": "0",
        "ORD_DVSN": ORDER_DIVISION[order.kind],
    }


def cancel_body(
    credentials: Credentials, *, order_number: str, symbol: str, exchange: Exchange, quantity: int
) -> dict[str, str]:
    """Write the cancel of what is left of an order. There is no branch number here."""
    if not (order_number.isascii() and order_number.isdigit()):
        raise ValueError(f"not an order number: {order_number!r}")
    if quantity < 1:
        raise ValueError(f"a cancel is for the shares left, not {quantity}")
    return {
        "CANO": credentials.cano,
        "ACNT_PRDT_CD": credentials.product,
        "OVRS_EXCG_CD": ORDER_EXCHANGE[exchange],
        "PDNO": symbol,
        "ORGN_ODNO": order_number.zfill(ORDER_NUMBER_WIDTH),
        "RVSE_CNCL_DVSN_CD": "02",
        "ORD_QTY": str(quantity),
        "OVRS_ORD_UNPR": "0",
        "MGCO_APTM_ODNO": "",
        "ORD_SVR_DVSN_CD": "0",
    }


def open_orders_query(credentials: Credentials) -> dict[str, str]:
    return {**_account(credentials), "OVRS_EXCG_CD": WHOLE_US, "SORT_SQN": "DS"}


def reservations_query(credentials: Credentials, start: date, end: date) -> dict[str, str]:
    """Ask for every reservation taken in on these Seoul dates; blank is the whole of the US."""
    return {
        **_account(credentials),
        "INQR_STRT_DT": start.strftime("%Y%m%d"),
        "INQR_END_DT": end.strftime("%Y%m%d"),
        "INQR_DVSN_CD": "00",
        "PRDT_TYPE_CD": "",
        "OVRS_EXCG_CD": "",
    }


def executions_query(
    credentials: Credentials, start: date, end: date, *, mock: bool
) -> dict[str, str]:
    """Ask for every order of these US dates; 모의투자 takes blank filters only."""
    return {
        **_account(credentials),
        "PDNO": "" if mock else "%",
        "ORD_STRT_DT": start.strftime("%Y%m%d"),
        "ORD_END_DT": end.strftime("%Y%m%d"),
        "SLL_BUY_DVSN": "00",
        "CCLD_NCCS_DVSN": "00",
        "OVRS_EXCG_CD": "" if mock else WHOLE_US,
        "SORT_SQN": "DS",
        "ORD_DT": "",
        "ORD_GNO_BRNO": "",
        "ODNO": "",
    }


def balance_query(credentials: Credentials, exchange_code: str) -> dict[str, str]:
    return {**_account(credentials), "OVRS_EXCG_CD": exchange_code, "TR_CRCY_CD": "USD"}


def buying_power_query(
    credentials: Credentials, symbol: str, exchange: Exchange, price: Decimal
) -> dict[str, str]:
    return {
        **_account(credentials),
        "OVRS_EXCG_CD": ORDER_EXCHANGE[exchange],
        "OVRS_ORD_UNPR": price_text(price),
        "ITEM_CD": symbol,
    }


def quote_query(symbol: str, exchange: Exchange) -> dict[str, str]:
    return {"AUTH": "", "EXCD": QUOTE_EXCHANGE[exchange], "SYMB": symbol}


def daily_query(
    symbol: str, exchange: Exchange, until: date | None, *, adjusted: bool
) -> dict[str, str]:
    return {
        **quote_query(symbol, exchange),
        "GUBN": "0",
        "BYMD": "" if until is None else until.strftime("%Y%m%d"),
        "MODP": "1" if adjusted else "0",
    }


def _account(credentials: Credentials) -> dict[str, str]:
    return {"CANO": credentials.cano, "ACNT_PRDT_CD": credentials.product}
