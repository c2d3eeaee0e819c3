"""The requests of other people's clients and bots, where they differ from KIS's own samples.

Facts read in mojito2 0.1.6, python-kis 2.1.6 and a live bot (pipios4006-boop's), written anew.
"""

from typing import Any

import pytest

from tests.kis.peers.official import PRICES, TRADING
from tests.kis.simulator.desk import ACCOUNT, Desk, running

QUOTE = {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"}
BALANCE = {"TR_CRCY_CD": "USD", "CTX_AREA_FK200": "", "CTX_AREA_NK200": ""}
ORDERED = {"ORD_SVR_DVSN_CD": "0", "ORD_DVSN": "34"}
BUY = ACCOUNT | {"OVRS_EXCG_CD": "NASD", "PDNO": "TQQQ", "ORD_QTY": "2", "OVRS_ORD_UNPR": "51.5"}


def mojito(desk: Desk, tr_id: str) -> dict[str, str]:
    """No customer type, no paging mark, and another spelling of the keys."""
    return {
        "content-type": "application/json",
        "authorization": f"Bearer {desk.token}",
        "appKey": desk.config.app_key,
        "appSecret": desk.config.app_secret,
        "tr_id": tr_id,
    }


def live_bot(desk: Desk, tr_id: str) -> dict[str, str]:
    """No paging mark, not even with the keys of a next page."""
    return {
        "content-type": "application/json; charset=utf-8",
        "authorization": f"Bearer {desk.token}",
        "appkey": desk.config.app_key,
        "appsecret": desk.config.app_secret,
        "tr_id": tr_id,
        "custtype": "P",
    }


async def asked(desk: Desk, path: str, headers: dict[str, str], **query: str) -> dict[str, Any]:
    status, body, answered = await desk.request("GET", path, params=query, headers=headers)
    assert status == 200, body
    return body | {"tr_cont": answered["tr_cont"]}


@pytest.mark.parametrize(
    ("path", "tr_id", "query"),
    [
        (f"/{PRICES}/price", "HHDFS00000300", QUOTE),
        (f"/{PRICES}/dailyprice", "HHDFS76240000", QUOTE | {"GUBN": "0", "BYMD": "", "MODP": "1"}),
        (f"/{TRADING}/inquire-balance", "TTTS3012R", ACCOUNT | BALANCE | {"OVRS_EXCG_CD": "NAS"}),
        (f"/{TRADING}/inquire-balance", "JTTT3012R", ACCOUNT | BALANCE | {"OVRS_EXCG_CD": "NASD"}),
        (
            f"/{TRADING}/inquire-present-balance",
            "CTRP6504R",
            ACCOUNT
            | {
                "WCRC_FRCR_DVSN_CD": "02",
                "NATN_CD": "840",
                "TR_MKET_CD": "01",
                "INQR_DVSN_CD": "00",
            },
        ),
    ],
)
async def test_mojitos_inquiries_are_answered_with_doubled_slashes_and_old_ids(
    path: str, tr_id: str, query: dict[str, str]
) -> None:
    async with running() as desk:
        assert (await asked(desk, path, mojito(desk, tr_id), **query))["rt_cd"] == "0"


async def test_mojito_asks_for_the_ledger_of_day_or_night_before_a_balance() -> None:
    async with running() as desk:
        answer = await asked(desk, f"/{TRADING}/dayornight", mojito(desk, "JTTT3010R"))
        assert answer["output"]["PSBL_YN"] == "N"


@pytest.mark.parametrize(
    ("tr_id", "division"), [("JTTT1002U", "34"), ("JTTT1002U", "00"), ("VTTT1002U", "00")]
)
async def test_mojitos_order_has_eight_fields_and_a_hashkey(tr_id: str, division: str) -> None:
    async with running() as desk:
        await desk.go("open")  # 모의투자 takes no order before
        body = BUY | ORDERED | {"ORD_DVSN": division}
        headers = mojito(desk, tr_id)
        _, hashed, _ = await desk.request("POST", "/uapi/hashkey", json=body, headers=headers)
        _, answer, _ = await desk.request(
            "POST", f"{TRADING}/order", json=body, headers=headers | {"hashkey": hashed["HASH"]}
        )
        assert answer["rt_cd"] == "0"
        assert answer["output"]["ODNO"].isdigit()


async def test_python_kis_sends_the_keys_of_a_page_in_lower_case() -> None:
    async with running() as desk:
        await desk.order("buy", "34", 1, "40.00")
        query = ACCOUNT | {"OVRS_EXCG_CD": "NASD", "SORT_SQN": "DS"}
        query |= {"ctx_area_fk200": "", "ctx_area_nk200": ""}
        headers = live_bot(desk, "TTTS3018R")
        answer = await asked(desk, f"{TRADING}/inquire-nccs", headers, **query)
        assert len(answer["output"]) == 1


async def test_a_live_bots_loc_order_is_taken_without_contact_or_kind_of_sale() -> None:
    async with running() as desk:
        body = BUY | ORDERED
        headers = live_bot(desk, "TTTT1002U")
        _, answer, _ = await desk.request("POST", f"{TRADING}/order", json=body, headers=headers)
        assert answer["output"]["ODNO"].isdigit()
        query = ACCOUNT | {
            "PDNO": "TQQQ",
            "ORD_STRT_DT": "20261006",
            "ORD_END_DT": "20261007",
            "SLL_BUY_DVSN": "00",
            "CCLD_NCCS_DVSN": "00",
            "OVRS_EXCG_CD": "NASD",
            "SORT_SQN": "DS",
            "ORD_DT": "",
            "ORD_GNO_BRNO": "",
            "ODNO": "",
            "CTX_AREA_FK200": "",
            "CTX_AREA_NK200": "",
        }
        headers = live_bot(desk, "TTTS3035R")
        rows = (await asked(desk, f"{TRADING}/inquire-ccnl", headers, **query))["output"]
        assert [(row["pdno"], row["ft_ord_qty"]) for row in rows] == [("TQQQ", "2")]
        cancel = ACCOUNT | {
            "OVRS_EXCG_CD": "NASD",
            "PDNO": "TQQQ",
            "ORGN_ODNO": rows[0]["odno"],
            "RVSE_CNCL_DVSN_CD": "02",
            "ORD_QTY": "0",
            "OVRS_ORD_UNPR": "0",
            "ORD_SVR_DVSN_CD": "0",
        }
        headers = live_bot(desk, "TTTT1004U")
        _, gone, _ = await desk.request(
            "POST", f"{TRADING}/order-rvsecncl", json=cancel, headers=headers
        )
        assert gone["rt_cd"] == "0"


async def test_a_live_bots_market_order_for_the_close_has_a_price_of_nought() -> None:
    async with running() as desk:
        await desk.go("open")
        await desk.order("buy", "00", 5, "55.00")
        body = BUY | ORDERED | {"ORD_DVSN": "33", "OVRS_ORD_UNPR": "0", "ORD_QTY": "2"}
        headers = live_bot(desk, "TTTT1006U")
        _, answer, _ = await desk.request("POST", f"{TRADING}/order", json=body, headers=headers)
        assert answer["rt_cd"] == "0"


async def test_a_live_bots_wrong_kind_of_order_is_refused_in_words() -> None:
    """Its LOO is 02, which KIS does not know."""
    async with running() as desk:
        body = BUY | ORDERED | {"ORD_DVSN": "02"}
        headers = live_bot(desk, "TTTT1002U")
        _, answer, _ = await desk.request("POST", f"{TRADING}/order", json=body, headers=headers)
        assert (answer["rt_cd"], answer["msg_cd"]) == ("7", "APBK1269")


@pytest.mark.parametrize(("product", "found"), [("512", True), ("513", False), ("529", False)])
async def test_a_live_bot_finds_the_exchange_by_trying_three_product_types(
    product: str, *, found: bool
) -> None:
    async with running() as desk:
        headers = live_bot(desk, "CTPF1702R")
        query = {"PRDT_TYPE_CD": product, "PDNO": "TQQQ"}
        answer = await asked(desk, f"{PRICES}/search-info", headers, **query)
        assert (answer["rt_cd"] == "0") is found
        if found:
            assert answer["output"]["ovrs_excg_cd"] == "NASD"


async def test_python_kis_reads_a_us_symbol_from_the_domestic_product_page() -> None:
    async with running() as desk:
        path = "/uapi/domestic-stock/v1/quotations/search-info"
        headers = live_bot(desk, "CTPF1604R")
        answer = await asked(desk, path, headers, PDNO="TQQQ", PRDT_TYPE_CD="512")
        assert (answer["output"]["shtn_pdno"], answer["output"]["prdt_type_cd"]) == ("TQQQ", "512")
        answer = await asked(desk, path, headers, PDNO="TQQQ", PRDT_TYPE_CD="529")
        assert answer["rt_cd"] != "0"


async def test_kis_trader_lists_the_reservations_of_asia_as_well() -> None:
    async with running() as desk:
        body = ACCOUNT | {"PDNO": "TQQQ", "OVRS_EXCG_CD": "NASD"}
        await desk.post(
            "/order-resv", "TTTT3014U", body | {"FT_ORD_QTY": "1", "FT_ORD_UNPR3": "45"}
        )
        query = ACCOUNT | {
            "INQR_STRT_DT": "20261007",
            "INQR_END_DT": "20261007",
            "INQR_DVSN_CD": "00",
            "PRDT_TYPE_CD": "",
            "OVRS_EXCG_CD": "",
            "CTX_AREA_FK200": "",
            "CTX_AREA_NK200": "",
        }
        path = f"{TRADING}/order-resv-list"
        for tr_id, found in (("TTTT3039R", 1), ("TTTS3014R", 0)):
            answer = await asked(desk, path, live_bot(desk, tr_id), **query)
            assert len(answer["output"]) == found
