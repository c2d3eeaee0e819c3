"""What is agreed to goes out: rounds are let go, and their orders handed to the submitter."""

from datetime import datetime

from bot.events import RoundApproved
from bot.storage.lock_projections import still_proposed
from bot.storage.standing import attempts_of
from bot.storage.views import RoundView
from bot.trading.desk import Desk, in_turn
from bot.trading.due import due_of
from bot.trading.model import GOING_OUT, SCHEDULE, Approval, OrderState, RoundState
from bot.trading.ports import BrokerSilent
from bot.trading.resting import RestingWatch
from bot.trading.rounds import slots
from bot.trading.submit import Submitter


class Sender:
    """Send the orders of rounds that were agreed to, while the window is open."""

    def __init__(self, desk: Desk, submitter: Submitter) -> None:
        self.desk = desk
        self._submitter = submitter
        self._resting = RestingWatch(desk)

    async def send(self) -> None:
        """Let agreed rounds go and send what may go out now; with a shut gate, nothing."""
        if not self.desk.gate_open:
            return
        now = self.desk.clock.now()
        await self._let_go(now)
        going = [
            round_
            for round_ in await self.desk.views.rounds_in(*GOING_OUT)
            if self._goes(round_, now)
        ]
        if self.desk.holds:
            return  # agreed rounds are let go; their orders wait for what holds all of them
        free = await in_turn(going, self._free_to_send)
        going = [round_ for round_, may in zip(going, free, strict=True) if may]
        if going:
            await self._submitter.submit(going)
            self.desk.answered()

    async def _let_go(self, now: datetime) -> None:
        """Approve what was agreed to beforehand, and rounds with nothing to agree to."""
        for round_ in await self.desk.views.rounds_in(RoundState.PROPOSED):
            agreed = round_.approval is Approval.AUTO or (
                round_.approval is Approval.CONFIRM and round_.plan and not round_.plan.orders
            )
            if agreed and round_.plan and self.desk.table(round_.session).may_send(now):
                async with self.desk.recording() as recording:
                    # Its approval may have been lowered since it was read.
                    if not await still_proposed(
                        recording.transaction, round_.round_id, round_.approval
                    ):
                        continue
                    made = await attempts_of(recording.transaction, round_.round_id)
                    agreed_to = slots(round_.plan, round_.round_id, made)
                    await recording.record(
                        RoundApproved(round_id=round_.round_id, slots=agreed_to, by=SCHEDULE)
                    )

    def _goes(self, round_: RoundView, now: datetime) -> bool:
        unfinished = round_.state is not RoundState.WORKING
        if self.desk.emulation is not None:
            return bool(due_of(self.desk, round_)) or (unfinished and not _unsent(round_))
        return self.desk.table(round_.session).may_send(now) and (_unsent(round_) or unfinished)

    async def _free_to_send(self, round_: RoundView) -> bool:
        """Tell whether no order that is not ours keeps a cycle that was taken over waiting."""
        view = await self.desk.views.cycle(round_.cycle_id)
        if view is None or not view.waits or not _unsent(round_):
            return True
        try:
            return await self._resting.gone(view)
        except BrokerSilent as silence:
            await self.desk.troubled(str(silence))
            return False


def _unsent(round_: RoundView) -> bool:
    return any(order.state is OrderState.PLANNED for order in round_.orders)
