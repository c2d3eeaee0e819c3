"""The trading day, sequenced: what is due is decided from journal and clock, never from a timer.

`run_due` may be called at any time and any number of times; a second call finds nothing left to do.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog

from bot.bus import Bus
from bot.commands import BookFills, RunDue, Wake
from bot.errors import CalendarEnded
from bot.events import (
    OrderWithheld,
    RoundSubmitted,
)
from bot.storage.failing import StorageFailing
from bot.storage.order_projections import WrongTurn
from bot.storage.views import UNRESOLVED, OrderView, RoundView
from bot.timetable import Timetable
from bot.trading.account.looking import AccountLook
from bot.trading.backoff import Backoff
from bot.trading.cancel import Canceller
from bot.trading.changes import Books
from bot.trading.confirm import CloseConfirmer
from bot.trading.desk import Desk, in_turn
from bot.trading.endings import Endings
from bot.trading.evening import Evening
from bot.trading.foresee import Foreteller
from bot.trading.late import LateFills
from bot.trading.model import GOING_OUT, OrderState, RoundState
from bot.trading.ports import BrokerSilent
from bot.trading.prepare import Preparer
from bot.trading.reconcile import Reconciler
from bot.trading.release import Releaser
from bot.trading.resolve import Resolver
from bot.trading.reviews import Reviews
from bot.trading.sending import Sender
from bot.trading.settle import Settler
from bot.trading.submit import Submitter
from bot.trading.unattended import Silence
from bot.trading.undecided import Undecided
from bot.trading.waking import Waking
from bot.trading.why import why_not_out

log = structlog.get_logger(__name__)

Step = Callable[[], Awaitable[datetime | None]]


class Trading:
    """Run the days of every cycle of the account.

    `before` and `after` are further steps of every look, of whoever watches over it, `following`
    those that carry a command on once orders were looked up. The watcher is told of a turn of an
    order's state that cannot be, and answers whether that stops trading.
    """

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.resolver = Resolver(desk)
        self.preparer = Preparer(desk)
        self.submitter = Submitter(desk, self.resolver)
        self.settler = Settler(desk, self.resolver)
        self.look = AccountLook(desk, self.settler)
        self.reconciler = Reconciler(desk, self.settler, self.look)
        self.evening = Evening(desk, self.preparer, self.reconciler)
        self.canceller = Canceller(desk, self.settler)
        self.confirmer = CloseConfirmer(desk)
        self.foreteller = Foreteller(desk)
        self.sender = Sender(desk, self.submitter)
        self.books = Books(desk)
        self.late = LateFills(desk, self.settler)
        self.endings = Endings(desk)
        self.undecided = Undecided(desk)
        self.silence = Silence(desk)
        self.releaser = Releaser(desk)
        self.reviews = Reviews(desk)
        self.waking = Waking(desk)
        self.account = asyncio.Lock()
        self._backoff = Backoff(desk.patience.retry)
        self.before: list[Step] = []
        self.following: list[Step] = []
        self.after: list[Step] = []
        self.turned_wrong: Callable[[str], bool] = lambda _: False

    def register(self, bus: Bus) -> None:
        bus.handle(RunDue, self.run_due)
        bus.handle(BookFills, self.book_fills)

    async def book_fills(self, command: BookFills) -> None:
        """Book fills between the open and the settlement, when a round is at the broker."""
        del command
        async with self.account:
            for round_ in await self.desk.views.rounds_in(*self._at_the_broker):
                try:
                    await self.settler.book(round_.session)
                except (BrokerSilent, StorageFailing) as silence:
                    log.info("fill notice not followed up", reason=str(silence))
                except WrongTurn as turn:
                    if not self.turned_wrong(str(turn)):
                        raise

    async def run_due(self, command: RunDue) -> Wake:
        """Do everything that is due now; answer when to look again."""
        del command
        async with self.account:
            try:
                return await self._look()
            except (StorageFailing, CalendarEnded) as reason:
                log.error("standing still", reason=reason.english)  # noqa: TRY400 - the trace would say no more
            return Wake(at=self.desk.clock.now() + self.desk.patience.retry)

    async def _look(self) -> Wake:
        retry: list[datetime] = []
        steps: tuple[Step, ...] = (
            *self.before,
            self._resolve,
            self._clear,
            *self.following,
            self.foreteller.foresee,
            self._settle,
            self.undecided.lapse,
            self.books.book_waiting,
            self.confirmer.confirm,
            self.late.look,
            self.endings.close,
            self.look.evening,
            self.evening.begin,
            self.undecided.remind,
            self._warn,
            self.silence.apply,
            self.releaser.release,
            self.sender.send,
            self._verify,
            self.reviews.look,
            *self.after,
        )
        for step in steps:
            again = await self._taken(step)
            if again is not None:
                retry.append(again)
        await self.desk.looked()
        return await self.waking.next_wake(retry)

    async def _taken(self, step: Step) -> datetime | None:
        """Take one step of a look; answer when to look again for its sake."""
        name = getattr(step, "__qualname__", "")  # several are a `look`
        now, patience = self.desk.clock.now(), self.desk.patience
        sends = step in self._sending
        rests = not sends and step != self.evening.begin  # which rests by symbol
        if rests and (until := self._backoff.until(name, now)):
            self.desk.unheard()
            return until
        try:
            again = await step()
            self._backoff.forget(name)
        except BrokerSilent as silence:
            log.warning("broker silent", step=name, reason=str(silence))
            await self.desk.troubled(str(silence))
            longest = patience.soon if sends else patience.longest
            return self._backoff.after(name, self.desk.clock.now(), longest=longest)
        except WrongTurn as turn:
            # One order's defect stops trading, not the other steps: they still tell and settle.
            if not self.turned_wrong(str(turn)):
                raise
            return self.desk.clock.now() + patience.retry
        except CalendarEnded as ended:
            # What needs no further day goes on: the last session's orders are settled.
            log.warning("the calendar has ended", reason=str(ended))
            return None
        return again

    @property
    def _sending(self) -> tuple[Step, ...]:
        """The steps that orders wait for: they are tried at every look, and looked at soon."""
        return (self._resolve, self._clear, *self.following, self.sender.send, self._verify)

    @property
    def _at_the_broker(self) -> tuple[RoundState, ...]:
        """The states of a round whose orders may be filled by now.

        One with imitations is still going out while its limit orders work.
        """
        if self.desk.emulation is None:
            return (RoundState.WORKING,)
        return (RoundState.SUBMITTING, RoundState.WORKING)

    async def _warn(self) -> None:
        await self.undecided.warn(self.evening.kept)

    async def _clear(self) -> None:
        """Cancel what is left of the imitations in the last minute before the close."""
        if self.desk.emulation is None:
            return
        now = self.desk.clock.now()
        sessions = {each.session for each in await self.desk.views.rounds_in(*GOING_OUT)}
        for session in sorted(sessions):
            table = self.desk.table(session)
            if table.emulate_until <= now < table.session.close:
                await self.canceller.clear_imitations(session)

    async def _resolve(self) -> None:
        await in_turn(await self.desk.views.orders_in(*UNRESOLVED), self._resolve_one)

    async def _resolve_one(self, order: OrderView) -> None:
        if self.desk.calendar.session(order.session) is None:
            await self.resolver.abandon(order)
            return
        await self.resolver.resolve(order, self.desk.table(order.session))
        self.desk.answered()

    async def _settle(self) -> None:
        await in_turn(await self.desk.views.rounds_in(*GOING_OUT), self._settle_one)

    async def _settle_one(self, round_: RoundView) -> None:
        now, table = self.desk.clock.now(), self.desk.table(round_.session)
        if self.desk.surely() >= table.deadline:
            await self._withhold_rest(round_, table)
        if now >= table.settle_at:
            await self.settler.settle(round_, table)
            self.desk.answered()

    async def _withhold_rest(self, round_: RoundView, table: Timetable) -> None:
        planned = [order for order in round_.orders if order.state is OrderState.PLANNED]
        unsent = [order for order in planned if self.desk.too_late(order.slot, table)]
        waiting = len(planned) > len(unsent)
        if not unsent and (waiting or round_.state is RoundState.WORKING):
            return
        view = await self.desk.views.cycle(round_.cycle_id)
        resting = view is not None and view.waits
        causes = await why_not_out(self.desk, round_)
        async with self.desk.recording() as recording:
            for order in unsent:
                late = "emulation_over" if self.desk.emulates(order.slot) else "outside_window"
                why = ("resting",) if resting else (late, *causes)
                await recording.record(OrderWithheld(slot=order.slot.key, reasons=why))
            if round_.state is not RoundState.WORKING and not waiting:
                await recording.record(RoundSubmitted(round_id=round_.round_id))

    async def _verify(self) -> datetime | None:
        rounds = await self.desk.views.rounds_in(*self._at_the_broker)
        again = [each for each in await in_turn(rounds, self._verify_one) if each is not None]
        return min(again, default=None)

    async def _verify_one(self, round_: RoundView) -> datetime | None:
        now, table = self.desk.clock.now(), self.desk.table(round_.session)
        if round_.verified or not table.verify_at <= now < table.session.close:
            return None
        again = await self.settler.verify(round_)
        self.desk.answered()
        return again
