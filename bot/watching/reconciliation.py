"""Journal, ledger and broker held against one another: every hour that orders are out, and after.

Journal and ledger are one file's two tellings of one truth: a difference stops all trading. What
the broker shows may lag (safety.md row 28, up to ten minutes): a difference counts when it is there
again a quarter of an hour later, and stops the symbol.
"""

from datetime import date, datetime, timedelta

import structlog

from bot.events import Event, LedgerMismatched, RoundApproved, RoundSettled
from bot.storage.views import CycleView
from bot.trading.desk import Desk
from bot.trading.model import GOING_OUT
from bot.trading.ports import BrokerSilent
from bot.trading.reconcile import likely_split_of
from bot.trading.settle import Settler
from bot.trading.shares import Count, count
from bot.watching.laws import Laws
from bot.watching.tally import Broken

EVERY = timedelta(hours=1)
AGAIN = timedelta(minutes=15)

log = structlog.get_logger(__name__)


class Reconciliation:
    """Compare the three books when it is time to, and say when it is next."""

    def __init__(self, desk: Desk, laws: Laws, settler: Settler) -> None:
        self._desk = desk
        self._laws = laws
        self._settler = settler
        self._next: datetime | None = desk.clock.now()
        self._doubts: dict[str, tuple[tuple[int, int], datetime]] = {}

    def heard(self, _seq: int, event: Event) -> None:
        """A session was settled: its books are compared at once. One goes out: in an hour."""
        if isinstance(event, RoundSettled):
            self._next = self._desk.clock.now()
        elif isinstance(event, RoundApproved) and self._next is None:
            self._next = self._desk.clock.now() + EVERY

    async def look(self) -> datetime | None:
        """Compare when it is due; answer when it is next."""
        now = self._desk.clock.now()
        if self._next is None or now < self._next:
            return self._next
        rounds = await self._desk.views.rounds_in(*GOING_OUT)
        sessions = sorted({each.session for each in rounds})
        await self._ledger(sessions)
        again = await self._broker(sessions)
        self._next = again or (now + EVERY if sessions else None)
        return self._next

    async def _ledger(self, sessions: list[date]) -> None:
        """Hold the projections against the journal as it was added up.

        The console writes whenever it likes: what differs has to differ at a second reading.
        """
        found = await self._differences(sessions)
        if found:
            again = await self._differences(sessions)
            for broken in found:
                if broken in again:
                    self._laws.broken(broken)

    async def _differences(self, sessions: list[date]) -> list[Broken]:
        await self._laws.catch_up()
        tally, views = self._laws.tally, self._desk.views
        found: list[Broken] = []
        for view in await views.cycles():
            written = tally.ledgers.get(view.cycle_id)
            if written != view.cycle:
                detail = f"{written.quantity if written else '-'} {view.cycle.quantity}"
                subject = f"cycle {view.cycle_id} {view.symbol}"
                found.append(Broken(law="ledger", subject=subject, detail=detail))
        for session in sessions:
            shown = {each.slot.key: each.filled for each in await views.orders_of_session(session)}
            for key, filled in tally.filled(session).items():
                if shown.get(key) != filled:
                    detail = f"{filled} {shown.get(key, '-')}"
                    found.append(Broken(law="fills", subject=key, detail=detail))
        return found

    async def _broker(self, sessions: list[date]) -> datetime | None:
        """Hold the account against the ledger; answer when to look again where they differ."""
        now = self._desk.clock.now()
        try:
            for session in sessions:
                await self._settler.book(session)
            differing = [
                view for view in await self._one_of_each() if not await self._agrees(view, now)
            ]
        except BrokerSilent as silence:
            # Whoever needs an answer now tells of the silence; this look can wait.
            log.info("books not compared with the broker", reason=str(silence))
            return now + AGAIN
        return now + AGAIN if differing else None

    async def _one_of_each(self) -> list[CycleView]:
        found = {view.symbol: view for view in await self._desk.views.cycles()}
        return list(found.values())

    async def _agrees(self, view: CycleView, now: datetime) -> bool:
        counted = await count(self._desk, view.symbol)
        shares = (counted.ledger, counted.held)
        if counted.agrees:
            self._doubts.pop(view.symbol, None)
            return True
        if view.held and (view.held.ledger_quantity, view.held.broker_quantity) == shares:
            return True  # told, and held
        doubt, since = self._doubts.get(view.symbol, (None, now))
        if doubt != shares:
            self._doubts[view.symbol] = (shares, now)
        elif now - since >= AGAIN:
            del self._doubts[view.symbol]
            await self._hold(view, counted)
        return False

    async def _hold(self, view: CycleView, counted: Count) -> None:
        likely = await likely_split_of(self._desk, view.symbol, counted)
        async with self._desk.recording() as recording:
            await recording.record(
                LedgerMismatched(
                    cycle_id=view.cycle_id,
                    symbol=view.symbol,
                    ledger_quantity=counted.ledger,
                    broker_quantity=counted.held,
                    likely_split=likely,
                    by_hand=counted.by_hand,
                )
            )
