"""What the owner does by hand at KIS's app, played through the control surface."""

from pathlib import Path
from typing import Any

import pytest

from .desk import Desk, quick, running
from .test_reservations import rows as reservation_rows
from .test_server import at

TQQQ_SELL = {"symbol": "TQQQ", "side": "sell", "quantity": 25, "price": "88.50"}


async def said(desk: Desk, method: str, path: str, body: object = None) -> tuple[int, Any]:
    status, answer, _ = await desk.request(method, f"/simulator/{path}", json=body)
    return status, answer


async def hold(desk: Desk, quantity: int = 100, average: object = "50.25") -> tuple[int, Any]:
    return await said(desk, "PUT", "holdings/TQQQ", {"quantity": quantity, "average": average})


async def test_shares_held_already_show_in_the_balance_with_their_average() -> None:
    async with running() as desk:
        status, held = await hold(desk)
        assert status == 200
        assert held == {
            "symbol": "TQQQ", "quantity": 100, "average": "50.2500", "cost": "5025.00",
        }  # fmt: skip
        row = (await desk.balance())["output1"][0]
        assert (row["ovrs_cblc_qty"], row["ord_psbl_qty"]) == ("100", "100")
        assert (row["pchs_avg_pric"], row["frcr_pchs_amt1"]) == ("50.2500", "5025.00000")
        assert (await desk.control("GET", "state"))["cash"] == "20000"
        assert await desk.rows() == []


async def test_later_trades_build_on_the_shares_that_were_set() -> None:
    async with running() as desk:
        await desk.order("buy", "34", 10, "60.00")
        await desk.go("2026-10-07T16:03-04:00")
        await hold(desk, 100, "40.00")
        await at(desk, "2026-10-08T05:00-04:00")
        await desk.order("buy", "34", 100, "60.00")
        await desk.go("2026-10-08T16:03-04:00")
        assert (await desk.balance())["output1"][0]["pchs_avg_pric"] == "45.5000"


async def test_setting_no_shares_empties_the_position() -> None:
    async with running() as desk:
        await hold(desk)
        assert (await hold(desk, 0, "0"))[0] == 200
        assert (await desk.balance())["output1"] == []


async def test_shares_are_not_set_under_open_sells_nor_between_close_and_report() -> None:
    async with running() as desk:
        await hold(desk)
        await desk.order("sell", "34", 30, "60.00")
        status, answer = await hold(desk, 29)
        assert (status, answer["error"]) == (409, "Open sells hold 30 TQQQ; cancel them first.")
        await desk.order("buy", "34", 1, "60.00")
        await desk.go("2026-10-07T16:01-04:00")
        status, answer = await hold(desk)
        assert status == 409
        assert "report" in answer["error"]


async def test_a_hand_order_rests_under_another_medium_than_a_programs() -> None:
    async with running() as desk:
        await hold(desk)
        status, order = await said(desk, "POST", "orders", TQQQ_SELL | {"type": "LOC"})
        assert status == 201
        assert (order["number"], order["medium"], order["open"]) == ("0000000001", "모바일", 25)
        await desk.order("sell", "00", 1, "90.00")
        assert [row["mdia_dvsn_name"] for row in await desk.rows()] == ["모바일", "OpenAPI"]
        listed, _ = await desk.nccs()
        assert [row["odno"] for row in listed["output"]] == ["0000000001", "0000000002"]
        assert (await desk.balance())["output1"][0]["ord_psbl_qty"] == "74"


async def test_a_hand_order_through_the_market_is_a_trade_by_hand() -> None:
    async with running() as desk:
        await desk.go("open")
        body = {"symbol": "TQQQ", "side": "buy", "quantity": 7, "price": 55}
        status, order = await said(desk, "POST", "orders", body)
        assert (status, order["type"], order["filled"]) == (201, "LIMIT", 7)
        assert (await desk.balance())["output1"][0]["ovrs_cblc_qty"] == "7"


async def test_the_owner_cancels_by_hand_what_anybody_ordered() -> None:
    async with running() as desk:
        await desk.order("buy", "34", 5, "50.00")
        status, order = await said(desk, "DELETE", "orders/0000000001")
        assert (status, order["end"], order["open"]) == (200, "cancelled", 0)
        assert [row["mdia_dvsn_name"] for row in await desk.rows()] == ["OpenAPI", "모바일"]
        assert (await said(desk, "DELETE", "orders/1"))[0] == 409
        assert (await said(desk, "DELETE", "orders/7"))[0] == 409


async def test_a_reservation_by_hand_is_listed_sent_and_withdrawn() -> None:
    async with running() as desk:
        await hold(desk)
        status, kept = await said(desk, "POST", "reservations", TQQQ_SELL)
        assert (status, kept["day"], kept["number"]) == (201, "2026-10-07", "0000000001")
        assert (kept["waiting"], kept["medium"], kept["order"]) == (True, "모바일", None)
        await said(desk, "POST", "reservations", TQQQ_SELL)
        status, gone = await said(desk, "DELETE", "reservations/2026-10-07/2")
        assert (status, gone["cancelled"]) == (200, True)
        assert [row["cncl_yn"] for row in await reservation_rows(desk)] == ["N", "Y"]
        await desk.go("open")
        (order,) = await desk.rows()
        assert (order["mdia_dvsn_name"], order["ft_ord_qty"]) == ("모바일", "25")
        state = await desk.control("GET", "state")
        assert state["reservations"][0]["order"] == {"day": "2026-10-07", "number": "0000000001"}
        assert (await said(desk, "DELETE", "reservations/2026-10-07/1"))[0] == 409


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "orders", TQQQ_SELL, 409),
        ("POST", "orders", TQQQ_SELL | {"side": "buy", "type": "MOC"}, 409),
        ("POST", "orders", TQQQ_SELL | {"side": "hold"}, 400),
        ("POST", "orders", TQQQ_SELL | {"symbol": "NONE"}, 400),
        ("POST", "orders", TQQQ_SELL | {"type": "MARKET"}, 400),
        ("POST", "orders", TQQQ_SELL | {"quantity": True}, 400),
        ("POST", "orders", TQQQ_SELL | {"quantity": 0}, 400),
        ("POST", "orders", TQQQ_SELL | {"price": "-1"}, 400),
        ("POST", "reservations", TQQQ_SELL | {"type": "LOC"}, 409),
        ("POST", "reservations", TQQQ_SELL | {"quantity": "1"}, 400),
        ("DELETE", "orders/x", None, 400),
        ("DELETE", "reservations/today/1", None, 400),
        ("DELETE", "reservations/2026-10-07/1", None, 409),
        ("PUT", "holdings/NONE", {"quantity": 1, "average": "1"}, 400),
        ("PUT", "holdings/TQQQ", {"quantity": 1, "average": "0"}, 400),
        ("PUT", "holdings/TQQQ", {"quantity": 1}, 400),
        ("PUT", "holdings/TQQQ", {"quantity": -1, "average": "1"}, 400),
        ("PUT", "holdings/TQQQ", {"quantity": 1, "average": "NaN"}, 400),
    ],
)
async def test_what_cannot_be_is_a_sentence_and_changes_nothing(
    method: str, path: str, body: object, status: int
) -> None:
    async with running() as desk:
        before = await desk.control("GET", "state")
        answered, answer = await said(desk, method, path, body)
        assert (answered, list(answer)) == (status, ["error"])
        assert await desk.control("GET", "state") == before


async def test_the_index_lists_the_owners_routes() -> None:
    async with running() as desk:
        routes = (await desk.control("GET", ""))["routes"]
        assert "PUT /simulator/holdings/SYMBOL" in routes
        assert "POST /simulator/reservations" in routes


async def test_everything_by_hand_outlives_the_simulator(tmp_path: Path) -> None:
    config = quick(state=tmp_path / "state.db")
    async with running(config) as desk:
        await desk.order("buy", "34", 10, "60.00")
        await desk.go("2026-10-07T16:03-04:00")
        await hold(desk, 100, "40.00")
        await desk.go("2026-10-08T05:00-04:00")
        await said(desk, "POST", "orders", TQQQ_SELL)
        await said(desk, "POST", "reservations", TQQQ_SELL | {"price": "49.00"})
        await said(desk, "POST", "reservations", TQQQ_SELL)
        await said(desk, "DELETE", "reservations/2026-10-08/2")
        before = await desk.control("GET", "state")
    async with running(config, with_token=False) as desk:
        assert await desk.control("GET", "state") == before
        await desk.go("2026-10-08T09:30-04:00")
        sent = await desk.control("GET", "state")
        assert [order["filled"] for order in sent["orders"]] == [10, 0, 25]
        assert sent["holdings"][0]["quantity"] == 75
    async with running(config, with_token=False) as desk:
        assert await desk.control("GET", "state") == sent
