"""The ladder of approvals, a cycle at a time: up by a checklist and a code, down at any time."""

from datetime import date

from bot.bus import Bus
from bot.commands import ApprovalPreview, Check, PreviewApproval, SetApproval
from bot.events import ApprovalSet
from bot.storage.database import Transaction
from bot.storage.lock_projections import approval_of
from bot.storage.standing import trading_of
from bot.storage.views import UNRESOLVED
from bot.trading.agreed import use
from bot.trading.codes import Codes
from bot.trading.consent import consented
from bot.trading.desk import Desk
from bot.trading.ladder import higher
from bot.trading.model import GOING_OUT, Approval
from bot.trading.refusal import Refusal, Why


class Modes:
    """Show what a step up needs, and take it."""

    def __init__(self, desk: Desk, codes: Codes) -> None:
        self._desk = desk
        self._codes = codes

    def register(self, bus: Bus) -> None:
        bus.handle(PreviewApproval, self.preview)
        bus.handle(SetApproval, self.set)

    async def preview(self, command: PreviewApproval) -> ApprovalPreview:
        """Show the step from a cycle's approval to another; writes nothing."""
        async with self._desk.recording() as recording:
            tx = recording.transaction
            symbol, before = await _present(tx, command.cycle_id)
            up = higher(command.approval, before)
            checks = await self._checklist(tx, command.cycle_id, command.approval) if up else ()
        return ApprovalPreview(
            cycle_id=command.cycle_id,
            symbol=symbol,
            before=before,
            after=command.approval,
            up=up,
            checks=checks,
            needs_code=up and self._desk.real,
            out=await self._out(command.cycle_id),
        )

    async def set(self, command: SetApproval) -> None:
        """Change a cycle's approval; the code is used up with it."""
        up = higher(command.after, command.before)
        step = None
        if up and self._desk.real:
            step = await self._codes.step_of(command.code, command.by)
        async with self._desk.recording() as recording:
            tx = recording.transaction
            await use(recording, command.tap, command.by)
            symbol, before = await _present(tx, command.cycle_id)
            if before is not command.before:
                raise Refusal(Why.APPROVAL_CHANGED)
            if before is command.after:
                raise Refusal(Why.APPROVAL_SAME)
            if up and not all(
                check.passed for check in await self._checklist(tx, command.cycle_id, command.after)
            ):
                raise Refusal(Why.CHECKLIST)
            await self._codes.unused(tx, step)
            await recording.record(
                ApprovalSet(
                    cycle_id=command.cycle_id,
                    symbol=symbol,
                    before=before,
                    after=command.after,
                    by=command.by,
                    step=step,
                )
            )

    async def _checklist(
        self, tx: Transaction, cycle_id: int, approval: Approval
    ) -> tuple[Check, ...]:
        return await checklist(self._desk, self._codes, tx, cycle_id, approval)

    async def _out(self, cycle_id: int) -> date | None:
        """Find the session of a round that is on its way: it goes on as it was agreed."""
        rounds = await self._desk.views.rounds_in(*GOING_OUT)
        return max((each.session for each in rounds if each.cycle_id == cycle_id), default=None)


async def checklist(
    desk: Desk, codes: Codes, tx: Transaction, cycle_id: int, approval: Approval
) -> tuple[Check, ...]:
    """Look at everything that a step up needs, in the order in which it is told."""
    view, unresolved = await desk.views.cycle(cycle_id), await desk.views.orders_in(*UNRESOLVED)
    found = {
        "running": await trading_of(tx) not in ("stopped", "killed"),
        "broker": not desk.trouble,
        "agrees": view is not None and not view.held,
        "resolved": not unresolved,
    }
    if desk.real:
        found |= {"consent": await consented(desk, tx), "secret": codes.known}
    if approval is Approval.AUTO:
        found["settled"] = bool(await desk.views.settlements(cycle_id=cycle_id, limit=1))
    return tuple(Check(name=name, passed=passed) for name, passed in found.items())


async def _present(tx: Transaction, cycle_id: int) -> tuple[str, Approval]:
    found = await approval_of(tx, cycle_id)
    if found is None:
        raise Refusal(Why.CYCLE_UNKNOWN, cycle=str(cycle_id))
    return found
