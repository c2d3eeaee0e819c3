"""Why a session was planned as it was: decided once more from the journal's own inputs.

The ledger is walked up to the line that proposed the round, and today's rules plan from it and from
the closes that stand in that line. What comes out is held against what was journalled then.
"""

from bot.bus import Bus
from bot.commands import Explained, ExplainSession
from bot.events import RoundProposed
from bot.storage.journal import Entry
from bot.trading.desk import Desk
from bot.trading.recovery import rebuild
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
        entries = await self._desk.journal.entries()
        latest: dict[str, Entry] = {}
        for entry in entries:
            event = entry.event
            if isinstance(event, RoundProposed) and event.session == command.session:
                latest[event.round_id] = entry
        return tuple(_again(entry, entries) for entry in latest.values())


def _again(entry: Entry, entries: list[Entry]) -> Explained:
    event = entry.event
    if not isinstance(event, RoundProposed):
        raise TypeError(f"entry {entry.seq} proposes no round")
    again: Plan | None = None
    try:
        ledger = rebuild([each for each in entries if each.seq < entry.seq]).get(event.cycle_id)
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
