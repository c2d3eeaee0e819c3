"""A session planned anew: after a skip, or because the evening's own planning did not come to it.

It is planned like every evening, from the ledger and the closes as they are now, under the same
objections; nothing of an earlier plan is sent, and nothing at all from the cut-off on.
"""

from dataclasses import replace
from datetime import date

from bot.bus import Bus
from bot.commands import NowPreview, OrderNow, PlanAgain, PreviewNow
from bot.events import OrderWithheld, RoundApproved, RoundRestored
from bot.storage.journal import Recording
from bot.storage.standing import attempts_of, never_sent, state_of, trading_of
from bot.storage.views import CycleView
from bot.timetable import Timetable
from bot.trading.agreed import use
from bot.trading.model import REPLANNED, Approval, RoundState, round_id
from bot.trading.ports import BrokerSilent
from bot.trading.refusal import Refusal, Why, refuse_stopped
from bot.trading.rounds import digest, slots
from bot.trading.service import Trading
from strategy.model import Market, Plan

Planned = tuple[Plan, Market]


class Again:
    """Carry out the commands that plan the running session once more."""

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self._desk = trading.desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about it."""
        bus.handle(PlanAgain, self.plan_again)
        bus.handle(PreviewNow, self.preview)
        bus.handle(OrderNow, self.order_now)

    async def plan_again(self, command: PlanAgain) -> None:
        """Propose a skipped round anew; it goes out as its cycle's rounds do."""
        round_ = await self._desk.views.round(command.round_id)
        if round_ is None:
            raise Refusal(Why.ROUND_UNKNOWN)
        if round_.state is not RoundState.SKIPPED:
            raise Refusal(Why.NOT_SKIPPED)
        async with self._trading.account:
            view, table = await self._due(round_.cycle_id, round_.session)
            planned = await self._planned(view, table)
            async with self._desk.recording() as recording:
                await use(recording, command.tap, command.by)
                await self._propose(recording, view, table, planned)
                await recording.record(RoundRestored(round_id=command.round_id, by=command.by))

    async def order_now(self, command: OrderNow) -> None:
        """Propose the running session as it was shown, and approve it in the same breath."""
        async with self._trading.account:
            view, table = await self._due(command.cycle_id, command.session)
            if view.approval is Approval.ALERT:
                raise Refusal(Why.ALERT_ONLY)
            planned = await self._planned(view, table)
            identity = round_id(view.cycle_id, command.session)
            if digest(planned[0], identity) != command.digest:
                raise Refusal(Why.ROUND_CHANGED)
            async with self._desk.recording() as recording:
                await use(recording, command.tap, command.by)
                tx = recording.transaction
                refuse_stopped(await trading_of(tx))
                await self._propose(recording, view, table, planned)
                going = slots(planned[0], identity, await attempts_of(tx, identity))
                await recording.record(RoundApproved(round_id=identity, slots=going, by=command.by))

    async def preview(self, command: PreviewNow) -> tuple[NowPreview, ...]:
        """Show of every cycle where its session stands, with the plan where it may go out now."""
        del command
        async with self._trading.account:
            return tuple([await self._shown(view) for view in await self._desk.views.cycles()])

    async def _shown(self, view: CycleView) -> NowPreview:
        desk = self._desk
        session = desk.calendar.current_or_next(desk.clock.now()).day
        shown = NowPreview(
            cycle_id=view.cycle_id,
            symbol=view.symbol,
            session=session,
            approval=view.approval,
            state=None,
        )
        round_ = await desk.views.round(round_id(view.cycle_id, session))
        if round_ is not None:
            shown = replace(shown, state=round_.state)
            if round_.state is not RoundState.SKIPPED:
                return replace(shown, plan=round_.plan, digest=round_.digest)
        try:
            view, table = await self._due(view.cycle_id, session)
            planned = await self._planned(view, table)
        except Refusal as refusal:
            return replace(shown, reason=refusal.figures.get("reason", refusal.why.value))
        name = digest(planned[0], round_id(view.cycle_id, session))
        return replace(shown, plan=planned[0], digest=name)

    async def _due(self, cycle_id: int, session: date) -> tuple[CycleView, Timetable]:
        """Find a cycle and the day of its session. Raises Refusal outside the evening's hours."""
        desk = self._desk
        view = await desk.views.cycle(cycle_id)
        if view is None:
            raise Refusal(Why.CYCLE_UNKNOWN)
        now = desk.clock.now()
        if desk.closed(session) or desk.calendar.current_or_next(now).day != session:
            raise Refusal(Why.ROUND_TOO_LATE)
        table = desk.table(session)
        if now < table.propose_at:
            raise Refusal(Why.TOO_EARLY)
        if now >= table.deadline:
            raise Refusal(Why.ROUND_TOO_LATE)
        return view, table

    async def _planned(self, view: CycleView, table: Timetable) -> Planned:
        """Plan as the evening does. Raises Refusal with what stands in the way."""
        try:
            why = await self._trading.evening.objection(view, table)
            if why:
                raise Refusal(Why.CANNOT_PLAN, reason=why)
            planned = await self._trading.preparer.plan(view.cycle, table.session.day)
            if not await self._trading.reconciler.agrees(view, planned[1].closes[-1]):
                raise Refusal(Why.CANNOT_PLAN, reason="shares_differ")
        except BrokerSilent as silence:
            raise Refusal(Why.CANNOT_PLAN, reason=f"broker {silence}") from silence
        return planned

    async def _propose(
        self, recording: Recording, view: CycleView, table: Timetable, planned: Planned
    ) -> None:
        """Journal the plan where the session has no round, or one that was skipped unsent."""
        tx, identity = recording.transaction, round_id(view.cycle_id, table.session.day)
        state = await state_of(tx, identity)
        if state not in (None, RoundState.SKIPPED):
            raise Refusal(Why.ROUND_GOING)
        if await self._trading.preparer.moved_on(tx, view, table.session.day):
            raise Refusal(Why.ROUND_CHANGED)
        for slot in await never_sent(tx, identity):
            await recording.record(OrderWithheld(slot=slot, reasons=(REPLANNED,)))
        await recording.record(self._trading.preparer.proposal(view, table, planned))
