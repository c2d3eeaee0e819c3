"""A bare bot of python-telegram-bot: two handlers, polling; says when it listens."""

import asyncio
import json
import sys

from telegram import Update
from telegram.ext import ApplicationBuilder, CallbackQueryHandler, MessageHandler, filters


async def heard(_update: Update, _context: object) -> None:
    """Do nothing with it."""


async def main(address: str, token: str) -> None:
    app = ApplicationBuilder().token(token).base_url(f"{address}/bot").build()
    app.add_handler(MessageHandler(filters.TEXT, heard))
    app.add_handler(CallbackQueryHandler(heard))
    async with app:
        await app.start()
        await app.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        print(json.dumps({"ready": True}), flush=True)
        await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
