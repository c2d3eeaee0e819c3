from datetime import date, time

from kis.client import Kis
from kis.wire import codes as wire
from tests.kis.counter import Counter, page


def _row(number: str, *, open_quantity: int, filled: int = 0) -> dict[str, str]:
    return {
        "ord_dt": "20261120",
        "odno": number,
        "orgn_odno": "",
        "pdno": "TQQQ",
        "sll_buy_dvsn_cd": "02",
        "rvse_cncl_dvsn": "00",
        "rvse_cncl_dvsn_cd": "00",
        "ft_ord_qty": "5",
        "ft_ccld_qty": str(filled),
        "nccs_qty": str(open_quantity),
        "ft_ord_unpr3": "77.03000000",
        "ft_ccld_unpr3": "77.01000000" if filled else "0.00000000",
        "ft_ccld_amt3": "0.00000",
        "ovrs_excg_cd": "NASD",
        "dmst_ord_dt": "20261120",
        "ord_tmd": "183005",
        "mdia_dvsn_name": "OpenAPI",
    }


async def test_open_orders_of_mock_come_from_the_orders_of_the_last_days(
    mock_kis: Kis, counter: Counter
) -> None:
    cancel = {**_row("9", open_quantity=1), "rvse_cncl_dvsn": "02", "orgn_odno": "7"}
    rows = [_row("8", open_quantity=5), _row("7", open_quantity=0), cancel]
    counter.plays(wire.EXECUTIONS, page("D", output=rows))
    listing = await mock_kis.orders.open()
    asked = counter.to(wire.EXECUTIONS)[0]
    assert [order.order_number for order in listing.rows] == ["8"]
    assert listing.rows[0].order_time == time(18, 30, 5)
    assert asked.headers["tr_id"] == "VTTS3035R"
    # Noon in Seoul on the 23rd is the evening of the 22nd in New York.
    assert (asked.query["ORD_STRT_DT"], asked.query["ORD_END_DT"]) == ("20261121", "20261123")
    assert (asked.query["PDNO"], asked.query["OVRS_EXCG_CD"]) == ("", "")


async def test_the_row_that_went_further_stands_for_an_order_listed_twice(
    kis: Kis, counter: Counter
) -> None:
    rows = [
        _row("0000000008", open_quantity=2, filled=3),
        _row("8", open_quantity=5),
        _row("7", open_quantity=5),
        _row("7", open_quantity=0),
    ]
    counter.plays(wire.EXECUTIONS, page("D", output=rows))
    listing = await kis.orders.executions(date(2026, 11, 20), date(2026, 11, 20))
    assert listing.complete
    assert [(row.order_number, row.filled, row.open_quantity) for row in listing.rows] == [
        ("8", 3, 2),
        ("7", 0, 0),
    ]


async def test_open_orders_leave_out_cancel_requests(kis: Kis, counter: Counter) -> None:
    cancel = {**_row("9", open_quantity=1), "rvse_cncl_dvsn_cd": "02"}
    counter.plays(wire.OPEN_ORDERS, page("E", output=[_row("8", open_quantity=5), cancel]))
    listing = await kis.orders.open()
    assert [order.order_number for order in listing.rows] == ["8"]
    assert listing.complete
