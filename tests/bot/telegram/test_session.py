"""The program's own way to Telegram: of what was sent the number, and every trouble as ever."""

from collections.abc import AsyncIterator

import pytest
from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest, TelegramRetryAfter
from aiogram.methods import GetMe, SendMessage

from bot.telegram.session import brief_session
from tests.bot.telegram.conftest import OWNER, TOKEN
from tests.bot.telegram.other_server import OtherServer, serving


@pytest.fixture
async def bot() -> AsyncIterator[Bot]:
    server = OtherServer(TOKEN, OWNER)
    async with serving(server) as address, Bot(TOKEN, session=brief_session(address)) as bot:
        yield bot


async def test_a_message_that_was_sent_has_the_number_that_it_is_edited_by(bot: Bot) -> None:
    sent = await bot.send_message(OWNER, "1")
    edited = await bot.edit_message_text("2", chat_id=OWNER, message_id=sent.message_id)
    assert not isinstance(edited, bool)
    assert edited.message_id == sent.message_id
    assert sent.model_fields_set == {"message_id"}
    assert (await bot.get_me()).first_name == "Another"


async def test_what_telegram_refuses_is_raised_as_ever(bot: Bot) -> None:
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("2", chat_id=OWNER, message_id=1)


@pytest.mark.parametrize(
    "content",
    [
        "<html>",
        "[]",
        '{"ok": true, "result": {"message_id": "x"}}',
        '{"ok": true, "result": {"message_id": true}}',
        '{"ok": "yes", "result": {"message_id": 1}}',
    ],
)
async def test_an_answer_that_is_no_plain_success_is_left_to_aiogram(
    bot: Bot, content: str
) -> None:
    method = SendMessage(chat_id=OWNER, text="1")
    with pytest.raises(ClientDecodeError):
        bot.session.check_response(bot, method, 200, content)


async def test_a_wait_that_telegram_asks_for_is_raised_as_ever(bot: Bot) -> None:
    content = '{"ok": false, "description": "Too Many", "parameters": {"retry_after": 7}}'
    with pytest.raises(TelegramRetryAfter):
        bot.session.check_response(bot, SendMessage(chat_id=OWNER, text="1"), 429, content)
    with pytest.raises(TelegramRetryAfter):
        bot.session.check_response(bot, GetMe(), 429, content)
