"""Reservation orders as KIS lists them: its own examples, oddities and pages."""

import json
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from kis.answers import orders as answers
from kis.client import Kis
from kis.errors import KisBadAnswer, KisNotOffered, KisUnavailable
from kis.models import Exchange, Side
from kis.wire import codes as wire
from tests.kis.counter import SHARED, Answer, Counter, page, refused

needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared data is not beside the repository"
)
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 23)


def _row(number: str = "0031111234", **other: Any) -> dict[str, Any]:
    return {
        "cncl_yn": "N",
        "rsvn_ord_rcit_dt": "20261120",
        "ovrs_rsvn_odno": number,
        "ord_dt": "",
        "odno": "",
        "sll_buy_dvsn_cd": "01",
        "ovrs_rsvn_ord_stat_cd_name": "접수",
        "pdno": "TQQQ",
        "ord_rcit_tmd": "161928",
        "ovrs_excg_cd": "NASD",
        "ft_ord_qty": "10",
        "ft_ord_unpr3": "88.50000000",
        "ft_ccld_qty": "0",
        "nprc_rson_text": "",
        **other,
    }


@needs_shared
async def test_the_portals_example_parses(kis: Kis, counter: Counter) -> None:
    table = json.loads((SHARED / "kis-official" / "해외주식_예약주문조회.json").read_text())
    # The portal abbreviates the list, which makes it no JSON.
    body = json.loads(table["response_example_text"].replace("},...", "}"))
    counter.plays(wire.RESERVATIONS, Answer(body=body, headers={"tr_cont": "D"}))
    listing = await kis.orders.reservations(FIRST, LAST)
    (order,) = listing.rows
    assert listing.complete
    assert (order.received_date, order.received_time) == (date(2025, 5, 23), time(16, 19, 28))
    assert (order.reservation_number, order.order_number) == ("31111234", None)
    assert (order.symbol, order.exchange, order.side) == ("AAPL", Exchange.NASDAQ, Side.BUY)
    assert (order.quantity, order.price, order.filled) == (100, Decimal(150), 0)
    assert (order.status, order.waiting, order.order_date) == ("접수", True, None)


@needs_shared
async def test_the_sample_is_asked_and_parsed(kis: Kis, counter: Counter) -> None:
    sample = json.loads((SHARED / "kis-samples" / "order_resv_list.json").read_text())
    response, request = sample["response"], sample["request"]
    headers = {"tr_cont": response["headers"]["tr_cont"]}
    counter.plays(wire.RESERVATIONS, Answer(body=response["body"], headers=headers))
    listing = await kis.orders.reservations(FIRST, LAST)
    (asked,) = counter.to(wire.RESERVATIONS)
    assert listing.complete
    assert [(row.reservation_number, row.quantity) for row in listing.rows] == [("30138295", 1)]
    assert set(asked.query) == set(request["query"])
    assert asked.headers["tr_id"] == sample["tr_id"]["real"]


async def test_reservations_are_asked_for_by_seoul_date_over_the_whole_us(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.RESERVATIONS, page("D", output=[]))
    listing = await kis.orders.reservations(FIRST, LAST)
    (asked,) = counter.to(wire.RESERVATIONS)
    assert (listing.rows, listing.complete) == ((), True)
    assert (asked.query["INQR_STRT_DT"], asked.query["INQR_END_DT"]) == ("20261116", "20261123")
    assert asked.query["INQR_DVSN_CD"] == "00"
    assert (asked.query["OVRS_EXCG_CD"], asked.query["PRDT_TYPE_CD"]) == ("", "")


async def test_reservations_are_read_page_by_page(kis: Kis, counter: Counter) -> None:
    counter.plays(
        wire.RESERVATIONS,
        page("F", "two", output=[_row("1"), _row("2")]),
        page("E", output=[_row("3")]),
    )
    listing = await kis.orders.reservations(FIRST, LAST)
    assert [row.reservation_number for row in listing.rows] == ["1", "2", "3"]
    assert listing.complete
    marks = [
        (one.headers["tr_cont"], one.query["CTX_AREA_NK200"])
        for one in counter.to(wire.RESERVATIONS)
    ]
    assert marks == [("", ""), ("N", "two")]


async def test_a_lost_page_or_a_malformed_row_leaves_the_listing_incomplete(
    kis: Kis, counter: Counter
) -> None:
    counter.plays(wire.RESERVATIONS, page("F", "two", output=[_row("1")]), refused("APBK0656"))
    assert not (await kis.orders.reservations(FIRST, LAST)).complete
    counter.plays(wire.RESERVATIONS, page("D", output=[_row("1"), _row("2", ft_ord_qty="1.5")]))
    listing = await kis.orders.reservations(FIRST, LAST)
    assert ([row.reservation_number for row in listing.rows], listing.complete) == (["1"], False)


async def test_the_first_page_failing_raises(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.RESERVATIONS, Answer(status=500, raw=b""))
    with pytest.raises(KisUnavailable):
        await kis.orders.reservations(FIRST, LAST)


async def test_an_object_of_blanks_is_an_empty_listing(kis: Kis, counter: Counter) -> None:
    counter.plays(wire.RESERVATIONS, page("D", output=dict.fromkeys(_row(), "")))
    listing = await kis.orders.reservations(FIRST, LAST)
    assert (listing.rows, listing.complete) == ((), True)


async def test_mock_is_said_to_have_no_such_list_and_is_not_asked(
    mock_kis: Kis, counter: Counter
) -> None:
    with pytest.raises(KisNotOffered, match="reservation"):
        await mock_kis.orders.reservations(FIRST, LAST)
    assert counter.asked == []


@pytest.mark.parametrize(
    ("change", "waiting"),
    [
        ({}, True),
        ({"cncl_yn": ""}, True),
        ({"ovrs_rsvn_ord_stat_cd_name": "", "ft_ord_unpr3": "0.00000000"}, True),
        ({"cncl_yn": "Y"}, False),
        ({"ord_dt": "20261120", "odno": "0000000007"}, False),
        ({"nprc_rson_text": "매수증거금 부족"}, False),
    ],
)
def test_what_is_cancelled_sent_or_turned_down_waits_no_more(
    change: dict[str, str], waiting: bool
) -> None:
    assert answers.reservation(_row(**change)).waiting is waiting


async def test_a_reservation_listed_twice_counts_once_and_as_the_one_that_went_further(
    kis: Kis, counter: Counter
) -> None:
    sent = {"ord_dt": "20261120", "odno": "0000000007"}
    rows = [
        _row("8", **sent, ft_ccld_qty="10"),
        _row("0000000008", **sent, ft_ccld_qty="4"),
        _row("8"),
        _row("8", rsvn_ord_rcit_dt="20261119"),
    ]
    counter.plays(wire.RESERVATIONS, page("D", output=rows))
    listing = await kis.orders.reservations(FIRST, LAST)
    assert [(row.received_date.day, row.order_number, row.filled) for row in listing.rows] == [
        (20, "7", 10),
        (19, None, 0),
    ]
    assert listing.rows[0].order_date == date(2026, 11, 20)


@pytest.mark.parametrize(
    "change",
    [
        {"ovrs_rsvn_odno": ""},
        {"ovrs_rsvn_odno": "R-1"},
        {"cncl_yn": "?"},
        {"rsvn_ord_rcit_dt": ""},
        {"ord_dt": "20261301"},
        {"sll_buy_dvsn_cd": "03"},
        {"pdno": ""},
        {"ft_ord_qty": ""},
        {"ft_ord_unpr3": "-1"},
        {"ft_ccld_qty": "11"},
    ],
)
def test_a_reservation_that_cannot_be_read_is_an_error(change: dict[str, str]) -> None:
    with pytest.raises(KisBadAnswer):
        answers.reservation(_row(**change))
