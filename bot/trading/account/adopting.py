"""The owner's word on what he did by hand: into a cycle's ledger, or not the bot's.

Nothing is adopted without it. A change waits, like every other, while a round of the cycle is out;
decision and change are one transaction.
"""

from datetime import date

from bot.bus import Bus
from bot.commands import (
    AdoptForeign,
    AdoptMoney,
    DismissSplit,
    ForeignPreview,
    PreviewForeign,
    SetForeignAside,
)
from bot.events import ForeignFillDecided, MoneyDecided, MoneyMoved, SharesSetAside, SplitDismissed
from bot.storage.account_views import AccountViews, ForeignOrder
from bot.storage.database import Transaction
from bot.storage.standing import cycle_of, set_aside_of
from bot.trading.agreed import use
from bot.trading.changes import Books
from bot.trading.desk import Desk
from bot.trading.model import Fate
from bot.trading.refusal import Refusal, Why
from strategy.changes import CycleChange, Dividend, HandTrade, SeedChange
from strategy.model import Counting, Side
from strategy.price import round12


class Adopting:
    """Show and carry out what the owner says of hand trades, moved money and announced splits."""

    def __init__(self, desk: Desk, books: Books) -> None:
        self._desk = desk
        self._books = books

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about them."""
        bus.handle(PreviewForeign, self.preview)
        bus.handle(AdoptForeign, self.adopt)
        bus.handle(SetForeignAside, self.set_aside)
        bus.handle(AdoptMoney, self.money)
        bus.handle(DismissSplit, self.dismiss)

    async def preview(self, command: PreviewForeign) -> ForeignPreview:
        """Show a hand trade as a cycle would take it: of a sale beyond its shares, these."""
        async with self._desk.recording() as recording:
            tx = recording.transaction
            order = await _undecided(tx, command.session, command.number)
            cycle = await cycle_of(tx, command.cycle_id)
            if cycle is None or cycle.rules.symbol != order.symbol:
                raise Refusal(Why.CYCLE_UNKNOWN)
            trade = HandTrade(
                side=order.side,
                quantity=order.part(cycle.quantity),
                price=round12(order.open_price),
                day=order.session,
                turn=command.turn,
            )
            return ForeignPreview(
                trade=trade,
                shown=await self._books.shown(tx, command.cycle_id, trade),
                counted=cycle.rules.counting is Counting.EVENTS,
            )

    async def adopt(self, command: AdoptForeign) -> date:
        """Take a hand trade into a cycle: at once, or when its round is settled."""
        question = PreviewForeign(
            session=command.session,
            number=command.number,
            cycle_id=command.cycle_id,
            turn=command.turn,
        )
        trade = (await self.preview(question)).trade
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            order = await _undecided(recording.transaction, command.session, command.number)
            made = await self._books.make(
                recording, command.cycle_id, trade, command.digest, command.by
            )
            if made.change_id is not None and command.turn is not None:
                raise Refusal(Why.ROUND_OUT)  # tonight's fills will move T first
            await recording.record(
                ForeignFillDecided(
                    session=order.session,
                    number=order.number,
                    symbol=order.symbol,
                    side=order.side,
                    quantity=_decided(order, trade.quantity),
                    price=round12(order.left_price),
                    fate=Fate.CYCLE,
                    by=command.by,
                    cycle_id=command.cycle_id,
                    change_id=made.change_id,
                )
            )
        return made.from_session

    async def set_aside(self, command: SetForeignAside) -> int:
        """Call bought shares not the bot's, or sold ones of those that are not, while they last."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            tx = recording.transaction
            order = await _undecided(tx, command.session, command.number)
            before = await set_aside_of(tx, order.symbol)
            part = order.part(before)
            aside = before + (part if order.side is Side.BUY else -part)
            if aside < 0:
                raise Refusal(Why.NOT_SET_ASIDE, quantity=str(order.undecided))
            await recording.record(
                SharesSetAside(symbol=order.symbol, quantity=aside, by=command.by)
            )
            await recording.record(
                ForeignFillDecided(
                    session=order.session,
                    number=order.number,
                    symbol=order.symbol,
                    side=order.side,
                    quantity=_decided(order, part),
                    price=round12(order.left_price),
                    fate=Fate.ASIDE,
                    by=command.by,
                )
            )
        return aside

    async def money(self, command: AdoptMoney) -> date | None:
        """Take moved USD into a cycle, or leave them out."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            moved = await _open_move(recording.transaction, command.move_id)
            change_id: int | None = None
            session: date | None = None
            if command.fate is not Fate.LEFT:
                if command.cycle_id is None:
                    raise Refusal(Why.CYCLE_UNKNOWN)
                made = await self._books.make(
                    recording,
                    command.cycle_id,
                    change_of(moved, command.fate),
                    command.digest,
                    command.by,
                )
                change_id, session = made.change_id, made.from_session
            await recording.record(
                MoneyDecided(
                    move_id=command.move_id,
                    amount=moved.amount,
                    fate=command.fate,
                    by=command.by,
                    cycle_id=command.cycle_id,
                    change_id=change_id,
                )
            )
        return session

    async def dismiss(self, command: DismissSplit) -> None:
        """Note that the announced splits of a symbol do not concern its ledger."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            splits = await AccountViews(recording.transaction).announced(command.symbol)
            if not splits:
                raise Refusal(Why.NO_SPLIT)
            for split in splits:
                await recording.record(
                    SplitDismissed(
                        symbol=split.symbol, first_session=split.first_session, by=command.by
                    )
                )


def change_of(moved: MoneyMoved, fate: Fate) -> CycleChange:
    """Put moved USD into the book's words."""
    if fate is Fate.DIVIDEND:
        return Dividend(amount=moved.amount)
    return SeedChange(amount=moved.amount)


def _decided(order: ForeignOrder, part: int) -> int:
    """Give a part of what is undecided in the shares of the trade's own day."""
    return order.left if part == order.undecided else part


async def _undecided(tx: Transaction, session: date, number: str) -> ForeignOrder:
    order = await AccountViews(tx).foreign_order(session, number)
    if order is None or not order.undecided:
        raise Refusal(Why.TRADE_DECIDED)
    return order


async def _open_move(tx: Transaction, move_id: int) -> MoneyMoved:
    for moved in await AccountViews(tx).moves():
        if moved.move_id == move_id:
            return moved
    raise Refusal(Why.MONEY_DECIDED)
