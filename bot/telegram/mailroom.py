"""Everything that speaks by itself: letters to people, the morning's digest, the forum.

The parts are made here and live together; what is said in answer to somebody is not their business.
"""

import asyncio
from collections.abc import Callable

from aiogram import Bot

from bot.bus import Bus
from bot.charts.model import Draw
from bot.clock import Clock
from bot.events import Event, Priority
from bot.nursery import Nursery
from bot.storage.chat import ChatStore
from bot.storage.forum_store import ForumStore
from bot.storage.outbox import Outbox
from bot.storage.views import Views
from bot.telegram.audience import Audience
from bot.telegram.cards import Cards
from bot.telegram.digest import Digest
from bot.telegram.direct import Direct
from bot.telegram.forum import Forum
from bot.telegram.notifier import Notifier
from bot.telegram.pacing import Pace
from bot.telegram.postman import Postman
from bot.telegram.readers import Readers
from bot.telegram.sending import Sender
from bot.telegram.taps import Taps


class Mailroom:
    """The notifier, the words from memory (`direct`) and, where one is set up, the forum.

    `pace` is the seconds between two messages of a private chat. `pause`: new orders wait while
    nobody can be told.
    """

    def __init__(
        self,
        *,
        bot: Bot,
        bus: Bus,
        sender: Sender,
        cards: Cards,
        taps: Taps,
        store: ChatStore,
        views: Views,
        outbox: Outbox,
        readers: Readers,
        draw: Draw,
        wall: Clock,
        venue: str,
        pace: float,
        pause: bool,
        forum: ForumStore | None,
    ) -> None:
        self._bus = bus
        turns = Pace(wall, pace)
        self.direct = Direct(sender, readers)
        self.notifier = Notifier(
            outbox=outbox,
            postman=Postman(
                readers=readers,
                cards=cards,
                store=store,
                views=views,
                sender=sender,
                taps=taps,
                wall=wall,
                pace=turns,
                draw=draw,
            ),
            digest=Digest(
                outbox=outbox, readers=readers, sender=sender, taps=taps, pace=turns, wall=wall
            ),
            audience=Audience(bus=bus, outbox=outbox, readers=readers, pause=pause),
            wall=wall,
            pace=pace,
        )
        self.forum = (
            None
            if forum is None
            else Forum(
                bot=bot,
                notes=forum,
                store=store,
                views=views,
                readers=readers,
                sender=sender,
                pace=turns,
                draw=draw,
                wall=wall,
                venue=venue,
            )
        )

    def subscribe(self) -> list[Callable[[], None]]:
        """Have everybody hear that something happened; answers what undoes it."""
        hearing = [(self.notifier.wake, "notifier")]
        if self.forum is not None:
            hearing.append((self.forum.wake, "forum"))
        return [
            self._bus.notify(Event, to=wake, name=name, lowest=Priority.NORMAL)
            for wake, name in hearing
        ]

    def start(self, nursery: Nursery) -> list[asyncio.Task[None]]:
        """Begin to deliver."""
        tasks = [nursery.start(self.notifier.run(), name="telegram notifier")]
        if self.forum is not None:
            tasks.append(nursery.start(self.forum.run(), name="telegram forum"))
        return tasks

    async def drained(self) -> None:
        """Wait until every chat has every letter."""
        await self.notifier.drained()
        if self.forum is not None:
            await self.forum.drained()
