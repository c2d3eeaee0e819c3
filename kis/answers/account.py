"""Holdings, money, and what the trades made. Source: KIS's tables (domain/kis.md 6.3 to 6.8)."""

from decimal import Decimal

from kis.answers.fields import (
    EXCHANGES,
    Row,
    day,
    number,
    shares,
    side,
    signed,
    silent,
    symbol,
    text,
)
from kis.models import (
    BuyingPower,
    CurrencyCash,
    Holding,
    KrwTotals,
    Margin,
    PresentHolding,
    ProfitTotals,
    RealizedProfit,
    SettledHolding,
    Transaction,
)


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
        exchange_rate=_rate(row, "exrt"),
    )


def present_holding(row: Row) -> PresentHolding:
    """Read a row of the balance by execution."""
    return PresentHolding(
        symbol=symbol(row, "pdno"),
        exchange=EXCHANGES.get(text(row, "ovrs_excg_cd")),
        quantity=shares(row, "ccld_qty_smtl1"),
        settled=shares(row, "cblc_qty13"),
        orderable=shares(row, "ord_psbl_qty1"),
        bought_today=shares(row, "thdt_buy_ccld_qty1"),
        sold_today=shares(row, "thdt_sll_ccld_qty1"),
        average=number(row, "avg_unpr3"),
        last=number(row, "ovrs_now_pric1"),
        cost=number(row, "frcr_pchs_amt"),
        value=number(row, "frcr_evlu_amt2"),
        gain=signed(row, "evlu_pfls_amt2"),
        gain_percent=signed(row, "evlu_pfls_rt1"),
        currency=text(row, "buy_crcy_cd"),
        exchange_rate=_rate(row, "bass_exrt"),
    )


def currency_cash(row: Row) -> CurrencyCash:
    tomorrow = "nxdy_frcr_drwg_psbl_amt"
    return CurrencyCash(
        currency=symbol(row, "crcy_cd"),
        cash=signed(row, "frcr_dncl_amt_2"),
        withdrawable=signed(row, "frcr_drwg_psbl_amt_1"),
        withdrawable_tomorrow=signed(row, tomorrow) if text(row, tomorrow) else None,
        bought=number(row, "frcr_buy_amt_smtl"),
        sold=number(row, "frcr_sll_amt_smtl"),
        exchange_rate=_rate(row, "frst_bltn_exrt"),
    )


def krw_totals(row: Row) -> KrwTotals:
    return KrwTotals(
        assets=signed(row, "tot_asst_amt"),
        stocks=number(row, "evlu_amt_smtl"),
        gain=signed(row, "tot_evlu_pfls_amt"),
        deposits=signed(row, "tot_dncl_amt"),
        unsettled_buys=signed(row, "ustl_buy_amt_smtl"),
        unsettled_sells=signed(row, "ustl_sll_amt_smtl"),
    )


def settled_holding(row: Row) -> SettledHolding:
    """Read a row of the balance by settlement."""
    return SettledHolding(
        symbol=symbol(row, "pdno"),
        exchange=EXCHANGES.get(text(row, "ovrs_excg_cd")),
        quantity=shares(row, "cblc_qty13"),
        orderable=shares(row, "ord_psbl_qty1"),
        average=number(row, "avg_unpr3"),
        cost=number(row, "frcr_pchs_amt"),
        currency=text(row, "buy_crcy_cd"),
    )


def realized_profit(row: Row) -> RealizedProfit:
    """Read a day's realized profit of a symbol."""
    return RealizedProfit(
        day=day(row, "trad_day"),
        symbol=symbol(row, "ovrs_pdno"),
        exchange=EXCHANGES.get(text(row, "ovrs_excg_cd")),
        quantity=shares(row, "slcl_qty"),
        average=number(row, "pchs_avg_pric"),
        cost=number(row, "frcr_pchs_amt1"),
        sold_price=number(row, "avg_sll_unpr"),
        proceeds=number(row, "frcr_sll_amt_smtl1"),
        fees=number(row, "stck_sll_tlex"),
        profit=signed(row, "ovrs_rlzt_pfls_amt"),
        profit_percent=signed(row, "pftrt"),
    )


def profit_totals(row: Row) -> ProfitTotals:
    return ProfitTotals(
        sold=number(row, "stck_sll_amt_smtl"),
        bought=number(row, "stck_buy_amt_smtl"),
        fees=number(row, "smtl_fee1"),
        profit=signed(row, "ovrs_rlzt_pfls_tot_amt"),
    )


def transaction(row: Row) -> Transaction:
    """Read a trade as it is settled."""
    return Transaction(
        traded=day(row, "trad_dt"),
        settled=day(row, "sttl_dt"),
        side=side(row, "sll_buy_dvsn_cd", "sll_buy_dvsn_name"),
        symbol=symbol(row, "pdno"),
        quantity=shares(row, "ccld_qty"),
        price=number(row, "ft_ccld_unpr2"),
        amount=number(row, "tr_frcr_amt2"),
        settled_amount=number(row, "frcr_excc_amt_1"),
        domestic_fee=number(row, "dmst_frcr_fee1"),
        foreign_fee=number(row, "frcr_fee1"),
        currency=text(row, "crcy_cd"),
        exchange_rate=_rate(row, "erlm_exrt"),
    )


def margin(row: Row) -> Margin:
    """Read the margin of one currency."""
    return Margin(
        country=text(row, "natn_name"),
        currency=symbol(row, "crcy_cd"),
        cash=signed(row, "frcr_dncl_amt1"),
        unsettled_buys=number(row, "ustl_buy_amt"),
        unsettled_sells=number(row, "ustl_sll_amt"),
        receivable=number(row, "frcr_rcvb_amt"),
        margin=number(row, "frcr_mgn_amt"),
        orderable=number(row, "frcr_gnrl_ord_psbl_amt"),
        orderable_krw=number(row, "frcr_ord_psbl_amt1"),
        orderable_integrated=number(row, "itgr_ord_psbl_amt"),
        exchange_rate=_rate(row, "bass_exrt"),
    )


def blank(row: Row) -> bool:
    """Tell KIS's filler rows: a row with a figure in it is not one, even without its symbol."""
    return silent(row, *row)


def _rate(row: Row, name: str) -> Decimal | None:
    """Read an exchange rate (KRW); blank and zero mean that there is none yet."""
    if silent(row, name):
        return None
    return number(row, name)
