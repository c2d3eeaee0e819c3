"""A session let pass: void before anything went out, called back after; and taken back again.

What is called back is journalled before the first cancel, and read in the transaction that writes
"sent": nothing of it goes out any more, and an order that is only found later is cancelled too. A
fill wins. Taking it back makes new orders; none is revived (settled.md, "The day").
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.bus import Bus
from bot.commands import (
    PreviewRestore,
    RestorePreview,
    RestoreRound,
    SkipAnswer,
    SkipRound,
)
from bot.events import OrderResent, OrderWithheld, RoundCurtailed, RoundRestored, RoundSkipped
from bot.storage.journal import Recording
from bot.storage.standing import never_sent, state_of, trading_of
from bot.storage.views import AT_THE_BROKER, OrderView, RoundView
from bot.trading.agreed import named, use
from bot.trading.cancelling import Cancelling
from bot.trading.desk import Desk, in_turn
from bot.trading.model import (
    GOING_OUT,
    SKIPPED,
    Actor,
    OrderState,
    RoundState,
    Slot,
    slot_key,
)
from bot.trading.refusal import Refusal, Why, refuse_stopped
from bot.trading.service import Trading
from strategy.model import Side


class Skipping:
    """Carry out the commands that let a session pass, or take that back."""

    def __init__(self, trading: Trading, cancelling: Cancelling) -> None:
        self._trading = trading
        self._desk = trading.desk
        self._cancelling = cancelling

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about skipping."""
        bus.handle(SkipRound, self.skip)
        bus.handle(PreviewRestore, self.preview)
        bus.handle(RestoreRound, self.restore)
        self._trading.following.append(self.follow)

    async def skip(self, command: SkipRound) -> SkipAnswer:
        """Void a round that has sent nothing; else cancel its buys, with `sells` everything."""
        async with self._trading.account:
            round_ = await _round(self._desk, command.round_id)
            async with self._desk.recording() as recording:
                await use(recording, command.tap, command.by)
                void = await self._decide(recording, round_, command)
            if void:
                return SkipAnswer(void=True)
            fresh = await _round(self._desk, command.round_id)
            cancelled = await self._cancelling.cancel(command.by, _keys(_called_back(fresh)))
        return SkipAnswer(void=False, cancelled=cancelled)

    async def _decide(self, recording: Recording, round_: RoundView, command: SkipRound) -> bool:
        """Journal what becomes of a round; answer whether nothing of it was out."""
        tx = recording.transaction
        state = await state_of(tx, command.round_id)
        if round_.digest != command.digest:
            raise Refusal(Why.ROUND_CHANGED)
        if state in (RoundState.PROPOSED, RoundState.APPROVED):
            await recording.record(RoundSkipped(round_id=command.round_id, by=command.by))
            return True
        if state not in (RoundState.SUBMITTING, RoundState.WORKING):
            raise Refusal(Why.ROUND_DECIDED, state=str(state))
        if self._desk.clock.now() >= self._desk.table(round_.session).deadline:
            raise Refusal(Why.ROUND_TOO_LATE)
        await recording.record(
            RoundCurtailed(round_id=command.round_id, sells=command.sells, by=command.by)
        )
        sides = frozenset(Side) if command.sells else frozenset({Side.BUY})
        for slot in await never_sent(tx, command.round_id, sides):
            await recording.record(OrderWithheld(slot=slot, reasons=(SKIPPED,)))
        return False

    async def follow(self) -> None:
        """Cancel what of a called-back round stands still, or was found only now.

        Raises BrokerSilent.
        """
        await in_turn(await self._desk.views.rounds_in(*GOING_OUT), self._follow_one)

    async def _follow_one(self, round_: RoundView) -> None:
        now = self._desk.clock.now()
        if not round_.called_back or now >= self._desk.table(round_.session).session.close:
            return
        standing = [order for order in _called_back(round_) if order.state in AT_THE_BROKER]
        await self._cancelling.cancel_again(standing)

    async def preview(self, command: PreviewRestore) -> RestorePreview:
        """Show what would go out again."""
        round_ = await _round(self._desk, command.round_id)
        made = self._again(round_)
        symbol = round_.plan.cycle.rules.symbol if round_.plan else ""
        return RestorePreview(symbol=symbol, slots=made, digest=_named(round_, made))

    async def restore(self, command: RestoreRound) -> int:
        """Send the cancelled orders of a round as new ones."""
        async with self._trading.account:
            round_ = await _round(self._desk, command.round_id)
            made = self._again(round_)
            async with self._desk.recording() as recording:
                await use(recording, command.tap, command.by)
                refuse_stopped(await trading_of(recording.transaction))
                if _named(round_, made) != command.digest:
                    raise Refusal(Why.ROUND_CHANGED)
                await self._record(recording, round_, made, command.by)
        return len(made)

    async def _record(
        self, recording: Recording, round_: RoundView, made: tuple[Slot, ...], by: Actor
    ) -> None:
        await recording.record(RoundRestored(round_id=round_.round_id, by=by))
        for slot in made:
            previous = slot_key(slot.round_id, slot.index, slot.attempt - 1)
            await recording.record(OrderResent(slot=slot, previous=previous, by=by))

    def _again(self, round_: RoundView) -> tuple[Slot, ...]:
        """Make the new slots of a called-back round. Raises Refusal where none can be made.

        An order that may still stand, and one that was filled in part, gets no successor.
        """
        if round_.state not in (RoundState.SUBMITTING, RoundState.WORKING):
            raise Refusal(Why.ROUND_DECIDED, state=round_.state.value)
        if not round_.called_back:
            raise Refusal(Why.NOT_SKIPPED)
        if self._desk.clock.now() >= self._desk.table(round_.session).deadline:
            raise Refusal(Why.ROUND_TOO_LATE)
        if any(order.state in AT_THE_BROKER for order in _called_back(round_)):
            raise Refusal(Why.CANCEL_PENDING)
        lines: dict[int, list[OrderView]] = {}
        for order in _called_back(round_):
            lines.setdefault(order.slot.index, []).append(order)
        made = tuple(_next(attempts) for attempts in lines.values() if all(map(_gone, attempts)))
        if not made:
            raise Refusal(Why.NOTHING_TO_RESTORE)
        return made


def _called_back(round_: RoundView) -> list[OrderView]:
    return [order for order in round_.orders if order.slot.side in round_.called_back]


def _keys(orders: Iterable[OrderView]) -> frozenset[str]:
    return frozenset(order.slot.key for order in orders)


def _gone(order: OrderView) -> bool:
    """Tell whether an attempt is over for the owner's sake: never sent, or seen cancelled."""
    if order.state is OrderState.WITHHELD:
        return order.sent_at is None and order.detail == SKIPPED
    cancelled = order.state is OrderState.CANCELLED and order.cancel_asked is not None
    return cancelled and not order.filled


def _next(attempts: list[OrderView]) -> Slot:
    last = max((order.slot for order in attempts), key=lambda slot: slot.attempt)
    attempt = last.attempt + 1
    return replace(last, key=slot_key(last.round_id, last.index, attempt), attempt=attempt)


def _named(round_: RoundView, made: tuple[Slot, ...]) -> str:
    return named(round_.digest, *(slot.key for slot in made))


async def _round(desk: Desk, round_id: str) -> RoundView:
    round_ = await desk.views.round(round_id)
    if round_ is None:
        raise Refusal(Why.ROUND_UNKNOWN)
    return round_
