"""A bare bot of aiogram, imported as anybody would: two handlers, polling; says when it listens."""

import asyncio
import json
import sys

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, Message


async def main(address: str, token: str) -> None:
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def written(message: Message) -> None:
        del message

    @dispatcher.callback_query()
    async def pressed(query: CallbackQuery) -> None:
        del query

    async def listening() -> None:
        print(json.dumps({"ready": True}), flush=True)

    dispatcher.startup.register(listening)
    session = AiohttpSession(api=TelegramAPIServer.from_base(address))
    async with Bot(token, session=session) as bot:
        await bot.get_me()
        await dispatcher.start_polling(bot, handle_signals=False)


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
