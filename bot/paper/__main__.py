"""`python -m bot.paper`: the rehearsal room's process, started by `muhan run` and by nobody else.

It reads one line of JSON from stdin and ends when stdin does: with the bot, however that ended.
"""

import asyncio
import json
import os
import sys

from bot import logs
from bot.errors import MuhanError
from bot.nursery import Nursery
from bot.paper import order_form
from bot.paper.order_form import OrderForm
from bot.paper.room import keep_room


def main() -> int:
    """Answer 0 when ended, 3 when the room could not be opened: the line on stdout says why."""
    logs.configure()
    line = sys.stdin.buffer.readline()
    try:
        form = order_form.read(line)
    except (ValueError, TypeError, KeyError):
        return _refuse("no order form on stdin")
    for secret in (form.app_key, form.app_secret, form.room.app_key, form.room.app_secret):
        logs.register_secret(secret)
    try:
        asyncio.run(_until_the_bot_ends(form))
    except MuhanError as error:
        return _refuse(str(error))
    except (ValueError, OSError) as error:
        return _refuse(f"{type(error).__name__}: {error}")
    return 0


async def _until_the_bot_ends(form: OrderForm) -> None:
    """Keep the room while stdin is open."""
    reader = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    room = asyncio.current_task()

    async def watch_stdin() -> None:
        await reader.read()
        if room is not None:
            room.cancel()

    async with Nursery() as nursery:
        nursery.start(watch_stdin(), name="the bot's end")
        try:
            await keep_room(form)
        except asyncio.CancelledError:
            if not reader.at_eof():
                raise


def _refuse(words: str) -> int:
    sys.stdout.write(json.dumps({"refused": words}) + "\n")
    sys.stdout.flush()
    return 3


if __name__ == "__main__":
    # Not sys.exit: a closed stdout of a bot that is gone must not make a traceback.
    code = main()
    try:
        sys.stdout.flush()
    except OSError:
        os._exit(code)
    sys.exit(code)
