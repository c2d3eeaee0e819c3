"""A chat that turns the bot away: no letter is lost for good, and new orders wait if so agreed."""

import asyncio
from datetime import timedelta

import pytest

from bot.events import BotStarted, BrokerTroubled
from bot.trading.holds import Hold
from tests.bot.telegram.conftest import FRIEND, OWNER, House
from tests.bot.telegram.samples import proposed, started

TROUBLE = BrokerTroubled(reason="점검")
GONE = "Bad Request: chat not found"


async def block(house: House, status: int = 403, description: str = "") -> None:
    """Have everything that is sent be turned away from now on."""
    for method in ("sendMessage", "editMessageText"):
        await house.chat.fault(method=method, status=status, description=description, count=999)


async def unblock(house: House) -> None:
    async with house.chat._http.delete(f"{house.chat.address}/chat/faults") as answer:
        assert answer.status == 200


@pytest.mark.fault(69)
@pytest.mark.parametrize(("status", "description"), [(403, ""), (400, GONE)])
async def test_orders_wait_while_nobody_can_be_told_and_the_log_says_so(
    house: House, capsys: pytest.CaptureFixture[str], status: int, description: str
) -> None:
    await block(house, status, description)
    await house.service.record(TROUBLE)
    await house.settle()
    assert house.service.held == [Hold.CHAT]
    assert "ALARM: nobody can be told anything" in capsys.readouterr().out


@pytest.mark.fault(69)
async def test_a_chat_that_is_back_is_told_in_short_what_it_missed(house: House) -> None:
    await house.service.record(started(), proposed())
    await house.settle()
    await block(house)
    await house.service.record(TROUBLE, BotStarted(version="1", unresolved=2))
    await house.settle()
    await unblock(house)
    await house.chat.send("/start")
    await house.settle()
    (summary,) = [text for text in await house.chat.said() if "전하지 못했습니다" in text]
    assert "한투에 물어볼 수 없습니다" in summary
    assert "무한이 시작되었습니다" in summary
    assert "새 주문을 멈췄습니다" in summary
    assert house.service.held == []
    row = await house.database.one("SELECT count(*) AS n FROM outbox WHERE state != 'sent'")
    assert row is not None
    assert row["n"] == 0


@pytest.mark.fault(69)
async def test_the_next_letter_that_gets_through_shows_that_the_chat_is_back(
    house: House,
) -> None:
    await block(house)
    await house.service.record(TROUBLE)
    await house.settle()
    await unblock(house)
    await house.service.record(BotStarted(version="1", unresolved=0))
    await house.settle()
    assert any("전하지 못했습니다" in text for text in await house.chat.said())
    assert house.service.held == []


@pytest.mark.fault(69)
async def test_what_a_chat_missed_is_told_after_a_restart_too(house: House) -> None:
    await block(house)
    await house.service.record(TROUBLE)
    await house.settle()
    await house.restart()
    await unblock(house)
    await house.chat.send("/start")
    await house.settle()
    said = await house.chat.said()
    assert sum("한투에 물어볼 수 없습니다" in text for text in said) == 1
    assert house.service.held == []


@pytest.mark.fault(69)
async def test_orders_go_on_where_that_was_agreed(house: House) -> None:
    await house.front.stop()
    house.front = house.build(house.service.bus, pause=False)
    await house.front.start()
    await block(house)
    await house.service.record(TROUBLE)
    await house.settle()
    assert house.service.held == []


async def test_a_chat_that_is_reached_is_enough(house: House) -> None:
    await house.front.stop()
    await house.chat.send("안녕", **{"as": {"id": FRIEND, "name": "친구"}})
    house.front = house.build(house.service.bus, frozenset({OWNER, FRIEND}))
    await house.front.start()
    await house.settle()
    await house.chat.fault(method="sendMessage", status=403)
    await house.service.record(TROUBLE)
    await house.settle()
    assert house.service.held == []
    assert any("점검" in text for text in await house.chat.said(FRIEND))


@pytest.mark.fault(68)
async def test_a_stop_is_carried_out_while_telegram_takes_no_message_for_an_hour(
    house: House,
) -> None:
    await house.chat.send("/stop")
    await house.chat.send("/pause")
    await house.settle()
    house.wall.gate = asyncio.Event()
    await house.chat.fault(method="editMessageText", status=429, retry_after=3600)
    await house.chat.press("매수만")
    await house.chat.press("유지하고 정지")
    async with asyncio.timeout(60):
        while len(house.service.asked) < 2:  # noqa: ASYNC110 - the page's own way
            await asyncio.sleep(0.01)
    assert [type(command).__name__ for command in house.service.asked] == ["Pause", "Stop"]
    house.wall.gate.set()
    await house.settle()
    assert 3600 in house.wall.slept
    assert any(text.startswith("일시정지 ·") for text in await house.chat.said())


async def test_a_long_absence_is_told_in_few_lines(house: House) -> None:
    await block(house)
    for number in range(20):
        await house.service.record(BrokerTroubled(reason=f"점검 {number}"))
    await house.settle()
    await unblock(house)
    house.wall.at += timedelta(seconds=1)
    await house.chat.send("/help")
    await house.settle()
    (summary,) = [text for text in await house.chat.said() if "전하지 못했습니다" in text]
    assert len(summary.splitlines()) <= 18
    assert "그 밖에" in summary
