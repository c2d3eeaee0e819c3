"""Questions about holdings, money and what the trades made."""

from datetime import date
from decimal import Decimal

from kis.models import Credentials, Exchange
from kis.wire.codes import ORDER_EXCHANGE, WHOLE_US, account, price_text

# WCRC_FRCR_DVSN_CD says whether figures come in foreign currency, the other way round in the
# period's profits than in the balances (KIS's own tables).
_BALANCE_IN_FOREIGN_CURRENCY = "02"
_PROFITS_IN_FOREIGN_CURRENCY = "01"
# 일반해외주식: without the fractions of 미니스탁, which cannot be ordered here.
_WHOLE_SHARES = "01"
_USA = "840"


def balance_query(credentials: Credentials, exchange_code: str) -> dict[str, str]:
    return {**account(credentials), "OVRS_EXCG_CD": exchange_code, "TR_CRCY_CD": "USD"}


def buying_power_query(
    credentials: Credentials, symbol: str, exchange: Exchange, price: Decimal
) -> dict[str, str]:
    return {
        **account(credentials),
        "OVRS_EXCG_CD": ORDER_EXCHANGE[exchange],
        "OVRS_ORD_UNPR": price_text(price),
        "ITEM_CD": symbol,
    }


def present_query(credentials: Credentials) -> dict[str, str]:
    return {
        **account(credentials),
        "WCRC_FRCR_DVSN_CD": _BALANCE_IN_FOREIGN_CURRENCY,
        "NATN_CD": _USA,
        "TR_MKET_CD": "00",
        "INQR_DVSN_CD": _WHOLE_SHARES,
    }


def settled_query(credentials: Credentials, day: date) -> dict[str, str]:
    return {
        **account(credentials),
        "BASS_DT": day.strftime("%Y%m%d"),
        "WCRC_FRCR_DVSN_CD": _BALANCE_IN_FOREIGN_CURRENCY,
        "INQR_DVSN_CD": _WHOLE_SHARES,
    }


def profits_query(credentials: Credentials, start: date, end: date, symbol: str) -> dict[str, str]:
    """Ask for the whole of the US: with a blank exchange KIS's sums are to be ignored."""
    return {
        **account(credentials),
        "OVRS_EXCG_CD": WHOLE_US,
        "NATN_CD": "",
        "CRCY_CD": "USD",
        "PDNO": symbol,
        "INQR_STRT_DT": start.strftime("%Y%m%d"),
        "INQR_END_DT": end.strftime("%Y%m%d"),
        "WCRC_FRCR_DVSN_CD": _PROFITS_IN_FOREIGN_CURRENCY,
    }


def transactions_query(
    credentials: Credentials, start: date, end: date, symbol: str
) -> dict[str, str]:
    return {
        **account(credentials),
        "ERLM_STRT_DT": start.strftime("%Y%m%d"),
        "ERLM_END_DT": end.strftime("%Y%m%d"),
        "OVRS_EXCG_CD": "",
        "PDNO": symbol,
        "SLL_BUY_DVSN_CD": "00",
        "LOAN_DVSN_CD": "",
    }


def margins_query(credentials: Credentials) -> dict[str, str]:
    return account(credentials)
