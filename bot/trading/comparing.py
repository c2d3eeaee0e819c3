"""The account beside the ledger: looked at first, and booked only when the owner asks for it."""

from datetime import date

from bot.bus import Bus
from bot.commands import CompareAccount, Compared, ReconcileNow
from bot.storage.order_projections import WrongTurn
from bot.storage.views import AT_THE_BROKER, OrderView
from bot.trading.agreed import use
from bot.trading.fills import news
from bot.trading.ports import BrokerOrder, BrokerSilent, OrderList
from bot.trading.refusal import Refusal, Why
from bot.trading.service import Trading
from bot.trading.shares import count
from strategy.model import Side


class Comparing:
    """Hold both sides against one another; book the broker's news."""

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self._desk = trading.desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about it."""
        bus.handle(CompareAccount, self.compare)
        bus.handle(ReconcileNow, self.reconcile)

    async def compare(self, command: CompareAccount) -> tuple[Compared, ...]:
        """Look at every symbol; nothing is written."""
        del command
        desk = self._desk
        symbols = dict.fromkeys(view.symbol for view in await desk.views.cycles())
        async with self._trading.account:
            try:
                lists = {day: await desk.broker.orders(day) for day in await self._sessions()}
                return tuple([await self._one(symbol, lists) for symbol in symbols])
            except BrokerSilent as silence:
                raise Refusal(Why.BROKER_SILENT, reason=str(silence)) from silence

    async def reconcile(self, command: ReconcileNow) -> int:
        """Book what is listed; hand trades and differences are told as ever."""
        desk = self._desk
        async with desk.recording() as recording:
            await use(recording, command.tap, command.by)
        async with self._trading.account:
            before = await self._fingerprints()
            try:
                for session in await self._sessions():
                    await self._trading.settler.book(session)
            except BrokerSilent as silence:
                raise Refusal(Why.BROKER_SILENT, reason=str(silence)) from silence
            except WrongTurn as turn:
                if not self._trading.turned_wrong(str(turn)):
                    raise
            after = await self._fingerprints()
        return sum(before.get(slot) != known for slot, known in after.items())

    async def _sessions(self) -> list[date]:
        """Give the running session and those of which an order may still stand."""
        desk = self._desk
        current = desk.calendar.current_or_next(desk.clock.now()).day
        standing = await desk.views.orders_in(*AT_THE_BROKER)
        return sorted(
            {current, desk.calendar.previous(current).day, *(o.session for o in standing)}
        )

    async def _fingerprints(self) -> dict[str, tuple[object, ...]]:
        return {
            order.slot.key: (order.state, order.filled, order.order_number)
            for session in await self._sessions()
            for order in await self._desk.views.orders_of_session(session)
        }

    async def _one(self, symbol: str, lists: dict[date, OrderList]) -> Compared:
        desk = self._desk
        counted = await count(desk, symbol)
        unbooked = open_orders = gone = foreign = 0
        for session, listed in lists.items():
            orders = [
                order
                for order in await desk.views.orders_of_session(session)
                if order.slot.symbol == symbol
            ]
            rows = {row.order_number: row for row in listed.orders if not row.is_cancel}
            unbooked += sum(_unbooked(order, rows) for order in orders)
            standing = [order for order in orders if order.state in AT_THE_BROKER]
            open_orders += len(standing)
            gone += sum(listed.complete and o.order_number not in rows for o in standing)
            foreign += _foreign(symbol, rows, orders)
        return Compared(
            symbol=symbol,
            ledger=counted.ledger,
            held=counted.held,
            aside=await desk.views.set_aside(symbol),
            by_hand=counted.by_hand,
            unbooked=unbooked,
            open_orders=open_orders,
            gone=gone,
            foreign=foreign,
            complete=all(listed.complete for listed in lists.values()),
        )


def _unbooked(order: OrderView, rows: dict[str, BrokerOrder]) -> int:
    """Count the shares that a row shows beyond what is booked of an order; sales negative."""
    row = rows.get(order.order_number or "")
    if row is None or not news(order, row) or row.filled <= order.filled:
        return 0
    grown = row.filled - order.filled
    return grown if order.slot.side is Side.BUY else -grown


def _foreign(symbol: str, rows: dict[str, BrokerOrder], ours: list[OrderView]) -> int:
    owned = {order.order_number for order in ours}
    return sum(
        row.symbol == symbol and not row.done and row.order_number not in owned
        for row in rows.values()
    )
