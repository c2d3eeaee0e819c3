"""What a change that was shown and one that is made have in common: effect, session, name."""

import hashlib
from datetime import date

from bot.commands import ChangePreview
from bot.events import ChangeAgreed, ChangeDropped, SplitAgreed
from bot.storage.chat import use_tap
from bot.storage.database import Transaction
from bot.storage.journal import Recording
from bot.storage.standing import (
    first_session_of,
    latest_session,
    unsettled_session,
    waiting_changes,
)
from bot.trading.ahead import next_planned
from bot.trading.desk import Desk
from bot.trading.model import Actor
from bot.trading.refusal import Refusal, Why
from strategy.bookkeeping import effect, turn_from_cost
from strategy.changes import Change, ChangeRefused
from strategy.errors import StrategyError
from strategy.model import Cycle


async def preview_of(
    desk: Desk, tx: Transaction, cycle_id: int, cycle: Cycle, change: Change
) -> ChangePreview:
    """Show a change on a cycle as its ledger stands. Raises Refusal when it cannot take it."""
    try:
        shown = effect(cycle, change)
    except StrategyError as error:
        raise Refusal.of(error) from error
    session = await next_session(desk, tx, cycle_id)
    waits = await unsettled_session(tx, cycle_id) is not None
    symbol = cycle.rules.symbol
    behind = any(_concerns(one, cycle_id, symbol) for one in await waiting_changes(tx))
    return ChangePreview(
        cycle_id=cycle_id,
        symbol=symbol,
        change=change,
        effect=shown,
        turn_from_cost=turn_from_cost(cycle),
        from_session=session,
        waits=waits or behind,
        digest=named(cycle_id, change, shown, session),
    )


async def next_session(desk: Desk, tx: Transaction, cycle_id: int) -> date:
    """Give the first session of a cycle that is not planned yet and still can be."""
    return next_planned(
        desk.calendar,
        desk.clock.now(),
        latest=await latest_session(tx, cycle_id),
        first_session=await first_session_of(tx, cycle_id),
    )


async def use(recording: Recording, tap: str | None, by: Actor) -> None:
    """Use a button's key up, where a button asked. Raises Refusal when it was used before."""
    if tap is not None and not await use_tap(
        recording.transaction, tap, recording.at, user_id=by.user_id
    ):
        raise Refusal(Why.TAP_USED)


def named(*parts: object) -> str:
    """Name what was shown in 16 hex digits: an agreement is void when any of it changed."""
    return hashlib.sha256("\n".join(map(repr, parts)).encode()).hexdigest()[:16]


def dropped(change_id: int, symbol: str, change: Change, error: StrategyError) -> ChangeDropped:
    """Say that a change which waited can no longer be booked, in the book's own words."""
    korean = error.korean if isinstance(error, ChangeRefused) else str(error)
    return ChangeDropped(
        change_id=change_id, symbol=symbol, change=change, korean=korean, english=str(error)
    )


def _concerns(waiting: ChangeAgreed | SplitAgreed, cycle_id: int, symbol: str) -> bool:
    if isinstance(waiting, ChangeAgreed):
        return waiting.cycle_id == cycle_id
    return waiting.symbol == symbol
