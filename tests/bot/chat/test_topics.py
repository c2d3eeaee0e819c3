from collections.abc import Callable
from typing import Any

import pytest
from aiogram.exceptions import TelegramBadRequest, TelegramRetryAfter

from bot.chat import ChatConfig
from tests.bot.chat.conftest import OWNER, Chat, Clock, running

FORUM = -1001234


async def forum(chat: Chat) -> int:
    opened = await chat.post("groups", {"id": FORUM, "title": "무한매수", "is_forum": True})
    return int(opened["id"])


async def test_each_topic_holds_its_own_messages(chat: Chat) -> None:
    await forum(chat)
    soxl = await chat.bot.create_forum_topic(FORUM, "SOXL")
    tqqq = await chat.bot.create_forum_topic(FORUM, "TQQQ", icon_color=0xFFD67E)
    sent = await chat.bot.send_message(FORUM, "계획", message_thread_id=soxl.message_thread_id)
    assert (sent.message_thread_id, sent.is_topic_message) == (soxl.message_thread_id, True)
    general = await chat.bot.send_message(FORUM, "모두에게")
    assert general.message_thread_id is None
    reply = await chat.bot.send_message(FORUM, "결과", reply_to_message_id=sent.message_id)
    assert reply.message_thread_id == soxl.message_thread_id
    seen = await chat.look(chat_id=FORUM)
    assert [(topic["thread"], topic["name"], topic["closed"]) for topic in seen["topics"]] == [
        (soxl.message_thread_id, "SOXL", False),
        (tqqq.message_thread_id, "TQQQ", False),
    ]
    assert [message.get("thread") for message in seen["messages"]] == [
        soxl.message_thread_id,
        tqqq.message_thread_id,
        soxl.message_thread_id,
        None,
        soxl.message_thread_id,
    ]
    titles = [known.get("title") for known in seen["chats"]]
    assert titles == [None, "무한매수"]


async def test_a_topic_is_renamed_closed_opened_and_deleted_with_its_messages(chat: Chat) -> None:
    await forum(chat)
    thread = (await chat.bot.create_forum_topic(FORUM, "SOXL")).message_thread_id
    await chat.bot.edit_forum_topic(FORUM, thread, name="TQQQ")
    await chat.bot.close_forum_topic(FORUM, thread)
    with pytest.raises(TelegramBadRequest, match="TOPIC_CLOSED"):
        await chat.bot.send_message(FORUM, "x", message_thread_id=thread)
    await chat.bot.reopen_forum_topic(FORUM, thread)
    await chat.bot.send_message(FORUM, "x", message_thread_id=thread)
    services = [m["service"] for m in (await chat.look(chat_id=FORUM))["messages"][:-1]]
    assert services == [
        "주제를 만들었습니다: SOXL",
        "주제 이름을 바꿨습니다: TQQQ",
        "주제를 닫았습니다",
        "주제를 다시 열었습니다",
    ]
    await chat.bot.delete_forum_topic(FORUM, thread)
    seen = await chat.look(chat_id=FORUM)
    assert (seen["topics"], seen["messages"]) == ([], [])
    with pytest.raises(TelegramBadRequest, match="message thread not found"):
        await chat.bot.send_message(FORUM, "x", message_thread_id=thread)


async def test_a_topic_that_cannot_be_is_refused(chat: Chat) -> None:
    await forum(chat)
    thread = (await chat.bot.create_forum_topic(FORUM, "SOXL")).message_thread_id
    cases: list[tuple[str, dict[str, Any], str]] = [
        ("createForumTopic", {"chat_id": OWNER, "name": "x"}, "the chat is not a forum"),
        ("createForumTopic", {"chat_id": FORUM, "name": " "}, "title must be non-empty"),
        (
            "createForumTopic",
            {"chat_id": FORUM, "name": "x", "icon_color": 1},
            "wrong topic icon color specified",
        ),
        (
            "editForumTopic",
            {"chat_id": FORUM, "message_thread_id": thread, "name": "SOXL"},
            "TOPIC_NOT_MODIFIED",
        ),
        (
            "reopenForumTopic",
            {"chat_id": FORUM, "message_thread_id": thread},
            "TOPIC_NOT_MODIFIED",
        ),
        (
            "sendMessage",
            {"chat_id": OWNER, "text": "x", "message_thread_id": 7},
            "message thread not found",
        ),
        (
            "sendMessage",
            {"chat_id": FORUM, "text": "x", "message_thread_id": 1},
            "message thread not found",
        ),
        (
            "sendChatAction",
            {"chat_id": FORUM, "action": "dance"},
            "wrong parameter action in request",
        ),
    ]
    for method, parameters, sentence in cases:
        answer = await chat.call(method, **parameters)
        assert answer.get("description") == f"Bad Request: {sentence}", method
    assert await chat.bot.send_chat_action(FORUM, "typing", message_thread_id=1)


async def test_the_owner_writes_into_a_topic(chat: Chat) -> None:
    await forum(chat)
    thread = (await chat.bot.create_forum_topic(FORUM, "SOXL")).message_thread_id
    who = {"as": {"chat_id": FORUM}}
    await chat.say("/today", thread=thread, **who)
    message = (await chat.bot.get_updates())[-1].message
    assert message is not None
    assert (message.chat.id, message.chat.is_forum, message.message_thread_id) == (
        FORUM,
        True,
        thread,
    )
    assert await chat.say("x", thread=999, **who) == {"error": "the chat has no such topic"}
    assert "error" in await chat.post("groups", {"id": 5})


async def test_a_group_takes_twenty_messages_a_minute_when_rates_are_kept(
    configure: Callable[..., ChatConfig],
) -> None:
    async with running(configure(messages_per_second=50), Clock()) as limited:
        await forum(limited)
        for _ in range(20):
            await limited.bot.send_message(FORUM, "x")
        with pytest.raises(TelegramRetryAfter) as refused:
            await limited.bot.send_message(FORUM, "x")
        assert 55 <= refused.value.retry_after <= 60
        await limited.bot.send_message(OWNER, "x")
