"""Reservation orders at the simulator: entry, the open, cancels, and KIS's listing of them."""

import json
from datetime import UTC
from pathlib import Path
from typing import Any

import pytest

from kis.simulator.reservations import entry_is_open

from .desk import ACCOUNT, TRADING, Desk, new_york, running
from .test_listings import OFFICIAL, names, official
from .test_server import at

Body = dict[str, str]
LIST = f"{TRADING}/order-resv-list"


async def reserve(
    desk: Desk, side: str = "buy", quantity: str = "2", price: str = "60.00", **other: str
) -> dict[str, Any]:
    tr_id = {"buy": "TTTT3014U", "sell": "TTTT3016U"}[side]
    body = {
        "PDNO": "TQQQ",
        "OVRS_EXCG_CD": "NASD",
        "FT_ORD_QTY": quantity,
        "FT_ORD_UNPR3": price,
        "ORD_SVR_DVSN_CD": "0",
        "ORD_DVSN": "00",
    }
    return await desk.post("/order-resv", tr_id, ACCOUNT | body | other)


async def listed(
    desk: Desk, tr_id: str = "TTTT3039R", tr_cont: str = "", **fields: str
) -> tuple[dict[str, Any], str]:
    query = ACCOUNT | {"INQR_STRT_DT": "20261001", "INQR_END_DT": "20261231"}
    query |= {"INQR_DVSN_CD": "00", "PRDT_TYPE_CD": "", "OVRS_EXCG_CD": ""}
    query |= {"CTX_AREA_FK200": "", "CTX_AREA_NK200": ""} | fields
    return await desk.get(LIST, tr_id, query, tr_cont)


async def rows(desk: Desk, **fields: str) -> list[dict[str, str]]:
    output = (await listed(desk, **fields))[0]["output"]
    return output if isinstance(output, list) else []


async def withdraw(desk: Desk, number: str, **other: str) -> dict[str, Any]:
    body = {"RSVN_ORD_RCIT_DT": "20261007", "OVRS_RSVN_ODNO": number}
    return await desk.post("/order-resv-ccnl", "TTTT3017U", ACCOUNT | body | other)


async def test_a_reservation_waits_and_is_listed_as_received() -> None:
    async with running() as desk:
        answer = await reserve(desk)
        assert (answer["msg_cd"], answer["output"]) == ("APBK0013", {"ODNO": "0000000001"})
        (row,) = await rows(desk)
        assert (row["cncl_yn"], row["odno"], row["ord_dt"]) == ("N", "", "")
        assert (row["rsvn_ord_rcit_dt"], row["ord_rcit_tmd"]) == ("20261007", "180000")
        assert (row["sll_buy_dvsn_cd"], row["ovrs_rsvn_ord_stat_cd_name"]) == ("02", "접수")
        assert (row["ft_ord_qty"], row["ft_ord_unpr3"]) == ("2", "60.00000000")
        assert (await desk.psamount())["ovrs_ord_psbl_amt"] == "20000.00"
        assert await desk.rows() == []


async def test_at_the_open_it_becomes_an_order_that_lives_a_day() -> None:
    async with running() as desk:
        await reserve(desk)
        await reserve(desk, price="40.00")
        await desk.go("2026-10-07T09:29:59-04:00")
        assert await desk.rows() == []
        await desk.go("2026-10-07T09:30-04:00")
        filled, waiting = await rows(desk)
        assert (filled["odno"], filled["ord_dt"]) == ("0000000001", "20261007")
        assert (filled["ft_ccld_qty"], filled["ord_fwdg_tmd"]) == ("2", "223000")
        assert (waiting["odno"], waiting["ft_ccld_qty"]) == ("0000000002", "0")
        order, resting = await desk.rows()
        assert (order["ft_ccld_unpr3"], order["mdia_dvsn_name"]) == ("50.00000000", "OpenAPI")
        assert resting["nccs_qty"] == "2"
        await desk.go("2026-10-07T16:03-04:00")
        assert (await desk.rows())[1]["nccs_qty"] == "0"
        assert len((await desk.control("GET", "state"))["orders"]) == 2


async def test_a_day_without_a_session_moves_it_to_the_next() -> None:
    async with running() as desk:
        await at(desk, "2026-10-09T21:30-04:00")
        await reserve(desk)
        await at(desk, "2026-10-12T09:30-04:00")
        (row,) = await rows(desk)
        assert (row["rsvn_ord_rcit_dt"], row["ord_dt"]) == ("20261010", "20261012")


async def test_numbers_restart_with_the_seoul_date() -> None:
    async with running() as desk:
        await reserve(desk)
        await at(desk, "2026-10-07T21:00-04:00")
        await reserve(desk)
        await reserve(desk)
        numbers = [(row["rsvn_ord_rcit_dt"], row["ovrs_rsvn_odno"][-1]) for row in await rows(desk)]
        assert numbers == [("20261007", "1"), ("20261008", "1"), ("20261008", "2")]


async def test_cash_and_shares_are_looked_at_only_when_it_is_sent() -> None:
    async with running() as desk:
        assert (await reserve(desk, quantity="400", price="60.00"))["rt_cd"] == "0"
        assert (await reserve(desk, "sell"))["rt_cd"] == "0"
        await desk.go("open")
        reasons = [row["nprc_rson_text"] for row in await rows(desk)]
        assert reasons == ["매수증거금 부족", "매도가능수량 부족"]
        assert await desk.rows() == []


async def test_a_market_sale_at_the_open_takes_the_opening_price() -> None:
    async with running() as desk:
        await desk.control("PUT", "holdings/TQQQ", {"quantity": 5, "average": "40.00"})
        assert (await reserve(desk, "sell", price="0", ORD_DVSN="31"))["rt_cd"] == "0"
        await desk.go("open")
        fill = (await desk.control("GET", "state"))["fills"][0]
        assert (fill["side"], fill["quantity"], fill["price"]) == ("sell", 2, "50")


async def test_a_cancelled_reservation_becomes_no_order() -> None:
    async with running() as desk:
        number = (await reserve(desk))["output"]["ODNO"]
        answer = await withdraw(desk, number.lstrip("0"))
        assert (answer["msg_cd"], answer["output"]) == ("APBK1711", {"OVRS_RSVN_ODNO": number})
        assert [row["cncl_yn"] for row in await rows(desk)] == ["Y"]
        assert (await withdraw(desk, number))["msg_cd"] == "APBK0344"
        await desk.go("open")
        assert await desk.rows() == []


async def test_a_cancel_may_spell_the_date_as_kis_table_does() -> None:
    async with running() as desk:
        number = (await reserve(desk))["output"]["ODNO"]
        misspelt = {"RSVN_ORD_RCIT_DT": "", "RSYN_ORD_RCIT_DT": "20261007"}
        assert (await withdraw(desk, number, **misspelt))["rt_cd"] == "0"


@pytest.mark.parametrize(
    "change",
    [
        {"OVRS_RSVN_ODNO": "9"},
        {"OVRS_RSVN_ODNO": "x"},
        {"RSVN_ORD_RCIT_DT": "20261006"},
        {"RSVN_ORD_RCIT_DT": "20261399"},
        {"RSVN_ORD_RCIT_DT": ""},
    ],
)
async def test_there_is_no_cancelling_what_is_not_there(change: Body) -> None:
    async with running() as desk:
        await reserve(desk)
        assert (await withdraw(desk, "1", **change))["msg_cd"] == "APBK0344"


@pytest.mark.parametrize(
    ("side", "change", "code"),
    [
        ("buy", {"ORD_DVSN": "34"}, "APBK1269"),
        ("buy", {"ORD_DVSN": "31"}, "APBK1269"),
        ("sell", {"ORD_DVSN": "35"}, "APBK1269"),
        ("buy", {"FT_ORD_UNPR3": "0"}, "APBK1269"),
        ("buy", {"FT_ORD_QTY": "0"}, "APBK1269"),
        ("buy", {"PDNO": "NONE"}, "APBK0656"),
        ("buy", {"OVRS_EXCG_CD": "AMEX"}, "APBK0656"),
        ("buy", {"ORD_DVSN": ""}, "APBK0013"),
    ],
)
async def test_reservations_are_limit_orders_or_market_sales_at_the_open(
    side: str, change: Body, code: str
) -> None:
    async with running() as desk:
        assert (await reserve(desk, side, **change))["msg_cd"] == code
        assert len(await rows(desk)) == (code == "APBK0013")


@pytest.mark.parametrize(
    ("instant", "taken"),
    [
        ("2026-10-06T20:59", False),
        ("2026-10-06T21:00", True),
        ("2026-10-07T03:29", True),
        ("2026-10-07T03:30", False),
        ("2026-10-07T03:45", True),
        ("2026-10-07T09:19", True),
        ("2026-10-07T09:20", False),
        ("2026-10-07T12:00", False),
        ("2026-11-20T19:59", False),
        ("2026-11-20T20:00", True),
        ("2026-11-20T09:19", True),
        ("2026-11-20T09:20", False),
    ],
)
def test_entry_follows_seoul_and_the_new_york_open(instant: str, taken: bool) -> None:
    assert entry_is_open(new_york(instant).astimezone(UTC)) is taken


async def test_outside_the_hours_of_entry_nothing_is_taken() -> None:
    async with running() as desk:
        await desk.go("open")
        assert (await reserve(desk))["msg_cd"] == "APBK0918"
        assert (await withdraw(desk, "1"))["msg_cd"] == "APBK0918"


async def test_the_list_is_filtered_by_date_kind_exchange_and_product() -> None:
    async with running() as desk:
        await reserve(desk)
        await reserve(desk, PDNO="SOXL", OVRS_EXCG_CD="AMEX")
        for fields, expected in [
            ({}, ["TQQQ", "SOXL"]),
            ({"OVRS_EXCG_CD": "NASD"}, ["TQQQ"]),
            ({"PRDT_TYPE_CD": "529"}, ["SOXL"]),
            ({"INQR_DVSN_CD": "01"}, ["TQQQ", "SOXL"]),
            ({"INQR_DVSN_CD": "02"}, []),
            ({"INQR_END_DT": "20261006"}, []),
            ({"INQR_STRT_DT": "20261008"}, []),
        ]:
            assert [row["pdno"] for row in await rows(desk, **fields)] == expected, fields


async def test_21_reservations_are_read_in_two_pages() -> None:
    async with running() as desk:
        for _ in range(21):
            await reserve(desk)
        first, mark = await listed(desk)
        assert (len(first["output"]), mark) == (20, "F")
        key = first["ctx_area_nk200"].strip()
        again, mark = await listed(desk, CTX_AREA_NK200=key)
        assert (again["output"], mark) == (first["output"], "F")
        second, mark = await listed(desk, tr_cont="N", CTX_AREA_NK200=key)
        assert ([row["ovrs_rsvn_odno"] for row in second["output"]], mark) == (["0000000021"], "E")


async def test_the_mock_host_takes_reservations_and_cannot_list_them() -> None:
    async with running() as desk:
        answer, _ = await listed(desk, "VTTT3039R")
        assert (answer["rt_cd"], answer["msg_cd"]) == ("1", "90000000")
        body = {"PDNO": "TQQQ", "OVRS_EXCG_CD": "NASD", "FT_ORD_QTY": "1", "FT_ORD_UNPR3": "50"}
        answer = await desk.post("/order-resv", "VTTT3014U", ACCOUNT | body)
        assert (answer["rt_cd"], answer["msg_cd"]) == ("0", "40600000")


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="KIS's own field tables are not beside us")
async def test_the_list_has_exactly_the_official_fields_or_no_row() -> None:
    async with running() as desk:
        empty, mark = await listed(desk)
        assert (empty["msg_cd"], empty["output"], mark) == ("KIOK0560", [], "D")
        number = (await reserve(desk))["output"]["ODNO"]
        assert names((await listed(desk))[0]) == official("해외주식_예약주문조회")
        cancelled = await withdraw(desk, number)
        assert names(cancelled) == official("해외주식_예약주문접수취소")


@pytest.mark.skipif(not OFFICIAL.is_dir(), reason="KIS's own samples are not beside us")
async def test_the_sample_request_is_answered_in_the_samples_shape() -> None:
    samples = Path(OFFICIAL).parent / "kis-samples"
    sample = json.loads((samples / "order_resv_list.json").read_text(encoding="utf-8"))
    order = json.loads((samples / "order_resv.json").read_text(encoding="utf-8"))["request"]
    async with running() as desk:
        body = order["body"] | ACCOUNT | {"PDNO": "TQQQ"}
        answer = await desk.post("/order-resv", order["headers"]["tr_id"], body)
        assert set(answer["output"]) == {"ODNO"}
        query = sample["request"]["query"] | {"INQR_STRT_DT": "20261001"}
        listing, mark = await desk.get(LIST, sample["tr_id"]["real"], query)
        assert set(listing) == set(sample["response"]["body"])
        assert set(listing["output"][0]) == set(sample["response"]["body"]["output"][0])
        assert mark == sample["response"]["headers"]["tr_cont"]
