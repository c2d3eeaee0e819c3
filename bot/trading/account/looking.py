"""The evening's look at the account: hand trades, USD, announced splits, before a round is planned.

During the session hand trades are noticed with every listing of orders (`settle.Settler.book`).
"""

from collections.abc import Mapping
from datetime import date, datetime

import structlog

from bot.timetable import timetable
from bot.trading.account.announced import SplitWatch
from bot.trading.account.money import MoneyWatch
from bot.trading.desk import Desk
from bot.trading.ports import BrokerSilent, OrderList
from bot.trading.settle import Settler

log = structlog.get_logger(__name__)

MOST_SESSIONS = 7
"""How many sessions back hand trades are looked for after the bot was off."""


class AccountLook:
    """Look once an evening; a look that shows a doubt is repeated a minute later."""

    def __init__(self, desk: Desk, settler: Settler) -> None:
        self._desk = desk
        self._settler = settler
        self._money = MoneyWatch(desk)
        self._splits = SplitWatch(desk)
        self._looked: date | None = None

    async def evening(self) -> datetime | None:
        """Look at what the evening's plan rests on; answer when to look again, if at all.

        Raises BrokerSilent when the orders cannot be listed; silence about the rest waits.
        """
        now = self._desk.clock.now()
        table = timetable(self._desk.calendar.current_or_next(now))
        session = table.session.day
        if not table.propose_at <= now < table.deadline or self._looked == session:
            return None
        if not await self._desk.views.cycles():
            return None
        lists = await self.through()
        try:
            await self._splits.look(session)
            again = await self._money.count(session, lists)
        except BrokerSilent as silence:
            log.info("the account could not be asked", reason=str(silence))
            again = None
        if again is None:
            self._looked = session
        return again

    async def through(self) -> Mapping[date, OrderList]:
        """List the orders of every session since the last count. Raises BrokerSilent."""
        lists = {}
        for session in await self._sessions():
            listed = await self._settler.book(session)
            if not listed.complete:
                raise listed.silence()
            lists[session] = listed
        return lists

    async def _sessions(self) -> list[date]:
        calendar = self._desk.calendar
        current = calendar.current_or_next(self._desk.clock.now()).day
        counted = await self._desk.views.account.counted()
        first = calendar.previous(current).day
        if counted is not None:
            first = min(first, counted.session)
        return [session.day for session in calendar.between(first, current)][-MOST_SESSIONS:]
