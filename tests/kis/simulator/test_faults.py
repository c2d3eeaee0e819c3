"""What goes wrong on purpose, over real HTTP."""

import asyncio
from typing import Any

import aiohttp
import pytest

from kis.simulator.faults import NAMES, Faults, UnknownFaultError

from .desk import TRADING, Desk, ccnl_query, order_body, running


async def fault(desk: Desk, name: str, **more: Any) -> None:
    await desk.control("POST", "faults", {"name": name, **more})


async def raw_order(desk: Desk, seconds: float = 5) -> tuple[int, str]:
    async with desk.http.post(
        f"{desk.url}{TRADING}/order",
        json=order_body("34", 5, "60.00"),
        headers=desk.headers("TTTT1002U"),
        timeout=aiohttp.ClientTimeout(total=seconds),
    ) as response:
        return response.status, await response.text()


async def accepted(desk: Desk) -> int:
    return len((await desk.control("GET", "state"))["orders"])


@pytest.mark.parametrize(
    ("name", "orders"), [("timeout_after_accept", 1), ("timeout_before_accept", 0)]
)
async def test_an_answer_is_held_back_until_the_client_hangs_up(name: str, orders: int) -> None:
    async with running() as desk:
        await fault(desk, name)
        with pytest.raises(TimeoutError):
            await raw_order(desk, 0.1)
        assert await accepted(desk) == orders
        assert (await raw_order(desk))[0] == 200


async def test_a_late_answer_comes_after_its_seconds() -> None:
    async with running() as desk:
        await fault(desk, "timeout_after_accept", seconds=0.1)
        before = asyncio.get_running_loop().time()
        status, text = await raw_order(desk)
        assert asyncio.get_running_loop().time() - before >= 0.1
        assert (status, "APBK0013" in text) == (200, True)


@pytest.mark.parametrize(
    ("name", "status", "orders"),
    [
        ("error_500_after_accept", 500, 1),
        ("error_500_before_accept", 500, 0),
        ("html_after_accept", 502, 1),
        ("cut_off_after_accept", 200, 1),
        ("gateway_after_accept", 500, 1),
        ("no_number_after_accept", 200, 1),
        ("rate_limited", 500, 0),
        ("token_expired", 500, 0),
    ],
)
async def test_a_fault_happens_once_and_the_order_is_where_it_says(
    name: str, status: int, orders: int
) -> None:
    async with running() as desk:
        await fault(desk, name)
        got, text = await raw_order(desk)
        assert got == status
        assert "ODNO" not in text
        assert await accepted(desk) == orders
        assert "ODNO" in (await raw_order(desk))[1]


async def test_a_cut_connection_accepts_nothing() -> None:
    async with running() as desk:
        await fault(desk, "connection_dropped")
        with pytest.raises(aiohttp.ClientError):
            await raw_order(desk)
        assert await accepted(desk) == 0


async def test_a_match_chooses_the_call_and_a_count_the_times() -> None:
    async with running() as desk:
        await fault(desk, "rate_limited", count=2, match={"PDNO": "SOXL"})
        assert (await desk.order("buy", "34", 1, "60.00"))["rt_cd"] == "0"
        codes = [
            (await desk.order("buy", "34", 1, "60.00", symbol="SOXL", exchange="AMEX"))["msg_cd"]
            for _ in range(3)
        ]
        assert codes == ["EGW00201", "EGW00201", "APBK0013"]


async def test_a_hidden_order_shows_later_by_market_time() -> None:
    async with running() as desk:
        await fault(desk, "hidden_after_accept", seconds=60)
        await raw_order(desk)
        assert await desk.rows() == []
        await desk.go("2026-10-07T05:01-04:00")
        assert len(await desk.rows()) == 1


async def test_a_row_may_come_twice_and_a_page_fail() -> None:
    async with running() as desk:
        await raw_order(desk)
        await fault(desk, "rows_twice")
        assert [row["odno"] for row in await desk.rows()] == ["0000000001"] * 2
        await fault(desk, "call_fails", match={"tr_id": "TTTS3035R"})
        async with desk.http.get(
            f"{desk.url}{TRADING}/inquire-ccnl",
            params=ccnl_query(),
            headers=desk.headers("TTTS3035R"),
        ) as response:
            assert response.status == 500
        assert len(await desk.rows()) == 1


async def test_a_closing_order_may_execute_in_part() -> None:
    async with running() as desk:
        await raw_order(desk)
        await fault(desk, "partial_at_the_close", percent=40)
        await desk.go("2026-10-07T16:03-04:00")
        row = (await desk.rows())[0]
        assert (row["ft_ccld_qty"], row["nccs_qty"]) == ("2", "0")


async def test_faults_are_listed_and_removed() -> None:
    async with running() as desk:
        await fault(desk, "rate_limited", count=3)
        listed = await desk.control("GET", "faults")
        assert listed["faults"][0]["count"] == 3
        assert set(listed["names"]) == set(NAMES)
        await desk.control("DELETE", "faults")
        assert (await desk.order("buy", "34", 1, "60.00"))["rt_cd"] == "0"


@pytest.mark.parametrize(
    "raw",
    [
        {"name": "earthquake"},
        {},
        {"name": "rate_limited", "count": 0},
        {"name": "rate_limited", "count": True},
        {"name": "rate_limited", "match": "TQQQ"},
        {"name": "timeout_after_accept", "seconds": -1},
        {"name": "partial_at_the_close", "percent": 101},
    ],
)
def test_an_unknown_or_malformed_fault_is_refused(raw: dict[str, object]) -> None:
    with pytest.raises(UnknownFaultError) as refusal:
        Faults().add(raw)
    if raw.get("name") not in NAMES:
        assert all(name in str(refusal.value) for name in NAMES)
