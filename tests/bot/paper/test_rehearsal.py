"""`muhan run` in venue paper, whole: days on the stand-in's prices, gaps, deaths and the end."""

import json
import os
import signal
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.clock import NEW_YORK, SEOUL
from bot.sessions import Session
from strategy.matching import fill_price
from strategy.model import OrderType

from .rehearsal import CASH, SYMBOL, Rehearsing, gone, rehearsing


def new_york(day: object, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=NEW_YORK)


async def test_days_are_rehearsed_and_settled_after_noon_at_the_official_close(
    tmp_path: Path,
) -> None:
    """The fills are those of the method's own matching on the official bars, to the cent."""
    async with rehearsing(tmp_path) as playing:
        await playing.stage.open_bot()
        days = playing.sessions[:4]
        await _waits_for_noon_in_seoul(playing, days[0])
        for session in days:
            await playing.reach(session.close + timedelta(hours=8))
            await playing.until("RoundSettled", days.index(session) + 1)
        rounds = await playing.rounds()
        assert [each.session for each in rounds] == [each.day for each in days]
        for each in rounds:
            bar = playing.bar(each.session)
            assert each.plan is not None
            assert each.foreseen
            for order in each.orders:
                expected = fill_price(each.plan.orders[order.slot.index], bar)
                if order.slot.type is OrderType.LIMIT:
                    assert (order.filled > 0) == (expected is not None)
                else:
                    assert order.fill_price == expected
                    assert order.filled == (order.slot.quantity if expected else 0)
        settled = [json.loads(body) for body in await playing.events("RoundSettled")]
        market = await playing.market()
        assert market["dropped"] == {}
        state = await playing.ask("GET", f"{playing.room}/simulator/state")
        assert state["holdings"][0]["quantity"] == settled[-1]["after"]["quantity"]
        assert Decimal(state["cash"]) - CASH == Decimal(settled[-1]["after"]["cash"]) - 20000
        # KIS was asked for prices, and for nothing else.
        there = await playing.ask("GET", f"{playing.standin}/simulator/state")
        assert there["orders"] == []
        chat = await playing.chat()
        assert "잠정" in chat


async def _waits_for_noon_in_seoul(playing: Rehearsing, session: Session) -> None:
    noon = datetime.combine(session.day + timedelta(days=1), datetime.min.time(), SEOUL)
    await playing.reach(noon + timedelta(hours=11, minutes=59))
    assert await playing.events("RoundSettled") == []
    foreseen = [json.loads(body) for body in await playing.until("RoundForeseen")]
    waiting = (await playing.market())["provisional"]
    assert foreseen[0]["bought"] == sum(order["provisional_quantity"] for order in waiting)
    assert foreseen[0]["bought"] > 0
    held = await playing.ask("GET", f"{playing.room}/simulator/state")
    assert (held["fills"], held["holdings"]) == ([], [])
    await playing.reach(noon + timedelta(hours=12, minutes=30))
    await playing.until("RoundSettled")


async def test_a_gap_ends_the_limit_unfilled_and_the_chat_says_why(tmp_path: Path) -> None:
    async with rehearsing(tmp_path) as playing:
        await playing.stage.open_bot()
        first, second = playing.sessions[:2]
        await playing.reach(first.close + timedelta(hours=8))
        await playing.until("RoundSettled")
        down = {"state": "down", "symbols": [SYMBOL], "reason": "unplugged"}
        await playing.reach(new_york(second.day, "10:41"))
        await playing.ask("POST", f"{playing.room}/simulator/market/feed", down)
        await playing.reach(new_york(second.day, "10:52"))
        up = {"state": "up", "symbols": [SYMBOL]}
        await playing.ask("POST", f"{playing.room}/simulator/market/feed", up)
        await playing.reach(second.close + timedelta(hours=8))
        await playing.until("RoundSettled", 2)
        reasons = {json.loads(body)["reason"] for body in await playing.events("OrderClosed")}
        told = [reason for reason in reasons if "feed gap" in reason]
        assert len(told) == 1
        assert told[0].startswith("시세 끊김, feed gap 23:4")
        assert "시세 끊김 23:4" in await playing.chat()


async def test_a_room_that_is_killed_is_opened_again_and_the_orders_live_on(
    tmp_path: Path,
) -> None:
    async with rehearsing(tmp_path) as playing:
        await playing.stage.open_bot()
        session = playing.sessions[0]
        await playing.reach(new_york(session.day, "11:00"))
        before, killed = playing.room, playing.room_pid
        open_before = await playing.ask("GET", f"{before}/simulator/state")
        os.kill(killed, signal.SIGKILL)
        assert await gone(killed, 5)
        await playing.room_is_back()
        assert playing.room == before
        assert playing.room_pid != killed
        state = await playing.ask("GET", f"{before}/simulator/state")
        assert state["orders"] == open_before["orders"]
        assert state["orders"]
        await playing.until("RehearsalTroubled")
        await playing.until("RehearsalReturned")
        await playing.reach(new_york(session.day, "12:00"))
        assert (await playing.market())["symbols"][SYMBOL]["covered"]
        await playing.reach(session.close + timedelta(hours=8))
        await playing.until("RoundSettled")
        round_ = (await playing.rounds())[0]
        assert round_.plan is not None
        bar = playing.bar(session.day)
        for each in round_.orders:
            assert each.fill_price == fill_price(round_.plan.orders[each.slot.index], bar)
        assert "리허설 시세가 다시 옵니다" in await playing.chat()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
async def test_the_room_ends_with_the_bot_within_seconds(
    tmp_path: Path, number: signal.Signals
) -> None:
    async with rehearsing(tmp_path) as playing:
        await playing.stage.open_bot()
        bot, room = playing.stage.bot, playing.room_pid
        assert bot is not None
        os.kill(bot.pid, number)
        if number is signal.SIGTERM:
            os.kill(room, number)  # as a service manager does
        assert await gone(room, 8)
        assert await gone(bot.pid, 8)
        assert await playing.events("RehearsalTroubled") == []
        if number is signal.SIGTERM:
            assert await bot.ended() == 0


async def test_a_bot_that_was_away_for_a_day_goes_on_where_it_was(tmp_path: Path) -> None:
    """Killed in mid-session, started the next evening: limits unfilled and told, LOC settled."""
    async with rehearsing(tmp_path) as playing:
        await playing.stage.open_bot()
        first, second, third = playing.sessions[:3]
        await playing.reach(first.close + timedelta(hours=8))
        await playing.until("RoundSettled")
        await playing.reach(new_york(second.day, "11:00"))
        bot = playing.stage.bot
        assert bot is not None
        os.kill(bot.pid, signal.SIGKILL)
        await bot.ended()
        for party in ("bot", "rehearsal%20room"):
            await playing.ask("DELETE", f"{playing.standin}/simulator/clock/parties/{party}")
        await playing.reach(new_york(third.day, "04:20"))
        await playing.stage.open_bot()
        await playing.reach(new_york(third.day, "09:00"))
        settled = [json.loads(body) for body in await playing.until("RoundSettled", 2)]
        bar = playing.bar(second.day)
        round_ = (await playing.rounds())[1]
        assert round_.plan is not None
        for each in round_.orders:
            expected = fill_price(round_.plan.orders[each.slot.index], bar)
            if each.slot.type is OrderType.LIMIT:
                assert each.filled == 0
                assert "feed gap" in (each.detail or "")
            else:
                assert each.fill_price == expected
        assert settled[1]["after"]["quantity"] > settled[0]["after"]["quantity"]


async def test_a_split_at_kis_multiplies_the_shares_and_the_bot_asks_about_it(
    tmp_path: Path,
) -> None:
    async with rehearsing(tmp_path, split="2:1", split_on=2) as playing:
        await playing.stage.open_bot()
        second, third = playing.sessions[1:3]
        await playing.reach(second.close + timedelta(hours=8))
        await playing.until("RoundSettled", 2)
        before = (await playing.ask("GET", f"{playing.room}/simulator/state"))["holdings"][0]
        await playing.reach(new_york(third.day, "09:00"))
        after = (await playing.ask("GET", f"{playing.room}/simulator/state"))["holdings"][0]
        assert after["quantity"] == before["quantity"] * 2
        assert Decimal(after["cost"]) == Decimal(before["cost"])
        # KIS announces it, so it is asked about by that, and not as a difference of shares.
        told = [json.loads(body) for body in await playing.until("SplitAnnounced")]
        assert (told[0]["split"]["new"], told[0]["split"]["old"]) == (2, 1)
        # No order goes out at the old shares.
        assert len(await playing.events("RoundProposed")) == 2
