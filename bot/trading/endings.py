"""The end of a run: once it holds nothing it goes on, rests, or is over, as the owner said."""

from datetime import date, datetime

from bot.bus import Bus
from bot.commands import AfterwardsAnswer, SetAfterwards
from bot.events import AfterwardsSet, ChangeAgreed, CycleEnded, RoundSkipped
from bot.storage.ending_projections import afterwards_of
from bot.storage.journal import Recording
from bot.storage.standing import cycle_of, standing_of, unsettled_session, waiting_changes
from bot.storage.views import CycleView
from bot.trading.agreed import next_session, use
from bot.trading.desk import Desk
from bot.trading.model import SCHEDULE, Actor, Afterwards, RoundState, round_id
from bot.trading.refusal import Refusal, Why
from strategy.model import Cycle


class Endings:
    """Note the owner's wish at once, and end a run when nothing of it can come any more."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the command about endings."""
        bus.handle(SetAfterwards, self.agree)

    async def agree(self, command: SetAfterwards) -> AfterwardsAnswer:
        """Note what becomes of a run; skip its round when that holds nothing and has not gone.

        The round's state is read in the transaction that would write "sent": a skipped one sends
        nothing. Raises Refusal when the run is over or nothing would be another.
        """
        async with self._desk.recording() as recording:
            tx = recording.transaction
            await use(recording, command.tap, command.by)
            cycle = await cycle_of(tx, command.cycle_id)
            if cycle is None:
                raise Refusal(Why.CYCLE_UNKNOWN)
            before, over = await afterwards_of(tx, command.cycle_id)
            if over:
                raise Refusal(Why.CYCLE_OVER)
            if before is command.afterwards:
                raise Refusal(Why.AGREED_ALREADY)
            first = await self._first_session(recording, command, cycle)
            await recording.record(
                AfterwardsSet(
                    cycle_id=command.cycle_id,
                    symbol=cycle.rules.symbol,
                    afterwards=command.afterwards,
                    by=command.by,
                    first_session=first,
                )
            )
            at_rest, skipped = cycle.quantity == 0, False
            if at_rest and command.afterwards is not Afterwards.GO_ON:
                skipped = await _skip(recording, command.cycle_id, command.by)
            out = await unsettled_session(tx, command.cycle_id) is not None
            ended = command.afterwards is Afterwards.END and await self._end(
                recording, command.cycle_id, command.by
            )
        return AfterwardsAnswer(
            at_rest=at_rest, skipped=skipped, out=out, ended=ended, first_session=first
        )

    async def close(self) -> datetime | None:
        """End the runs that are to end and hold nothing, evening by evening."""
        for view in await self._desk.views.cycles():
            if view.afterwards is Afterwards.END and view.rests:
                await self._close_one(view)
        return None

    async def _close_one(self, view: CycleView) -> None:
        async with self._desk.recording() as recording:
            before, over = await afterwards_of(recording.transaction, view.cycle_id)
            if before is Afterwards.END and not over:
                await self._end(recording, view.cycle_id, SCHEDULE)

    async def _end(self, recording: Recording, cycle_id: int, by: Actor) -> bool:
        """End a run if nothing of it is out, and its last session was looked back at."""
        tx = recording.transaction
        cycle = await cycle_of(tx, cycle_id)
        waits = any(
            isinstance(each, ChangeAgreed) and each.cycle_id == cycle_id
            for each in await waiting_changes(tx)
        )
        if cycle is None or cycle.quantity or waits:
            return False
        if await unsettled_session(tx, cycle_id) is not None or not await self._looked_back(
            cycle_id
        ):
            return False
        await recording.record(
            CycleEnded(cycle_id=cycle_id, symbol=cycle.rules.symbol, cycle=cycle, by=by)
        )
        return True

    async def _looked_back(self, cycle_id: int) -> bool:
        """Tell whether the evening after the last settled session has passed.

        Until then the broker may still show a fill of it (`late.LateFills`).
        """
        last = await self._desk.views.settlements(cycle_id=cycle_id, limit=1)
        return not last or self._desk.surely() >= self._evening_after(last[0].session)

    def _evening_after(self, session: date) -> datetime:
        following = self._desk.calendar.following(session)
        return self._desk.table(following.day).deadline

    async def _first_session(
        self, recording: Recording, command: SetAfterwards, cycle: Cycle
    ) -> date | None:
        if command.afterwards is not Afterwards.GO_ON or cycle.quantity:
            return None
        return await next_session(self._desk, recording.transaction, command.cycle_id)


async def _skip(recording: Recording, cycle_id: int, by: Actor) -> bool:
    session = await unsettled_session(recording.transaction, cycle_id)
    if session is None:
        return False
    identity = round_id(cycle_id, session)
    _, _, state = await standing_of(recording.transaction, identity)
    if state not in (RoundState.PROPOSED, RoundState.APPROVED):
        return False
    await recording.record(RoundSkipped(round_id=identity, by=by))
    return True
