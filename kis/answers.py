"""What KIS's answers say: rows of words into models. A malformed number is an error, never zero.

Every parser raises KisBadAnswer on a field that it needs and cannot read.
Source: KIS's field tables and recorded rows (domain/kis.md 5 and 6).
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from kis.errors import KisBadAnswer
from kis.models import (
    SEOUL,
    BuyingPower,
    DailyBar,
    Exchange,
    Holding,
    OpenOrder,
    OrderReceipt,
    OrderRow,
    Quote,
    ReservationOrder,
    Side,
)
from kis.wire import ORDER_EXCHANGE

Row = Mapping[str, Any]

_NUMBER = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,12})?")
_EXCHANGES = {code: exchange for exchange, code in ORDER_EXCHANGE.items()}
_SIDES = {"01": Side.SELL, "02": Side.BUY}
_SIDE_NAMES = {"매도": Side.SELL, "매수": Side.BUY}
_CANCEL = "02"


def text(row: Row, name: str) -> str:
    """Read a word, "" where it is absent; numbers that came bare are words too."""
    value = row.get(name, "")
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    return value.strip() if isinstance(value, str) else ""


def number(row: Row, name: str) -> Decimal:
    """Read a number that must not be negative."""
    word = text(row, name)
    if not _NUMBER.fullmatch(word):
        raise KisBadAnswer(f"{name} is not a number")
    value = Decimal(word)
    if value < 0:
        raise KisBadAnswer(f"{name} is negative")
    return value


def price(row: Row, name: str) -> Decimal:
    """Read a price: a number above zero."""
    value = number(row, name)
    if value == 0:
        raise KisBadAnswer(f"{name} is zero")
    return value


def shares(row: Row, name: str) -> int:
    """Read whole shares."""
    value = number(row, name)
    if value != value.to_integral_value():
        raise KisBadAnswer(f"{name} is not whole")
    return int(value)


def day(row: Row, name: str) -> date:
    word = text(row, name)
    try:
        return _parsed(word, "%Y%m%d", 8).date()
    except ValueError:
        raise KisBadAnswer(f"{name} is not a date") from None


def order_number(word: str) -> str:
    """Normalise an order number; "" when there is none."""
    if not (word.isascii() and word.isdigit()):
        return ""
    return word.lstrip("0")


def receipt(body: Row) -> OrderReceipt | None:
    """Read the receipt of an order or a cancel; None when there is no order number in it."""
    output = body.get("output")
    if not isinstance(output, dict):
        return None
    found = order_number(text(output, "ODNO"))
    if not found:
        return None
    return OrderReceipt(order_number=found, accepted_time=_clock(text(output, "ORD_TMD")))


def blank_order(row: Row) -> bool:
    """Tell KIS's filler rows from orders."""
    return not text(row, "odno") and not text(row, "pdno")


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
        original_number=order_number(text(row, "orgn_odno")) or None,
        symbol=_symbol(row, "pdno"),
        exchange=_EXCHANGES.get(text(row, "ovrs_excg_cd")),
        side=_side(row),
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
        original_number=order_number(text(row, "orgn_odno")) or None,
        symbol=_symbol(row, "pdno"),
        exchange=_EXCHANGES.get(text(row, "ovrs_excg_cd")),
        side=_side(row),
        quantity=quantity,
        price=number(row, "ft_ord_unpr3"),
        filled=filled,
        open_quantity=open_quantity,
        order_time=_clock(text(row, "ord_tmd")),
    )


def blank_reservation(row: Row) -> bool:
    return not text(row, "ovrs_rsvn_odno") and not text(row, "pdno")


def reservation(row: Row) -> ReservationOrder:
    """Read a row of the reservation orders; until it is sent it has no order date and number."""
    found = order_number(text(row, "ovrs_rsvn_odno"))
    if not found:
        raise KisBadAnswer("a row without a reservation number")
    flag = text(row, "cncl_yn")
    if flag not in {"Y", "N", ""}:
        raise KisBadAnswer("a reservation neither cancelled nor standing")
    quantity, filled = shares(row, "ft_ord_qty"), shares(row, "ft_ccld_qty")
    if filled > quantity:
        raise KisBadAnswer("more filled than ordered")
    return ReservationOrder(
        received_date=day(row, "rsvn_ord_rcit_dt"),
        received_time=_clock(text(row, "ord_rcit_tmd")),
        reservation_number=found,
        order_date=day(row, "ord_dt") if text(row, "ord_dt") else None,
        order_number=order_number(text(row, "odno")) or None,
        symbol=_symbol(row, "pdno"),
        exchange=_EXCHANGES.get(text(row, "ovrs_excg_cd")),
        side=_side(row),
        quantity=quantity,
        price=number(row, "ft_ord_unpr3"),
        filled=filled,
        cancelled=flag == "Y",
        refusal=text(row, "nprc_rson_text"),
        status=text(row, "ovrs_rsvn_ord_stat_cd_name"),
    )


def holding(row: Row) -> Holding:
    """Read a row of the balance."""
    return Holding(
        symbol=_symbol(row, "ovrs_pdno"),
        exchange=_EXCHANGES.get(text(row, "ovrs_excg_cd")),
        quantity=shares(row, "ovrs_cblc_qty"),
        orderable=shares(row, "ord_psbl_qty"),
        average=number(row, "pchs_avg_pric"),
        last=number(row, "now_pric2"),
    )


def buying_power(row: Row) -> BuyingPower:
    return BuyingPower(
        cash=number(row, "ord_psbl_frcr_amt"),
        orderable=number(row, "ovrs_ord_psbl_amt"),
        orderable_integrated=number(row, "frcr_ord_psbl_amt1"),
        max_quantity=shares(row, "max_ord_psbl_qty"),
        exchange_rate=number(row, "exrt") if text(row, "exrt") else None,
    )


def quote(row: Row, symbol: str, exchange: Exchange) -> Quote:
    return Quote(
        symbol=symbol,
        exchange=exchange,
        last=price(row, "last"),
        previous_close=price(row, "base"),
        volume=shares(row, "tvol"),
    )


def untraded_bar(row: Row) -> bool:
    """Tell filler rows, and a day on which nothing has traded yet, from bars."""
    names = ("open", "high", "low", "clos")
    return all(not text(row, name).strip("0.") for name in names)


def daily_bar(row: Row) -> DailyBar:
    """Read a bar. KIS's open may lie outside its own low and high until it is corrected."""
    bar = DailyBar(
        day=day(row, "xymd"),
        open=price(row, "open"),
        high=price(row, "high"),
        low=price(row, "low"),
        close=price(row, "clos"),
        volume=shares(row, "tvol"),
    )
    if bar.low > bar.high:
        raise KisBadAnswer("a daily bar whose low is above its high")
    return bar


def _own_number(row: Row) -> str:
    found = order_number(text(row, "odno"))
    if not found:
        raise KisBadAnswer("a row without an order number")
    return found


def _symbol(row: Row, name: str) -> str:
    word = text(row, name)
    if not word:
        raise KisBadAnswer("a row without a symbol")
    return word


def _side(row: Row) -> Side:
    code = text(row, "sll_buy_dvsn_cd")
    # Some rows carry the name alone, such as 매수 or 매수취소.
    side = _SIDES.get(code) if code else _SIDE_NAMES.get(text(row, "sll_buy_dvsn_cd_name")[:2])
    if side is None:
        raise KisBadAnswer("a row that is neither a buy nor a sell")
    return side


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
        return _parsed(text(row, "dmst_ord_dt") + text(row, "ord_tmd"), "%Y%m%d%H%M%S", 14)
    except ValueError:
        return None


def _clock(word: str) -> time | None:
    try:
        return _parsed(word, "%H%M%S", 6).time()
    except ValueError:
        return None


def _parsed(word: str, form: str, width: int) -> datetime:
    # strptime takes single digits where two belong, so the width is asked for first.
    if len(word) != width or not (word.isascii() and word.isdigit()):
        raise ValueError(word)
    return datetime.strptime(word, form).replace(tzinfo=SEOUL)
