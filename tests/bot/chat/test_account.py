import pytest
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

from tests.bot.chat.conftest import OWNER, Chat


def menu(*names: str) -> list[BotCommand]:
    return [BotCommand(command=name, description=f"{name}!") for name in names]


async def test_the_owner_sees_the_menu_of_the_narrowest_scope_in_the_owners_language(
    chat: Chat,
) -> None:
    bot = chat.bot
    await bot.set_my_commands(menu("a"))
    await bot.set_my_commands(menu("b"), language_code="ko")
    await bot.set_my_commands(menu("c"), language_code="en")
    seen = [(await chat.look())["commands"][0]["command"]]
    await bot.set_my_commands(menu("d"), scope=BotCommandScopeAllPrivateChats())
    seen.append((await chat.look())["commands"][0]["command"])
    await bot.set_my_commands(menu("e"), scope=BotCommandScopeChat(chat_id=OWNER))
    seen.append((await chat.look())["commands"][0]["command"])
    await bot.delete_my_commands(scope=BotCommandScopeChat(chat_id=OWNER))
    seen.append((await chat.look())["commands"][0]["command"])
    assert seen == ["b", "d", "e", "d"]
    assert [one.command for one in await bot.get_my_commands()] == ["a"]
    assert await bot.get_my_commands(scope=BotCommandScopeChat(chat_id=OWNER)) == []


async def test_a_menu_is_sent_only_when_it_changed(chat: Chat) -> None:
    await chat.bot.set_my_commands(menu("a"))
    rev = (await chat.look())["rev"]
    await chat.bot.send_message(OWNER, "x")
    assert "commands" not in await chat.look(after=rev)


@pytest.mark.parametrize("name", ["Today", "오늘", "", "x" * 33, "a-b"])
async def test_command_names_are_small_latin(chat: Chat, name: str) -> None:
    with pytest.raises(TelegramBadRequest, match="BOT_COMMAND_INVALID"):
        await chat.bot.set_my_commands([BotCommand(command=name, description="d")])


async def test_a_webhook_is_refused_and_deleting_one_may_drop_what_waits(chat: Chat) -> None:
    with pytest.raises(TelegramBadRequest, match="bad webhook"):
        await chat.bot.set_webhook("https://example.com/hook")
    await chat.say("hi")
    assert (await chat.bot.get_webhook_info()).pending_update_count == 1
    await chat.bot.delete_webhook()
    assert (await chat.bot.get_webhook_info()).pending_update_count == 1
    await chat.bot.delete_webhook(drop_pending_updates=True)
    assert (await chat.bot.get_webhook_info()).pending_update_count == 0
    assert (await chat.bot.get_webhook_info()).url == ""


async def test_the_owners_chat_is_known_from_the_start_and_others_are_not(chat: Chat) -> None:
    assert (await chat.bot.get_chat(OWNER)).type == "private"
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await chat.bot.get_chat(7)
    await chat.say("hello", **{"as": {"id": 7, "name": "손님"}})
    assert (await chat.bot.get_chat(7)).first_name == "손님"
