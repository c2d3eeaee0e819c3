"""What the owner may ask of trading: each command is checked and journalled in one transaction."""

from bot.bus import Bus
from bot.commands import ApproveRound, Pause, Resume, StartCycle, Stop, StopAnswer
from bot.events import RoundApproved, TradingPaused, TradingResumed, TradingStopped
from bot.storage.lock_projections import still_proposed
from bot.storage.standing import attempts_of, standing_of, trading_of
from bot.storage.views import RoundView
from bot.timetable import Timetable, timetable
from bot.trading.account.acceptance import Acceptance
from bot.trading.account.adopting import Adopting
from bot.trading.again import Again
from bot.trading.agreed import use
from bot.trading.begin import begin_cycle
from bot.trading.cancelling import Cancelling
from bot.trading.comparing import Comparing
from bot.trading.consent import may_begin
from bot.trading.doubts import Doubts
from bot.trading.explaining import Explaining
from bot.trading.model import Approval, RoundState
from bot.trading.previewing import Previewing
from bot.trading.refusal import Refusal, Why, refuse_stopped
from bot.trading.rounds import slots
from bot.trading.service import Trading
from bot.trading.skipping import Skipping
from bot.trading.starting import Starting
from bot.trading.takeover import Takeover


class Owner:
    """Carry out the owner's commands."""

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self.desk = trading.desk
        self.cancelling = Cancelling(trading)

    def register(self, bus: Bus) -> None:
        """Become the handler of every command about trading."""
        bus.handle(StartCycle, self.start_cycle)
        bus.handle(ApproveRound, self.approve)
        bus.handle(Pause, self.pause)
        bus.handle(Resume, self.resume)
        bus.handle(Stop, self.stop)
        books = self._trading.books
        books.register(bus)
        Adopting(self.desk, books).register(bus)
        Acceptance(self.desk, books).register(bus)
        Takeover(self.desk).register(bus)
        self._trading.endings.register(bus)
        Starting(self.desk, self._trading.preparer).register(bus)
        Doubts(self._trading).register(bus)
        self.cancelling.register(bus)
        Skipping(self._trading, self.cancelling).register(bus)
        Again(self._trading).register(bus)
        self._trading.silence.register(bus)
        Previewing(self._trading).register(bus)
        Explaining(self.desk).register(bus)
        Comparing(self._trading).register(bus)

    async def start_cycle(self, command: StartCycle) -> int:
        """Begin a cycle on a symbol. Raises Refusal when one runs there already."""
        async with self.desk.recording() as recording:
            await may_begin(
                self.desk, recording.transaction, command.approval, command.unattended, command.by
            )
            await use(recording, command.tap, command.by)
            return await begin_cycle(recording, command)

    async def approve(self, command: ApproveRound) -> None:
        """Let a round go out, exactly as it was shown."""
        round_ = await self._round(command.round_id)
        table = self._table(round_)
        async with self.desk.recording() as recording:
            await use(recording, command.tap, command.by)
            trading, _, state = await standing_of(recording.transaction, command.round_id)
            if state is not RoundState.PROPOSED:
                raise Refusal(Why.ROUND_DECIDED, state=state.value)
            if round_.digest != command.digest or round_.plan is None:
                raise Refusal(Why.ROUND_CHANGED)
            if self.desk.clock.now() >= table.deadline:
                raise Refusal(Why.ROUND_TOO_LATE)
            refuse_stopped(trading)
            if not await still_proposed(recording.transaction, round_.round_id, round_.approval):
                raise Refusal(Why.ROUND_CHANGED)  # its approval was lowered since it was read
            if round_.approval is Approval.ALERT:
                raise Refusal(Why.ALERT_ONLY)
            made = await attempts_of(recording.transaction, command.round_id)
            going = slots(round_.plan, command.round_id, made)
            await recording.record(
                RoundApproved(round_id=command.round_id, slots=going, by=command.by)
            )

    async def pause(self, command: Pause) -> None:
        """Hold buys back (everything, when asked so). Raises Refusal while stopped.

        A pause is less than a stop: a late press or a second preview must not let sells out again.
        """
        async with self.desk.recording() as recording:
            await use(recording, command.tap, command.by)
            refuse_stopped(await trading_of(recording.transaction))
            await recording.record(TradingPaused(everything=command.everything, by=command.by))

    async def resume(self, command: Resume) -> None:
        """Lift pauses, stops and holds; the emergency stop is lifted by `Unlock` alone."""
        async with self.desk.recording() as recording:
            await use(recording, command.tap, command.by)
            if await trading_of(recording.transaction) == "killed":
                raise Refusal(Why.KILLED)
            await recording.record(TradingResumed(by=command.by))

    async def stop(self, command: Stop) -> StopAnswer:
        """Stop at once; then, when asked, cancel our open orders and look whether they are gone."""
        async with self.desk.recording() as recording:
            await use(recording, command.tap, command.by)
            await recording.record(TradingStopped(cancel=command.cancel, by=command.by))
        return await self.cancelling.halted(command.by, cancel=command.cancel)

    async def _round(self, round_id: str) -> RoundView:
        round_ = await self.desk.views.round(round_id)
        if round_ is None:
            raise Refusal(Why.ROUND_UNKNOWN)
        return round_

    def _table(self, round_: RoundView) -> Timetable:
        session = self.desk.calendar.session(round_.session)
        if session is None:
            raise Refusal(Why.ROUND_TOO_LATE)
        return timetable(session)
