"""What the owner may ask of trading: each command is checked and journalled in one transaction."""

from collections.abc import Sequence

from bot.bus import Bus
from bot.commands import (
    ApproveRound,
    Pause,
    PlanPreview,
    PreviewPlan,
    Resume,
    SkipRound,
    StartCycle,
    Stop,
    StopAnswer,
)
from bot.events import (
    RoundApproved,
    RoundSkipped,
    TradingPaused,
    TradingResumed,
    TradingStopped,
)
from bot.storage.order_projections import WrongTurn
from bot.storage.standing import standing_of, trading_of
from bot.storage.views import AT_THE_BROKER, UNRESOLVED, OrderView, RoundView
from bot.timetable import Timetable, timetable
from bot.trading.account.acceptance import Acceptance
from bot.trading.account.adopting import Adopting
from bot.trading.agreed import use
from bot.trading.begin import begin_cycle
from bot.trading.doubts import Doubts
from bot.trading.model import Actor, OrderState, RoundState
from bot.trading.ports import BrokerSilent
from bot.trading.refusal import Refusal, Why
from bot.trading.rounds import slots
from bot.trading.service import Trading
from bot.trading.takeover import Takeover

MAY_STAND = (*AT_THE_BROKER, *UNRESOLVED, OrderState.UNKNOWN_TOLD)


class Owner:
    """Carry out the owner's commands."""

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self._desk = trading.desk

    def register(self, bus: Bus) -> None:
        """Become the handler of every command about trading."""
        bus.handle(StartCycle, self.start_cycle)
        bus.handle(ApproveRound, self.approve)
        bus.handle(SkipRound, self.skip)
        bus.handle(Pause, self.pause)
        bus.handle(Resume, self.resume)
        bus.handle(Stop, self.stop)
        bus.handle(PreviewPlan, self.preview)
        books = self._trading.books
        books.register(bus)
        Adopting(self._desk, books).register(bus)
        Acceptance(self._desk, books).register(bus)
        Takeover(self._desk).register(bus)
        Doubts(self._trading).register(bus)

    async def start_cycle(self, command: StartCycle) -> int:
        """Begin a cycle on a symbol. Raises Refusal when one runs there already."""
        async with self._desk.recording() as recording:
            return await begin_cycle(recording, command)

    async def approve(self, command: ApproveRound) -> None:
        """Let a round go out, exactly as it was shown."""
        round_ = await self._round(command.round_id)
        table = self._table(round_)
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            trading, _, state = await standing_of(recording.transaction, command.round_id)
            if state is not RoundState.PROPOSED:
                raise Refusal(Why.ROUND_DECIDED, state=state.value)
            if round_.digest != command.digest or round_.plan is None:
                raise Refusal(Why.ROUND_CHANGED)
            if self._desk.clock.now() >= table.deadline:
                raise Refusal(Why.ROUND_TOO_LATE)
            if trading == "stopped":
                raise Refusal(Why.STOPPED)
            await recording.record(
                RoundApproved(
                    round_id=command.round_id,
                    slots=slots(round_.plan, command.round_id),
                    by=command.by,
                )
            )

    async def skip(self, command: SkipRound) -> None:
        """Let a session pass; possible until the first order has been sent."""
        round_ = await self._round(command.round_id)
        async with self._trading.account, self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            _, _, state = await standing_of(recording.transaction, command.round_id)
            if round_.digest != command.digest:
                raise Refusal(Why.ROUND_CHANGED)
            if state is RoundState.SUBMITTING or state is RoundState.WORKING:
                raise Refusal(Why.ROUND_TOO_LATE)
            if state not in (RoundState.PROPOSED, RoundState.APPROVED):
                raise Refusal(Why.ROUND_DECIDED, state=state.value)
            await recording.record(RoundSkipped(round_id=command.round_id, by=command.by))

    async def pause(self, command: Pause) -> None:
        """Hold buys back (everything, when asked so). Raises Refusal while stopped.

        A pause is less than a stop: a late press or a second preview must not let sells out again.
        """
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            if await trading_of(recording.transaction) == "stopped":
                raise Refusal(Why.STOPPED)
            await recording.record(TradingPaused(everything=command.everything, by=command.by))

    async def resume(self, command: Resume) -> None:
        """Lift pauses, stops and holds."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            await recording.record(TradingResumed(by=command.by))

    async def stop(self, command: Stop) -> StopAnswer:
        """Stop at once; then, when asked, cancel our open orders and look whether they are gone."""
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            await recording.record(TradingStopped(cancel=command.cancel, by=command.by))
        if not command.cancel:
            return StopAnswer(asked=0, confirmed=0)
        async with self._trading.account:
            return await self._cancel_all(command.by)

    async def preview(self, command: PreviewPlan) -> tuple[PlanPreview, ...]:
        """Plan every cycle's next session from what is known now."""
        del command
        now = self._desk.clock.now()
        previews: list[PlanPreview] = []
        for view in await self._desk.views.cycles():
            session = self._desk.calendar.current_or_next(now).day
            session = max(session, view.first_session or session)
            latest = await self._desk.views.latest_round(view.cycle_id)
            if latest is not None and latest.session >= session and latest.plan is not None:
                previews.append(_preview(view.cycle_id, latest))
                continue
            try:
                plan, _ = await self._trading.preparer.plan(view.cycle, session)
            except BrokerSilent as silence:
                previews.append(
                    PlanPreview(
                        cycle_id=view.cycle_id,
                        session=session.isoformat(),
                        plan=None,
                        reason=str(silence),
                    )
                )
                continue
            previews.append(
                PlanPreview(
                    cycle_id=view.cycle_id, session=session.isoformat(), plan=plan, reason=""
                )
            )
        return tuple(previews)

    async def _cancel_all(self, by: Actor) -> StopAnswer:
        """Ask for every cancel and look; only a listing says that an order is gone.

        One without an answer has no number to cancel by: it may stand. Fills are booked first, as
        KIS refuses to cancel more than is left; without a list the cancels are asked all the same.
        """
        await self._book(await self._may_stand())
        live = await self._may_stand()
        for order in live:
            await self._trading.canceller.cancel(order, by)
        await self._book(live)
        after = [await self._desk.views.order(order.slot.key) for order in live]
        states = [order.state for order in after if order is not None]
        left = sum(state in MAY_STAND for state in states)
        filled = states.count(OrderState.FILLED)
        return StopAnswer(asked=len(live), confirmed=len(live) - left - filled, left=left)

    async def _may_stand(self) -> list[OrderView]:
        """Read our orders that stand, or may; one left unknown may until its session is over."""
        now, calendar = self._desk.clock.now(), self._desk.calendar
        found = await self._desk.views.orders_in(*MAY_STAND)
        over = {
            day
            for day in {order.session for order in found}
            if (session := calendar.session(day)) is None or session.close <= now
        }
        return [
            order
            for order in found
            if order.state is not OrderState.UNKNOWN_TOLD or order.session not in over
        ]

    async def _book(self, orders: Sequence[OrderView]) -> None:
        try:
            for session in sorted({order.session for order in orders}):
                await self._trading.settler.book(session)
        except BrokerSilent as silence:
            await self._desk.troubled(str(silence))
        except WrongTurn as turn:
            if not self._trading.turned_wrong(str(turn)):
                raise

    async def _round(self, round_id: str) -> RoundView:
        round_ = await self._desk.views.round(round_id)
        if round_ is None:
            raise Refusal(Why.ROUND_UNKNOWN)
        return round_

    def _table(self, round_: RoundView) -> Timetable:
        session = self._desk.calendar.session(round_.session)
        if session is None:
            raise Refusal(Why.ROUND_TOO_LATE)
        return timetable(session)


def _preview(cycle_id: int, round_: RoundView) -> PlanPreview:
    return PlanPreview(
        cycle_id=cycle_id, session=round_.session.isoformat(), plan=round_.plan, reason=""
    )
