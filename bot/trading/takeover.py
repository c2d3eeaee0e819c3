"""Taking over a position in mid-cycle: held against the broker, begun with the next session."""

from dataclasses import replace
from decimal import Decimal

from bot.bus import Bus
from bot.commands import ImportCycle, ImportPreview, Position, PreviewImport
from bot.events import CycleStarted
from bot.storage.standing import cycles_of
from bot.trading.agreed import named, use
from bot.trading.ahead import next_untouched
from bot.trading.begin import next_cycle_id, set_aside
from bot.trading.consent import may_begin
from bot.trading.desk import Desk
from bot.trading.ports import BrokerSilent
from bot.trading.refusal import Refusal, Why
from bot.trading.resting import is_whole, not_ours, resting_now
from bot.trading.shares import in_the_ledger
from strategy.bookkeeping import turn_from_cost
from strategy.errors import StrategyError
from strategy.model import Counting, Cycle
from strategy.takeover import import_position

HALF_A_CENT = Decimal("0.005")


class Takeover:
    """Show how a position stands at the broker, and take it over as it was shown."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def register(self, bus: Bus) -> None:
        """Become the handler of the commands about imports."""
        bus.handle(PreviewImport, self.preview)
        bus.handle(ImportCycle, self.take)

    async def preview(self, command: PreviewImport) -> ImportPreview:
        """Hold a position against holdings, average and resting orders.

        Raises Refusal for what no ledger can be, and when the broker cannot be asked.
        """
        try:
            return await self._look(command.position)
        except BrokerSilent as silence:
            raise Refusal(Why.BROKER_SILENT, reason=str(silence)) from silence

    async def _look(self, position: Position) -> ImportPreview:
        cycle = _cycle_of(position)
        symbol = position.rules.symbol
        held = await self._desk.broker.holding(symbol)
        others = await in_the_ledger(self._desk, symbol)
        aside = position.not_ours
        if aside is None:
            aside = await self._desk.views.set_aside(symbol)
        alone = others == 0 and aside == 0
        listed = await resting_now(self._desk, symbol)
        shown = ImportPreview(
            cycle=cycle,
            turn_from_cost=turn_from_cost(cycle),
            turn_needed=position.turn is None and position.rules.counting is Counting.EVENTS,
            broker_quantity=held.quantity,
            broker_average=held.average,
            other_cycles=others,
            not_ours=aside,
            off_by=held.average - cycle.average if alone and held.quantity else None,
            resting=await not_ours(self._desk, listed.orders),
            resting_known=is_whole(listed, no_reservations=position.no_reservations),
            first_session=next_untouched(self._desk.calendar, self._desk.clock.now()),
            refusals=(),
            digest="",
        )
        runs = bool(await self._desk.views.cycles_of(symbol)) and not position.beside
        return _with_name(shown, tuple(_refusals(shown, runs=runs)))

    async def take(self, command: ImportCycle) -> int:
        """Take a position over; its first round is the next session's whose evening is to come."""
        position = command.position
        shown = await self.preview(PreviewImport(position=position))
        for refusal in shown.refusals:
            raise refusal
        if shown.turn_needed:
            raise Refusal(Why.TURN_NEEDED, turn=f"{shown.turn_from_cost:f}")
        if shown.digest != command.digest:
            raise Refusal(Why.IMPORT_DIFFERS)
        symbol = position.rules.symbol
        async with self._desk.recording() as recording:
            await use(recording, command.tap, command.by)
            await may_begin(
                self._desk, recording.transaction, command.approval, command.unattended, command.by
            )
            if await cycles_of(recording.transaction, symbol) and not position.beside:
                raise Refusal(Why.SYMBOL_RUNS, symbol=symbol)
            await set_aside(recording, symbol, position.not_ours, command.by)
            cycle_id = await next_cycle_id(recording.transaction)
            await recording.record(
                CycleStarted(
                    cycle_id=cycle_id,
                    cycle=shown.cycle,
                    approval=command.approval,
                    by=command.by,
                    first_session=shown.first_session,
                    waits_for_resting=True,
                    no_reservations=position.no_reservations,
                    unattended=command.unattended,
                )
            )
        return cycle_id


def _cycle_of(position: Position) -> Cycle:
    try:
        return import_position(
            position.rules,
            quantity=position.quantity,
            average=position.average,
            cash=position.cash,
            turn=position.turn,
            principal=position.principal,
            unit=position.unit,
            phase=position.phase,
            step=position.step,
        )
    except StrategyError as error:
        raise Refusal.of(error) from error


def _refusals(shown: ImportPreview, *, runs: bool) -> list[Refusal]:
    """List everything that stands in the way, all at once."""
    cycle = shown.cycle
    found: list[Refusal] = []
    if runs:
        found.append(Refusal(Why.SYMBOL_RUNS, symbol=cycle.rules.symbol))
    if shown.broker_quantity != shown.other_cycles + cycle.quantity + shown.not_ours:
        found.append(
            Refusal(
                Why.IMPORT_QUANTITY,
                given=str(cycle.quantity),
                others=str(shown.other_cycles),
                not_ours=str(shown.not_ours),
                broker=str(shown.broker_quantity),
            )
        )
    if shown.off_by is not None and abs(shown.off_by) > HALF_A_CENT:
        found.append(
            Refusal(
                Why.IMPORT_AVERAGE,
                given=f"{cycle.average:f}",
                broker=f"{shown.broker_average:f}",
            )
        )
    return found


def _with_name(shown: ImportPreview, refusals: tuple[Refusal, ...]) -> ImportPreview:
    what = (
        shown.cycle,
        shown.broker_quantity,
        shown.broker_average,
        shown.other_cycles,
        shown.not_ours,
        shown.resting,
        shown.resting_known,
        shown.first_session,
    )
    return replace(shown, refusals=refusals, digest=named(*what))
