"""A round that is agreed and not out as its cut-off comes near: told with the reason, three times.

The owner's own "not yet" (a round that waits for his tap) has its reminders elsewhere. At the
cut-off itself the withheld orders are told with the same reasons.
"""

from datetime import datetime

from bot.events import Event, RoundDelayed, RoundProposed
from bot.storage.views import RoundView
from bot.storage.watch_projections import round_delayed, told_already
from bot.trading.desk import Desk
from bot.trading.model import Approval, OrderState, RoundState
from bot.trading.why import why_not_out


class Escalation:
    """Look whether agreed rounds are out at the instants before the deadline."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._next: datetime | None = desk.clock.now()

    def heard(self, _seq: int, event: Event) -> None:
        """A round was planned: its instants are looked up anew."""
        if isinstance(event, RoundProposed):
            self._next = self._desk.clock.now()

    async def look(self) -> datetime | None:
        """Tell of what is late; answer when to look again."""
        now = self._desk.clock.now()
        if self._next is None or now < self._next:
            return self._next
        again: list[datetime] = []
        agreed = (RoundState.PROPOSED, RoundState.APPROVED, RoundState.SUBMITTING)
        for round_ in await self._desk.views.rounds_in(*agreed):
            table = self._desk.table(round_.session)
            again += [at for at in table.reminders if at > now][:1]
            passed = [at for at in table.reminders if at <= now < table.deadline]
            missing = self._missing(round_)
            if passed and missing != 0:
                minutes = int((table.deadline - passed[-1]).total_seconds() // 60)
                await self._tell(round_, minutes, missing)
        self._next = min(again, default=None)
        return self._next

    def _missing(self, round_: RoundView) -> int | None:
        """Count what should be out by now; None where an agreed round was not let go at all."""
        if round_.state is RoundState.PROPOSED:
            automatic = round_.approval is Approval.AUTO
            return None if automatic and round_.plan and round_.plan.orders else 0
        return sum(
            order.state is OrderState.PLANNED and not self._desk.emulates(order.slot)
            for order in round_.orders
        )

    async def _tell(self, round_: RoundView, minutes: int, missing: int | None) -> None:
        reasons = await why_not_out(self._desk, round_)
        async with self._desk.recording() as recording:
            key = round_delayed(round_.round_id, minutes)
            if not await told_already(recording.transaction, key):
                await recording.record(
                    RoundDelayed(
                        round_id=round_.round_id, minutes=minutes, missing=missing, reasons=reasons
                    )
                )
