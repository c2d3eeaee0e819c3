"""How likely a cycle's units run out: worked out once for each state of it, one at a time."""

import asyncio

from bot.bus import Bus
from bot.commands.asking import AskBars, AskOutlook
from bot.reports.outlook import Outlook, OutlookAsked, outlook
from bot.trading.asking.bars import PastBars
from bot.trading.desk import Desk
from bot.trading.refusal import Refusal, Why

PAST = 500
"""Sessions of the past that futures are drawn from."""


class Outlooks:
    """Answer `AskOutlook`; who asks again about the same state gets the same answer at once."""

    def __init__(self, desk: Desk, bars: PastBars) -> None:
        self._desk = desk
        self._bars = bars
        self._one_at_a_time = asyncio.Lock()
        self._known: dict[int, tuple[OutlookAsked, Outlook]] = {}

    def register(self, bus: Bus) -> None:
        bus.handle(AskOutlook, self.outlook)

    async def outlook(self, command: AskOutlook) -> Outlook:
        """Give the odds of a cycle. Raises Refusal."""
        view = await self._desk.views.cycle(command.cycle_id)
        if view is None:
            raise Refusal(Why.CYCLE_UNKNOWN, cycle=str(command.cycle_id))
        bars = await self._bars.bars(AskBars(symbol=view.symbol, count=PAST))
        question = OutlookAsked(cycle=view.cycle, bars=bars)
        async with self._one_at_a_time:
            asked, answer = self._known.get(command.cycle_id, (None, None))
            if answer is None or asked != question:
                answer = await _worked_out(question)
                self._known[command.cycle_id] = (question, answer)
        return answer


async def _worked_out(question: OutlookAsked) -> Outlook:
    """Work in slices of some milliseconds, so that nothing else waits for it."""
    answer: Outlook | None = None
    for step in outlook(question):
        answer = step
        await asyncio.sleep(0)
    if answer is None:
        raise ValueError("an outlook ends with its answer")
    return answer
