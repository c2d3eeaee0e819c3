"""KIS's master data: search-info of a symbol, and the settlement dates of a trade."""

from datetime import timedelta

from kis.simulator.desks.protocol import (
    FOUND,
    LAST,
    MARKET_CODES,
    MARKET_NAMES,
    NO_SYMBOL,
    PRODUCT_TYPES,
    Answer,
    Call,
    KisRefusalError,
    answered,
    product_name,
)
from kis.simulator.desks.quote_fields import BASICS_FIELDS, INFO_FIELDS
from kis.simulator.desks.shown import Shown, day_of


class Products:
    """What KIS knows of the symbols beside their prices."""

    def __init__(self, shown: Shown) -> None:
        self._shown = shown

    def info(self, call: Call) -> Answer:
        """Answer search-info for a symbol under its own product type."""
        symbol = call["PDNO"].strip()
        exchange = self._shown.symbols.get(symbol)
        if exchange is None or PRODUCT_TYPES[exchange] != call["PRDT_TYPE_CD"]:
            raise KisRefusalError(*NO_SYMBOL)
        output = dict.fromkeys(INFO_FIELDS, "") | {
            "prdt_eng_name": symbol,
            "natn_cd": "840",
            "natn_name": "미국",
            "tr_mket_cd": MARKET_CODES[exchange],
            "tr_mket_name": MARKET_NAMES[exchange],
            "ovrs_excg_cd": exchange,
            "ovrs_excg_name": MARKET_NAMES[exchange],
            "tr_crcy_cd": "USD",
            "ovrs_papr": "0.00000",
            "crcy_name": "미국달러",
            "ovrs_stck_dvsn_cd": "03",
            "prdt_clsf_cd": "101230",
            "prdt_clsf_name": "해외주식",
            "sll_unit_qty": "1",
            "buy_unit_qty": "1",
            "tr_unit_amt": "0",
            "lstg_stck_num": "0",
            "ovrs_stck_tr_stop_dvsn_cd": "01",
            "lstg_abol_item_yn": "N",
            "lstg_yn": "Y",
            "tax_levy_yn": "N",
            "blbg_tckr_text": f"{symbol} US",
            "etp_chas_erng_rt_dbnb": "0.000000",
            "mint_svc_yn": "N",
            "ptp_item_yn": "N",
            "ptp_item_trfx_exmt_yn": "N",
            "dtm_tr_psbl_yn": "Y",
            "sdrf_stop_ecls_yn": "N",
            "ovrs_item_name": product_name(symbol),
            "prdt_name": product_name(symbol),
            "ovrs_now_pric1": self._last(symbol),
        }
        return Answer(answered(FOUND, output=output))

    def basics(self, call: Call) -> Answer:
        """Answer the domestic search-info, which knows US symbols by the same product types."""
        symbol = call["PDNO"].strip()
        exchange = self._shown.symbols.get(symbol)
        if exchange is None or PRODUCT_TYPES[exchange] != call["PRDT_TYPE_CD"]:
            raise KisRefusalError(*NO_SYMBOL)
        names = ("prdt_name", "prdt_name120", "prdt_abrv_name")
        english = ("prdt_eng_name", "prdt_eng_name120", "prdt_eng_abrv_name")
        output = dict.fromkeys(BASICS_FIELDS, "") | {
            "pdno": symbol,
            "prdt_type_cd": call["PRDT_TYPE_CD"],
            **dict.fromkeys(names, product_name(symbol)),
            **dict.fromkeys(english, symbol),
            "shtn_pdno": symbol,
            "prdt_clsf_cd": "101230",
            "prdt_clsf_name": "해외주식",
            "wrap_asst_type_cd": "06",
            "ivst_prdt_type_cd": "1012",
            "ivst_prdt_type_cd_name": "해외주식",
        }
        return Answer(answered(FOUND, output=output))

    def _last(self, symbol: str) -> str:
        traded = self._shown.exchange.last_trade(symbol)
        return "0.00000" if traded is None else f"{traded[1]:.5f}"

    def settlement(self, call: Call) -> Answer:
        """Answer countries-holiday: the settlement date of a trade, one session later."""
        timetable = self._shown.exchange.timetable
        traded = day_of(call["TRAD_DT"]) or self._shown.exchange.today
        settled = timetable.following(traded)
        rows = [
            {
                "prdt_type_cd": PRODUCT_TYPES[exchange],
                "tr_natn_cd": "840",
                "tr_natn_name": "미국",
                "natn_eng_abrv_cd": "US",
                "tr_mket_cd": code,
                "tr_mket_name": MARKET_NAMES[exchange],
                "acpl_sttl_dt": f"{settled:%Y%m%d}",
                "dmst_sttl_dt": f"{settled + timedelta(days=1):%Y%m%d}",
            }
            for exchange, code in MARKET_CODES.items()
        ]
        keys = {"ctx_area_fk": f"{traded:%Y%m%d}".ljust(20), "ctx_area_nk": " " * 20}
        return Answer(answered(LAST, output=rows, **keys), tr_cont="D")
