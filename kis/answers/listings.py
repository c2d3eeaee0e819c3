"""Symbols, settlement days, splits and dividends."""

from collections.abc import Iterable
from decimal import Decimal

from kis.answers.fields import EXCHANGES, Row, day, number, silent, symbol, text
from kis.errors import KisBadAnswer
from kis.models import Exchange, Right, RightKind, Settlement, SymbolInfo
from kis.wire.codes import PRODUCT_TYPE, RIGHT_CODES

_MARKETS = {code: exchange for exchange, code in PRODUCT_TYPE.items()}
_KINDS = {code: kind for kind, code in RIGHT_CODES.items()}
_SPLITS = frozenset({RightKind.SPLIT, RightKind.REVERSE_SPLIT})
_ETF = "03"
_TRADES = "01"
_HUNDRED = Decimal(100)
_AMOUNTS = ("alct_frcr_unpr", "stkp_dvdn_frcr_amt2")


def blank_symbol(row: Row) -> bool:
    """Tell the answer about an unknown symbol: every field of it is blank."""
    return not text(row, "ovrs_excg_cd") and not text(row, "std_pdno")


def symbol_info(row: Row, ticker: str) -> SymbolInfo:
    """Read what KIS knows of a symbol."""
    exchange: Exchange | None = EXCHANGES.get(text(row, "ovrs_excg_cd"))
    if exchange is None:
        raise KisBadAnswer("ovrs_excg_cd is no US exchange")
    return SymbolInfo(
        symbol=ticker,
        exchange=exchange,
        name=text(row, "prdt_name") or text(row, "ovrs_item_name"),
        english_name=text(row, "prdt_eng_name"),
        currency=text(row, "tr_crcy_cd"),
        etf=text(row, "ovrs_stck_dvsn_cd") == _ETF,
        listed=_yes(row, "lstg_yn") and not _yes(row, "lstg_abol_item_yn"),
        suspended=text(row, "ovrs_stck_tr_stop_dvsn_cd") not in {"", _TRADES},
        daytime=text(row, "dtm_tr_psbl_yn") == "Y",
    )


def blank_settlement(row: Row) -> bool:
    return silent(row, "prdt_type_cd", "acpl_sttl_dt", "dmst_sttl_dt")


def settlement(row: Row) -> Settlement:
    product = text(row, "prdt_type_cd")
    return Settlement(
        product=product,
        exchange=_MARKETS.get(product),
        country=text(row, "natn_eng_abrv_cd"),
        market=text(row, "tr_mket_name"),
        local=day(row, "acpl_sttl_dt"),
        seoul=day(row, "dmst_sttl_dt"),
    )


def blank_right(row: Row) -> bool:
    return silent(row, "pdno", "rght_type_cd", "stck_alct_rt", *_AMOUNTS)


def right(row: Row) -> Right:
    """Read an announcement.

    `stck_alct_rt` is new shares in a hundred old ones: 400.0 was seen for 4:1 and 12.5 for 1:8.
    """
    code = text(row, "rght_type_cd")
    kind = _KINDS.get(code, RightKind.OTHER)
    ratio = number(row, "stck_alct_rt") / _HUNDRED if kind in _SPLITS else None
    if ratio == 0:
        raise KisBadAnswer("stck_alct_rt of a split is zero")
    confirmed = text(row, "dfnt_yn")
    if confirmed not in {"Y", "N"}:
        raise KisBadAnswer("dfnt_yn is neither Y nor N")
    return Right(
        symbol=symbol(row, "pdno"),
        name=text(row, "prdt_name"),
        kind=kind,
        code=code,
        local_day=day(row, "acpl_bass_dt") if text(row, "acpl_bass_dt") else None,
        seoul_day=day(row, "bass_dt"),
        ratio=ratio,
        cash=_first_amount(row, _AMOUNTS),
        currency=text(row, "crcy_cd"),
        confirmed=confirmed == "Y",
    )


def _first_amount(row: Row, names: Iterable[str]) -> Decimal | None:
    for name in names:
        if text(row, name) and (amount := number(row, name)):
            return amount
    return None


def _yes(row: Row, name: str) -> bool:
    flag = text(row, name)
    if flag not in {"Y", "N"}:
        raise KisBadAnswer(f"{name} is neither Y nor N")
    return flag == "Y"
