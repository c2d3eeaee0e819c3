"""Receipts, orders, fills and reservations. Source: recorded rows and domain/kis.md 5 and 6."""

from datetime import date, datetime, time
from decimal import Decimal

from kis.answers.fields import (
    EXCHANGES,
    Row,
    clock,
    day,
    instant,
    number,
    number_of_order,
    order_number,
    shares,
    side,
    silent,
    symbol,
    text,
)
from kis.errors import KisBadAnswer
from kis.models import OpenOrder, OrderReceipt, OrderRow, ReservationOrder

_CANCEL = "02"
_FIGURES = (
    "ft_ord_qty", "ft_ord_unpr3", "ft_ccld_qty", "ft_ccld_unpr3", "ft_ccld_amt3", "nccs_qty",
)  # fmt: skip

ORDER_NUMBER = "ODNO"
RESERVATION_NUMBER = "OVRS_RSVN_ODNO"


def receipt(body: Row, name: str = ORDER_NUMBER) -> OrderReceipt | None:
    """Read the receipt of an order or a cancel; None when there is no number in it."""
    output = body.get("output")
    if not isinstance(output, dict):
        return None
    try:
        found = order_number(text(output, name))
    except KisBadAnswer:
        return None
    if not found:
        return None
    return OrderReceipt(order_number=found, accepted_time=_accepted(output))


def blank_order(row: Row) -> bool:
    """Tell KIS's filler rows from orders: a row with a figure in it is not one."""
    return silent(row, "odno", "pdno", *_FIGURES)


def order_row(row: Row, only_day: date | None) -> OrderRow:
    """Read a row of orders and fills; `only_day` is the US date when one alone was asked for."""
    quantity, filled = shares(row, "ft_ord_qty"), shares(row, "ft_ccld_qty")
    if filled > quantity:
        raise KisBadAnswer("more filled than ordered")
    amount = number(row, "ft_ccld_amt3") if text(row, "ft_ccld_amt3") else None
    known_day = only_day is not None and not text(row, "ord_dt")
    return OrderRow(
        order_date=only_day if known_day and only_day is not None else day(row, "ord_dt"),
        order_number=_own_number(row),
        original_number=number_of_order(row, "orgn_odno"),
        symbol=symbol(row, "pdno"),
        exchange=EXCHANGES.get(text(row, "ovrs_excg_cd")),
        side=side(row, "sll_buy_dvsn_cd", "sll_buy_dvsn_cd_name"),
        cancel=text(row, "rvse_cncl_dvsn") == _CANCEL,
        quantity=quantity,
        price=number(row, "ft_ord_unpr3"),
        filled=filled,
        filled_price=_filled_price(row, filled, amount),
        filled_amount=amount,
        open_quantity=shares(row, "nccs_qty"),
        status=text(row, "prcs_stat_name"),
        refusal=text(row, "rjct_rson_name"),
        ordered_at=_ordered_at(row),
        media=text(row, "mdia_dvsn_name"),
    )


def open_order(row: Row) -> OpenOrder | None:
    """Read a row of the open orders; None for a cancel request and for what is open no more."""
    open_quantity = shares(row, "nccs_qty")
    if open_quantity == 0 or text(row, "rvse_cncl_dvsn_cd") == _CANCEL:
        return None
    quantity, filled = shares(row, "ft_ord_qty"), shares(row, "ft_ccld_qty")
    if filled + open_quantity > quantity:
        raise KisBadAnswer("more filled and open than ordered")
    return OpenOrder(
        order_date=day(row, "ord_dt"),
        order_number=_own_number(row),
        original_number=number_of_order(row, "orgn_odno"),
        symbol=symbol(row, "pdno"),
        exchange=EXCHANGES.get(text(row, "ovrs_excg_cd")),
        side=side(row, "sll_buy_dvsn_cd", "sll_buy_dvsn_cd_name"),
        quantity=quantity,
        price=number(row, "ft_ord_unpr3"),
        filled=filled,
        open_quantity=open_quantity,
        order_time=clock(text(row, "ord_tmd")),
    )


def blank_reservation(row: Row) -> bool:
    return silent(row, "ovrs_rsvn_odno", "pdno", *_FIGURES)


def reservation(row: Row) -> ReservationOrder:
    """Read a row of the reservation orders; until it is sent it has no order date and number."""
    found = number_of_order(row, "ovrs_rsvn_odno")
    if found is None:
        raise KisBadAnswer("a row without a reservation number")
    flag = text(row, "cncl_yn")
    if flag not in {"Y", "N", ""}:
        raise KisBadAnswer("a reservation neither cancelled nor standing")
    quantity, filled = shares(row, "ft_ord_qty"), shares(row, "ft_ccld_qty")
    if filled > quantity:
        raise KisBadAnswer("more filled than ordered")
    return ReservationOrder(
        received_date=day(row, "rsvn_ord_rcit_dt"),
        received_time=clock(text(row, "ord_rcit_tmd")),
        reservation_number=found,
        order_date=day(row, "ord_dt") if text(row, "ord_dt") else None,
        order_number=number_of_order(row, "odno"),
        symbol=symbol(row, "pdno"),
        exchange=EXCHANGES.get(text(row, "ovrs_excg_cd")),
        side=side(row, "sll_buy_dvsn_cd", "sll_buy_dvsn_cd_name"),
        quantity=quantity,
        price=number(row, "ft_ord_unpr3"),
        filled=filled,
        cancelled=flag == "Y",
        refusal=text(row, "nprc_rson_text"),
        status=text(row, "ovrs_rsvn_ord_stat_cd_name"),
    )


def _accepted(output: Row) -> time | None:
    """Read the clock of a receipt, which is worth having without it."""
    try:
        return clock(text(output, "ORD_TMD"))
    except KisBadAnswer:
        return None


def _own_number(row: Row) -> str:
    found = number_of_order(row, "odno")
    if found is None:
        raise KisBadAnswer("a row without an order number")
    return found


def _filled_price(row: Row, filled: int, amount: Decimal | None) -> Decimal | None:
    if filled == 0:
        return None
    listed = number(row, "ft_ccld_unpr3")
    if listed > 0:
        return listed
    # The price can lag behind the fill (python-kis issue 73); the amount then tells it.
    if amount:
        return amount / filled
    raise KisBadAnswer("filled, but at no price")


def _ordered_at(row: Row) -> datetime | None:
    """Join the Seoul date and clock: `ord_dt` is the US date, a day behind after midnight."""
    try:
        return instant(text(row, "dmst_ord_dt") + text(row, "ord_tmd"), "%Y%m%d%H%M%S", 14)
    except ValueError:
        return None
