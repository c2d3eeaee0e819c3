"""Live mode over HTTP: KIS's own listings and quotes, fed through the control surface."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from kis.simulator.config import Pace, PaceKind, SimulatorConfig
from kis.simulator.entry import serve
from kis.simulator.live.entry import serve_live
from kis.simulator.live.exchange import NO_CLOSE
from kis.simulator.live.rules import LiveRules

from .desk import WEDNESDAY, Desk, new_york, quick, running, week
from .live import seoul

BUY_LOC = ("buy", "34")
SELL_LIMIT = ("sell", "00")
TUESDAY = WEDNESDAY - timedelta(days=1)
NOON = seoul("2026-10-08T12:00")


class LiveDesk(Desk):
    """A customer of a live simulator whose clock is moved by hand."""

    wall = new_york("2026-10-07T05:30")

    def to(self, moment: str | datetime) -> None:
        self.wall = new_york(moment) if isinstance(moment, str) else moment

    async def market(self) -> dict[str, Any]:
        return await self.control("GET", "market")

    async def trade(self, price: str, volume: int = 100, **words: object) -> dict[str, Any]:
        self.wall += timedelta(seconds=1)
        row = {"symbol": "TQQQ", "at": self.wall.isoformat(), "price": price, "volume": volume}
        return await self.control("POST", "market/trades", {"trades": [row | words]})

    async def bar(self, day: object, close: str, **words: object) -> dict[str, Any]:
        row = {"day": str(day), "open": "50", "high": "60", "low": "40", "close": close}
        body = {"symbol": "TQQQ", "bars": [row | {"volume": 1000}]}
        return await self.control("POST", "market/bars", body | words)

    async def feed(self, state: str, **words: object) -> dict[str, Any]:
        return await self.control("POST", "market/feed", {"state": state, **words})


async def _never(seconds: float) -> None:
    """The wall is looked at when something comes in: a test waits for no time to pass."""
    del seconds
    await asyncio.Event().wait()


@asynccontextmanager
async def live(
    config: SimulatorConfig | None = None, at: datetime | None = None
) -> AsyncIterator[LiveDesk]:
    """Serve live mode for as long as the block lasts, with Tuesday's close known."""
    config = config or quick()
    async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
        desk = LiveDesk(http, "", config)
        desk.wall = at or desk.wall
        ready: asyncio.Future[dict[str, str]] = asyncio.get_running_loop().create_future()
        serving = group.create_task(
            serve_live(
                config,
                sessions=week(),
                # A hand-moved clock jumps: that is not a machine that slept.
                rules=LiveRules(wall=lambda: desk.wall, jump=timedelta(days=30)),
                sleep=_never,
                on_ready=ready.set_result,
            )
        )
        desk.url = (await ready)["listening"]
        await desk.ask_token()
        if at is None:
            await desk.bar(TUESDAY, "50.00")
            await desk.feed("up")
        try:
            yield desk
        finally:
            serving.cancel()


async def test_an_order_lives_on_trades_that_are_brought_in() -> None:
    async with live() as desk:
        await desk.control("PUT", "holdings/TQQQ", {"quantity": 10, "average": "45"})
        receipt = await desk.order(*SELL_LIMIT, 10, "51.00")
        assert receipt["rt_cd"] == "0"
        await desk.trade("51.20", 4)
        row = (await desk.rows())[0]
        assert (row["ft_ccld_qty"], row["nccs_qty"]) == ("4", "6")
        assert Decimal(row["ft_ccld_unpr3"]) == 51
        await desk.trade("51.20", 40)
        assert (await desk.rows())[0]["nccs_qty"] == "0"


async def test_a_loc_is_provisional_until_noon_and_then_filled_at_the_official_close() -> None:
    async with live() as desk:
        await desk.order(*BUY_LOC, 7, "50.00")
        desk.to("2026-10-07T15:59")
        await desk.trade("49.80")
        desk.to("2026-10-07T16:10")
        shown = (await desk.market())["provisional"]
        assert [(row["provisional_close"], row["provisional_quantity"]) for row in shown] == [
            ("49.80", 7)
        ]
        row = (await desk.rows())[0]
        assert (row["ft_ccld_qty"], row["nccs_qty"], row["prcs_stat_name"]) == ("0", "7", "전송")
        desk.to(NOON + timedelta(minutes=2))
        await desk.bar(WEDNESDAY, "49.90", asked_at=(NOON - timedelta(minutes=1)).isoformat())
        assert (await desk.rows())[0]["ft_ccld_qty"] == "0"
        await desk.bar(WEDNESDAY, "49.70")
        row = (await desk.rows())[0]
        assert (row["ft_ccld_qty"], row["nccs_qty"]) == ("7", "0")
        assert Decimal(row["ft_ccld_unpr3"]) == Decimal("49.70")
        assert (await desk.balance())["output1"][0]["ovrs_cblc_qty"] == "7"


async def test_a_gap_is_the_reason_that_the_listing_gives() -> None:
    async with live() as desk:
        await desk.order("buy", "00", 5, "40.00")
        desk.to("2026-10-07T10:41")
        await desk.feed("down", symbols=["TQQQ"], reason="test")
        desk.to("2026-10-07T10:52")
        await desk.feed("up")
        desk.to("2026-10-07T16:02")
        row = (await desk.rows())[0]
        assert (row["prcs_stat_name"], row["ft_ccld_qty"]) == ("완료", "0")
        assert row["rjct_rson_name"] == "시세 끊김, feed gap 23:41-23:52"


async def test_no_official_close_is_the_reason_of_a_loc() -> None:
    async with live() as desk:
        await desk.order(*BUY_LOC, 7, "50.00")
        desk.to(seoul("2026-10-08T18:00"))
        row = (await desk.rows())[0]
        assert (row["nccs_qty"], row["rjct_rson_name"]) == ("0", NO_CLOSE)


@pytest.mark.parametrize("at", ["2026-10-07T10:00", "2026-10-07T16:30", "2026-10-07T22:30"])
async def test_everything_survives_a_restart_in_each_phase(tmp_path: Path, at: str) -> None:
    config = quick(state=tmp_path / "paper.sqlite3")
    async with live(config) as desk:
        await desk.order(*BUY_LOC, 7, "50.00")
        await desk.order("buy", "00", 5, "40.00")
        await desk.trade("39.00", 2)
        await desk.control("POST", "market/symbols", {"symbol": "QQQ", "exchange": "NASD"})
        token = desk.token
        desk.to(at)
        before = await desk.control("GET", "state")
    async with live(config, at=new_york(at)) as desk:
        desk.token = token
        after = await desk.control("GET", "state")
        assert {k: v for k, v in after.items() if k != "now"} == {
            k: v for k, v in before.items() if k != "now"
        }
        assert "QQQ" in (await desk.market())["symbols"]
        desk.to(NOON)
        await desk.bar(WEDNESDAY, "49.70")
        rows = {row["ft_ord_qty"]: row for row in await desk.rows()}
        assert (rows["7"]["ft_ccld_qty"], rows["5"]["ft_ccld_qty"]) == ("7", "2")


async def test_quotes_and_bars_are_what_was_seen() -> None:
    async with live() as desk:
        assert (await desk.price())["output"]["last"] == "50.0000"
        await desk.trade("50.50")
        output = (await desk.price())["output"]
        assert (output["last"], output["base"], output["diff"]) == ("50.5000", "50.0000", "0.5000")
        desk.to("2026-10-07T12:00")
        await desk.control("POST", "market/prices", {"symbol": "TQQQ", "price": "51.25"})
        assert (await desk.price())["output"]["last"] == "51.2500"
        assert [row["clos"] for row in await desk.daily()] == ["50.0000"]
        desk.to(NOON)
        await desk.bar(WEDNESDAY, "49.70")
        assert [row["clos"] for row in await desk.daily()] == ["49.7000", "50.0000"]


async def test_a_split_is_announced_and_made_before_the_pre_market() -> None:
    async with live() as desk:
        await desk.control("PUT", "holdings/TQQQ", {"quantity": 10, "average": "45"})
        split = {"symbol": "TQQQ", "day": "2026-10-08", "new": 3, "old": 1}
        await desk.control("POST", "market/splits", split)
        assert (await desk.balance())["output1"][0]["ovrs_cblc_qty"] == "10"
        desk.to("2026-10-08T04:00")
        row = (await desk.balance())["output1"][0]
        assert (row["ovrs_cblc_qty"], row["pchs_avg_pric"]) == ("30", "15.0000")


async def test_nobody_moves_the_clock_of_live_mode() -> None:
    async with live() as desk:
        status, answer, _ = await desk.request("POST", "/simulator/clock", json={"to": "close"})
        assert (status, "wall clock" in answer["error"]) == (409, True)
        status, _, _ = await desk.request("PUT", "/simulator/clock/pace", json={"kind": "jump"})
        assert status == 409
    async with running() as seeded:
        status, answer, _ = await seeded.request(
            "PUT", "/simulator/clock/pace", json={"kind": "wall"}
        )
        assert (status, "live mode" in answer["error"]) == (409, True)
    config = quick(pace=Pace(kind=PaceKind.WALL))
    with pytest.raises(ValueError, match="live mode"):
        await serve(config, sessions=week(), bars=None, on_ready=print)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("trades", {"trades": {}}),
        ("trades", {"trades": ["x"]}),
        ("trades", {"trades": [{"symbol": "TQQQ", "at": "x", "price": "1", "volume": 1}]}),
        ("trades", {"trades": [{"symbol": "TQQQ", "at": "2026-10-07T10:00", "volume": 1}]}),
        ("trades", {"trades": [{"symbol": "TQQQ", "price": "1", "volume": 1.5}]}),
        ("trades", {"trades": [{"symbol": "TQQQ", "price": "1", "volume": 1, "hours": "night"}]}),
        ("prices", {"symbol": "NONE", "price": "1"}),
        ("prices", {"symbol": "TQQQ", "price": "0"}),
        ("prices", {"symbol": "TQQQ", "price": "x"}),
        ("bars", {"symbol": "TQQQ", "bars": {}}),
        ("bars", {"symbol": "TQQQ", "bars": ["x"]}),
        ("bars", {"symbol": "TQQQ", "bars": [{"day": "x", "volume": 1}]}),
        ("bars", {"symbol": "TQQQ", "bars": [{"volume": -1}]}),
        ("feed", {"state": "sideways"}),
        ("feed", {"state": "up", "symbols": ["NONE"]}),
        ("gaps", {"start": "x", "end": "x"}),
        ("splits", {"symbol": "TQQQ", "day": "2026-10-08", "new": 1, "old": 1}),
        ("splits", {"symbol": "TQQQ", "day": "x", "new": 2, "old": 1}),
        ("splits", {"symbol": "TQQQ", "new": "2", "old": 1}),
        ("symbols", {"symbol": "tqqq", "exchange": "NASD"}),
        ("symbols", {"symbol": "QQQ", "exchange": "MOON"}),
        ("symbols", {"symbol": 1}),
    ],
)
async def test_words_that_make_no_market_are_a_sentence(path: str, body: object) -> None:
    async with live() as desk:
        status, answer, _ = await desk.request("POST", f"/simulator/market/{path}", json=body)
        assert status == 400
        assert answer["error"]


async def test_a_symbol_without_an_exchange_waits_for_the_feed_to_find_it() -> None:
    async with live() as desk:
        answer = await desk.control("POST", "market/symbols", {"symbol": "QQQ"})
        assert "QQQ" not in answer["symbols"]
        answer = await desk.control("POST", "market/symbols", {"symbol": "QQQ", "exchange": "NASD"})
        assert answer["symbols"]["QQQ"]["covered"] is False


async def test_the_index_lists_the_markets_routes_too() -> None:
    async with live() as desk:
        index = await desk.control("GET", "")
        assert "POST /simulator/market/feed" in index["routes"]
        assert "POST /simulator/orders" in index["routes"]
