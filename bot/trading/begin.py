"""Begin a cycle: the one way in, from the chat, the console and the demo."""

from bot.commands import StartCycle
from bot.events import CycleStarted
from bot.storage.journal import Recording
from bot.trading.refusal import Refusal, Why
from strategy.cycle import start
from strategy.errors import StrategyError


async def begin_cycle(recording: Recording, command: StartCycle) -> int:
    """Journal a cycle's start inside an open recording; answer its id.

    Raises Refusal when the symbol already runs, or the principal is no sum of money.
    """
    symbol = command.rules.symbol
    running = await recording.transaction.one("SELECT 1 FROM cycle WHERE symbol = ?", (symbol,))
    if running is not None:
        raise Refusal(Why.SYMBOL_RUNS, symbol=symbol)
    last = await recording.transaction.one("SELECT coalesce(max(cycle_id), 0) AS n FROM cycle")
    cycle_id = (int(last["n"]) if last else 0) + 1
    try:
        cycle = start(command.rules, command.principal)
    except StrategyError as error:
        raise Refusal(Why.PRINCIPAL_TOO_SMALL, detail=str(error)) from error
    await recording.record(
        CycleStarted(cycle_id=cycle_id, cycle=cycle, approval=command.approval, by=command.by)
    )
    return cycle_id
