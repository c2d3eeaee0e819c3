"""What goes wrong with listings, balances and fills on purpose."""

from decimal import Decimal
from typing import Any

from .desk import TRADING, Desk, ccnl_query, quick, running
from .wire import wired


async def fault(desk: Desk, name: str, **more: Any) -> None:
    answer = await desk.control("POST", "faults", {"name": name, **more})
    assert "error" not in answer, answer


async def placed(desk: Desk, count: int) -> None:
    for _ in range(count):
        await desk.order("buy", "34", 1, "40.00")


async def test_a_later_page_fails_and_the_first_does_not() -> None:
    async with running(quick(cash=Decimal(10**7))) as desk:
        await placed(desk, 25)
        await fault(desk, "page_cut_short")
        first, mark = await desk.ccnl()
        assert (len(first["output"]), mark) == (20, "F")
        headers = desk.headers("TTTS3035R", "N")
        query = ccnl_query(CTX_AREA_NK200=first["ctx_area_nk200"])
        async with desk.http.get(
            f"{desk.url}{TRADING}/inquire-ccnl", params=query, headers=headers
        ) as response:
            assert response.status == 500
        second, mark = await desk.ccnl(tr_cont="N", CTX_AREA_NK200=first["ctx_area_nk200"])
        assert (len(second["output"]), mark) == (5, "E")


async def test_a_page_repeats_for_as_long_as_the_fault_lasts() -> None:
    async with running(quick(cash=Decimal(10**7))) as desk:
        await placed(desk, 25)
        await fault(desk, "page_repeats_for_ever", count=3)
        first, mark = await desk.ccnl()
        assert mark == "F"
        for _ in range(2):
            key = first["ctx_area_nk200"]
            again, mark = await desk.ccnl(tr_cont="N", CTX_AREA_NK200=key)
            assert (again["output"], again["ctx_area_nk200"], mark) == (first["output"], key, "M")
        last, mark = await desk.ccnl(tr_cont="N", CTX_AREA_NK200=key)
        assert (last["output"], mark) == ([], "E")


async def test_the_newest_days_repeat_where_a_date_is_the_key() -> None:
    async with running() as desk:
        await desk.go("2026-10-15T05:00-04:00")
        await desk.ask_token()
        newest = await desk.daily()
        await fault(desk, "page_repeats_for_ever")
        assert await desk.daily(by="20261009") == newest
        assert await desk.daily(by="20261009") != newest


# -- what is shown late -------------------------------------------------------------------------


async def test_a_listing_may_be_as_old_as_the_fault_says() -> None:
    async with running() as desk:
        await desk.order("buy", "34", 1, "40.00")
        await desk.go("2026-10-07T05:02-04:00")
        await desk.order("buy", "34", 2, "40.00")
        await desk.change("0000000001")
        await fault(desk, "lagging_listings", seconds=60)
        old = await desk.rows()
        assert [(row["odno"], row["nccs_qty"]) for row in old] == [("0000000001", "1")]
        assert [int(row["odno"]) for row in await desk.rows()] == [1, 2, 3]


async def test_a_fill_shows_late_in_listing_and_balance_but_is_booked() -> None:
    async with running() as desk:
        await desk.order("buy", "00", 2, "60.00")
        await desk.go("open")
        await fault(desk, "lagging_listings", seconds=60)
        await fault(desk, "lagging_balance", seconds=60)
        assert (await desk.rows())[0]["ft_ccld_qty"] == "0"
        assert (await desk.balance())["output1"] == []
        assert (await desk.rows())[0]["ft_ccld_qty"] == "2"
        assert (await desk.balance())["output1"][0]["ovrs_cblc_qty"] == "2"


async def test_buying_power_may_lag_too_and_catches_up_by_itself() -> None:
    async with running() as desk:
        await desk.order("buy", "00", 2, "60.00")
        await desk.go("open")
        await fault(desk, "lagging_balance", count=2, seconds=30)
        assert (await desk.psamount())["ovrs_ord_psbl_amt"] == "20000.00"
        await desk.go("2026-10-07T09:31-04:00")
        assert (await desk.psamount())["ovrs_ord_psbl_amt"] == "19900.00"


# -- rows that are too many ---------------------------------------------------------------------


async def test_one_holding_may_stand_under_two_exchanges() -> None:
    async with running() as desk:
        await desk.order("buy", "00", 2, "60.00")
        await desk.go("open")
        await fault(desk, "duplicate_rows_other_exchange", match={"tr_id": "TTTS3012R"})
        rows = [row for row in (await desk.balance())["output1"] if row["ovrs_pdno"]]
        assert [row["ovrs_excg_cd"] for row in rows] == ["NASD", "NYSE"]
        assert rows[0]["ovrs_cblc_qty"] == rows[1]["ovrs_cblc_qty"] == "2"
        assert len((await desk.balance())["output1"]) == 2


async def test_one_order_may_be_listed_twice_with_one_number() -> None:
    async with running() as desk:
        await desk.order("buy", "34", 1, "40.00")
        await fault(desk, "duplicate_rows_other_exchange")
        rows = await desk.rows()
        assert [row["odno"] for row in rows] == ["0000000001"] * 2
        assert [row["tr_mket_name"] for row in rows] == ["나스닥", "뉴욕거래소"]


# -- what becomes of an order -------------------------------------------------------------------


async def test_a_limit_order_executes_in_part_and_the_rest_goes_on_resting() -> None:
    async with running() as desk:
        await desk.order("buy", "00", 10, "60.00")
        await fault(desk, "partial_fill", percent=30)
        await desk.go("open")
        row = (await desk.rows())[0]
        assert (row["ft_ccld_qty"], row["nccs_qty"], row["prcs_stat_name"]) == ("3", "7", "전송")
        await desk.go("2026-10-07T10:30-04:00")
        row = (await desk.rows())[0]
        assert (row["ft_ccld_qty"], row["nccs_qty"], row["prcs_stat_name"]) == ("10", "0", "완료")


async def test_an_accepted_order_may_be_refused_later_by_market_time() -> None:
    async with running() as desk:
        await fault(desk, "refused_after_accept", seconds=90)
        assert (await desk.order("buy", "34", 1, "40.00"))["rt_cd"] == "0"
        await desk.go("2026-10-07T05:01-04:00")
        assert (await desk.rows())[0]["prcs_stat_name"] == "전송"
        await desk.go("2026-10-07T05:01:30-04:00")
        assert (await desk.rows())[0]["prcs_stat_name"] == "거부"


async def test_a_filled_order_is_not_refused_any_more() -> None:
    async with running() as desk:
        await desk.go("open")
        await fault(desk, "refused_after_accept")
        await desk.order("buy", "00", 1, "60.00")
        row = (await desk.rows())[0]
        assert (row["prcs_stat_name"], row["ft_ccld_qty"]) == ("완료", "1")


# -- notices ------------------------------------------------------------------------------------


async def test_a_notice_may_never_come_and_the_next_one_does() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("H0GSCNI0", "SIMUSER1")
        await fault(desk, "missing_notices", match={"kind": "accepted"})
        await desk.order("buy", "34", 1, "40.00")
        await desk.order("buy", "34", 2, "40.00")
        assert (await wire.notice())[2] == "0000000002"


async def test_a_late_notice_comes_after_its_seconds_of_market_time() -> None:
    async with running() as desk, wired(desk) as wire:
        await wire.ask("H0GSCNI0", "SIMUSER1")
        await fault(desk, "late_notices", seconds=30)
        await desk.order("buy", "34", 1, "40.00")
        await desk.order("buy", "34", 2, "40.00")
        assert (await wire.notice())[2] == "0000000002"
        await desk.go("2026-10-07T05:01-04:00")
        assert (await wire.notice())[2] == "0000000001"
