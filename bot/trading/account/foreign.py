"""Orders on our symbols that are not ours: told once, and again as their fills grow.

Another program's or by hand makes no difference to the ledger: nothing here changes it. What may
still be an unanswered order of ours is left to the resolver (`safety.md` section 2).
"""

from collections.abc import Mapping
from datetime import date, datetime

from bot.events import Event, ForeignFillSeen, ForeignOrderSeen
from bot.storage.account_views import ForeignOrder
from bot.storage.views import UNRESOLVED
from bot.trading.desk import Desk
from bot.trading.life import DOUBTED
from bot.trading.orders import candidates
from bot.trading.ports import BrokerOrder, OrderList


class ForeignWatch:
    """Find in a listing what no slot of ours owns, and journal what is new of it."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def notice(self, session: date, listed: OrderList) -> None:
        """Look through a session's orders; a list that is not whole shows real rows too."""
        rows = await self._not_ours(session, listed)
        if not rows:
            return
        known = await self._desk.views.account.foreign(session)
        waiting = {view.symbol for view in await self._desk.views.cycles() if view.waits}
        events = [
            event
            for row in rows
            for event in news(row, session, known, quiet=row.symbol in waiting)
        ]
        if events:
            async with self._desk.recording() as recording:
                for event in events:
                    await recording.record(event)

    async def _not_ours(self, session: date, listed: OrderList) -> list[BrokerOrder]:
        since = await self._since()
        rows = [
            row
            for row in listed.orders
            if not row.is_cancel and row.symbol in since and _came_after(row, since[row.symbol])
        ]
        if not rows:
            return []
        ours = await self._desk.views.orders_of_session(session)
        owned = {order.order_number for order in ours}
        asked = [order for order in ours if order.state in (*UNRESOLVED, *DOUBTED)]
        return [
            row
            for row in rows
            if row.order_number not in owned
            and not any(candidates(order, [row], ()) for order in asked)
        ]

    async def _since(self) -> dict[str, datetime]:
        """Say for each symbol of ours since when what happens on it concerns a ledger."""
        found: dict[str, datetime] = {}
        for view in await self._desk.views.cycles():
            found[view.symbol] = min(found.get(view.symbol, view.started_at), view.started_at)
        return found


def news(
    row: BrokerOrder, session: date, known: Mapping[str, ForeignOrder], *, quiet: bool
) -> list[Event]:
    """List what a row tells that was not told yet; one that only rests is not told when `quiet`."""
    told = known.get(row.order_number)
    if row.filled > (told.filled if told else 0) and row.filled_price > 0:
        return [
            ForeignFillSeen(
                session=session,
                number=row.order_number,
                symbol=row.symbol,
                side=row.side,
                quantity=row.filled,
                price=row.filled_price,
                by_api=row.by_api,
            )
        ]
    if told is None and row.open_quantity and not row.done and not quiet:
        return [
            ForeignOrderSeen(
                session=session,
                number=row.order_number,
                symbol=row.symbol,
                side=row.side,
                quantity=row.open_quantity,
                price=row.price,
                by_api=row.by_api,
            )
        ]
    return []


def _came_after(row: BrokerOrder, since: datetime) -> bool:
    """Leave out what was ordered before the cycle began: its ledger began with that in it."""
    return row.ordered_at is None or row.ordered_at >= since
