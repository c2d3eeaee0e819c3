"""Share splits: every cycle of the symbol and the shares set aside, in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from bot.bus import Bus
from bot.commands import PreviewSplit, SplitPreview, SplitShares
from bot.events import CycleChanged, SharesSetAside, SplitAgreed
from bot.storage.database import Transaction
from bot.storage.journal import Recording
from bot.storage.standing import (
    cycles_of,
    filled_since,
    next_change_id,
    set_aside_of,
    split_between,
    unsettled_session,
    waiting_changes,
)
from bot.trading.agreed import dropped, named, next_session, preview_of, use
from bot.trading.desk import Desk
from bot.trading.model import Actor
from bot.trading.refusal import Refusal, Why
from strategy.bookkeeping import apply
from strategy.changes import ShareSplit
from strategy.errors import StrategyError
from strategy.model import Cycle
from strategy.price import floor_cent

SAME_SPLIT = timedelta(days=10)
"""Two splits of a symbol within so many days are one that was told twice."""


class Splits:
    """Show, make and book share splits."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about splits."""
        bus.handle(PreviewSplit, self.preview)
        bus.handle(SplitShares, self.split)

    async def preview(self, command: PreviewSplit) -> SplitPreview:
        """Show what a split does to every cycle of its symbol."""
        async with self._desk.recording() as recording:
            return await self._shown(
                recording.transaction, command.symbol, command.split, command.first_session
            )

    async def split(self, command: SplitShares) -> date:
        """Book a split as it was shown, or keep it until its session is the next to be planned."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            tx = recording.transaction
            shown = await self._shown(tx, command.symbol, command.split, command.first_session)
            if shown.digest != command.digest:
                raise Refusal(Why.CHANGE_DIFFERS)
            agreed = SplitAgreed(
                change_id=await next_change_id(tx),
                symbol=command.symbol,
                split=command.split,
                from_session=shown.from_session,
                by=command.by,
            )
            if shown.waits:
                await recording.record(agreed)
            else:
                await self._book(recording, agreed, await cycles_of(tx, command.symbol))
        return shown.from_session

    async def book(self, recording: Recording, agreed: SplitAgreed) -> None:
        """Book a split that waited, when no round of the symbol is out and its session is next."""
        tx = recording.transaction
        cycles = await cycles_of(tx, agreed.symbol)
        if not await self._is_due(tx, cycles, agreed.from_session):
            return
        try:
            await self._book(recording, agreed, cycles)
        except StrategyError as error:
            await recording.record(dropped(agreed.change_id, agreed.symbol, agreed.split, error))

    async def _book(
        self, recording: Recording, agreed: SplitAgreed, cycles: Mapping[int, Cycle]
    ) -> None:
        parts = shared(agreed.split, cycles)
        booked = {number: apply(cycle, parts[number]) for number, cycle in cycles.items()}
        for number, cycle in cycles.items():
            await recording.record(
                CycleChanged(
                    cycle_id=number,
                    change=parts[number],
                    from_session=agreed.from_session,
                    before=cycle,
                    after=booked[number],
                    by=agreed.by,
                    change_id=agreed.change_id,
                )
            )
        await self._split_the_rest(recording, agreed.symbol, agreed.split, agreed.by)

    async def _split_the_rest(
        self, recording: Recording, symbol: str, split: ShareSplit, by: Actor
    ) -> None:
        aside = await set_aside_of(recording.transaction, symbol)
        if aside:
            quantity = aside * split.new // split.old
            await recording.record(SharesSetAside(symbol=symbol, quantity=quantity, by=by))

    async def _shown(
        self, tx: Transaction, symbol: str, split: ShareSplit, first_session: date | None
    ) -> SplitPreview:
        cycles = await cycles_of(tx, symbol)
        if not cycles:
            raise Refusal(Why.SYMBOL_UNKNOWN, symbol=symbol)
        planned = [await next_session(self._desk, tx, number) for number in cycles]
        session = first_session or min(planned)
        await self._check(tx, symbol, session)
        try:
            parts = shared(split, cycles)
        except StrategyError as error:
            raise Refusal.of(error) from error
        previews = tuple(
            [
                replace(
                    await preview_of(self._desk, tx, number, cycle, parts[number]),
                    from_session=session,
                )
                for number, cycle in cycles.items()
            ]
        )
        aside = await set_aside_of(tx, symbol)
        return SplitPreview(
            symbol=symbol,
            cycles=previews,
            not_ours_before=aside,
            not_ours_after=aside * split.new // split.old,
            from_session=session,
            waits=any(one.waits for one in previews) or max(planned) < session,
            digest=named(symbol, split, aside, [(one.cycle_id, one.effect) for one in previews]),
        )

    async def _check(self, tx: Transaction, symbol: str, session: date) -> None:
        booked = await split_between(tx, symbol, session - SAME_SPLIT, session + SAME_SPLIT)
        waiting = any(
            isinstance(one, SplitAgreed) and one.symbol == symbol
            for one in await waiting_changes(tx)
        )
        if booked or waiting:
            raise Refusal(Why.SPLIT_TWICE, symbol=symbol)
        filled = await filled_since(tx, symbol, session)
        if filled is not None:
            raise Refusal(Why.SPLIT_TOO_LATE, symbol=symbol, session=filled.isoformat())

    async def _is_due(self, tx: Transaction, cycles: Mapping[int, Cycle], session: date) -> bool:
        for number in cycles:
            if await unsettled_session(tx, number) is not None:
                return False
            if await next_session(self._desk, tx, number) < session:
                return False
        return True


def shared(split: ShareSplit, cycles: Mapping[int, Cycle]) -> dict[int, ShareSplit]:
    """Give each cycle its part of what was paid in lieu, by the part of a share that it loses.

    Cents are cut; the last that loses any takes the rest of the money. Without a part left over
    anywhere the money stays with the first cycle, which refuses it.
    """
    paid = split.cash_in_lieu
    rests = {number: cycle.quantity * split.new % split.old for number, cycle in cycles.items()}
    losing = [number for number, rest in rests.items() if rest] or list(cycles)[:1]
    parts = {number: replace(split, cash_in_lieu=None) for number in cycles}
    if paid is None:
        return parts
    left, whole = paid, sum(rests.values())
    for number in losing:
        share = floor_cent(paid * rests[number] / whole) if whole else paid
        share = left if number == losing[-1] else share
        left -= share
        parts[number] = replace(split, cash_in_lieu=share)
    return parts
