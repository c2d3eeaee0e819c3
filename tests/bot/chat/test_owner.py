import json
from typing import Any

import pytest
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
)

from tests.bot.chat.conftest import OWNER, Chat

STRANGER = {"id": 7, "name": "손님"}
GROUP = {"id": OWNER, "chat_type": "group", "chat_id": -100}


async def proposal(chat: Chat) -> Message:
    row = [InlineKeyboardButton(text="승인", callback_data="approve")]
    return await chat.bot.send_message(
        OWNER, "제안", reply_markup=InlineKeyboardMarkup(inline_keyboard=[row])
    )


async def test_a_message_of_the_owner_is_a_realistic_update(chat: Chat) -> None:
    await chat.say("/whatif soxl 92")
    [update] = await chat.bot.get_updates()
    message = update.message
    assert message is not None
    assert message.from_user is not None
    assert (message.from_user.id, message.from_user.language_code) == (OWNER, "ko")
    assert not message.from_user.is_bot
    assert (message.chat.id, message.chat.type, message.date) == (
        OWNER,
        "private",
        chat.clock.moment,
    )


async def test_a_tap_carries_the_message_it_was_on(chat: Chat) -> None:
    sent = await proposal(chat)
    pressed = await chat.post("press", {"message_id": sent.message_id, "data": "approve"})
    query = (await chat.bot.get_updates())[0].callback_query
    assert query is not None
    assert (query.id, query.data, query.from_user.id) == (pressed["query_id"], "approve", OWNER)
    assert isinstance(query.message, Message)
    assert (query.message.message_id, query.message.text) == (sent.message_id, "제안")


async def test_a_button_that_is_not_there_cannot_be_tapped(chat: Chat) -> None:
    sent = await proposal(chat)
    await chat.bot.edit_message_text("접수", chat_id=OWNER, message_id=sent.message_id)
    for body, sentence in [
        ({"message_id": sent.message_id, "data": "approve"}, "the message has no such button"),
        ({"message_id": 999, "data": "approve"}, "there is no such message"),
        ({"data": "approve"}, "a tap needs message_id and data"),
    ]:
        assert await chat.post("press", body) == {"error": sentence}
    assert await chat.bot.get_updates() == []


async def test_a_stranger_has_a_chat_of_their_own(chat: Chat) -> None:
    await chat.say("/start", **{"as": STRANGER})
    [update] = await chat.bot.get_updates()
    assert update.message is not None
    assert update.message.from_user is not None
    assert (update.message.chat.id, update.message.from_user.first_name) == (7, "손님")
    assert (await chat.look())["messages"] == []
    assert len((await chat.look(chat_id=7))["messages"]) == 1


async def test_a_stranger_may_tap_the_owners_button_and_is_named_as_who_tapped(chat: Chat) -> None:
    sent = await proposal(chat)
    body = {"message_id": sent.message_id, "data": "approve", "as": STRANGER}
    await chat.post("press", body)
    query = (await chat.bot.get_updates())[0].callback_query
    assert query is not None
    assert query.from_user.id == 7


async def test_a_group_is_no_private_chat(chat: Chat) -> None:
    await chat.say("/start", **{"as": GROUP})
    [update] = await chat.bot.get_updates()
    assert update.message is not None
    assert (update.message.chat.id, update.message.chat.type) == (-100, "group")
    assert (await chat.bot.send_message(-100, "x")).chat.type == "group"


@pytest.mark.parametrize(
    "body",
    [
        {"text": "  "},
        {},
        {"text": "x" * 4097},
        {"text": "x", "as": {"id": "odd"}},
        {"text": "x", "as": {"id": 2**70}},
        {"text": "x", "as": {"chat_type": "channel"}},
        {"text": "x", "reply_to": 999},
        {"text": "x", "reply_to": "odd"},
        [],
    ],
)
async def test_what_no_client_would_send_is_refused(chat: Chat, body: Any) -> None:
    assert list(await chat.post("send", body)) == ["error"]
    assert (await chat.look())["messages"] == []


async def test_a_look_tells_only_what_changed_since(chat: Chat) -> None:
    first = await chat.bot.send_message(OWNER, "1")
    await chat.say("2")
    seen = await chat.look()
    assert [message["from"] for message in seen["messages"]] == ["bot", "owner"]
    await chat.bot.edit_message_text("하나", chat_id=OWNER, message_id=first.message_id)
    changed = await chat.look(after=seen["rev"], timeout=20)
    assert [message["text"] for message in changed["messages"]] == ["하나"]
    again = await chat.look(after=changed["rev"], timeout=0)
    assert (again["messages"], again["notices"]) == ([], [])


async def test_a_reply_keyboard_is_shown_until_another_comes(chat: Chat) -> None:
    board = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="오늘")]])
    await chat.bot.send_message(OWNER, "x", reply_markup=board)
    seen = await chat.look()
    assert seen["keyboard"]["keyboard"][0][0]["text"] == "오늘"
    await chat.bot.send_message(OWNER, "y")
    assert "keyboard" not in await chat.look(after=seen["rev"])


async def test_the_transcript_has_both_directions_and_no_token(chat: Chat) -> None:
    await chat.say("hi")
    await chat.bot.send_message(OWNER, "안녕")
    await chat.call("sendMessage", chat_id=7, text="x")
    async with chat.http.get(f"{chat.address}/chat/transcript") as answer:
        text = await answer.text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [(line["from"], line["what"]) for line in lines] == [
        ("owner", "send"),
        ("bot", "sendMessage"),
        ("bot", "sendMessage"),
    ]
    assert lines[1]["answer"]["result"]["text"] == "안녕"
    assert lines[2]["answer"]["description"] == "Bad Request: chat not found"
    assert chat.bot.token not in text
