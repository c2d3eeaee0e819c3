"""The demo with its page: everything runs until Ctrl-C, days pass by themselves."""

import asyncio
import signal
from collections.abc import Callable

from bot.demo.headless import mind_the_bot
from bot.demo.stage import Stage
from bot.demo.world import World
from bot.nursery import Nursery


async def serve(stage: Stage, world: World, *, on_ready: Callable[[str], None]) -> None:
    """Open the stage and keep it open until SIGINT or SIGTERM; `on_ready` hears the address."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stage.prepare(world)
    async with Nursery() as nursery:
        try:
            await stage.open_simulator()
            address = await stage.open_chat()
            await stage.open_bot()
            minder = nursery.start(mind_the_bot(stage), name="bot")
            on_ready(address)
            await stop.wait()
            minder.cancel()
        finally:
            await stage.close()
