"""Questions about symbols and days."""

from datetime import date

from kis.models import Exchange, RightKind
from kis.wire.codes import PRODUCT_TYPE, RIGHT_CODES

EVERY_RIGHT = "%%"


def symbol_query(symbol: str, exchange: Exchange) -> dict[str, str]:
    return {"PRDT_TYPE_CD": PRODUCT_TYPE[exchange], "PDNO": symbol}


def settlements_query(day: date) -> dict[str, str]:
    return {"TRAD_DT": day.strftime("%Y%m%d"), "CTX_AREA_NK": "", "CTX_AREA_FK": ""}


def rights_query(start: date, end: date, symbol: str, kind: RightKind | None) -> dict[str, str]:
    """Ask for what falls due between two dates at the market (INQR_DVSN_CD 02)."""
    return {
        "RGHT_TYPE_CD": EVERY_RIGHT if kind is None else RIGHT_CODES[kind],
        "INQR_DVSN_CD": "02",
        "INQR_STRT_DT": start.strftime("%Y%m%d"),
        "INQR_END_DT": end.strftime("%Y%m%d"),
        "PDNO": symbol,
        "PRDT_TYPE_CD": "",
    }
