"""Minute bars and adjusted days: what the charts show is what the market has shown."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from kis.simulator.model import NEW_YORK, Split

from .desk import PRICES, Desk, quick, running, week

CHART = {"AUTH": "", "EXCD": "NAS", "SYMB": "TQQQ", "PINC": "1", "NREC": "120", "FILL": ""}


async def minutes(desk: Desk, size: str = "1", key: str = "", **more: str) -> dict[str, Any]:
    query = CHART | {"NMIN": size, "NEXT": "1" if key else "", "KEYB": key} | more
    return (await desk.get(f"{PRICES}/inquire-time-itemchartprice", "HHDFS76950200", query))[0]


def start_of(row: dict[str, str]) -> datetime:
    return datetime.strptime(row["xymd"] + row["xhms"], "%Y%m%d%H%M%S").replace(tzinfo=NEW_YORK)


async def paged(desk: Desk, size: int, count: str = "7") -> list[dict[str, str]]:
    """Page back to the first bar, as KIS's sample does: by the last stamp less one bar."""
    rows: list[dict[str, str]] = []
    key = ""
    while True:
        answer = await minutes(desk, str(size), key, NREC=count)
        rows += answer["output2"]
        if answer["output1"]["next"] == "0":
            return rows
        before = start_of(rows[-1]) - timedelta(minutes=size)
        key = before.strftime("%Y%m%d%H%M%S")


async def test_before_the_first_open_there_is_no_minute() -> None:
    async with running() as desk:
        answer = await minutes(desk)
        assert (answer["output2"], answer["output1"]["nrec"]) == ([], "0")
        assert answer["output1"]["next"] == "0"


async def test_the_bars_of_a_day_are_its_trades_and_nothing_else() -> None:
    async with running() as desk:
        await desk.go("2026-10-07T16:03-04:00")
        day = (await desk.daily())[0]
        rows = (await minutes(desk))["output2"]
        assert [start_of(row) for row in rows] == sorted(map(start_of, rows), reverse=True)
        assert rows[-1]["open"] == day["open"]
        assert rows[0]["last"] == day["clos"]
        assert max(row["high"] for row in rows) == day["high"]
        assert min(row["low"] for row in rows) == day["low"]
        volume = sum(int(row["evol"]) for row in rows)
        assert volume == int((await desk.price())["output"]["tvol"])
        assert rows[0]["kymd"] + rows[0]["khms"] == "20261008045900"
        assert {row["tymd"] for row in rows} == {"20261007"}


async def test_larger_bars_join_smaller_ones() -> None:
    async with running() as desk:
        await desk.go("2026-10-07T16:03-04:00")
        small = (await minutes(desk, "1"))["output2"]
        large = (await minutes(desk, "60"))["output2"]
        assert {start_of(row).minute for row in large} == {30}
        for row in large:
            start = start_of(row)
            inside = [
                one for one in small if start <= start_of(one) < start + timedelta(minutes=60)
            ]
            assert row["open"] == inside[-1]["open"]
            assert row["last"] == inside[0]["last"]
            assert row["high"] == max(one["high"] for one in inside)
            assert int(row["evol"]) == sum(int(one["evol"]) for one in inside)


async def test_pages_of_minutes_join_without_a_gap_or_a_bar_twice() -> None:
    async with running() as desk:
        await desk.go("2026-10-12T16:03-04:00")
        await desk.ask_token()
        whole = (await minutes(desk, "5"))["output2"]
        assert len(whole) > 40
        assert await paged(desk, 5) == whole


async def test_the_key_of_a_page_is_the_latest_stamp_wanted() -> None:
    async with running() as desk:
        await desk.go("2026-10-07T16:03-04:00")
        rows = (await minutes(desk, "5"))["output2"]
        key = rows[3]["xymd"] + rows[3]["xhms"]
        assert (await minutes(desk, "5", key))["output2"] == rows[3:]


async def test_a_page_has_at_most_120_bars_and_says_that_more_follow() -> None:
    sessions = week(12)
    async with running(sessions=sessions) as desk:
        await desk.go("2026-10-22T16:03-04:00")
        await desk.ask_token()
        answer = await minutes(desk, "1", NREC="500")
        assert len(answer["output2"]) == int(answer["output1"]["nrec"]) == 120
        assert answer["output1"]["next"] == "1"


async def test_today_alone_is_shown_where_the_day_before_is_not_wanted() -> None:
    async with running() as desk:
        await desk.go("2026-10-08T12:00-04:00")
        await desk.ask_token()
        assert {row["tymd"] for row in (await minutes(desk, PINC="0"))["output2"]} == {"20261008"}
        assert len({row["tymd"] for row in (await minutes(desk))["output2"]}) == 2


async def test_the_last_bar_grows_until_its_end() -> None:
    async with running() as desk:
        await desk.go("open")
        first = (await minutes(desk, "390"))["output2"]
        await desk.go("2026-10-07T12:00-04:00")
        later = (await minutes(desk, "390"))["output2"]
        assert len(first) == len(later) == 1
        assert int(later[0]["evol"]) > int(first[0]["evol"])
        assert first[0]["open"] == later[0]["open"]


@pytest.mark.parametrize(
    "wrong", [{"NMIN": "0"}, {"NMIN": "x"}, {"NREC": "-1"}, {"NEXT": "1", "KEYB": "yesterday"}]
)
async def test_a_number_or_a_stamp_that_is_none_is_refused(wrong: dict[str, str]) -> None:
    async with running() as desk:
        answer = await minutes(desk, **wrong)
        assert (answer["rt_cd"], answer["msg_cd"]) == ("2", "OPSQ2001")


async def days(desk: Desk, adjusted: str, by: str = "") -> list[dict[str, str]]:
    query = CHART | {"GUBN": "0", "BYMD": by, "MODP": adjusted}
    answer, _ = await desk.get(f"{PRICES}/dailyprice", "HHDFS76240000", query)
    rows: list[dict[str, str]] = answer["output2"]
    return rows


async def test_modp_brings_the_days_before_a_split_to_todays_height() -> None:
    sessions = week(4)
    split = Split("TQQQ", sessions[2].day, 2, 1)
    async with running(quick(splits=(split,)), sessions=sessions) as desk:
        await desk.go("2026-10-08T16:03-04:00")
        await desk.ask_token()
        assert await days(desk, "1") == await days(desk, "0")
        await desk.go("2026-10-09T16:03-04:00")
        await desk.ask_token()
        raw, adjusted = await days(desk, "0"), await days(desk, "1")
        assert adjusted[0]["clos"] == raw[0]["clos"]
        for old, now in zip(raw[1:], adjusted[1:], strict=True):
            assert Decimal(now["clos"]) * 2 == Decimal(old["clos"])
            assert int(now["tvol"]) == 2 * int(old["tvol"])


async def test_an_unknown_date_of_a_day_is_refused() -> None:
    async with running() as desk:
        query = CHART | {"GUBN": "0", "BYMD": "2026-10-07", "MODP": "0"}
        answer, _ = await desk.get(f"{PRICES}/dailyprice", "HHDFS76240000", query)
        assert answer["msg_cd"] == "OPSQ2001"
