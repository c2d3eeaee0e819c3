"""While nothing can be written no order goes out; said from memory, over by itself.

An order goes out only after "sent" is durable, so a disk that fails stops trading of itself. What
this adds is that the owner hears of it without the file, and that the program lives on and tries.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.clock import Clock
from bot.events import OrdersFreed
from bot.storage.database import Database
from bot.storage.failing import StorageFailing
from bot.trading.desk import Desk
from bot.trading.holds import Hold

AGAIN = 30.0

log = structlog.get_logger(__name__)


class DiskGuard:
    """Hear of every try to write, and try again while they fail.

    `say` tells the owner that orders are held for a reason, without the state file.
    """

    def __init__(
        self,
        desk: Desk,
        database: Database,
        wall: Clock,
        say: Callable[[Hold, str], Awaitable[None]],
    ) -> None:
        self._desk = desk
        self._database = database
        self._wall = wall
        self._say = say
        self._failed = asyncio.Event()
        self._news = asyncio.Event()
        self._reason = ""
        database.watch(self.heard)

    def heard(self, reason: str) -> None:
        """Note that a try to write failed for a reason, or (with "") that one was written."""
        if reason:
            if self._desk.holds.put(Hold.DISK, reason):
                log.error("nothing can be written; no order goes out", reason=reason)
                self._news.set()
            self._reason = reason
            self._failed.set()

    async def run(self) -> None:
        """Tell of trouble, and try until something can be written again.

        A chat that makes us wait (an hour, when it is flooded) keeps no order back.
        """
        await asyncio.gather(self._tell(), self._mend())

    async def _tell(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            await self._say(Hold.DISK, self._reason)

    async def _mend(self) -> None:
        while True:
            await self._failed.wait()
            written = False
            while not written:
                await self._wall.sleep(AGAIN)
                written = await self._writes()
            self._failed.clear()
            self._desk.holds.lift(Hold.DISK)
            log.info("the disk can be written again")

    async def _writes(self) -> bool:
        try:
            await self._database.probe()
            async with self._desk.recording() as recording:
                await recording.record(OrdersFreed(why=Hold.DISK.value))
        except StorageFailing:
            return False
        return True
