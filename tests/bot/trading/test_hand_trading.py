"""An owner who trades in KIS's own app while the bot runs: whole processes, real sockets, taps."""

from datetime import time, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.storage.database import DATABASE_NAME, opened
from tests.bot.trading.hand_stage import HandStage, hand_stage
from tests.stage import headless

HALF_AN_HOUR = timedelta(minutes=30)


async def buy_by_hand_and_adopt(stage: HandStage) -> None:
    """Buy three shares while the first round is out; the ledger has them once it is settled."""
    await stage.reach(stage.sessions[0].open + HALF_AN_HOUR)
    await stage.trade("buy", 3, "500")
    told = await stage.said("직접 매매: TQQQ 매수 3주")
    assert "지금 장부는 그대로입니다" in told["text"]
    assert "T 0.00→" in told["text"]
    assert (await stage.cycle()).cycle.quantity == 0
    await stage.press(told, "장부에 넣기")
    preview = await stage.said("TQQQ 매수 3주", 2)
    assert "나간 회차가 정산된 뒤" in preview["text"]
    await stage.press(preview, "이대로 넣기")
    await stage.until("ForeignFillDecided", lambda event: event["fate"] == "cycle")
    assert (await stage.cycle()).cycle.quantity == 0, "the round that is out is never edited"
    await stage.reach(stage.at(1, time(4, 30)))
    await stage.until("CycleChanged", lambda event: event["change"]["quantity"] == 3)
    assert (await stage.cycle()).cycle.quantity == await stage.shares()


async def cancel_and_sell_everything(stage: HandStage) -> None:
    """Cancel all of the bot's orders in the app and sell everything that is held."""
    await stage.reach(stage.sessions[1].open + HALF_AN_HOUR)
    held = await stage.shares()
    standing = [order for order in (await stage.state())["orders"] if order["open"]]
    assert standing
    for order in standing:
        await stage.cancel(order["number"])
    await stage.said(f"봇이 낸 주문 {len(standing)}건이 취소되었습니다")
    await stage.trade("sell", held, "1")
    told = await stage.said(f"직접 매매: TQQQ 매도 {held}주")
    assert "새 회차를 쉽니다" in told["text"]
    assert await stage.shares() == 0
    assert (await stage.cycle()).cycle.quantity == held


async def end_the_cycle(stage: HandStage) -> None:
    """Let an evening pass unanswered, then say that the cycle is over."""
    rounds = len(await stage.events("RoundProposed"))
    await stage.reach(stage.at(2, time(5, 40)))
    assert len(await stage.events("RoundProposed")) == rounds
    assert await stage.events("LedgerMismatched") == []
    before = (await stage.cycle()).cycle
    await stage.send("/status")
    asked = await stage.said("직접 매매: TQQQ 매도", 2)
    await stage.press(asked, "끝난 것으로 정리")
    preview = await stage.said("장부에 넣으면\n")
    await stage.press(preview, "이대로 넣기")
    changed = await stage.until("CycleChanged", lambda event: event["change"].get("side") == "sell")
    after = (await stage.cycle()).cycle
    assert (after.number, after.quantity, after.turn) == (before.number + 1, 0, Decimal(0))
    assert changed["after"]["number"] == after.number
    await stage.until(
        "RoundProposed", lambda event: event["plan"]["cycle"]["number"] == after.number
    )


@pytest.mark.fault(39, 41, 42)
async def test_the_owner_trades_in_the_app_and_the_bot_asks_before_it_books(
    tmp_path: Path,
) -> None:
    async with hand_stage(tmp_path) as stage:
        await buy_by_hand_and_adopt(stage)
        await cancel_and_sell_everything(stage)
        await end_the_cycle(stage)
        assert await stage.events("MoneyMoved") == []
        assert await stage.events("LedgerMismatched") == []


@pytest.mark.fault(44)
async def test_days_without_a_hand_in_them_raise_no_alarm(tmp_path: Path) -> None:
    state = tmp_path / "demo"
    await headless(state, "--days", "5", "--fee-percent", "0.25")
    async with opened(state / "bot" / DATABASE_NAME) as database:
        kinds = {row["type"] for row in await database.all("SELECT DISTINCT type FROM journal")}
    assert "MoneyCounted" in kinds
    told = {"MoneyMoved", "ForeignFillSeen", "ForeignOrderSeen", "LedgerMismatched"}
    assert not kinds & (told | {"SplitAnnounced"})
