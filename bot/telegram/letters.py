"""What a letter becomes in the chat: an edit of its round's card, sometimes a message beside it."""

from collections.abc import Sequence

from bot.events import (
    BotStarted,
    BrokerReturned,
    BrokerTroubled,
    CloseConfirmed,
    Event,
    FillBooked,
    LateFillSeen,
    OrderAbsent,
    OrderAccepted,
    OrderAmbiguous,
    OrderClosed,
    OrderLeftUnknown,
    OrderRecognised,
    OrderRefused,
    OrderReleased,
    OrderUnknown,
    OrderWithheld,
    PeriodEnded,
    ReminderDue,
    RoundCorrected,
    RoundDelayed,
    RoundForeseen,
    RoundLapsed,
    RoundMissed,
    RoundProposed,
    RoundSettled,
    RoundSubmitted,
    RoundVerified,
    TradingPaused,
    TradingResumed,
    TradingStopped,
    UnattendedApplied,
)
from bot.reports.order_lines import not_crossed
from bot.storage.outbox import Letter
from bot.storage.views import OrderView, RoundView, Views
from bot.telegram import (
    alarms,
    bookkeeping,
    by_hand,
    charged,
    chat_alarms,
    day_letters,
    doubts,
    guarded,
    keeping,
    rehearsal,
    rehearsal_card,
    rounds,
    watched,
)
from bot.telegram.card import close_of
from bot.telegram.catalogue import Words
from bot.telegram.markup import Html
from bot.telegram.message import Message
from bot.telegram.phases import phase_changed
from bot.trading.fills import BY_HAND, NOT_LISTED
from bot.trading.model import OWN_DOING, OrderState, RoundState, Unattended
from strategy.model import OrderType


class Letters:
    """Put letters into words."""

    def __init__(self, words: Words, views: Views, *, venue: str = "") -> None:
        self._words = words
        self._views = views
        self._rehearsed = venue == rehearsal_card.PAPER

    async def round_of(self, letter: Letter) -> str | None:
        """Find the round whose card a letter touches."""
        if letter.round_id is not None:
            return None if isinstance(letter.event, RoundMissed) else letter.round_id
        if letter.slot is None:
            return None
        order = await self._views.order(letter.slot)
        return order.round_id if order else None

    async def messages(self, letter: Letter, later: Sequence[Letter]) -> list[Message]:
        """Write what a letter says beside the card; `later` are the letters waiting behind it."""
        if watched.told_elsewhere(letter.event, later):
            return []
        if isinstance(letter.event, PeriodEnded):
            return [await day_letters.period(self._words, self._views, letter.event)]
        if letter.slot is not None:
            return await self._of_order(letter, later)
        if letter.round_id is not None:
            return await self._of_round(letter, later)
        return await self._of_everything(letter)

    async def _of_order(self, letter: Letter, later: Sequence[Letter]) -> list[Message]:
        words, event = self._words, letter.event
        order = await self._views.order(letter.slot or "")
        if order is None:
            return []
        match event:
            case OrderUnknown():
                return [Message(html=doubts.unknown(words, event, order))]
            case OrderAbsent():
                buttons = doubts.absent_buttons(words, event, order)
                return [Message(html=doubts.absent(words, event, order), buttons=buttons)]
            case OrderAmbiguous() | OrderLeftUnknown() | OrderRecognised() | OrderReleased():
                return doubts.told(words, event, order, later)
            case OrderRefused():
                return [Message(html=alarms.refused(words, event, order))]
            case OrderClosed():
                return await self._closed(event, order, later)
            case OrderAccepted(adopted=True):
                return await self._adopted(event, order)
            case OrderWithheld():
                return await self._withheld(order, later)
            case FillBooked():
                return await self._filled(letter, event, order)
        return []

    async def _adopted(self, event: OrderAccepted, order: OrderView) -> list[Message]:
        if event.given_up is None:
            return [Message(html=doubts.adopted(self._words, order))]
        view = await self._views.round(order.round_id)
        siblings = view.orders if view else ()
        return [Message(html=doubts.found_late(self._words, event, order, siblings))]

    async def _closed(
        self, event: OrderClosed, order: OrderView, later: Sequence[Letter]
    ) -> list[Message]:
        """Tell of a late refusal, and once of all the orders that a rehearsal could not see end."""
        if event.state is OrderState.REJECTED_LATE:
            return [Message(html=alarms.rejected_late(self._words, order))]
        if event.reason in (BY_HAND, NOT_LISTED):
            return await self._ended(event, order, later)
        if not rehearsal.unsure(event) or any(
            isinstance(other.event, OrderClosed) and other.event.reason == event.reason
            for other in later
        ):
            return []
        view = await self._views.round(order.round_id)
        same = [one for one in view.orders if one.detail == event.reason] if view else [order]
        return [Message(html=rehearsal.unfilled(self._words, event.reason, same))]

    async def _ended(
        self, event: OrderClosed, order: OrderView, later: Sequence[Letter]
    ) -> list[Message]:
        """Tell in one message of all orders of a round that ended for the same reason."""
        view = await self._views.round(order.round_id)
        same = [one for one in view.orders if one.detail == event.reason] if view else [order]
        slots = {one.slot.key for one in same}
        if any(isinstance(one.event, OrderClosed) and one.event.slot in slots for one in later):
            return []
        tell = by_hand.cancelled if event.reason == BY_HAND else alarms.not_listed
        return [Message(html=tell(self._words, same))]

    async def _withheld(self, order: OrderView, later: Sequence[Letter]) -> list[Message]:
        if order.detail in OWN_DOING:
            return []  # the owner's own press, told by its receipt
        view = await self._views.round(order.round_id)
        if view is not None and view.emulated:
            # Its round is out near the close only: what waits for that is told then, this is not.
            limit = order.slot.type is OrderType.LIMIT
            return [Message(html=alarms.withheld(self._words, [order]))] if limit else []
        grouped = any(
            isinstance(other.event, RoundSubmitted) and other.round_id == order.round_id
            for other in later
        )
        if view is None or view.state is not RoundState.WORKING or grouped:
            return []  # told in one message when the round has been to the counter
        return [Message(html=alarms.withheld(self._words, [order]))]

    async def _filled(self, letter: Letter, event: FillBooked, order: OrderView) -> list[Message]:
        if order.slot.type is not OrderType.LIMIT:
            return []  # filled in the closing auction: the result says it
        view = await self._views.round(order.round_id)
        close = close_of(view) if view else None
        if close is None or letter.at >= close:
            return []  # the result says it
        return [Message(html=alarms.filled(self._words, event, order))]

    async def _of_round(self, letter: Letter, later: Sequence[Letter]) -> list[Message]:
        words, event = self._words, letter.event
        view = await self._views.round(letter.round_id or "")
        if view is None:
            return await self._without_round(event)
        match event:
            case RoundProposed():
                return await self._new_phase(event)
            case RoundSubmitted():
                held = _held_back(view)
                return [Message(html=alarms.withheld(words, held))] if held else []
            case RoundLapsed() if event.reason != "alert":
                return [Message(html=alarms.lapsed(words, view))]
            case RoundMissed():
                cycle = await self._views.cycle(event.cycle_id)
                symbol = cycle.symbol if cycle else ""
                buttons = rounds.after_missed(words, event.session)
                return [Message(html=alarms.missed(words, event, symbol), buttons=buttons)]
            case ReminderDue() | RoundDelayed() | UnattendedApplied():
                return await self._before_the_deadline(event, view)
            case RoundVerified() if event.missing:
                gone = [order for order in view.orders if order.slot.key in event.missing]
                return [Message(html=alarms.missing(words, gone))]
            case RoundCorrected() | LateFillSeen():
                return doubts.correction(words, event, view, later)
            case RoundSettled() | CloseConfirmed() | RoundForeseen():
                return await day_letters.told(
                    words, self._views, event, view, rehearsed=self._rehearsed
                )
        return []

    async def _without_round(self, event: Event) -> list[Message]:
        """Tell of a session that has no round though its cut-off is near."""
        if not isinstance(event, RoundDelayed):
            return []
        cycle = await self._views.cycle(int(event.round_id.rpartition(".")[2]))
        return [rounds.unplanned(self._words, event, cycle.symbol if cycle else "")]

    async def _before_the_deadline(
        self, event: ReminderDue | RoundDelayed | UnattendedApplied, view: RoundView
    ) -> list[Message]:
        if isinstance(event, UnattendedApplied):
            html = alarms.unattended(self._words, event, view)
            return [Message(html=html, round_buttons=True)]
        if isinstance(event, RoundDelayed):
            html = watched.delayed(self._words, event, view)
            return [Message(html=html, round_buttons=True)]
        if view.state is not RoundState.PROPOSED:
            return []
        cycle = await self._views.cycle(view.cycle_id)
        choice = cycle.unattended if cycle else Unattended.NOTHING
        html = alarms.reminder(self._words, event, view, choice)
        return [Message(html=html, round_buttons=True)]

    async def _new_phase(self, event: RoundProposed) -> list[Message]:
        for settled in await self._views.settlements(cycle_id=event.cycle_id, limit=5):
            if settled.session < event.session:
                if settled.before.phase is event.plan.cycle.phase or settled.finished:
                    return []
                before, now = settled.before.phase, event.plan.cycle
                return [Message(html=phase_changed(self._words, before, now))]
        return []

    async def _of_everything(self, letter: Letter) -> list[Message]:
        words, event = self._words, letter.event
        html = bookkeeping.told(words, event)
        if html is not None:
            return [Message(html=html)]
        message = (
            await by_hand.told(words, event, self._views)
            or guarded.told(words, event)
            or await rounds.told(words, event, self._views)
        )
        message = message or charged.told(words, event)
        if message is not None:
            return [message]
        html = _room_of_its_own(words, event)
        if html is not None:
            return [Message(html=html)]
        match event:
            case BrokerTroubled():
                return [Message(html=alarms.troubled(words, event))]
            case BrokerReturned():
                return [Message(html=alarms.returned(words))]
            case BotStarted():
                html = alarms.started(words, event)
                return [Message(html=html)]
            case TradingPaused():
                state = "paused_all" if event.everything else "paused"
                html = alarms.trading(words, state)
                return [Message(html=html, not_to=event.by.answered)]
            case TradingResumed():
                html = alarms.trading(words, "running")
                return [Message(html=html, not_to=event.by.answered)]
            case TradingStopped():
                html = alarms.trading(words, "stopped")
                return [Message(html=html, not_to=event.by.answered)]
        return []


def _room_of_its_own(words: Words, event: Event) -> Html | None:
    return (
        rehearsal.told(words, event)
        or watched.told(words, event)
        or keeping.told(words, event)
        or chat_alarms.told(words, event)
    )


def _held_back(view: RoundView) -> list[OrderView]:
    """List what a round did not send, but what was told already and what the card's rows say."""
    held = [
        order
        for order in view.orders
        if order.state is OrderState.WITHHELD and order.detail not in OWN_DOING
    ]
    if not view.emulated:
        return held
    closing = [order for order in held if order.slot.type is not OrderType.LIMIT]
    return [order for order in closing if not not_crossed(order)]
