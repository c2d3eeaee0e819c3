"""What silence means: what the owner chose goes out when nobody taps in time.

The default is nothing. Ten minutes before the cut-off the choice is carried out, so that all of it
can be sent; a bot that is stopped lets nothing go. With real money more than before takes what a
step up the ladder takes (decision 0033).
"""

from bot.bus import Bus
from bot.commands import SetUnattended
from bot.events import RoundApproved, UnattendedApplied, UnattendedSet
from bot.storage.database import Transaction
from bot.storage.journal import Recording
from bot.storage.lock_projections import still_proposed
from bot.storage.standing import attempts_of, standing_of, unattended_of
from bot.storage.views import RoundView
from bot.trading.agreed import use
from bot.trading.codes import Codes
from bot.trading.desk import Desk
from bot.trading.model import SCHEDULE, Approval, RoundState, Unattended
from bot.trading.modes import checklist
from bot.trading.refusal import Refusal, Why
from bot.trading.rounds import slots
from strategy.model import Side

LEVELS = (Unattended.NOTHING, Unattended.SELLS, Unattended.ALL)


class Silence:
    """Set the choice, and let rounds go by it; `codes` come with the safeguards."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.codes: Codes | None = None

    def register(self, bus: Bus) -> None:
        """Become the handler of the command that chooses."""
        bus.handle(SetUnattended, self.choose)

    async def choose(self, command: SetUnattended) -> None:
        """Journal the owner's choice; it counts for rounds that wait already, too.

        Raises Refusal; for more than before with real money, when the checklist does not hold or
        the code is wrong.
        """
        before = await self._before(command)
        step = None
        if needs_code(before, command.choice, real=self._desk.real):
            if self.codes is None:
                raise Refusal(Why.NO_SECRET)
            step = await self.codes.step_of(command.code, command.by)
        async with self._desk.recording() as recording:
            tx = recording.transaction
            await use(recording, command.tap, command.by)
            if await unattended_of(tx, command.cycle_id) is not before:
                raise Refusal(Why.APPROVAL_CHANGED)
            if self.codes is not None and step is not None:
                await self._passed(tx, self.codes, command)
                await self.codes.unused(tx, step)
            await recording.record(
                UnattendedSet(
                    cycle_id=command.cycle_id, choice=command.choice, by=command.by, step=step
                )
            )

    async def _before(self, command: SetUnattended) -> Unattended:
        view = await self._desk.views.cycle(command.cycle_id)
        if view is None:
            raise Refusal(Why.CYCLE_UNKNOWN)
        return view.unattended

    async def _passed(self, tx: Transaction, codes: Codes, command: SetUnattended) -> None:
        """Hold a choice of more to the checklist of the ladder: all without a tap is automatic."""
        rung = Approval.AUTO if command.choice is Unattended.ALL else Approval.CONFIRM
        checks = await checklist(self._desk, codes, tx, command.cycle_id, rung)
        if not all(check.passed for check in checks):
            raise Refusal(Why.CHECKLIST)

    async def apply(self) -> None:
        """Let go what nobody decided about, inside the hours in which orders may go out."""
        if not self._desk.gate_open or self._desk.holds:
            return
        now = self._desk.clock.now()
        for round_ in await self._desk.views.rounds_in(RoundState.PROPOSED):
            table = self._desk.table(round_.session)
            if (
                round_.approval is Approval.CONFIRM
                and now >= table.unattended_at
                and table.may_send(now)
                and not self._desk.closed(round_.session)
            ):
                async with self._desk.recording() as recording:
                    await self._let_go(recording, round_)

    async def _let_go(self, recording: Recording, round_: RoundView) -> None:
        tx = recording.transaction
        choice = await unattended_of(tx, round_.cycle_id)
        trading, held, _ = await standing_of(tx, round_.round_id)
        if not await still_proposed(tx, round_.round_id, round_.approval):
            return  # a tap may have come at the last moment, or its approval was lowered
        if round_.plan is None or held:
            return
        if choice in (None, Unattended.NOTHING) or trading not in ("running", "paused"):
            return  # a pause holds the buys back where "sent" is written, and no sale
        made = slots(round_.plan, round_.round_id, await attempts_of(tx, round_.round_id))
        going = tuple(slot for slot in made if choice is Unattended.ALL or slot.side is Side.SELL)
        if going:
            await recording.record(
                RoundApproved(round_id=round_.round_id, slots=going, by=SCHEDULE)
            )
            await recording.record(UnattendedApplied(round_id=round_.round_id, choice=choice))


def needs_code(before: Unattended, after: Unattended, *, real: bool) -> bool:
    """Tell whether a choice is made by a code: where money is real, and it lets out more."""
    return real and LEVELS.index(after) > LEVELS.index(before)
