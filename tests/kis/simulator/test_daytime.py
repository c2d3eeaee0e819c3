"""The daytime market: its hours in Seoul, its orders, and that nothing outlives it."""

from typing import Any

import pytest

from .desk import Desk, order_body, running

BUY, SELL, CHANGE = "TTTS6036U", "TTTS6037U", "TTTS6038U"


async def order(
    desk: Desk, tr_id: str = BUY, division: str = "00", quantity: int = 2, price: str = "45.00"
) -> dict[str, Any]:
    return await desk.post("/daytime-order", tr_id, order_body(division, quantity, price))


async def change(desk: Desk, number: str, kind: str = "02", price: str = "0") -> dict[str, Any]:
    body = order_body("00", 0, price) | {"ORGN_ODNO": number, "RVSE_CNCL_DVSN_CD": kind}
    return await desk.post("/daytime-order-rvsecncl", CHANGE, body)


@pytest.mark.parametrize(
    ("at", "taken"),
    [
        ("2026-10-07T09:59:59+09:00", False),
        ("2026-10-08T10:00+09:00", True),
        ("2026-10-08T15:59:59+09:00", True),
        ("2026-10-08T16:00+09:00", False),
        # A Saturday in Seoul.
        ("2026-10-10T11:00+09:00", False),
    ],
)
async def test_daytime_orders_are_taken_from_ten_to_four_in_seoul(at: str, taken: bool) -> None:
    async with running() as desk:
        if at > "2026-10-07T18:00":
            await desk.go(at)
            await desk.ask_token()
        answer = await order(desk)
        assert (answer["rt_cd"] == "0") is taken
        assert answer["msg_cd"] == ("APBK0013" if taken else "APBK0918")


async def test_a_daytime_order_is_of_the_session_to_come_and_its_numbers_go_on() -> None:
    async with running() as desk:
        await desk.go("2026-10-08T11:00+09:00")
        assert (await order(desk))["output"]["ODNO"] == "0000000001"
        row = (await desk.rows())[0]
        assert (row["ord_dt"], row["dmst_ord_dt"], row["nccs_qty"]) == ("20261008", "20261008", "2")
        await desk.go("2026-10-08T17:30+09:00")
        assert (await desk.order("buy", "34", 1, "45.00"))["output"]["ODNO"] == "0000000002"


async def test_an_order_executes_at_the_last_price_or_ends_with_the_daytime_market() -> None:
    async with running() as desk:
        await desk.go("2026-10-08T11:00+09:00")
        await order(desk, price="60.00")
        await order(desk, price="49.00")
        filled, resting = await desk.rows()
        last = (await desk.price())["output"]["last"]
        assert (filled["ft_ccld_qty"], filled["ft_ccld_unpr3"][:7]) == ("2", last)
        assert resting["nccs_qty"] == "2"
        await desk.go("2026-10-08T16:00+09:00")
        assert (await desk.rows())[1]["rjct_rson_name"] == "DFD 장종료로 취소"
        # The day trades from 52 to 48; an order of the daytime market is not there any more.
        await desk.go("2026-10-08T16:05-04:00")
        await desk.ask_token()
        assert (await desk.rows())[1]["ft_ccld_qty"] == "0"


async def test_daytime_orders_are_revised_and_cancelled_by_their_own_path() -> None:
    async with running() as desk:
        await desk.go("2026-10-08T11:00+09:00")
        gone = (await order(desk))["output"]["ODNO"]
        await change(desk, gone)
        # It is still the day before in New York.
        assert {row["ord_dt"] for row in await desk.rows()} == {"20261008"}
        placed = await order(desk)
        revised = await change(desk, placed["output"]["ODNO"], "01", "44.00")
        assert revised["rt_cd"] == "0", revised
        # Midnight in New York lies inside the daytime market.
        await desk.go("2026-10-08T13:30+09:00")
        cancelled = await change(desk, revised["output"]["ODNO"])
        assert cancelled["rt_cd"] == "0", cancelled
        assert [row["nccs_qty"] for row in await desk.rows()] == ["0"] * 5
        assert (await change(desk, "0000000009"))["msg_cd"] == "APBK0344"


async def test_only_limits_with_a_price_and_only_what_is_held() -> None:
    async with running() as desk:
        await desk.go("2026-10-08T11:00+09:00")
        assert (await order(desk, division="34"))["msg_cd"] == "APBK1269"
        assert (await order(desk, price="0"))["msg_cd"] == "APBK1269"
        assert (await order(desk, SELL))["msg_cd"] == "APBK0400"
        assert (await order(desk, quantity=10**6))["msg_cd"] == "APBK0952"


async def test_the_night_desk_sends_daytime_customers_to_theirs_and_the_mock_host_has_none() -> (
    None
):
    async with running() as desk:
        await desk.go("2026-10-08T11:00+09:00")
        answer = await desk.order("buy", "00", 1, "45.00")
        assert (answer["msg_cd"], "주간거래" in answer["msg1"]) == ("APBK0918", True)
        assert (await order(desk, "VTTS6036U"))["msg_cd"] == "90000000"
