"""Start-up is crash recovery: rebuild the ledger and compare; look up what has no answer."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal

from bot.errors import MuhanError
from bot.events import (
    BotStarted,
    CycleChanged,
    CycleStarted,
    Event,
    FeesCharged,
    FillBooked,
    OrderResent,
    RoundApproved,
    RoundCorrected,
    RoundProposed,
    RoundSettled,
)
from bot.storage.damage import legible
from bot.storage.failing import StorageFailing
from bot.storage.journal import Entry, Journal
from bot.storage.order_projections import WrongTurn
from bot.storage.views import UNRESOLVED, Views
from bot.trading.fills import merged
from bot.trading.model import Slot
from bot.trading.ports import BrokerSilent
from bot.trading.service import Trading
from strategy.bookkeeping import apply
from strategy.cycle import charge_more, settle
from strategy.errors import StrategyError
from strategy.model import ZERO, Cycle, Plan


class LedgerBroken(MuhanError):
    """The ledger does not follow from the journal: nothing may be traded on it."""


class OtherVenue(MuhanError):
    """The state file's cycles belong to another venue."""


def rebuild(entries: Iterable[Entry]) -> dict[int, Cycle]:
    """Work out every cycle's state from the journal alone, through the same rules as live."""
    books = Books()
    for entry in entries:
        books.read(entry.event)
    return books.cycles


class Books:
    """What a walk along the journal has come to: cycles, and what their rounds were made of.

    `bases` are the ledgers that rounds were booked on, where it is not the one they were planned
    from any more.
    """

    def __init__(self) -> None:
        self.cycles: dict[int, Cycle] = {}
        self._plans: dict[str, Plan] = {}
        self._bases: dict[str, Cycle] = {}
        self._slots: dict[str, Slot] = {}
        self._totals: dict[str, dict[str, tuple[int, Decimal]]] = {}

    def read(self, event: Event) -> None:
        match event:
            case CycleStarted(cycle_id=cycle_id, cycle=cycle):
                self.cycles[cycle_id] = cycle
            case CycleChanged(cycle_id=cycle_id, change=change):
                self.cycles[cycle_id] = apply(self.cycles[cycle_id], change)
            case RoundProposed(round_id=round_id, plan=plan):
                self._plans[round_id] = plan
            case RoundApproved(slots=approved):
                self._slots.update({slot.key: slot for slot in approved})
            case OrderResent(slot=slot):
                self._slots[slot.key] = slot
            case FillBooked(slot=key, quantity=quantity, price=price):
                totals = self._totals.setdefault(self._slots[key].round_id, {})
                totals[key] = (quantity, price)
            case RoundSettled() | RoundCorrected():
                self._settle(event)
            case FeesCharged():
                self._charge(event)
            case _:
                pass

    def _settle(self, event: RoundSettled | RoundCorrected) -> None:
        if isinstance(event, RoundCorrected) and event.follows:
            self._bases[event.round_id] = self.cycles[event.cycle_id]
        self.cycles[event.cycle_id] = self._settled(event.round_id, event.session)

    def _charge(self, event: FeesCharged) -> None:
        extra = event.charged - event.booked
        if event.result is not None:
            again = self._settled(event.round_id, event.session, extra)
            self.cycles[event.cycle_id] = again
        elif extra:
            self.cycles[event.cycle_id] = charge_more(self.cycles[event.cycle_id], extra)

    def _settled(self, round_id: str, session: date, extra: Decimal = ZERO) -> Cycle:
        plan = self._plans[round_id]
        booked = self._totals.get(round_id, {}).items()
        parts = ((self._slots[key].index, *total) for key, total in booked)
        made = merged(plan, parts)
        return settle(
            replace(plan, cycle=self._bases.get(round_id, plan.cycle)), made, session, extra=extra
        ).cycle


async def check_ledger(journal: Journal, views: Views) -> None:
    """Raise LedgerBroken when a cycle's stored state is not what the journal says.

    Everything that trading will read is read once: DatabaseError when something is illegible.
    """
    with legible():
        rebuilt = await _walked(journal)
        await views.read_through()
        stored = await views.cycles()
    for view in stored:
        if rebuilt.get(view.cycle_id) != view.cycle:
            raise LedgerBroken(
                f"{view.symbol} 장부가 기록(journal)과 다릅니다. 매매를 시작하지 않습니다: "
                "백업에서 되돌리거나 개발자에게 상태 파일을 보여 주세요.",
                f"The ledger of {view.symbol} does not follow from the journal, so trading does "
                "not start: restore a backup, or show the state file to a developer.",
            )


async def _walked(journal: Journal) -> dict[int, Cycle]:
    books = Books()
    try:
        async for page in journal.pages():
            for entry in page:
                books.read(entry.event)
    except StrategyError as error:
        raise LedgerBroken(
            f"기록(journal)을 규칙대로 다시 밟을 수 없습니다 ({error}). 매매를 시작하지 않습니다: "
            "백업에서 되돌리거나 개발자에게 상태 파일을 보여 주세요.",
            f"The journal cannot be walked by the rules again ({error}), so trading does not "
            "start: restore a backup, or show the state file to a developer.",
        ) from error
    return books.cycles


async def recover(trading: Trading) -> None:
    """Look every unresolved order up once; what stays open is watched by the schedule.

    The chat listens by now: as in every look, nobody else may decide about an order meanwhile.
    """
    desk = trading.desk
    async with trading.account:
        for order in await desk.views.orders_in(*UNRESOLVED):
            known = desk.calendar.session(order.session) is not None
            try:
                if known:
                    await trading.resolver.resolve(order, desk.table(order.session))
                else:
                    await trading.resolver.abandon(order)
            except BrokerSilent as silence:
                await desk.troubled(str(silence))
            except StorageFailing:
                return  # the schedule resolves the rest when the disk is back
            except WrongTurn as turn:
                if not trading.turned_wrong(str(turn)):
                    raise


async def check_venue(journal: Journal, views: Views, venue: str) -> None:
    """Raise OtherVenue when the file's cycles were traded elsewhere.

    A round that was approved in a rehearsal would else go out for real money.
    """
    with legible():
        started = await journal.last(BotStarted)
    if started is None or started.venue in ("", venue) or not await views.ever_begun():
        return
    raise OtherVenue(
        f"이 기록은 MUHAN_VENUE={started.venue}의 것인데 지금은 MUHAN_VENUE={venue}입니다. 거기서 "
        "승인한 주문이 여기로 나가지 않도록 시작하지 않습니다: MUHAN_HOME을 다른 폴더로 적어 "
        "주세요.",
        f"This state file is of MUHAN_VENUE={started.venue}, and now MUHAN_VENUE={venue}. So that "
        "no order approved there goes out here, the bot does not start: set another MUHAN_HOME.",
    )
