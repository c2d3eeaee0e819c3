"""A split in a made-up market: what is held, what rests, and what the quotes say of it."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from kis.simulator.model import Split, cents

from .desk import Desk, quick, running, week

TWO_FOR_ONE = Split("TQQQ", week()[1].day, 2, 1)
BEFORE_SPLIT = "2026-10-08T03:59:59-04:00"
PRE_MARKET = "2026-10-08T04:00-04:00"


async def held(desk: Desk) -> dict[str, Any]:
    (holding,) = (await desk.control("GET", "state"))["holdings"]
    return dict(holding)


async def last(desk: Desk) -> dict[str, str]:
    await desk.ask_token()
    output: dict[str, str] = (await desk.price())["output"]
    return output


@pytest.mark.parametrize(("new", "old", "shares"), [(2, 1, 22), (15, 1, 165), (1, 10, 1)])
async def test_a_split_multiplies_what_is_held_before_the_pre_market(
    new: int, old: int, shares: int
) -> None:
    config = quick(splits=(replace(TWO_FOR_ONE, new=new, old=old),))
    async with running(config) as desk:
        await desk.order("buy", "34", 11, "60.00")
        await desk.go(BEFORE_SPLIT)
        assert await held(desk) == {
            "symbol": "TQQQ", "quantity": 11, "average": "51.0000", "cost": "561",
        }  # fmt: skip
        cash = (await desk.control("GET", "state"))["cash"]
        await desk.go(PRE_MARKET)
        after = await held(desk)
        assert after["quantity"] == shares
        assert Decimal(after["average"]) == Decimal(51) * old / new
        assert (await desk.control("GET", "state"))["cash"] == cash
        await desk.go("close")
        assert (await held(desk))["quantity"] == shares


async def test_the_price_stands_at_the_new_height_from_the_pre_market_on() -> None:
    async with running(quick(splits=(TWO_FOR_ONE,))) as desk:
        await desk.go(BEFORE_SPLIT)
        before = Decimal((await last(desk))["last"])
        await desk.go(PRE_MARKET)
        after = await last(desk)
        assert Decimal(after["last"]) == cents(before / 2)
        assert abs(Decimal(after["rate"])) < 1


async def test_an_order_of_the_new_height_is_taken_and_another_symbol_is_left_alone() -> None:
    async with running(quick(splits=(TWO_FOR_ONE,))) as desk:
        await desk.order("buy", "34", 3, "60.00", "SOXL", "AMEX")
        await desk.go("2026-10-08T04:30-04:00")
        assert (await held(desk))["quantity"] == 3
        await desk.ask_token()
        assert (await desk.order("buy", "00", 1, "20.00"))["rt_cd"] == "0"
        await desk.go("2026-10-08T10:00-04:00")
        assert (await desk.control("GET", "state"))["orders"][1]["end"] is None


async def test_a_restart_does_not_split_again(tmp_path: Path) -> None:
    config = quick(splits=(TWO_FOR_ONE,), state=tmp_path / "state")
    async with running(config) as desk:
        await desk.order("buy", "34", 11, "60.00")
        await desk.go(PRE_MARKET)
        assert (await held(desk))["quantity"] == 22
    async with running(config) as desk:
        assert (await held(desk))["quantity"] == 22
        await desk.go("close")
        assert (await held(desk))["quantity"] == 22


async def test_a_restart_before_the_split_still_makes_it(tmp_path: Path) -> None:
    config = quick(splits=(TWO_FOR_ONE,), state=tmp_path / "state")
    async with running(config) as desk:
        await desk.order("buy", "34", 11, "60.00")
        await desk.go(BEFORE_SPLIT)
    async with running(config) as desk:
        await desk.go(PRE_MARKET)
        assert (await held(desk))["quantity"] == 22
