"""The evening: which cycles get a round for the coming session, and which sessions were missed."""

from datetime import date, datetime

from bot.events import SplitAgreed
from bot.storage.views import CycleView
from bot.timetable import Timetable, timetable
from bot.trading.account.asking import asked
from bot.trading.backoff import Backoff
from bot.trading.desk import Desk, in_turn
from bot.trading.model import UNSETTLED
from bot.trading.ports import BrokerSilent
from bot.trading.prepare import Preparer
from bot.trading.reconcile import Reconciler


class Evening:
    """Propose a round for every cycle that may have one; tell of those that cannot."""

    def __init__(self, desk: Desk, preparer: Preparer, reconciler: Reconciler) -> None:
        self._desk = desk
        self._preparer = preparer
        self._reconciler = reconciler
        self._backoff = Backoff(desk.patience.retry)
        self._kept: dict[tuple[int, date], str] = {}

    async def begin(self) -> datetime | None:
        """Plan what is due; answer when to look again, where a look was not enough.

        Raises BrokerSilent after all cycles had their turn, when one could not be planned.
        """
        again = await in_turn(await self._desk.views.cycles(), self._one)
        return min((at for at in again if at is not None), default=None)

    async def _one(self, view: CycleView) -> datetime | None:
        now = self._desk.clock.now()
        unsettled = {out.cycle_id for out in await self._desk.views.rounds_in(*UNSETTLED)}
        await self._note_missed(view, self._desk.surely(), unsettled=view.cycle_id in unsettled)
        if view.cycle_id in unsettled:
            return None  # its ledger lacks a session's fills: no plan can be made from it
        table = timetable(self._desk.calendar.current_or_next(now))
        if not table.propose_at <= now < table.deadline or not await self._may_begin(view, table):
            return None
        if why := await asked(self._desk, view.symbol, table.session.day):
            self._keep(view, table, why)
            return None
        if until := self._backoff.until(view.symbol, now):
            self._desk.unheard()
            return until
        try:
            return await self._propose(view, table)
        except BrokerSilent as silence:
            self._keep(view, table, f"broker {silence}")
            self._wait(view.symbol)
            raise

    async def _propose(self, view: CycleView, table: Timetable) -> datetime | None:
        planned = await self._preparer.plan(view.cycle, table.session.day)
        previous_close = planned[1].closes[-1]
        self._desk.answered()
        if await self._reconciler.agrees(view, previous_close) and (
            await self._preparer.propose(view, table, planned)
        ):
            self._backoff.forget(view.symbol)
            return None
        self._keep(view, table, "shares_differ")
        return self._wait(view.symbol)

    def _wait(self, symbol: str) -> datetime:
        now, longest = self._desk.clock.now(), self._desk.patience.longest
        return self._backoff.after(symbol, now, longest=longest)

    def _keep(self, view: CycleView, table: Timetable, why: str) -> None:
        """Remember why an evening could not be planned, should it be missed for that."""
        self._kept = {
            key: value for key, value in self._kept.items() if key[1] == table.session.day
        } | {(view.cycle_id, table.session.day): why}

    async def _may_begin(self, view: CycleView, table: Timetable) -> bool:
        session = table.session.day
        if view.held or view.rests:
            return False
        if view.first_session and session < view.first_session:
            return False
        latest = await self._desk.views.latest_round(view.cycle_id)
        if latest and latest.session >= session:
            return False
        return not await self._split_waits(view, session)

    async def _split_waits(self, view: CycleView, session: date) -> bool:
        # A split that waits for a sibling's round: at the old shares no plan is right.
        return any(
            isinstance(waiting, SplitAgreed)
            and waiting.symbol == view.symbol
            and waiting.from_session <= session
            for waiting in await self._desk.views.waiting_changes()
        )

    async def _split_since(self, view: CycleView, session: date) -> bool:
        # Booked for a later session while this one had no round out: the account is not split yet.
        return any(first > session for first, _ in await self._desk.views.splits(view.symbol))

    def kept(self, view: CycleView, session: date) -> str:
        """Say what kept a session from being planned so far."""
        return "held" if view.held else self._kept.get((view.cycle_id, session), "not_planned")

    async def objection(self, view: CycleView, table: Timetable) -> str:
        """Name what keeps a cycle's session from being planned anew; "" for nothing."""
        session = table.session.day
        if view.rests:
            return "rests"
        if view.held:
            return "held"
        if view.first_session and session < view.first_session:
            return "not_yet"
        unsettled = await self._desk.views.rounds_in(*UNSETTLED)
        if any(out.cycle_id == view.cycle_id and out.session < session for out in unsettled):
            return "unsettled"
        if await self._split_waits(view, session) or await self._split_since(view, session):
            return "split"
        return await asked(self._desk, view.symbol, session)

    async def _note_missed(self, view: CycleView, now: datetime, *, unsettled: bool) -> None:
        """Say of each session without a round that it was missed; never skip one in silence."""
        if view.rests:
            return  # the owner wants no round of it: none was missed
        calendar = self._desk.calendar
        latest = await self._desk.views.latest_round(view.cycle_id)
        if latest and latest.state in UNSETTLED and now < self._desk.table(latest.session).deadline:
            return
        if latest:
            session = calendar.following(latest.session)
        else:
            session = calendar.current_or_next(view.started_at)
            if timetable(session).deadline <= view.started_at:
                session = calendar.following(session.day)
        while view.first_session and session.day < view.first_session:
            session = calendar.following(session.day)
        while (table := timetable(session)).deadline <= now:
            kept = self._kept.get((view.cycle_id, session.day), "not_running")
            why = "unsettled" if unsettled else "held" if view.held else kept
            await self._preparer.missed(view, session.day, why)
            session = calendar.following(table.session.day)
