"""Somebody else polls with our token: a minute holds orders back, a quiet minute frees them."""

from datetime import timedelta

import pytest

from bot.events import WebhookFound
from bot.trading.holds import Hold
from tests.bot.telegram.conftest import House


async def disturb(house: House, conflicts: int) -> None:
    """Have so many polls end in a conflict: 1, 2, 4, 8, 16, 30, 30 ... seconds lie between."""
    await house.chat.fault(method="getUpdates", status=409, count=conflicts)
    await house.chat.send("/help")
    await house.settle()


async def quiet(house: House, seconds: int) -> None:
    """Let so many seconds pass until the next poll is answered."""
    house.wall.at += timedelta(seconds=seconds)
    await house.chat.send("/help")
    await house.settle()


@pytest.mark.fault(76)
async def test_a_minute_of_conflicts_holds_orders_and_says_how_to_revoke_the_token(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    await disturb(house, 7)
    assert house.service.held == [Hold.TOKEN]
    (alarm,) = [text for text in await house.chat.said() if "1분 넘게" in text]
    assert "@BotFather 에 /revoke" in alarm
    logged = capsys.readouterr().out
    assert "new orders wait" in logged
    assert "@BotFather, /revoke" in logged


@pytest.mark.fault(76)
async def test_half_a_minute_of_conflicts_holds_nothing(house: House) -> None:
    await disturb(house, 5)
    assert house.service.held == []


@pytest.mark.fault(76)
async def test_orders_are_freed_by_a_minute_without_a_conflict_and_not_sooner(
    house: House,
) -> None:
    await disturb(house, 7)
    await quiet(house, 20)
    assert house.service.held == [Hold.TOKEN]
    await quiet(house, 41)
    assert house.service.held == []
    assert any("새 주문을 다시 보냅니다" in text for text in await house.chat.said())


@pytest.mark.fault(76)
async def test_conflicts_with_answers_in_between_are_one_contest(house: House) -> None:
    contest = house.front._contest
    for _ in range(4):
        await contest.met()
        house.wall.at += timedelta(seconds=10)
        await contest.undisturbed()
        house.wall.at += timedelta(seconds=10)
    assert house.service.held == [Hold.TOKEN]


@pytest.mark.fault(76)
async def test_a_hold_of_the_process_before_is_freed_after_a_quiet_minute(house: House) -> None:
    house.service.held.append(Hold.TOKEN)
    await quiet(house, 10)
    assert house.service.held == [Hold.TOKEN]
    await quiet(house, 51)
    assert house.service.held == []


async def test_a_clock_that_is_set_back_does_not_keep_orders_held(house: House) -> None:
    await disturb(house, 7)
    house.wall.at -= timedelta(hours=1)
    await quiet(house, 0)
    await quiet(house, 61)
    assert house.service.held == []


@pytest.mark.fault(76)
async def test_a_webhook_that_is_set_while_we_poll_is_told_of_and_removed(house: House) -> None:
    await house.chat.fault(
        method="getUpdates",
        status=409,
        description="Conflict: can't use getUpdates method while webhook is active",
    )
    await house.chat.send("/help")
    await house.settle()
    assert await house.chat.calls("getWebhookInfo")
    await house.service.record(WebhookFound(host="thief.example"))
    await house.settle()
    alarm = (await house.chat.said())[-1]
    assert "thief.example" in alarm
    assert "@BotFather 에 /revoke" in alarm


@pytest.mark.fault(76)
async def test_orders_wait_when_the_token_was_revoked_and_polling_goes_on(house: House) -> None:
    await house.chat.fault(method="getUpdates", status=401)
    await house.chat.send("/help")
    await house.settle()
    assert house.service.held == [Hold.TOKEN]
    assert any("무엇을 하시겠습니까" in text for text in await house.chat.said())
