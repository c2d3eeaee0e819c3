"""A bare conversation through aiogram, imported the way that is named; what came of it as JSON.

`python -m tests.bot.telegram.imported lazy|plain`; it needs a process of its own.
"""

import asyncio
import json
import sys
from typing import Any

from pydantic import BaseModel

from bot.telegram import lazy_aiogram
from tests.bot.telegram.other_server import OtherServer, serving

TOKEN = "123456:AAEhBP0av28abcdefghijklmnopqrstuvwx"
OWNER = 4242
PNG = b"\x89PNG\r\n"


async def conversation() -> list[Any]:
    """Write, press, edit, send a picture, be refused; give all that aiogram made of it."""
    from aiogram import Bot, Dispatcher  # noqa: PLC0415 - after lazy_aiogram
    from aiogram.exceptions import TelegramBadRequest  # noqa: PLC0415 - the same
    from aiogram.types import (  # noqa: PLC0415 - the same
        BotCommand,
        BotCommandScopeAllPrivateChats,
        BufferedInputFile,
        CallbackQuery,
        InlineKeyboardButton,
        InlineKeyboardMarkup,
        Message,
    )

    from bot.telegram.session import telegram_session  # noqa: PLC0415 - the same

    heard: list[Any] = []
    server, dispatcher = OtherServer(TOKEN, OWNER), Dispatcher(disable_fsm=True)
    keys = InlineKeyboardMarkup(
        inline_keyboard=[[InlineKeyboardButton(text="Yes", callback_data="yes")]]
    )

    async def written(message: Message) -> None:
        heard.append(message)
        heard.append(await message.reply("<b>?</b>", parse_mode="HTML", reply_markup=keys))

    async def pressed(query: CallbackQuery) -> None:
        heard.append(query)
        heard.append(await query.answer("ok"))
        if isinstance(query.message, Message):
            heard.append(await query.message.edit_text("done"))

    dispatcher.message.register(written)
    dispatcher.callback_query.register(pressed)
    async with (
        serving(server) as address,
        Bot(TOKEN, session=telegram_session(address)) as bot,
    ):
        heard += [await bot.get_me(), await bot.get_webhook_info()]
        entries = [BotCommand(command="stop", description="Stop")]
        scope = BotCommandScopeAllPrivateChats()
        heard.append(await bot.set_my_commands(entries, scope=scope))
        offset = None
        server.say("/start")
        for _ in range(2):
            for update in await bot.get_updates(offset=offset):
                heard.append(update)
                await dispatcher.feed_update(bot, update)
                offset = update.update_id + 1
            if offset == 32:
                server.press(max(server.messages), "yes")
        heard.append(await bot.send_photo(OWNER, BufferedInputFile(PNG, "a.png"), caption="!"))
        try:
            await bot.edit_message_text("x", chat_id=OWNER, message_id=1)
        except TelegramBadRequest as error:
            heard.append(error.message)
    return heard


def counted() -> tuple[int, int]:
    """Give how many models of the Bot API there are, and how many are built."""
    from aiogram import methods, types  # noqa: PLC0415 - after lazy_aiogram

    named = [*vars(methods).values(), *vars(types).values()]
    models = {each for each in named if isinstance(each, type) and issubclass(each, BaseModel)}
    return len(models), sum(model.__pydantic_complete__ for model in models)


def dumped(made: Any) -> Any:
    return made.model_dump(mode="json") if isinstance(made, BaseModel) else made


def main() -> None:
    lazy = lazy_aiogram.load(lazy=sys.argv[1] == "lazy")
    _, at_once = counted()
    heard = asyncio.run(conversation())
    models, built = counted()
    said = [[type(made).__name__, dumped(made)] for made in heard]
    print(
        json.dumps(
            {"lazy": lazy, "models": models, "at once": at_once, "built": built, "said": said},
            default=repr,
        )
    )


if __name__ == "__main__":
    main()
