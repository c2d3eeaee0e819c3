from collections.abc import Callable

import aiohttp
import pytest
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError

from bot.chat import ChatConfig
from tests.bot.chat.conftest import OWNER, Chat, Clock, running


async def count(chat: Chat) -> int:
    return len((await chat.look())["messages"])


async def test_a_429_on_order_says_when_to_come_back_and_then_ends(chat: Chat) -> None:
    await chat.post("faults", {"method": "sendMessage", "status": 429, "retry_after": 3})
    with pytest.raises(TelegramRetryAfter) as refused:
        await chat.bot.send_message(OWNER, "x")
    assert refused.value.retry_after == 3
    await chat.bot.send_message(OWNER, "x")
    assert await count(chat) == 1


async def test_a_fault_counts_the_calls_of_its_method_only(chat: Chat) -> None:
    await chat.post("faults", {"method": "sendMessage", "status": 500, "count": 2})
    await chat.bot.get_me()
    for _ in range(2):
        with pytest.raises(TelegramServerError):
            await chat.bot.send_message(OWNER, "x")
    await chat.bot.send_message(OWNER, "x")


@pytest.mark.parametrize(("drop", "arrived"), [("before", 0), ("after", 1)])
async def test_a_dropped_connection_leaves_the_caller_in_doubt(
    chat: Chat, drop: str, arrived: int
) -> None:
    await chat.post("faults", {"method": "sendMessage", "drop": drop})
    with pytest.raises(TelegramNetworkError):
        await chat.bot.send_message(OWNER, "x")
    assert await count(chat) == arrived


async def test_faults_can_be_listed_cleared_and_mistaken(chat: Chat) -> None:
    await chat.post("faults", {"method": "*", "status": 502})
    async with chat.http.delete(f"{chat.address}/chat/faults") as answer:
        assert await answer.json() == []
    await chat.bot.get_me()
    for body in ({"odd": 1}, {"count": 0}, {"drop": "odd"}, {"method": 1}, {"status": "500"}):
        assert "error" in await chat.post("faults", body)


async def test_the_rate_limit_holds_per_chat_and_only_when_asked_for(
    configure: Callable[..., ChatConfig], chat: Chat
) -> None:
    for _ in range(30):
        await chat.bot.send_message(OWNER, "x")
    async with running(configure(messages_per_second=2), Clock()) as limited:
        await limited.say("hi", **{"as": {"id": 7}})
        for _ in range(2):
            await limited.bot.send_message(OWNER, "x")
        with pytest.raises(TelegramRetryAfter) as refused:
            await limited.bot.send_message(OWNER, "x")
        assert refused.value.retry_after == 1
        await limited.bot.send_message(7, "x")


async def test_another_client_sees_the_429_as_telegram_writes_it(chat: Chat) -> None:
    await chat.post("faults", {"method": "getMe", "status": 429, "retry_after": 5})
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{chat.address}/bot{chat.bot.token}/getMe") as answer,
    ):
        assert answer.status == 429
        assert await answer.json() == {
            "ok": False,
            "error_code": 429,
            "description": "Too Many Requests: retry after 5",
            "parameters": {"retry_after": 5},
        }
