"""Holdings and money."""

from kis.answers.fields import EXCHANGES, Row, number, shares, symbol, text
from kis.models import BuyingPower, Holding


def holding(row: Row) -> Holding:
    """Read a row of the balance."""
    return Holding(
        symbol=symbol(row, "ovrs_pdno"),
        exchange=EXCHANGES.get(text(row, "ovrs_excg_cd")),
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
