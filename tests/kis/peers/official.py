"""The requests of KIS's own samples (koreainvestment/open-trading-api), and how they read answers.

Facts only, written anew as a table: path, TR ids, the keys sent and what is done with each part of
the answer. The samples make a named tuple of the body and of every lower-case header, and frames of
the outputs, so keys must be names, and an output must be what the sample takes it for.
"""

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from tests.kis.simulator.desk import ACCOUNT, Desk

STOCK = "/uapi/overseas-stock/v1"
TRADING = f"{STOCK}/trading"
PRICES = "/uapi/overseas-price/v1/quotations"
OBJECT, ROWS, EITHER = "an object", "rows", "an object or rows"
NAMES: frozenset[str] = frozenset({"rt_cd", "msg_cd", "msg1"})
# Days around the week in which the table's market trades.
START, END = "20261005", "20261009"
# What the sample sends with every call, besides the keys; `charset` is a header of its own there.
BASE_HEADERS = {
    "Content-Type": "application/json",
    "Accept": "text/plain",
    "charset": "UTF-8",
    "User-Agent": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """One call of a sample; `page` names KIS's field table, `mock` is None where not offered."""

    page: str
    path: str
    real: str
    mock: str | None = None
    method: str = "GET"
    fields: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, str]
    paged: int = 0

    def __str__(self) -> str:
        return self.real


def ctx(width: int) -> dict[str, str]:
    return {f"CTX_AREA_FK{width}": "", f"CTX_AREA_NK{width}": ""}


QUOTED = MappingProxyType({"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"})
ONE = MappingProxyType({"output": EITHER})

READS = (
    Shape(
        page="해외주식_잔고",
        path=f"{TRADING}/inquire-balance",
        real="TTTS3012R",
        mock="VTTS3012R",
        fields=ACCOUNT | {"OVRS_EXCG_CD": "NASD", "TR_CRCY_CD": "USD"},
        outputs={"output1": EITHER, "output2": EITHER},
        paged=200,
    ),
    Shape(
        page="해외주식_주문체결내역",
        path=f"{TRADING}/inquire-ccnl",
        real="TTTS3035R",
        mock="VTTS3035R",
        fields=ACCOUNT
        | {
            "PDNO": "",
            "ORD_STRT_DT": START,
            "ORD_END_DT": END,
            "SLL_BUY_DVSN": "00",
            "CCLD_NCCS_DVSN": "00",
            "OVRS_EXCG_CD": "",
            "SORT_SQN": "DS",
            "ORD_DT": "",
            "ORD_GNO_BRNO": "",
            "ODNO": "",
        },
        outputs={**ONE},
        paged=200,
    ),
    Shape(
        page="해외주식_미체결내역",
        path=f"{TRADING}/inquire-nccs",
        real="TTTS3018R",
        fields=ACCOUNT | {"OVRS_EXCG_CD": "NASD", "SORT_SQN": "DS"},
        outputs={**ONE},
        paged=200,
    ),
    Shape(
        page="해외주식_체결기준현재잔고",
        path=f"{TRADING}/inquire-present-balance",
        real="CTRP6504R",
        mock="VTRP6504R",
        fields=ACCOUNT
        | {
            "WCRC_FRCR_DVSN_CD": "02",
            "NATN_CD": "000",
            "TR_MKET_CD": "00",
            "INQR_DVSN_CD": "00",
        },
        outputs={"output1": EITHER, "output2": EITHER, "output3": EITHER},
    ),
    Shape(
        page="해외주식_결제기준잔고",
        path=f"{TRADING}/inquire-paymt-stdr-balance",
        real="CTRP6010R",
        fields=ACCOUNT | {"BASS_DT": "20261008", "WCRC_FRCR_DVSN_CD": "01", "INQR_DVSN_CD": "00"},
        outputs={"output1": ROWS, "output2": ROWS, "output3": OBJECT},
    ),
    Shape(
        page="해외주식_매수가능금액조회",
        path=f"{TRADING}/inquire-psamount",
        real="TTTS3007R",
        mock="VTTS3007R",
        fields=ACCOUNT | {"OVRS_EXCG_CD": "NASD", "OVRS_ORD_UNPR": "1.4", "ITEM_CD": "TQQQ"},
        outputs={"output": OBJECT},
    ),
    Shape(
        page="해외주식_기간손익",
        path=f"{TRADING}/inquire-period-profit",
        real="TTTS3039R",
        fields=ACCOUNT
        | {
            "OVRS_EXCG_CD": "NASD",
            "NATN_CD": "",
            "CRCY_CD": "USD",
            "PDNO": "",
            "INQR_STRT_DT": START,
            "INQR_END_DT": END,
            "WCRC_FRCR_DVSN_CD": "01",
        },
        outputs={"output1": EITHER, "output2": EITHER},
        paged=200,
    ),
    Shape(
        page="해외주식_일별거래내역",
        path=f"{TRADING}/inquire-period-trans",
        real="CTOS4001R",
        fields=ACCOUNT
        | {
            "ERLM_STRT_DT": START,
            "ERLM_END_DT": END,
            "OVRS_EXCG_CD": "NAS",
            "PDNO": "",
            "SLL_BUY_DVSN_CD": "00",
            "LOAN_DVSN_CD": "",
        },
        outputs={"output1": ROWS, "output2": OBJECT},
        paged=100,
    ),
    Shape(
        page="해외증거금_통화별조회",
        path=f"{TRADING}/foreign-margin",
        real="TTTC2101R",
        fields={**ACCOUNT},
        outputs={"output": ROWS},
    ),
    Shape(
        page="해외주식_예약주문조회",
        path=f"{TRADING}/order-resv-list",
        real="TTTT3039R",
        fields=ACCOUNT
        | {
            "INQR_STRT_DT": START,
            "INQR_END_DT": END,
            "INQR_DVSN_CD": "00",
            "OVRS_EXCG_CD": "NASD",
            "PRDT_TYPE_CD": "",
        },
        outputs={**ONE},
        paged=200,
    ),
    Shape(
        page="해외결제일자조회",
        path=f"{STOCK}/quotations/countries-holiday",
        real="CTOS5011R",
        fields={"TRAD_DT": "20261008", "CTX_AREA_NK": "", "CTX_AREA_FK": ""},
        outputs={**ONE},
    ),
    Shape(
        page="해외주식_현재체결가",
        path=f"{PRICES}/price",
        real="HHDFS00000300",
        mock="HHDFS00000300",
        fields={**QUOTED},
        outputs={"output": OBJECT},
    ),
    Shape(
        page="해외주식_현재가상세",
        path=f"{PRICES}/price-detail",
        real="HHDFS76200200",
        fields={**QUOTED},
        outputs={"output": OBJECT},
    ),
    Shape(
        page="해외주식_기간별시세",
        path=f"{PRICES}/dailyprice",
        real="HHDFS76240000",
        mock="HHDFS76240000",
        fields=QUOTED | {"GUBN": "0", "BYMD": "", "MODP": "1"},
        outputs={"output1": OBJECT, "output2": ROWS},
    ),
    Shape(
        page="해외주식_현재가_호가",
        path=f"{PRICES}/inquire-asking-price",
        real="HHDFS76200100",
        fields={**QUOTED},
        outputs={"output1": OBJECT, "output2": EITHER, "output3": EITHER},
    ),
    Shape(
        page="해외주식분봉조회",
        path=f"{PRICES}/inquire-time-itemchartprice",
        real="HHDFS76950200",
        fields=QUOTED
        | {"NMIN": "5", "PINC": "1", "NEXT": "1", "NREC": "120", "FILL": "", "KEYB": ""},
        outputs={"output1": OBJECT, "output2": ROWS},
    ),
    Shape(
        page="해외주식_상품기본정보",
        path=f"{PRICES}/search-info",
        real="CTPF1702R",
        fields={"PRDT_TYPE_CD": "512", "PDNO": "TQQQ"},
        outputs={"output": OBJECT},
    ),
    Shape(
        page="해외주식_기간별권리조회",
        path=f"{PRICES}/period-rights",
        real="CTRGT011R",
        fields={
            "RGHT_TYPE_CD": "%%",
            "INQR_DVSN_CD": "02",
            "INQR_STRT_DT": START,
            "INQR_END_DT": END,
            "PDNO": "",
            "PRDT_TYPE_CD": "",
        },
        outputs={**ONE},
        paged=50,
    ),
)


def headers_of(desk: Desk, tr_id: str, tr_cont: str = "") -> dict[str, str]:
    keys = {"appkey": desk.config.app_key, "appsecret": desk.config.app_secret}
    call = {"tr_id": tr_id, "custtype": "P", "tr_cont": tr_cont}
    return BASE_HEADERS | keys | {"authorization": f"Bearer {desk.token}"} | call


def parsed(body: dict[str, Any], headers: dict[str, str], shape: Shape) -> dict[str, list[Any]]:
    """Read an answer as the samples do. Raises AssertionError where they would stumble."""
    assert all(name.isidentifier() for name in body), sorted(body)
    assert set(body) >= NAMES
    lower = {name for name in headers if name.islower() and name.isidentifier()}
    assert {"tr_id", "tr_cont", "gt_uid"} <= lower, sorted(headers)
    assert body["rt_cd"] == "0", body
    frames = {}
    for name, kind in shape.outputs.items():
        value = body[name]
        assert isinstance(value, dict if kind == OBJECT else list if kind == ROWS else dict | list)
        rows = [value] if isinstance(value, dict) else value
        assert all(isinstance(cell, str) for row in rows for cell in row.values()), name
        frames[name] = rows
    return frames
