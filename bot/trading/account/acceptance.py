"""A difference that nothing explains: the owner may bring the ledger to the broker's shares.

What is missing is booked as sold, what is too much as bought, at the last price: the true one is
not known, and the preview says so.
"""

from datetime import date

from bot.bus import Bus
from bot.commands import AcceptancePreview, AcceptBroker, PreviewAcceptance
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, CycleView
from bot.trading.agreed import use
from bot.trading.changes import Books
from bot.trading.desk import Desk
from bot.trading.ports import BrokerSilent
from bot.trading.reconcile import likely_split_of
from bot.trading.refusal import Refusal, Why
from bot.trading.shares import Count, count
from strategy.changes import HandTrade
from strategy.model import Side
from strategy.price import round_half_up


class Acceptance:
    """Show the difference as a trade, and book it as it was shown."""

    def __init__(self, desk: Desk, books: Books) -> None:
        self._desk = desk
        self._books = books

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about it."""
        bus.handle(PreviewAcceptance, self.preview)
        bus.handle(AcceptBroker, self.accept)

    async def preview(self, command: PreviewAcceptance) -> AcceptancePreview:
        """Show what the broker's shares would do to a cycle."""
        view = await self._cycle(command.cycle_id)
        counted = await self._counted(view.symbol)
        try:
            price = await self._desk.broker.last_price(view.symbol)
        except BrokerSilent as silence:
            raise Refusal(Why.BROKER_SILENT, reason=str(silence)) from silence
        difference = counted.held - counted.ledger - counted.by_hand
        if not difference:
            raise Refusal(Why.NOTHING_DIFFERS)
        trade = HandTrade(
            side=Side.BUY if difference > 0 else Side.SELL,
            quantity=abs(difference),
            price=round_half_up(price),
            day=self._desk.calendar.current_or_next(self._desk.clock.now()).day,
        )
        async with self._desk.recording() as recording:
            shown = await self._books.shown(recording.transaction, command.cycle_id, trade)
        return AcceptancePreview(
            trade=trade,
            shown=shown,
            ledger=counted.ledger,
            broker=counted.held,
            likely_split=await likely_split_of(self._desk, view.symbol, counted),
        )

    async def accept(self, command: AcceptBroker) -> date:
        """Book the difference, if it still is the one that was shown."""
        trade = command.trade
        counted = await self._counted((await self._cycle(command.cycle_id)).symbol)
        difference = counted.held - counted.ledger - counted.by_hand
        agreed = trade.quantity if trade.side is Side.BUY else -trade.quantity
        if difference != agreed:
            raise Refusal(Why.CHANGE_DIFFERS if difference else Why.NOTHING_DIFFERS)
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            made = await self._books.make(
                recording, command.cycle_id, trade, command.digest, command.by
            )
        return made.from_session

    async def _cycle(self, cycle_id: int) -> CycleView:
        view = await self._desk.views.cycle(cycle_id)
        if view is None:
            raise Refusal(Why.CYCLE_UNKNOWN)
        return view

    async def _counted(self, symbol: str) -> Count:
        # A fill that is not booked yet would be taken for a difference, and then be booked as well.
        standing = await self._desk.views.orders_in(*AT_THE_BROKER, *UNRESOLVED)
        if any(order.slot.symbol == symbol for order in standing):
            raise Refusal(Why.ROUND_OUT)
        try:
            return await count(self._desk, symbol)
        except BrokerSilent as silence:
            raise Refusal(Why.BROKER_SILENT, reason=str(silence)) from silence
