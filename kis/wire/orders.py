"""Orders, cancels, and the questions about them."""

from datetime import date

from kis.models import Credentials, Exchange, OrderRequest, ReservationRequest, Side
from kis.wire.codes import (
    AT_THE_OPEN,
    LIMIT,
    ORDER_DIVISION,
    ORDER_EXCHANGE,
    ORDER_NUMBER_WIDTH,
    WHOLE_US,
    account,
    price_text,
)


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


def reservation_body(credentials: Credentials, order: ReservationRequest) -> dict[str, str]:
    """Write a reservation: a limit, or without a price a sell at the open (MOO)."""
    return {
        **account(credentials),
        "PDNO": order.symbol,
        "OVRS_EXCG_CD": ORDER_EXCHANGE[order.exchange],
        "FT_ORD_QTY": str(order.quantity),
        "FT_ORD_UNPR3": "0" if order.price is None else price_text(order.price),
        "ORD_SVR_DVSN_CD": "0",
        "ORD_DVSN": AT_THE_OPEN if order.price is None else LIMIT,
    }


def cancel_reservation_body(
    credentials: Credentials, *, received: date, reservation_number: str
) -> dict[str, str]:
    """Write the cancel of a reservation, with the date under both of KIS's spellings.

    Its table of fields says RSYN, its example and its sample program say RSVN.
    """
    if not (reservation_number.isascii() and reservation_number.isdigit()):
        raise ValueError(f"not a reservation number: {reservation_number!r}")
    day = received.strftime("%Y%m%d")
    return {
        **account(credentials),
        "RSVN_ORD_RCIT_DT": day,
        "RSYN_ORD_RCIT_DT": day,
        "OVRS_RSVN_ODNO": reservation_number.zfill(ORDER_NUMBER_WIDTH),
    }


def open_orders_query(credentials: Credentials) -> dict[str, str]:
    return {**account(credentials), "OVRS_EXCG_CD": WHOLE_US, "SORT_SQN": "DS"}


def reservations_query(credentials: Credentials, start: date, end: date) -> dict[str, str]:
    """Ask for every reservation taken in on these Seoul dates; blank is the whole of the US."""
    return {
        **account(credentials),
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
        **account(credentials),
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
