"""Every call that is served, held against KIS's own list: paths, TR ids, fields in and out."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kis.simulator.desks.protocol import Route
from kis.simulator.desks.quotes import Quotes
from kis.simulator.desks.routes import DOMESTIC, kis_routes
from kis.simulator.domestic import Domestic
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.market import Market
from kis.simulator.model import Split
from kis.simulator.reservations import Reservations
from kis.simulator.store import Store
from kis.simulator.timetable import Timetable
from tests.kis.counter import SHARED

from .desk import ACCOUNT, PRICES, TRADING, Desk, ccnl_query, order_body, quick, running, week

CONTRACT = SHARED / "kis-contract" / "endpoints.json"
pytestmark = pytest.mark.skipif(
    not CONTRACT.is_file(), reason="the shared contract is not beside the repository"
)
TR_ID = re.compile(r"\b[A-Z]{4,5}[A-Z0-9]{4,9}\b")
ENVELOPE = {"rt_cd", "msg_cd", "msg1"}
# Ids of the Asian markets, which are not served.
ASIA = {"TTTS3013U", "VTTS3013U"}
# In KIS's list of overseas calls no more, or never: a question of older clients, and KRX's quotes.
UNLISTED = ("/dayornight", f"{DOMESTIC}/")
# Required by KIS's table and left out by clients that KIS serves, or meant for Asia alone.
PAGE = {"CTX_AREA_FK200", "CTX_AREA_NK200"}
LEFT_OUT = {
    "order-resv": {"PRDT_TYPE_CD", "RVSE_CNCL_DVSN_CD"},
    "order-resv-ccnl": {"RSYN_ORD_RCIT_DT"},
    "order-resv-list": PAGE,
    "inquire-nccs": PAGE,
    "inquire-period-profit": PAGE,
    "inquire-period-trans": {"CTX_AREA_FK100", "CTX_AREA_NK100"},
    "trading/inquire-ccnl": PAGE | {"ORD_DT", "ORD_GNO_BRNO", "ODNO"},
    "daytime-order-rvsecncl": {"CTAC_TLNO", "MGCO_APTM_ODNO", "ORD_SVR_DVSN_CD"},
    "quotations/inquire-ccnl": {"AUTH", "KEYB", "TDAY"},
    "price": {"AUTH"},
    "price-detail": {"AUTH"},
    "inquire-asking-price": {"AUTH"},
    "dailyprice": {"AUTH", "GUBN", "BYMD", "MODP"},
    "inquire-time-itemchartprice": {"AUTH", "FILL", "KEYB", "NEXT", "NREC", "PINC"},
    "period-rights": {"CTX_AREA_FK50", "CTX_AREA_NK50"},
    "countries-holiday": {"CTX_AREA_FK", "CTX_AREA_NK"},
}
# Shown by KIS for the Asian markets alone, or in a later list than its table of the call.
NOT_SHOWN = {
    "order-resv": {"RSVN_ORD_RCIT_DT", "OVRS_RSVN_ODNO"},
    "search-info": {"sgle_item_lvrg_etp_yn"},
}


@dataclass(frozen=True)
class Listed:
    """One call of KIS's list."""

    method: str
    path: str
    real: frozenset[str]
    mock: frozenset[str]
    required: frozenset[str]
    shown: frozenset[str]

    def __str__(self) -> str:
        return self.path.removeprefix("/uapi/overseas-")


def listed() -> dict[str, Listed]:
    if not CONTRACT.is_file():
        return {}
    raw = json.loads(CONTRACT.read_text(encoding="utf-8"))["endpoints"]
    return {
        one["path"]: Listed(
            one["method"],
            one["path"],
            frozenset(TR_ID.findall(one["real_tr_id"])) - ASIA,
            frozenset(TR_ID.findall(one["virtual_tr_id"])) - ASIA,
            frozenset(one["required_query"]) | frozenset(one["required_body"]),
            frozenset(one["response_body_fields"]),
        )
        for one in raw
        if one["kind"] != "websocket"
    }


def routes() -> list[Route]:
    sessions = week(2)
    exchange = Exchange(
        market=Market(7, {}),
        timetable=Timetable(sessions),
        store=Store(None),
        cash=Decimal(0),
        fee_percent=Decimal(0),
        lag=timedelta(0),
        start=datetime(2026, 10, 7, 9, tzinfo=UTC),
    )
    reservations = Reservations(exchange, Store(None))
    krx = Domestic(7, ("005930",), sessions[0].day, sessions[-1].day)
    return kis_routes(exchange, reservations, Quotes(exchange, {}), Faults(), {}, domestic=krx)


def of(path: str, table: dict[str, set[str]]) -> set[str]:
    """Find a path's entry by its last name, or its last two where one is not enough."""
    parts = path.rsplit("/", 2)
    return table.get(f"{parts[1]}/{parts[2]}", table.get(parts[2], set()))


LISTED = listed()
ROUTES = [route for route in routes() if not any(word in route.path for word in UNLISTED)]


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_path_method_and_ids_are_kis_own(route: Route) -> None:
    entry = LISTED[route.path]
    assert route.method == entry.method
    real = {tr_id for tr_id, mock in route.trs.items() if not mock}
    mock = {tr_id for tr_id, mock in route.trs.items() if mock}
    assert real >= entry.real
    # Beside them stand the night ledger's ids of earlier tables alone.
    assert all(tr_id.startswith("J") for tr_id in real - entry.real)
    if route.shared:
        assert entry.mock == entry.real
        return
    assert mock >= entry.mock
    assert bool(mock) is bool(entry.mock)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.path)
def test_what_is_required_is_required_by_kis_and_what_is_left_out_is_named(route: Route) -> None:
    required = LISTED[route.path].required
    assert set(route.required) == required - of(route.path, LEFT_OUT)
    assert required >= of(route.path, LEFT_OUT)


SYMBOL = {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"}
PERIOD = {"INQR_STRT_DT": "20261001", "INQR_END_DT": "20261130"}
CTX200 = dict.fromkeys(("CTX_AREA_FK200", "CTX_AREA_NK200"), "")
CTX100 = dict.fromkeys(("CTX_AREA_FK100", "CTX_AREA_NK100"), "")
WHOLE = {"WCRC_FRCR_DVSN_CD": "02", "NATN_CD": "840", "TR_MKET_CD": "00", "INQR_DVSN_CD": "00"}
HOLIDAYS = "/uapi/overseas-stock/v1/quotations/countries-holiday"
CHART = {
    "FID_COND_MRKT_DIV_CODE": "X",
    "FID_INPUT_ISCD": "FX@KRW",
    "FID_INPUT_DATE_1": "20260901",
    "FID_INPUT_DATE_2": "20261009",
    "FID_PERIOD_DIV_CODE": "D",
}
READS: dict[str, tuple[str, dict[str, str]]] = {
    f"{TRADING}/inquire-ccnl": ("TTTS3035R", ccnl_query()),
    f"{TRADING}/inquire-nccs": (
        "TTTS3018R", ACCOUNT | CTX200 | {"OVRS_EXCG_CD": "NASD", "SORT_SQN": "DS"},
    ),
    f"{TRADING}/inquire-balance": (
        "TTTS3012R", ACCOUNT | CTX200 | {"OVRS_EXCG_CD": "NASD", "TR_CRCY_CD": "USD"},
    ),
    f"{TRADING}/inquire-psamount": (
        "TTTS3007R",
        ACCOUNT | {"OVRS_EXCG_CD": "NASD", "OVRS_ORD_UNPR": "50", "ITEM_CD": "TQQQ"},
    ),
    f"{TRADING}/inquire-present-balance": ("CTRP6504R", ACCOUNT | WHOLE),
    f"{TRADING}/inquire-paymt-stdr-balance": (
        "CTRP6010R",
        ACCOUNT | {"BASS_DT": "20261012", "WCRC_FRCR_DVSN_CD": "02", "INQR_DVSN_CD": "00"},
    ),
    f"{TRADING}/foreign-margin": ("TTTC2101R", ACCOUNT),
    f"{TRADING}/inquire-period-profit": (
        "TTTS3039R",
        ACCOUNT | CTX200 | PERIOD | {
            "OVRS_EXCG_CD": "NASD", "NATN_CD": "", "CRCY_CD": "USD", "PDNO": "",
            "WCRC_FRCR_DVSN_CD": "01",
        },
    ),
    f"{TRADING}/inquire-period-trans": (
        "CTOS4001R",
        ACCOUNT | CTX100 | {
            "ERLM_STRT_DT": "20261001", "ERLM_END_DT": "20261130", "OVRS_EXCG_CD": "",
            "PDNO": "", "SLL_BUY_DVSN_CD": "00", "LOAN_DVSN_CD": "",
        },
    ),
    f"{TRADING}/order-resv-list": (
        "TTTT3039R",
        ACCOUNT | CTX200 | PERIOD | {
            "INQR_DVSN_CD": "00", "PRDT_TYPE_CD": "", "OVRS_EXCG_CD": "NASD",
        },
    ),
    f"{PRICES}/price": ("HHDFS00000300", SYMBOL),
    f"{PRICES}/price-detail": ("HHDFS76200200", SYMBOL),
    f"{PRICES}/inquire-asking-price": ("HHDFS76200100", SYMBOL),
    f"{PRICES}/inquire-ccnl": ("HHDFS76200300", SYMBOL | {"TDAY": "1", "KEYB": ""}),
    f"{PRICES}/dailyprice": (
        "HHDFS76240000", SYMBOL | {"GUBN": "0", "BYMD": "", "MODP": "0"},
    ),
    f"{PRICES}/inquire-time-itemchartprice": (
        "HHDFS76950200",
        SYMBOL | {
            "NMIN": "1", "PINC": "1", "NEXT": "", "NREC": "120", "FILL": "", "KEYB": "",
        },
    ),
    f"{PRICES}/search-info": ("CTPF1702R", {"PRDT_TYPE_CD": "512", "PDNO": "TQQQ"}),
    f"{PRICES}/period-rights": (
        "CTRGT011R",
        PERIOD | {
            "RGHT_TYPE_CD": "%%", "INQR_DVSN_CD": "02", "PDNO": "", "PRDT_TYPE_CD": "",
            "CTX_AREA_FK50": "", "CTX_AREA_NK50": "",
        },
    ),
    f"{PRICES}/rights-by-ice": (
        "HHDFS78330900", {"NCOD": "US", "SYMB": "TQQQ", "ST_YMD": "", "ED_YMD": ""},
    ),
    f"{PRICES}/inquire-daily-chartprice": ("FHKST03030100", CHART),
    HOLIDAYS: ("CTOS5011R", {"TRAD_DT": "20261007", "CTX_AREA_NK": "", "CTX_AREA_FK": ""}),
}  # fmt: skip


async def traded(desk: Desk) -> None:
    """Buy ten, sell four a day later, leave a split ahead, a reservation and an open order."""
    await desk.order("buy", "34", 10, "60.00")
    await desk.go("2026-10-08T05:00-04:00")
    await desk.ask_token()
    await desk.order("sell", "34", 4, "40.00")
    await desk.go("2026-10-08T22:00-04:00")
    body = ACCOUNT | {
        "PDNO": "TQQQ", "OVRS_EXCG_CD": "NASD", "FT_ORD_QTY": "1", "FT_ORD_UNPR3": "45.00",
    }  # fmt: skip
    assert (await desk.post("/order-resv", "TTTT3014U", body))["rt_cd"] == "0"
    await desk.go("2026-10-09T04:30-04:00")
    await desk.order("buy", "00", 1, "1.00")


def names_of(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for one in value:
            yield from names_of(one)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names_of(inner)


def texts_of(value: object) -> Iterator[object]:
    if isinstance(value, list):
        for one in value:
            yield from texts_of(one)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_of(inner)
    else:
        yield value


SPLITS = (Split("TQQQ", week()[5].day, 2, 1),)


@pytest.mark.parametrize("path", READS)
async def test_every_field_of_kis_table_is_shown_as_text(path: str) -> None:
    tr_id, query = READS[path]
    async with running(quick(splits=SPLITS)) as desk:
        await traded(desk)
        answer, _ = await desk.get(path, tr_id, query)
    assert answer["rt_cd"] == "0", answer
    shown = {name.lower() for name in names_of(answer)}
    wanted = {name.lower() for name in LISTED[path].shown - of(path, NOT_SHOWN)}
    assert shown >= wanted
    assert all(isinstance(text, str) for text in texts_of(answer))


async def test_every_read_is_asked() -> None:
    assert {route.path for route in ROUTES if not route.orders} == set(READS)


@pytest.mark.parametrize(
    "path", [f"{TRADING}/order", f"{TRADING}/order-rvsecncl", f"{TRADING}/order-resv",
             f"{TRADING}/order-resv-ccnl", f"{TRADING}/daytime-order",
             f"{TRADING}/daytime-order-rvsecncl"]
)  # fmt: skip
async def test_every_field_of_a_receipt_is_shown(path: str) -> None:
    async with running() as desk:
        answer = await receipt(desk, path.removeprefix(TRADING))
    shown = {name.lower() for name in names_of(answer)}
    wanted = {name.lower() for name in LISTED[path].shown - of(path, NOT_SHOWN)}
    assert answer["rt_cd"] == "0", answer
    assert shown >= wanted


async def receipt(desk: Desk, path: str) -> dict[str, Any]:
    """Send what a path takes, at an hour when it takes it."""
    order = order_body("00", 1, "45.00")
    if path == "/order":
        return await desk.post(path, "TTTT1002U", order)
    if path == "/order-rvsecncl":
        placed = await desk.post("/order", "TTTT1002U", order)
        return await desk.change(placed["output"]["ODNO"])
    if path.startswith("/order-resv"):
        body = ACCOUNT | {"PDNO": "TQQQ", "OVRS_EXCG_CD": "NASD", "FT_ORD_QTY": "1"}
        taken = await desk.post("/order-resv", "TTTT3014U", body | {"FT_ORD_UNPR3": "45.00"})
        if path == "/order-resv":
            return taken
        gone = ACCOUNT | {"RSVN_ORD_RCIT_DT": "20261007"}
        gone["OVRS_RSVN_ODNO"] = taken["output"]["ODNO"]
        return await desk.post(path, "TTTT3017U", gone)
    await desk.go("2026-10-07T21:00-04:00")
    placed = await desk.post("/daytime-order", "TTTS6036U", order)
    if path == "/daytime-order":
        return placed
    body = order | {
        "ORGN_ODNO": placed["output"]["ODNO"], "RVSE_CNCL_DVSN_CD": "02", "OVRS_ORD_UNPR": "0",
    }  # fmt: skip
    return await desk.post(path, "TTTS6038U", body)
