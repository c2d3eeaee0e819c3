"""Paging, empty answers, dates, and field sets equal to KIS's own tables."""

import json
from pathlib import Path
from typing import Any

import pytest

from .desk import ACCOUNT, PRICES, TRADING, Desk, ccnl_query, quick, running

OFFICIAL = Path(__file__).parents[4] / "shared" / "data" / "kis-official"
ENVELOPE = {"rt_cd", "msg_cd", "msg1"}


async def place(desk: Desk, count: int) -> None:
    for _ in range(count):
        assert (await desk.order("buy", "34", 1, "5.00"))["rt_cd"] == "0"


@pytest.mark.parametrize(
    ("tr_id", "sizes", "marks"),
    [("TTTS3035R", [20, 20, 5], "FME"), ("VTTS3035R", [15, 15, 15], "FME")],
)
async def test_45_orders_are_read_in_pages(tr_id: str, sizes: list[int], marks: str) -> None:
    async with running() as desk:
        await place(desk, 45)
        seen: list[str] = []
        fields = {"CTX_AREA_FK200": "", "CTX_AREA_NK200": ""}
        for index, (size, mark) in enumerate(zip(sizes, marks, strict=True)):
            answer, tr_cont = await desk.ccnl(tr_id, "N" if index else "", **fields)
            assert (len(answer["output"]), tr_cont) == (size, mark)
            assert len(answer["ctx_area_nk200"]) == 200
            seen += [row["odno"] for row in answer["output"]]
            fields = {
                "CTX_AREA_FK200": answer["ctx_area_fk200"],
                "CTX_AREA_NK200": answer["ctx_area_nk200"].strip(),
            }
        assert seen == [f"{number:010d}" for number in range(1, 46)]
        assert fields["CTX_AREA_NK200"] == ""


async def test_a_key_without_tr_cont_n_gives_the_first_page_again() -> None:
    async with running() as desk:
        await place(desk, 21)
        first, _ = await desk.ccnl()
        again, mark = await desk.ccnl(CTX_AREA_NK200=first["ctx_area_nk200"])
        assert again["output"] == first["output"]
        assert mark == "F"


async def test_an_order_placed_between_two_pages_moves_no_row() -> None:
    async with running() as desk:
        await place(desk, 21)
        first, _ = await desk.ccnl(SORT_SQN="AS")
        await place(desk, 1)
        second, _ = await desk.ccnl(
            "TTTS3035R", "N", SORT_SQN="AS", CTX_AREA_NK200=first["ctx_area_nk200"]
        )
        assert [row["odno"] for row in second["output"]] == ["0000000001"]


async def test_unfilled_orders_come_forty_a_page() -> None:
    async with running() as desk:
        await place(desk, 45)
        first, mark = await desk.nccs()
        assert (len(first["output"]), mark) == (40, "F")
        second, mark = await desk.nccs("N", CTX_AREA_NK200=first["ctx_area_nk200"])
        assert (len(second["output"]), mark) == (5, "E")


async def test_the_mock_host_has_no_list_of_unfilled_orders() -> None:
    async with running() as desk:
        query = ACCOUNT | {"OVRS_EXCG_CD": "NASD", "SORT_SQN": "DS"}
        query |= {"CTX_AREA_FK200": "", "CTX_AREA_NK200": ""}
        answer, _ = await desk.get(f"{TRADING}/inquire-nccs", "VTTS3018R", query)
        assert (answer["rt_cd"], answer["msg_cd"]) == ("1", "90000000")


async def test_nothing_found_is_an_empty_list_or_an_object_of_blanks() -> None:
    async with running() as desk:
        answer, mark = await desk.ccnl()
        assert (answer["rt_cd"], answer["msg_cd"], mark) == ("0", "KIOK0560", "D")
        assert answer["output"] == []
        assert (await desk.ccnl("VTTS3035R"))[0]["msg_cd"] == "70070000"
        await desk.control("POST", "faults", {"name": "blanks_for_nothing", "count": 2})
        assert (await desk.nccs())[0]["output"]["pdno"] == ""
        answer, _ = await desk.ccnl()
        assert (answer["msg_cd"], answer["output"]["odno"]) == ("KIOK0560", "")


async def test_order_numbers_restart_on_the_next_us_date() -> None:
    async with running() as desk:
        await place(desk, 2)
        await desk.go("2026-10-08T04:30-04:00")
        await place(desk, 1)
        rows = await desk.rows()
        assert [(row["ord_dt"], row["odno"]) for row in rows] == [
            ("20261007", "0000000001"),
            ("20261007", "0000000002"),
            ("20261008", "0000000001"),
        ]


async def test_an_order_after_seoul_midnight_keeps_its_us_date() -> None:
    async with running() as desk:
        await desk.go("2026-10-07T15:15-04:00")
        await place(desk, 1)
        row = (await desk.rows())[0]
        assert (row["ord_dt"], row["dmst_ord_dt"]) == ("20261007", "20261008")
        assert row["ord_tmd"] == row["thco_ord_tmd"] == "041500"


async def test_an_order_unfilled_at_the_close_ends_as_kis_ends_it() -> None:
    async with running() as desk:
        await place(desk, 1)
        await desk.go("2026-10-07T16:02-04:00")
        assert (await desk.rows())[0]["nccs_qty"] == "1"
        await desk.go("2026-10-07T16:03-04:00")
        row = (await desk.rows())[0]
        assert (row["prcs_stat_name"], row["nccs_qty"]) == ("완료", "0")
        assert row["rjct_rson_name"] == "DFD 장종료로 취소"


async def test_ccnl_filters_by_date_symbol_side_and_state() -> None:
    async with running() as desk:
        await place(desk, 1)
        await desk.order("buy", "34", 1, "60.00")
        await desk.order("buy", "34", 1, "60.00", symbol="SOXL", exchange="AMEX")
        await desk.go("2026-10-08T04:30-04:00")
        await place(desk, 1)
        for fields, expected in [
            ({"ORD_END_DT": "20261007"}, 3),
            ({"ORD_STRT_DT": "20261008"}, 1),
            ({"PDNO": "SOXL"}, 1),
            ({"SLL_BUY_DVSN": "01"}, 0),
            ({"CCLD_NCCS_DVSN": "01"}, 2),
            ({"CCLD_NCCS_DVSN": "02"}, 1),
            ({"OVRS_EXCG_CD": "AMEX"}, 1),
            ({"OVRS_EXCG_CD": "%"}, 4),
        ]:
            assert len(await desk.rows(**fields)) == expected, fields


async def test_a_balance_ends_with_a_blank_row_and_four_decimals_of_average() -> None:
    async with running() as desk:
        await desk.order("buy", "34", 3, "60.00")
        await desk.go("2026-10-07T16:03-04:00")
        answer = await desk.balance()
        held, filler = answer["output1"]
        assert held["pchs_avg_pric"] == "51.0000"
        assert (held["ovrs_cblc_qty"], held["frcr_pchs_amt1"]) == ("3", "153.00000")
        assert (filler["ovrs_pdno"], filler["ovrs_cblc_qty"]) == ("", "0")


async def test_the_newest_close_is_provisional_until_noon_in_seoul() -> None:
    async with running() as desk:
        assert (await desk.daily())[0]["xymd"] == "20261006"
        await desk.go("2026-10-07T15:59-04:00")
        assert (await desk.daily())[0]["xymd"] == "20261006"
        await desk.go("close")
        last = (await desk.price())["output"]["last"]
        row = (await desk.daily())[0]
        assert (row["xymd"], row["clos"]) == ("20261007", last)
        assert last != "51.0000"
        await desk.go("2026-10-07T22:59:59-04:00")
        assert (await desk.daily())[0]["clos"] == last
        await desk.go("2026-10-07T23:00-04:00")
        assert (await desk.daily())[0]["clos"] == "51.0000"
        assert [row["xymd"] for row in await desk.daily(by="20261006")] == ["20261006"]


async def test_the_price_is_measured_against_the_previous_official_close() -> None:
    async with running() as desk:
        await desk.go("open")
        output = (await desk.price())["output"]
        assert (output["last"], output["base"]) == ("50.0000", "51.0000")
        assert (output["sign"], output["diff"], output["rate"]) == ("5", "1.0000", "-1.96")


# -- KIS's own tables -----------------------------------------------------------------------


def official(name: str) -> set[str]:
    """Give the field names of an official answer, containers left out."""
    table = json.loads((OFFICIAL / f"{name}.json").read_text(encoding="utf-8"))
    containers = {"output", "output1", "output2", "output3"}
    return {
        field["name"]
        for field in table["fields"]["Response Body"]
        if field["name"] not in containers
    }


def names(value: Any) -> set[str]:
    """Give every name inside an answer, containers left out."""
    if isinstance(value, list):
        return set().union(*(names(item) for item in value))
    if not isinstance(value, dict):
        return set()
    found: set[str] = set()
    for name, inner in value.items():
        found |= names(inner) if isinstance(inner, dict | list) else {name}
    return found


QUERIES: list[tuple[str, str, str, dict[str, str]]] = [
    ("해외주식_주문체결내역", f"{TRADING}/inquire-ccnl", "TTTS3035R", ccnl_query()),
    (
        "해외주식_미체결내역",
        f"{TRADING}/inquire-nccs",
        "TTTS3018R",
        ACCOUNT
        | {"OVRS_EXCG_CD": "NASD", "SORT_SQN": "DS", "CTX_AREA_FK200": "", "CTX_AREA_NK200": ""},
    ),
    (
        "해외주식_잔고",
        f"{TRADING}/inquire-balance",
        "TTTS3012R",
        ACCOUNT | {"OVRS_EXCG_CD": "NASD", "TR_CRCY_CD": "USD"},
    ),
    (
        "해외주식_매수가능금액조회",
        f"{TRADING}/inquire-psamount",
        "TTTS3007R",
        ACCOUNT | {"OVRS_EXCG_CD": "NASD", "OVRS_ORD_UNPR": "50", "ITEM_CD": "TQQQ"},
    ),
    (
        "해외주식_체결기준현재잔고",
        f"{TRADING}/inquire-present-balance",
        "CTRP6504R",
        ACCOUNT
        | {"WCRC_FRCR_DVSN_CD": "02", "NATN_CD": "840", "TR_MKET_CD": "00", "INQR_DVSN_CD": "00"},
    ),
    ("해외증거금_통화별조회", f"{TRADING}/foreign-margin", "TTTC2101R", ACCOUNT),
    (
        "해외주식_현재체결가",
        f"{PRICES}/price",
        "HHDFS00000300",
        {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"},
    ),
    (
        "해외주식_현재가상세",
        f"{PRICES}/price-detail",
        "HHDFS76200200",
        {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ"},
    ),
    (
        "해외주식_기간별시세",
        f"{PRICES}/dailyprice",
        "HHDFS76240000",
        {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ", "GUBN": "0", "BYMD": "", "MODP": "1"},
    ),
    (
        "해외주식_상품기본정보",
        f"{PRICES}/search-info",
        "CTPF1702R",
        {"PRDT_TYPE_CD": "512", "PDNO": "TQQQ"},
    ),
    (
        "해외결제일자조회",
        "/uapi/overseas-stock/v1/quotations/countries-holiday",
        "CTOS5011R",
        {"TRAD_DT": "20261007", "CTX_AREA_NK": "", "CTX_AREA_FK": ""},
    ),
]


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="KIS's own field tables are not beside us")
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query[2])
async def test_an_answer_has_exactly_the_official_fields(
    query: tuple[str, str, str, dict[str, str]],
) -> None:
    name, path, tr_id, fields = query
    async with running(quick(fee_percent=0)) as desk:
        await desk.order("buy", "34", 3, "60.00")
        await desk.go("2026-10-08T04:30-04:00")
        await desk.order("buy", "34", 3, "5.00")
        answer, _ = await desk.get(path, tr_id, fields)
        assert answer["rt_cd"] == "0", answer
        extra = {"ctx_area_fk", "ctx_area_nk"} if tr_id == "CTOS5011R" else set()
        assert names(answer) - extra == official(name)
        assert all(isinstance(answer[name], str) for name in ENVELOPE)


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="KIS's own field tables are not beside us")
async def test_empty_listings_and_receipts_have_the_official_fields() -> None:
    async with running() as desk:
        await desk.control("POST", "faults", {"name": "blanks_for_nothing", "count": 2})
        assert names((await desk.ccnl())[0]) == official("해외주식_주문체결내역")
        assert names((await desk.nccs())[0]) == official("해외주식_미체결내역")
        receipt = await desk.order("buy", "34", 3, "5.00")
        assert names(receipt) == official("해외주식_주문")
        cancel = await desk.change(receipt["output"]["ODNO"])
        assert names(cancel) == official("해외주식_정정취소주문")
        await desk.go("2026-10-07T07:00-04:00")
        assert set((await desk.ask_token())[1]) == official("접근토큰발급(P)")
