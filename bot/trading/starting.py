"""How a run would begin: its first evening planned, and the account's shares looked at."""

from bot.bus import Bus
from bot.commands import PreviewStart, StartPreview
from bot.trading.ahead import next_planned
from bot.trading.desk import Desk
from bot.trading.ports import BrokerSilent
from bot.trading.prepare import Preparer
from bot.trading.refusal import Refusal, Why
from bot.trading.shares import in_the_ledger
from strategy.cycle import start
from strategy.errors import StrategyError


class Starting:
    """Answer what a run would do on its first evening."""

    def __init__(self, desk: Desk, preparer: Preparer) -> None:
        self._desk = desk
        self._preparer = preparer

    def register(self, bus: Bus) -> None:
        """Become the handler of the command about beginnings."""
        bus.handle(PreviewStart, self.preview)

    async def preview(self, command: PreviewStart) -> StartPreview:
        """Plan the first evening and look at the shares; writes nothing. Raises Refusal."""
        symbol = command.rules.symbol
        try:
            cycle = start(command.rules, command.principal)
        except StrategyError as error:
            raise Refusal(Why.PRINCIPAL_TOO_SMALL, detail=str(error)) from error
        session = next_planned(self._desk.calendar, self._desk.clock.now())
        try:
            plan, market = await self._preparer.plan(cycle, session)
            held = await self._desk.broker.holding(symbol)
            ours = await in_the_ledger(self._desk, symbol)
        except BrokerSilent as silence:
            raise Refusal(Why.BROKER_SILENT, reason=str(silence)) from silence
        return StartPreview(
            plan=plan,
            market=market,
            session=session,
            held=held.quantity - ours,
            set_aside=await self._desk.views.set_aside(symbol),
            average=held.average,
        )
