"""Begin a cycle: the one way in, from the chat, the console and the demo."""

from bot.clock import NEW_YORK
from bot.commands import StartCycle
from bot.events import CycleStarted, SharesSetAside
from bot.storage.database import Transaction
from bot.storage.journal import Recording
from bot.storage.standing import cycles_of, set_aside_of
from bot.trading.model import Actor
from bot.trading.refusal import Refusal, Why
from strategy.cycle import start
from strategy.errors import StrategyError


async def begin_cycle(recording: Recording, command: StartCycle) -> int:
    """Journal a cycle's start inside an open recording; answer its id.

    Raises Refusal when the symbol already runs and the new one is not to run beside it, when the
    first session has passed, or the principal is no sum of money.
    """
    symbol = command.rules.symbol
    if await cycles_of(recording.transaction, symbol) and not command.beside:
        raise Refusal(Why.SYMBOL_RUNS, symbol=symbol)
    first = command.first_session
    if first is not None and first < recording.at.astimezone(NEW_YORK).date():
        raise Refusal(Why.DATE_PASSED, date=first.isoformat())
    try:
        cycle = start(command.rules, command.principal)
    except StrategyError as error:
        raise Refusal(Why.PRINCIPAL_TOO_SMALL, detail=str(error)) from error
    await set_aside(recording, symbol, command.not_ours, command.by)
    cycle_id = await next_cycle_id(recording.transaction)
    await recording.record(
        CycleStarted(
            cycle_id=cycle_id,
            cycle=cycle,
            approval=command.approval,
            by=command.by,
            first_session=first,
            unattended=command.unattended,
        )
    )
    return cycle_id


async def next_cycle_id(tx: Transaction) -> int:
    """Number a cycle after the last one that was ever begun."""
    last = await tx.one("SELECT coalesce(max(cycle_id), 0) AS n FROM cycle")
    return (int(last["n"]) if last else 0) + 1


async def set_aside(recording: Recording, symbol: str, quantity: int | None, by: Actor) -> None:
    """Note the owner's word on shares that are not ours, where it is a new one.

    Raises Refusal for a number of shares that cannot be.
    """
    if quantity is None or quantity == await set_aside_of(recording.transaction, symbol):
        return
    if quantity < 0:
        raise Refusal(Why.NOT_OURS, quantity=str(quantity))
    await recording.record(SharesSetAside(symbol=symbol, quantity=quantity, by=by))
