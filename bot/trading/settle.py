"""After the open and after the close: look for our orders, book fills, move the cycle on."""

from datetime import date, datetime
from decimal import Decimal

import structlog

from bot.events import Event, LedgerMismatched, OrderClosed, RoundSettled, RoundVerified
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, RoundView
from bot.timetable import Timetable
from bot.trading.account.foreign import ForeignWatch
from bot.trading.desk import Desk
from bot.trading.fills import NOT_LISTED, auction_price, cancelled_by_others, fills, news
from bot.trading.life import GIVEN_UP
from bot.trading.model import OrderState
from bot.trading.ports import BrokerSilent, OrderList
from bot.trading.resolve import Resolver
from bot.trading.shares import Count, count
from strategy.cycle import Settlement, settle

log = structlog.get_logger(__name__)


class Settler:
    """Bring the broker's executions into the journal and the ledger."""

    def __init__(self, desk: Desk, resolver: Resolver) -> None:
        self._desk = desk
        self._resolver = resolver
        self._foreign = ForeignWatch(desk)

    async def book(self, session: date) -> OrderList:
        """Book all news of our orders of a session. Raises BrokerSilent; partial lists book too.

        A fill that is listed is real even when a later page is missing; absence is not concluded.
        What is not ours is noticed, and told.
        """
        listed = await self._desk.broker.orders(session)
        rows = {row.order_number: row for row in listed.orders if not row.is_cancel}
        orders = await self._desk.views.orders_of_session(session)
        found = [
            await self._resolver.adopt_late(order, listed)
            for order in orders
            if order.state in GIVEN_UP and order.sent_at is not None
        ]
        if any(found):
            orders = await self._desk.views.orders_of_session(session)
        struck = cancelled_by_others(orders, listed.orders, over=self._is_over(session))
        events: list[Event] = []
        for order in orders:
            row = rows.get(order.order_number or "")
            if row is not None:
                events += news(order, row, by_hand=order.slot.key in struck)
        if events:
            async with self._desk.recording() as recording:
                for event in events:
                    await recording.record(event)
        await self._foreign.notice(session, listed)
        return listed

    def _is_over(self, session: date) -> bool:
        """Tell whether orders of a session end by themselves by now."""
        known = self._desk.calendar.session(session)
        return known is None or self._desk.clock.now() >= known.close

    async def verify(self, round_: RoundView) -> datetime | None:
        """After the open, look for every order of a round; tell which are gone.

        KIS's list may lag the acceptance by seconds: answer when to look again for an order that
        went out within the last minute and is not listed yet.
        """
        listed = await self.book(round_.session)
        if not listed.complete:
            raise listed.silence()
        shown = {row.order_number for row in listed.orders}
        fresh = await self._desk.views.round(round_.round_id)
        gone = [
            order
            for order in (fresh or round_).orders
            if order.state in AT_THE_BROKER and order.order_number not in shown
        ]
        believed = max((order.sent_at for order in gone if order.sent_at), default=None)
        if believed is not None and self._desk.clock.now() < believed + self._desk.patience.retry:
            return believed + self._desk.patience.retry
        missing = tuple(order.slot.key for order in gone)
        async with self._desk.recording() as recording:
            await recording.record(RoundVerified(round_id=round_.round_id, missing=missing))
        return None

    async def settle(self, round_: RoundView, table: Timetable) -> bool:
        """Book a session and move its cycle on; answer False when it is too early to.

        Raises BrokerSilent when the broker cannot be asked.
        """
        listed = await self.book(round_.session)
        fresh = await self._desk.views.round(round_.round_id)
        if fresh is None or fresh.plan is None:
            return False
        if not listed.complete:
            raise listed.silence()
        if any(order.state in (*AT_THE_BROKER, *UNRESOLVED) for order in fresh.orders):
            if self._desk.clock.now() >= max(table.closes_final_at, table.settle_again_at):
                await self._end_unlisted(fresh, listed)
            return False
        booked = fills(fresh.plan, fresh.orders)
        result = settle(fresh.plan, booked, fresh.session)
        symbol = fresh.plan.cycle.rules.symbol
        counted = await count(self._desk, symbol)
        if not counted.agrees and self._desk.clock.now() < table.settle_again_at:
            return False
        close = auction_price(fresh.orders)
        if close is None:
            close = await self._official_close(symbol, fresh.session)
        provisional = close is None
        if close is None:
            close = await self._last_price(symbol)
        await self._record(fresh, result, close, provisional=provisional, counted=counted)
        return True

    async def _end_unlisted(self, round_: RoundView, listed: OrderList) -> None:
        """End what KIS numbered and does not list: its cycle would wait for it for ever.

        Whatever is shown of it later is booked all the same.
        """
        shown = {row.order_number for row in listed.orders}
        gone = [
            order
            for order in round_.orders
            if order.state in AT_THE_BROKER and order.order_number not in shown
        ]
        if gone:
            async with self._desk.recording() as recording:
                for order in gone:
                    state = OrderState.CLOSED_PARTIAL if order.filled else OrderState.EXPIRED
                    await recording.record(
                        OrderClosed(slot=order.slot.key, state=state, reason=NOT_LISTED)
                    )

    async def _official_close(self, symbol: str, session: date) -> Decimal | None:
        """Read the close off KIS's bar, where the settlement has waited for it to be final."""
        if not self._desk.hours.at_official_close:
            return None
        before = self._desk.calendar.following(session).day
        try:
            bars = await self._desk.broker.bars(symbol, before=before, count=1)
        except BrokerSilent:
            return None
        return bars[-1].close if bars and bars[-1].day == session else None

    async def _last_price(self, symbol: str) -> Decimal | None:
        try:
            return await self._desk.broker.last_price(symbol)
        except BrokerSilent:
            return None

    async def _record(
        self,
        round_: RoundView,
        result: Settlement,
        close: Decimal | None,
        *,
        provisional: bool,
        counted: Count,
    ) -> None:
        if round_.plan is None:
            return
        view = await self._desk.views.cycle(round_.cycle_id)
        told = view.held if view else None
        shares = (counted.ledger, counted.held)
        known = told and (told.ledger_quantity, told.broker_quantity) == shares
        async with self._desk.recording() as recording:
            await recording.record(
                RoundSettled(
                    round_id=round_.round_id,
                    cycle_id=round_.cycle_id,
                    session=round_.session,
                    before=round_.plan.cycle,
                    after=result.cycle,
                    bought=result.bought,
                    sold=result.sold,
                    realized=result.realized,
                    fees=result.fees,
                    close=close,
                    provisional=provisional,
                    finished=result.finished,
                    notes=tuple(f"{note.leg} {note.code}" for note in result.notes),
                )
            )
            if not counted.agrees and not known:
                await recording.record(
                    LedgerMismatched(
                        cycle_id=round_.cycle_id,
                        symbol=round_.plan.cycle.rules.symbol,
                        ledger_quantity=counted.ledger,
                        broker_quantity=counted.held,
                        by_hand=counted.by_hand,
                    )
                )
