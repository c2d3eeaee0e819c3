"""Plan an evening's round from the ledger and the official closes, and show it to the owner."""

from datetime import date

from bot.events import RoundMissed, RoundProposed
from bot.storage.views import CycleView
from bot.timetable import Timetable
from bot.trading.desk import Desk
from bot.trading.model import round_id
from bot.trading.ports import BrokerSilent
from bot.trading.rounds import digest
from strategy import versions
from strategy.model import Cycle, Market, Plan

CLOSES = 5


class Preparer:
    """Turn a cycle's ledger state and the market's closes into a proposed round."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def propose(self, view: CycleView, table: Timetable) -> None:
        """Journal tonight's plan of a cycle. Raises BrokerSilent when a close is not known yet."""
        session = table.session.day
        plan, market = await self.plan(view.cycle, session)
        identity = round_id(view.cycle_id, session)
        async with self._desk.recording() as recording:
            await recording.record(
                RoundProposed(
                    round_id=identity,
                    cycle_id=view.cycle_id,
                    session=session,
                    plan=plan,
                    market=market,
                    digest=digest(plan, identity),
                    approval=view.approval,
                    deadline=table.deadline,
                )
            )

    async def plan(self, cycle: Cycle, session: date) -> tuple[Plan, Market]:
        """Plan a session without writing anything. Raises BrokerSilent without its closes."""
        symbol = cycle.rules.symbol
        bars = await self._desk.broker.bars(symbol, before=session, count=CLOSES)
        previous = self._desk.calendar.previous(session).day
        if not bars or bars[-1].day != previous:
            raise BrokerSilent(f"no official close of {symbol} for {previous} yet")
        market = Market(closes=tuple(bar.close for bar in bars))
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
