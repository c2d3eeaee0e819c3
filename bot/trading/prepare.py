"""Plan an evening's round from the ledger and the official closes, and show it to the owner."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from bot.events import RoundMissed, RoundProposed, SplitAgreed
from bot.storage.database import Transaction
from bot.storage.ending_projections import afterwards_of
from bot.storage.lock_projections import approval_of
from bot.storage.standing import cycle_of, waiting_changes
from bot.storage.views import CycleView
from bot.timetable import Timetable
from bot.trading.desk import Desk
from bot.trading.model import Afterwards, round_id
from bot.trading.ports import BrokerSilent
from bot.trading.rounds import digest
from strategy import versions
from strategy.bookkeeping import adjusted_closes
from strategy.changes import ShareSplit
from strategy.model import Bar, Cycle, Market, Plan

CLOSES = 5
_A_WILD_DAY = Decimal("1.7")  # the square of a move of 30 %


class Preparer:
    """Turn a cycle's ledger state and the market's closes into a proposed round."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def propose(
        self, view: CycleView, table: Timetable, planned: tuple[Plan, Market]
    ) -> bool:
        """Journal tonight's plan of a cycle; answer False when its ledger changed meanwhile."""
        async with self._desk.recording() as recording:
            if await self.moved_on(recording.transaction, view, table.session.day):
                return False
            await recording.record(self.proposal(view, table, planned))
        return True

    def proposal(
        self, view: CycleView, table: Timetable, planned: tuple[Plan, Market]
    ) -> RoundProposed:
        """Make the event that proposes a plan to the owner."""
        plan, market = planned
        identity = round_id(view.cycle_id, table.session.day)
        return RoundProposed(
            round_id=identity,
            cycle_id=view.cycle_id,
            session=table.session.day,
            plan=plan,
            market=market,
            digest=digest(plan, identity),
            approval=view.approval,
            deadline=table.deadline,
            emulated=self._desk.emulation is not None,
        )

    async def plan(self, cycle: Cycle, session: date) -> tuple[Plan, Market]:
        """Plan a session without writing anything. Raises BrokerSilent without its closes."""
        symbol = cycle.rules.symbol
        bars = await self._desk.broker.bars(symbol, before=session, count=CLOSES)
        previous = self._desk.calendar.previous(session).day
        if not bars or bars[-1].day != previous:
            raise BrokerSilent(f"no official close of {symbol} for {previous} yet")
        market = Market(closes=await self._in_todays_shares(symbol, bars, session))
        return versions.plan(cycle, market), market

    async def missed(self, view: CycleView, session: date, reason: str) -> None:
        """Journal that a session passed without a round, and why."""
        async with self._desk.recording() as recording:
            await recording.record(
                RoundMissed(
                    round_id=round_id(view.cycle_id, session),
                    cycle_id=view.cycle_id,
                    session=session,
                    reason=reason,
                )
            )

    async def moved_on(self, transaction: Transaction, view: CycleView, session: date) -> bool:
        """Tell whether the plan was made from a ledger that is not the cycle's any more.

        Or with an approval that is not: one that was lowered while the broker was asked counts.
        """
        afterwards, over = await afterwards_of(transaction, view.cycle_id)
        if await approval_of(transaction, view.cycle_id) != (view.symbol, view.approval):
            return True
        if over or (afterwards is not Afterwards.GO_ON and not view.cycle.quantity):
            return True
        return await cycle_of(transaction, view.cycle_id) != view.cycle or any(
            isinstance(change, SplitAgreed)
            and change.symbol == view.symbol
            and change.from_session <= session
            for change in await waiting_changes(transaction)
        )

    async def _in_todays_shares(
        self, symbol: str, bars: Sequence[Bar], session: date
    ) -> tuple[Decimal, ...]:
        """Bring closes from before a share split to today's shares.

        Raises BrokerSilent when they do not meet the price after the split.
        """
        closes = [bar.close for bar in bars]
        for first, split in await self._desk.views.splits(symbol):
            old = sum(bar.day < first for bar in bars)
            if old == 0 or session < first:
                continue
            closes[:old] = adjusted_closes(closes[:old], split)
            after = closes[old:] or [await self._desk.broker.last_price(symbol)]
            if not _meets(closes[old - 1], after[0], split):
                ratio = f"{split.new}:{split.old}"
                raise BrokerSilent(f"closes of {symbol} before {first} do not fit a {ratio} split")
        return tuple(closes)


def _meets(before: Decimal, after: Decimal, split: ShareSplit) -> bool:
    """Tell whether two prices across a split are nearer to one another than the ratio is."""
    parts = max(Decimal(split.new) / split.old, Decimal(split.old) / split.new, _A_WILD_DAY)
    return 1 / parts < (before / after) ** 2 < parts
