"""Why a session was planned as it was: decided once more from the journal's own inputs.

The ledger is walked up to the line that proposed the round, and today's rules plan from it and from
the closes that stand in that line. What comes out is held against what was journalled then.
"""

from collections.abc import Mapping

from bot.bus import Bus
from bot.commands import Explained, ExplainSession
from bot.events import RoundProposed
from bot.trading.desk import Desk
from bot.trading.recovery import Books
from bot.trading.rounds import digest
from strategy import versions
from strategy.errors import StrategyError
from strategy.model import Cycle, Plan


class Explaining:
    """Answer the question why; nothing is written."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the question."""
        bus.handle(ExplainSession, self.explain)

    async def explain(self, command: ExplainSession) -> tuple[Explained, ...]:
        """Decide every round of a session again; the last plan of a round is the one that counts.

        Raises nothing: a ledger that cannot be walked differs.
        """
        lines = await self._desk.journal.proposals(command.session)
        latest: dict[str, tuple[int, RoundProposed]] = {}
        for line in lines:
            if isinstance(line.event, RoundProposed):
                latest[line.event.round_id] = line.seq, line.event
        ledgers = await self._ledgers({seq for seq, _ in latest.values()})
        return tuple(_again(event, ledgers.get(seq, {})) for seq, event in latest.values())

    async def _ledgers(self, wanted: set[int]) -> dict[int, dict[int, Cycle]]:
        """Walk the journal; give the cycles as they stood before some lines, as far as it goes."""
        books = Books()
        found: dict[int, dict[int, Cycle]] = {}
        try:
            async for page in self._desk.journal.pages():
                for entry in page:
                    if entry.seq in wanted:
                        found[entry.seq] = dict(books.cycles)
                    if len(found) == len(wanted):
                        return found
                    books.read(entry.event)
        except StrategyError:
            pass  # from here on it cannot be walked: what was asked for differs
        return found


def _again(event: RoundProposed, ledgers: Mapping[int, Cycle]) -> Explained:
    again: Plan | None = None
    ledger = ledgers.get(event.cycle_id)
    try:
        if ledger is not None:
            again = versions.plan(ledger, event.market)
        differs = _differs(event, ledger, again)
    except StrategyError:
        differs = ("ledger",)
    return Explained(
        round_id=event.round_id,
        closes=event.market.closes,
        plan=event.plan,
        again=again,
        differs=differs,
    )


def _differs(event: RoundProposed, ledger: Cycle | None, again: Plan | None) -> tuple[str, ...]:
    """Name what is not the same, and "record" where the stored digest is not the stored plan's."""
    plan = event.plan
    found = [] if digest(plan, event.round_id) == event.digest else ["record"]
    if ledger is None or again is None:
        return (*found, "ledger")
    pairs = {
        "ledger": (plan.cycle, again.cycle),
        "orders": (plan.orders, again.orders),
        "unit": (plan.unit, again.unit),
        "star": (plan.star_price, again.star_price),
        "skips": (plan.skips, again.skips),
    }
    return (*found, *(name for name, (then, now) in pairs.items() if then != now))
