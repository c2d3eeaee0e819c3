"""The won against the dollar: kept once a day in Seoul, for the tax on what settles then.

No question is asked for it: KIS sends its rate with every answer about money, and the evening's
count of the account has one (settled.md, "Money beside the orders").
"""

from datetime import datetime, time
from decimal import Decimal

from bot.clock import SEOUL
from bot.events import RateSeen
from bot.trading.desk import Desk
from bot.trading.ports_money import Teller

PUBLISHED = time(9, 0)
"""From then on KIS shows the day's own rate; before it, the day before's."""


class Rates:
    """Keep the first rate that is heard on a day."""

    def __init__(self, desk: Desk, teller: Teller) -> None:
        self._desk = desk
        self._teller = teller

    async def look(self) -> datetime | None:
        """Keep what came with the look's own questions."""
        await self.note(self._teller.rate_heard())
        return None

    async def note(self, rate: Decimal | None) -> None:
        """Keep a rate as the day's, where none is kept yet."""
        now = self._desk.clock.now().astimezone(SEOUL)
        if not rate or now.time() < PUBLISHED:
            return
        if await self._desk.views.money.rate(now.date()) is None:
            async with self._desk.recording() as recording:
                await recording.record(RateSeen(day=now.date(), rate=rate))
