"""What the next session would be: planned from what is known now, and played at a supposed close.

Nothing is written and nothing sent.
"""

from datetime import date

from bot.bus import Bus
from bot.commands import PlanPreview, PreviewPlan, SupposeClose, Supposed
from bot.storage.views import CycleView
from bot.trading.ports import BrokerSilent
from bot.trading.refusal import Refusal, Why
from bot.trading.service import Trading
from strategy.errors import StrategyError
from strategy.model import ZERO, Market, Plan
from strategy.price import CENT, raised, round_half_up
from strategy.state import LARGEST_PRICE
from strategy.what_if import suppose

RESTS = "rests"
"""The reason of a cycle without a next round: its owner has it rest."""


class Previewing:
    """Plan without journalling."""

    def __init__(self, trading: Trading) -> None:
        self._trading = trading
        self._desk = trading.desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands that preview."""
        bus.handle(PreviewPlan, self.preview)
        bus.handle(SupposeClose, self.suppose)

    async def preview(self, command: PreviewPlan) -> tuple[PlanPreview, ...]:
        """Plan every cycle's next session from what is known now."""
        del command
        return tuple([await self._preview(view) for view in await self._desk.views.cycles()])

    async def suppose(self, command: SupposeClose) -> tuple[Supposed, ...]:
        """Play each cycle of a symbol at a close."""
        price = command.close
        if price is not None and not (price.is_finite() and CENT <= price <= LARGEST_PRICE):
            raise Refusal(Why.NO_PRICE)
        views = await self._desk.views.cycles_of(command.symbol)
        if not views:
            raise Refusal(Why.SYMBOL_UNKNOWN, symbol=command.symbol)
        return tuple([await self._supposed(view, command) for view in views])

    async def _supposed(self, view: CycleView, command: SupposeClose) -> Supposed:
        session = await self._session(view)
        if view.rests:
            return Supposed(cycle_id=view.cycle_id, session=session, reason=RESTS)
        try:
            plan, market = await self._planned(view, session)
        except BrokerSilent as silence:
            return Supposed(cycle_id=view.cycle_id, session=session, reason=str(silence))
        previous = market.closes[-1]
        close = command.close
        if close is None:
            close = max(round_half_up(raised(previous, command.percent or ZERO)), CENT)
        try:
            outcome = suppose(plan, market, close)
        except StrategyError as error:
            raise Refusal.of(error) from error
        return Supposed(
            cycle_id=view.cycle_id, session=session, plan=plan, previous=previous, outcome=outcome
        )

    async def _preview(self, view: CycleView) -> PlanPreview:
        session = await self._session(view)
        if view.rests:
            return PlanPreview(
                cycle_id=view.cycle_id, session=session.isoformat(), plan=None, reason=RESTS
            )
        try:
            plan, _ = await self._planned(view, session)
        except BrokerSilent as silence:
            return PlanPreview(
                cycle_id=view.cycle_id,
                session=session.isoformat(),
                plan=None,
                reason=str(silence),
            )
        return PlanPreview(
            cycle_id=view.cycle_id, session=session.isoformat(), plan=plan, reason=""
        )

    async def _session(self, view: CycleView) -> date:
        session = self._desk.calendar.current_or_next(self._desk.clock.now()).day
        session = max(session, view.first_session or session)
        latest = await self._desk.views.latest_round(view.cycle_id)
        return max(session, latest.session) if latest and latest.plan else session

    async def _planned(self, view: CycleView, session: date) -> tuple[Plan, Market]:
        """Give what was planned for a session already, or plan it. Raises BrokerSilent."""
        latest = await self._desk.views.latest_round(view.cycle_id)
        if latest is not None and latest.session >= session and latest.plan is not None:
            for proposed in await self._desk.views.proposals(latest.session):
                if proposed.round_id == latest.round_id:
                    return proposed.plan, proposed.market
        return await self._trading.preparer.plan(view.cycle, session)
