import pytest
from aiogram.exceptions import TelegramBadRequest

from tests.bot.chat.conftest import OWNER, Chat


async def sent(chat: Chat, *texts: str) -> list[int]:
    return [(await chat.bot.send_message(OWNER, text)).message_id for text in texts]


async def pins(chat: Chat) -> list[str]:
    return [pinned["text"] for pinned in (await chat.look()).get("pins", [])]


async def test_a_pin_is_shown_and_told_to_the_bot_itself_as_a_service_message(chat: Chat) -> None:
    first, second = await sent(chat, "하나\n둘째 줄", "둘")
    await chat.bot.pin_chat_message(OWNER, second)
    await chat.bot.pin_chat_message(OWNER, first)
    assert await pins(chat) == ["하나", "둘"]
    messages = [update.message for update in await chat.bot.get_updates()]
    told = [m.pinned_message.message_id for m in messages if m is not None and m.pinned_message]
    assert told == [second, first]
    assert all(m is not None and m.from_user and m.from_user.is_bot for m in messages)
    assert [m["service"] for m in (await chat.look())["messages"][2:]] == [
        "메시지를 고정했습니다: 둘",
        "메시지를 고정했습니다: 하나",
    ]
    newest = (await chat.bot.get_chat(OWNER)).pinned_message
    assert newest is not None
    assert newest.message_id == second


async def test_the_newest_pin_goes_first_and_a_deleted_message_is_pinned_no_more(
    chat: Chat,
) -> None:
    first, second, third = await sent(chat, "1", "2", "3")
    for message_id in (third, first, second):
        await chat.bot.pin_chat_message(OWNER, message_id)
    await chat.bot.unpin_chat_message(OWNER)
    assert await pins(chat) == ["1", "2"]
    await chat.bot.unpin_chat_message(OWNER, message_id=first)
    assert await pins(chat) == ["2"]
    await chat.bot.delete_message(OWNER, second)
    assert await pins(chat) == []
    await chat.bot.pin_chat_message(OWNER, first)
    await chat.bot.unpin_all_chat_messages(OWNER)
    assert await pins(chat) == []


async def test_a_pin_that_changes_nothing_or_points_nowhere_is_refused(chat: Chat) -> None:
    [message_id] = await sent(chat, "x")
    await chat.bot.pin_chat_message(OWNER, message_id)
    service = (await chat.look())["messages"][-1]["id"]
    for wanted, sentence in [
        (message_id, "CHAT_NOT_MODIFIED"),
        (999, "message to pin not found"),
        (service, "service messages can't be pinned"),
    ]:
        with pytest.raises(TelegramBadRequest, match=sentence):
            await chat.bot.pin_chat_message(OWNER, wanted)
    await chat.bot.unpin_chat_message(OWNER)
    with pytest.raises(TelegramBadRequest, match="message to unpin not found"):
        await chat.bot.unpin_chat_message(OWNER)
    with pytest.raises(TelegramBadRequest, match="CHAT_NOT_MODIFIED"):
        await chat.bot.unpin_chat_message(OWNER, message_id=message_id)
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await chat.bot.edit_message_text("y", chat_id=OWNER, message_id=service)


async def test_several_messages_are_deleted_at_once_and_what_is_gone_is_passed_over(
    chat: Chat,
) -> None:
    first, second, third = await sent(chat, "1", "2", "3")
    assert await chat.bot.delete_messages(OWNER, [first, 999, third])
    assert [message["id"] for message in (await chat.look())["messages"]] == [second]
    answer = await chat.call("deleteMessages", chat_id=OWNER, message_ids=[])
    assert answer["description"] == "Bad Request: message identifiers are not specified"
