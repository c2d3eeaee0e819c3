"""The owner's changes of one cycle: shown first, booked when no round hangs on the cycle."""

from dataclasses import dataclass
from datetime import date

from bot.bus import Bus
from bot.commands import ChangeCycle, ChangePreview, PreviewChange
from bot.events import ChangeAgreed, CycleChanged, SplitAgreed
from bot.storage.database import Transaction
from bot.storage.journal import Recording
from bot.storage.standing import cycle_of, next_change_id, unsettled_session, waiting_changes
from bot.trading.agreed import dropped, next_session, preview_of, use
from bot.trading.desk import Desk
from bot.trading.model import Actor
from bot.trading.refusal import Refusal, Why
from bot.trading.splits import Splits
from strategy.bookkeeping import apply
from strategy.changes import CycleChange
from strategy.errors import StrategyError


@dataclass(frozen=True, kw_only=True, slots=True)
class Made:
    """A change that was made: from when it counts, and its number while it waits."""

    from_session: date
    change_id: int | None = None


class Books:
    """Show, make and book changes; a round that is out is never edited (settled.md)."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._splits = Splits(desk)

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about changes."""
        bus.handle(PreviewChange, self.preview)
        bus.handle(ChangeCycle, self.change)
        self._splits.register(bus)

    async def preview(self, command: PreviewChange) -> ChangePreview:
        """Show what a change would do."""
        async with self._desk.recording() as recording:
            return await self.shown(recording.transaction, command.cycle_id, command.change)

    async def change(self, command: ChangeCycle) -> date:
        """Make a change as it was shown: at once, or when the round that is out is settled."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            made = await self.make(
                recording, command.cycle_id, command.change, command.digest, command.by
            )
        return made.from_session

    async def make(
        self,
        recording: Recording,
        cycle_id: int,
        change: CycleChange,
        digest: str,
        by: Actor,
    ) -> Made:
        """Make a change inside an open recording. Raises Refusal when its effect is another."""
        tx = recording.transaction
        shown = await self.shown(tx, cycle_id, change)
        if shown.digest != digest:
            raise Refusal(Why.CHANGE_DIFFERS)
        if not shown.waits:
            await self._book(recording, cycle_id, change, shown.from_session, by)
            return Made(from_session=shown.from_session)
        number = await next_change_id(tx)
        await recording.record(
            ChangeAgreed(
                change_id=number,
                cycle_id=cycle_id,
                symbol=shown.symbol,
                change=change,
                from_session=shown.from_session,
                by=by,
            )
        )
        return Made(from_session=shown.from_session, change_id=number)

    async def book_waiting(self) -> None:
        """Book the changes whose time has come; one that cannot be any more is told and void."""
        for waiting in await self._desk.views.waiting_changes():
            async with self._desk.recording() as recording:
                if waiting not in await waiting_changes(recording.transaction):
                    continue
                if isinstance(waiting, SplitAgreed):
                    await self._splits.book(recording, waiting)
                else:
                    await self._book_one(recording, waiting)

    async def _book_one(self, recording: Recording, waiting: ChangeAgreed) -> None:
        tx = recording.transaction
        if await unsettled_session(tx, waiting.cycle_id) is not None:
            return
        session = max(waiting.from_session, await next_session(self._desk, tx, waiting.cycle_id))
        try:
            await self._book(
                recording,
                waiting.cycle_id,
                waiting.change,
                session,
                waiting.by,
                change_id=waiting.change_id,
            )
        except StrategyError as error:
            await recording.record(
                dropped(waiting.change_id, waiting.symbol, waiting.change, error)
            )

    async def _book(
        self,
        recording: Recording,
        cycle_id: int,
        change: CycleChange,
        session: date,
        by: Actor,
        *,
        change_id: int | None = None,
    ) -> None:
        before = await cycle_of(recording.transaction, cycle_id)
        if before is None:
            raise Refusal(Why.CYCLE_UNKNOWN)
        await recording.record(
            CycleChanged(
                cycle_id=cycle_id,
                change=change,
                from_session=session,
                before=before,
                after=apply(before, change),
                by=by,
                change_id=change_id,
            )
        )

    async def shown(self, tx: Transaction, cycle_id: int, change: CycleChange) -> ChangePreview:
        """Show a change inside a transaction. Raises Refusal."""
        cycle = await cycle_of(tx, cycle_id)
        if cycle is None:
            raise Refusal(Why.CYCLE_UNKNOWN, cycle=str(cycle_id))
        return await preview_of(self._desk, tx, cycle_id, cycle, change)
