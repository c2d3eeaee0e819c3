import asyncio
from collections.abc import Callable
from typing import Any

from bot.chat import ChatConfig
from tests.bot.chat.conftest import OWNER, Chat, Clock, running


async def texts(chat: Chat, **parameters: Any) -> list[str]:
    updates = (await chat.call("getUpdates", **parameters))["result"]
    return [update["message"]["text"] for update in updates]


async def last_id(chat: Chat) -> int:
    return int((await chat.call("getUpdates"))["result"][-1]["update_id"])


async def test_updates_stay_until_a_higher_offset_confirms_them(chat: Chat) -> None:
    for text in "abc":
        await chat.say(text)
    assert await texts(chat) == ["a", "b", "c"]
    assert await texts(chat, limit=2) == ["a", "b"]
    last = await last_id(chat)
    assert await texts(chat, offset=last) == ["c"]
    assert await texts(chat, offset=0) == ["c"]
    assert await texts(chat, offset=last + 1) == []


async def test_a_negative_offset_forgets_all_but_the_last(chat: Chat) -> None:
    for text in "abc":
        await chat.say(text)
    assert await texts(chat, offset=-2) == ["b", "c"]
    assert await texts(chat) == ["b", "c"]


async def test_a_poll_waits_for_a_message_and_returns_at_once_when_it_comes(chat: Chat) -> None:
    async with asyncio.timeout(25), asyncio.TaskGroup() as group:
        poll = group.create_task(chat.bot.get_updates(timeout=30))
        await chat.until_online()
        await chat.say("/start now")
        [update] = await poll
    assert update.message is not None
    assert update.message.text == "/start now"
    assert update.message.entities is not None
    assert update.message.entities[0].type == "bot_command"


async def test_a_poll_without_news_ends_when_its_time_is_up(chat: Chat) -> None:
    started = asyncio.get_running_loop().time()
    assert await texts(chat, timeout=1) == []
    assert 0.9 < asyncio.get_running_loop().time() - started < 25


async def test_a_second_poll_ends_the_first_with_409(chat: Chat) -> None:
    async with asyncio.timeout(25), asyncio.TaskGroup() as group:
        first = group.create_task(chat.call("getUpdates", timeout=30))
        await chat.until_online()
        second = group.create_task(chat.call("getUpdates", timeout=30))
        refused = await first
        await chat.say("a")
        assert [u["message"]["text"] for u in (await second)["result"]] == ["a"]
    assert refused == {
        "ok": False,
        "error_code": 409,
        "description": "Conflict: terminated by other getUpdates request; "
        "make sure that only one bot instance is running",
    }


async def test_allowed_updates_hold_until_they_are_given_anew(chat: Chat) -> None:
    sent = await chat.bot.send_message(OWNER, "x", reply_markup=None)
    await chat.call("getUpdates", allowed_updates=["callback_query"])
    assert (await chat.say("unwanted"))["update_id"] is None
    await chat.call("getUpdates")
    assert (await chat.say("still unwanted"))["update_id"] is None
    await chat.call("getUpdates", allowed_updates=[])
    assert (await chat.say("wanted"))["update_id"] is not None
    assert await texts(chat) == ["wanted"]
    assert sent.message_id


async def test_a_raw_update_reaches_the_bot_as_it_is(chat: Chat) -> None:
    await chat.post("update", {"message": {"message_id": "no number"}})
    [update] = (await chat.call("getUpdates"))["result"]
    assert update == {
        "update_id": update["update_id"],
        "message": {"message_id": "no number"},
    }


async def test_nothing_is_forgotten_over_a_restart_and_ids_go_on_rising(
    configure: Callable[..., ChatConfig],
) -> None:
    async with running(configure(), Clock()) as chat:
        sent = await chat.bot.send_message(OWNER, "old")
        await chat.say("a")
        await chat.say("b")
        last = await last_id(chat)
        await chat.call("getUpdates", offset=last + 1)
        await chat.call("setMyCommands", commands=[{"command": "a", "description": "A"}])
        seen = await chat.look()
    async with running(configure(), Clock()) as chat:
        assert await chat.look() == {**seen, "online": False}
        assert (await chat.say("c"))["update_id"] == last + 1
        assert (await chat.bot.send_message(OWNER, "new")).message_id > sent.message_id
        assert await texts(chat) == ["c"]
