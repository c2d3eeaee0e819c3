"""What the broker shows of a round only after it was settled: the books are opened again.

The round is settled anew by the same rules, from the ledger it was planned from, and every round
that was settled after it is booked on what that leaves. It happens by itself while nothing was
planned from the wrong ledger; otherwise the owner is told and has a button.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.commands import CorrectRound
from bot.events import LateFillSeen, RoundCorrected, RoundSettled
from bot.storage.standing import cycle_of, unsettled_session
from bot.storage.views import AT_THE_BROKER, CycleView, RoundView
from bot.trading.agreed import use
from bot.trading.desk import Desk
from bot.trading.fills import fills
from bot.trading.refusal import Refusal, Why
from bot.trading.settle import Settler
from strategy.cycle import Settlement, settle
from strategy.errors import StrategyError
from strategy.model import Cycle, Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebooked:
    """A settled round, what it was booked on, and what comes of booking it again."""

    round_: RoundView
    before: Cycle
    result: Settlement


class LateFills:
    """Ask once more about rounds that are settled, and correct their ledger."""

    def __init__(self, desk: Desk, settler: Settler) -> None:
        self._desk = desk
        self._settler = settler
        self._looked: dict[int, date] = {}

    async def look(self) -> datetime | None:
        """Look at each cycle's last settled round once, before the next evening is planned.

        Then correct what has more fills than were booked. Raises BrokerSilent.
        """
        desk = self._desk
        now = desk.clock.now()
        coming = desk.calendar.current_or_next(now).day
        if now >= desk.table(coming).propose_at:
            booked: set[date] = set()
            for view in await desk.views.cycles():
                await self._look_back(view, coming, booked)
        again: datetime | None = None
        for round_ in await desk.views.rounds_shown_late():
            if not await self._correct(round_):
                again = now + desk.patience.retry
        return again

    async def correct(self, command: CorrectRound) -> None:
        """Book a round again, and those after it, because the owner asked for it."""
        desk = self._desk
        round_ = await desk.views.round(command.round_id)
        if round_ is None or round_.settlement is None:
            raise Refusal(Why.ROUND_UNKNOWN)
        async with desk.recording() as recording:
            await use(recording, command.tap, command.by)
            if await unsettled_session(recording.transaction, round_.cycle_id) is not None:
                raise Refusal(Why.ROUND_OUT)
            chain = await self._rebooked(round_)
            ledger = await cycle_of(recording.transaction, round_.cycle_id)
            if chain is None or ledger is None or ledger != _settlement(chain[-1].round_).after:
                raise Refusal(Why.LEDGER_MOVED)
            for number, each in enumerate(chain):
                await recording.record(_corrected(each, ledger, follows=number > 0))

    async def _look_back(self, view: CycleView, coming: date, booked: set[date]) -> None:
        if self._looked.get(view.cycle_id) == coming:
            return
        for settled in await self._desk.views.settlements(cycle_id=view.cycle_id, limit=1):
            if settled.session not in booked:
                listed = await self._settler.book(settled.session)
                if not listed.complete:
                    raise listed.silence()
                booked.add(settled.session)
                self._desk.answered()
        self._looked[view.cycle_id] = coming

    async def _correct(self, round_: RoundView) -> bool:
        """Correct one round or tell of it; answer False while one of its orders still stands."""
        if any(order.state in AT_THE_BROKER for order in round_.orders):
            await self._settler.book(round_.session)
            fresh = await self._desk.views.round(round_.round_id)
            if fresh is None or any(order.state in AT_THE_BROKER for order in fresh.orders):
                return False
            round_ = fresh
        chain = await self._rebooked(round_)
        async with self._desk.recording() as recording:
            tx, settled = recording.transaction, _settlement(round_)
            ledger = await cycle_of(tx, round_.cycle_id)
            out = await unsettled_session(tx, round_.cycle_id) is not None
            if chain is None or len(chain) > 1 or out or ledger is None or ledger != settled.after:
                await recording.record(_seen(round_, settled))
            else:
                await recording.record(_corrected(chain[0], ledger, follows=False))
        return True

    async def _rebooked(self, round_: RoundView) -> list[Rebooked] | None:
        """Settle a round and those settled after it anew; None where the rules cannot follow."""
        views = self._desk.views
        chain: list[Rebooked] = []
        before = round_.settlement.before if round_.settlement else None
        while round_.plan is not None and before is not None:
            try:
                result = settle(
                    replace(round_.plan, cycle=before),
                    fills(round_.plan, round_.orders),
                    round_.session,
                )
            except StrategyError:
                return None
            chain.append(Rebooked(round_=round_, before=before, result=result))
            following = await views.settled_after(round_.cycle_id, round_.session)
            if following is None:
                return chain
            if following.plan is None or not _continues(result.cycle, following.plan.cycle):
                return None
            round_, before = following, result.cycle
        return None


def _continues(after: Cycle, planned: Cycle) -> bool:
    """Tell whether a plan of the same run and phase may be booked on a corrected ledger."""
    return (after.number, after.phase, after.rules) == (
        planned.number,
        planned.phase,
        planned.rules,
    )


def _settlement(round_: RoundView) -> RoundSettled:
    if round_.settlement is None:
        raise ValueError(f"round {round_.round_id} is not settled")
    return round_.settlement


def _corrected(each: Rebooked, ledger: Cycle, *, follows: bool) -> RoundCorrected:
    result = each.result
    return RoundCorrected(
        round_id=each.round_.round_id,
        cycle_id=each.round_.cycle_id,
        session=each.round_.session,
        before=each.before,
        after=result.cycle,
        ledger_before=ledger,
        bought=result.bought,
        sold=result.sold,
        realized=result.realized,
        fees=result.fees,
        finished=result.finished,
        notes=tuple(f"{note.leg} {note.code}" for note in result.notes),
        follows=follows,
    )


def _seen(round_: RoundView, settled: RoundSettled) -> LateFillSeen:
    filled = fills(round_.plan, round_.orders) if round_.plan else ()
    bought = sum(fill.quantity for fill in filled if fill.order.side is Side.BUY)
    sold = sum(fill.quantity for fill in filled if fill.order.side is Side.SELL)
    return LateFillSeen(
        round_id=round_.round_id,
        cycle_id=round_.cycle_id,
        session=round_.session,
        bought=bought - settled.bought,
        sold=sold - settled.sold,
    )
