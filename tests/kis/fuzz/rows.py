"""A sample row for every public parser of kis.answers: all its words differ, so each is traceable.

Names and formats are KIS's (its field tables); the figures are made up.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from kis.answers import account, listings, orders, prices
from kis.models import Exchange
from tests.kis.fuzz.oracle import Case, literal

NOW = datetime(2026, 10, 9, tzinfo=UTC)
TRADED = {
    "ord_dt": "20261007",
    "odno": "0000004711",
    "orgn_odno": "0000003502",
    "pdno": "TQQQ",
    "ovrs_excg_cd": "NASD",
    "sll_buy_dvsn_cd": "02",
    "ft_ord_qty": "97",
    "ft_ord_unpr3": "51.23000000",
    "ft_ccld_qty": "36",
    "nccs_qty": "61",
    "ord_tmd": "183107",
}


def _filled_price(row: Mapping[str, Any]) -> Decimal | None:
    listed, amount = literal(row.get("ft_ccld_unpr3")), literal(row.get("ft_ccld_amt3"))
    filled = literal(row.get("ft_ccld_qty"))
    return listed or (amount / filled if amount and filled else None)


def _ratio(row: Mapping[str, Any]) -> Decimal | None:
    hundredths = literal(row.get("stck_alct_rt"))
    return None if hundredths is None else hundredths / 100


def _book_side(name: str, start: int) -> dict[str, str]:
    step = -1 if name == "bid" else 1
    levels = {f"p{name}{n}": f"{start + step * n}.{n:02d}00" for n in range(1, 11)}
    return levels | {f"v{name}{n}": str(start * 10 + n) for n in range(1, 11)}


def _read_book(row: dict[str, Any]) -> object:
    return prices.book(row, row, "", Exchange.NASDAQ)


BOOK = {"dymd": "20261008", "dhms": "003215", **_book_side("bid", 77), **_book_side("ask", 78)}
LEVELS = frozenset(range(1, 11))
RIGHT = {
    "bass_dt": "20261102",
    "acpl_bass_dt": "20261101",
    "rght_type_cd": "14",
    "pdno": "SOXL",
    "prdt_name": "디렉시온",
    "stck_alct_rt": "1500.000000000000",
    "crcy_cd": "USD",
    "alct_frcr_unpr": "0.41000",
    "stkp_dvdn_frcr_amt2": "0.32000",
    "dfnt_yn": "Y",
}
QUOTE = {"last": "77.0200", "base": "77.1900", "tvol": "102849472"}
BAR = {"open": "77.6100", "high": "78.6500", "low": "75.9100", "tvol": "89993299"}
PROFITS = {
    "stck_sll_amt_smtl": "936.870000", "stck_buy_amt_smtl": "870.910000", "smtl_fee1": "2.340000",
    "ovrs_rlzt_pfls_tot_amt": "-63.620000",
}  # fmt: skip
KRX = {
    "stck_prpr": "71900", "stck_sdpr": "71500", "stck_oprc": "71600", "stck_hgpr": "72300",
    "stck_lwpr": "71400", "acml_vol": "12345678",
}  # fmt: skip
SETTLED = {
    "prdt_type_cd": "512", "natn_eng_abrv_cd": "US", "tr_mket_name": "나스닥",
    "acpl_sttl_dt": "20261008", "dmst_sttl_dt": "20261009",
}  # fmt: skip
MONEY = (
    "frcr_dncl_amt1", "ustl_buy_amt", "ustl_sll_amt", "frcr_rcvb_amt", "frcr_mgn_amt",
    "frcr_gnrl_ord_psbl_amt", "frcr_ord_psbl_amt1", "itgr_ord_psbl_amt",
)  # fmt: skip
TOTALS = (
    "tot_asst_amt", "evlu_amt_smtl", "tot_evlu_pfls_amt", "tot_dncl_amt", "ustl_buy_amt_smtl",
    "ustl_sll_amt_smtl",
)  # fmt: skip


def _distinct(names: tuple[str, ...], start: int) -> dict[str, str]:
    return {name: f"{start + place}.{place + 1:02d}" for place, name in enumerate(names)}


CASES: dict[str, Case] = {
    "orders.receipt": Case(
        read=lambda row: orders.receipt({"output": row}),
        sample={"KRX_FWDG_ORD_ORGNO": "01790", "ODNO": "0000004711", "ORD_TMD": "183107"},
    ),
    "orders.order_row": Case(
        read=lambda row: orders.order_row(row, None),
        sample=TRADED
        | {
            "rvse_cncl_dvsn": "00",
            "ft_ccld_unpr3": "51.18000000",
            "ft_ccld_amt3": "1842.48000",
            "prcs_stat_name": "완료",
            "rjct_rson_name": "사유",
            "dmst_ord_dt": "20261008",
            "mdia_dvsn_name": "OpenAPI",
        },
        made={"filled_price": _filled_price},
    ),
    "orders.open_order": Case(read=orders.open_order, sample=TRADED | {"rvse_cncl_dvsn_cd": "00"}),
    "orders.reservation": Case(
        read=orders.reservation,
        sample={
            "cncl_yn": "N",
            "rsvn_ord_rcit_dt": "20261006",
            "ovrs_rsvn_odno": "0000000812",
            "ord_dt": "20261007",
            "odno": "0000004711",
            "ord_rcit_tmd": "101502",
            "ovrs_rsvn_ord_stat_cd_name": "전송",
            "pdno": "TQQQ",
            "sll_buy_dvsn_cd": "01",
            "ovrs_excg_cd": "AMEX",
            "ft_ord_qty": "97",
            "ft_ord_unpr3": "51.23000000",
            "ft_ccld_qty": "36",
            "nprc_rson_text": "사유",
        },
    ),
    "account.holding": Case(
        read=account.holding,
        sample={
            "ovrs_pdno": "TQQQ",
            "ovrs_excg_cd": "NASD",
            "ovrs_cblc_qty": "97",
            "ord_psbl_qty": "36",
            "pchs_avg_pric": "51.2301",
            "now_pric2": "52.130000",
        },
    ),
    "account.buying_power": Case(
        read=account.buying_power,
        sample={
            "ord_psbl_frcr_amt": "20.96",
            "ovrs_ord_psbl_amt": "54.44",
            "frcr_ord_psbl_amt1": "53.330000",
            "max_ord_psbl_qty": "7",
            "exrt": "1390.5000000000",
        },
    ),
    "account.present_holding": Case(
        read=account.present_holding,
        sample={
            "pdno": "TQQQ",
            "ovrs_excg_cd": "NASD",
            "ccld_qty_smtl1": "97",
            "cblc_qty13": "61",
            "ord_psbl_qty1": "88",
            "thdt_buy_ccld_qty1": "41",
            "thdt_sll_ccld_qty1": "5",
            "avg_unpr3": "51.2301",
            "ovrs_now_pric1": "52.13000",
            "frcr_pchs_amt": "4969.31970",
            "frcr_evlu_amt2": "5056.610000",
            "evlu_pfls_amt2": "-87.29030",
            "evlu_pfls_rt1": "-1.75657600",
            "buy_crcy_cd": "USD",
            "bass_exrt": "1390.50000000",
        },
    ),
    "account.currency_cash": Case(
        read=account.currency_cash,
        sample={
            "crcy_cd": "USD",
            "frcr_dncl_amt_2": "-2041.310000",
            "frcr_drwg_psbl_amt_1": "1999.010000",
            "nxdy_frcr_drwg_psbl_amt": "1777.020000",
            "frcr_buy_amt_smtl": "311.520000",
            "frcr_sll_amt_smtl": "415.730000",
            "frst_bltn_exrt": "1388.10000000",
        },
    ),
    "account.krw_totals": Case(read=account.krw_totals, sample=_distinct(TOTALS, 27_810_000)),
    "account.settled_holding": Case(
        read=account.settled_holding,
        sample={
            "pdno": "SOXL",
            "ovrs_excg_cd": "AMEX",
            "cblc_qty13": "61",
            "ord_psbl_qty1": "58",
            "avg_unpr3": "21.2301",
            "frcr_pchs_amt": "1295.03610",
            "buy_crcy_cd": "USD",
        },
    ),
    "account.realized_profit": Case(
        read=account.realized_profit,
        sample={
            "trad_day": "20261008",
            "ovrs_pdno": "TQQQ",
            "ovrs_excg_cd": "NASD",
            "slcl_qty": "17",
            "pchs_avg_pric": "51.2301",
            "frcr_pchs_amt1": "870.91170",
            "avg_sll_unpr": "55.1100",
            "frcr_sll_amt_smtl1": "936.870000",
            "stck_sll_tlex": "2.340000",
            "ovrs_rlzt_pfls_amt": "-63.61830",
            "pftrt": "-7.30479000",
        },
    ),
    "account.profit_totals": Case(read=account.profit_totals, sample=PROFITS),
    "account.transaction": Case(
        read=account.transaction,
        sample={
            "trad_dt": "20261007",
            "sttl_dt": "20261008",
            "sll_buy_dvsn_cd": "02",
            "pdno": "TQQQ",
            "ccld_qty": "17",
            "ft_ccld_unpr2": "51.180000",
            "tr_frcr_amt2": "870.06000",
            "frcr_excc_amt_1": "872.235150",
            "dmst_frcr_fee1": "2.170000",
            "frcr_fee1": "0.005150",
            "crcy_cd": "USD",
            "erlm_exrt": "1390.50000000",
        },
    ),
    "account.margin": Case(
        read=account.margin,
        sample=_distinct(MONEY, 20_000)
        | {"natn_name": "미국", "crcy_cd": "USD", "bass_exrt": "1390.50000000"},
    ),
    "prices.quote": Case(read=lambda row: prices.quote(row, "", Exchange.NASDAQ), sample={**QUOTE}),
    "prices.detail": Case(
        read=lambda row: prices.detail(row, "", Exchange.NASDAQ),
        sample=QUOTE
        | BAR
        | {
            "tvol": "102849472",
            "e_hogau": "0.0100",
            "t_rate": "1390.50",
            "h52p": "100.9000",
            "l52p": "54.9600",
            "e_ordyn": "매매 가능",
        },
    ),
    "prices.book": Case(
        read=_read_book,
        sample=BOOK,
        also={
            f"{side}s.{part}": frozenset(f"{part[0].replace('q', 'v')}{side}{n}" for n in LEVELS)
            for side in ("bid", "ask")
            for part in ("price", "quantity")
        },
    ),
    "prices.domestic_quote": Case(read=lambda row: prices.domestic_quote(row, ""), sample=KRX),
    "prices.daily_bar": Case(
        read=prices.daily_bar, sample=BAR | {"xymd": "20261007", "clos": "77.0200"}
    ),
    "prices.minute_bar": Case(
        read=lambda row: prices.minute_bar(row, "", 5, NOW),
        sample=BAR | {"xymd": "20261007", "xhms": "093500", "last": "77.0200", "evol": "46519"},
        made={"minutes": lambda _: 5},
    ),
    "listings.symbol_info": Case(
        read=lambda row: listings.symbol_info(row, ""),
        sample={
            "std_pdno": "US74347X8314",
            "prdt_eng_name": "PROSHARES",
            "ovrs_excg_cd": "NASD",
            "tr_crcy_cd": "USD",
            "ovrs_stck_dvsn_cd": "03",
            "ovrs_stck_tr_stop_dvsn_cd": "01",
            "lstg_abol_item_yn": "N",
            "lstg_yn": "Y",
            "prdt_name": "프로셰어즈",
            "ovrs_item_name": "프로셰어즈 ETF",
            "dtm_tr_psbl_yn": "Y",
        },
        also={"name": frozenset({"ovrs_item_name"})},
    ),
    "listings.settlement": Case(read=listings.settlement, sample=SETTLED),
    "listings.right": Case(
        read=listings.right,
        sample=RIGHT,
        made={"ratio": _ratio},
        also={"cash": frozenset({"stkp_dvdn_frcr_amt2"})},
    ),
}
