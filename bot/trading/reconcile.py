"""Hold the ledger against the account: all cycles of a symbol together, and what is not ours.

The shares of a symbol are one heap at the broker. Two cycles on it are kept apart in the ledger
alone, so only their sum can be compared; shares set aside are subtracted for ever (settled.md). A
difference that hand trades explain is none; the listings are asked for them first.
"""

from datetime import datetime
from decimal import Decimal

import structlog

from bot.events import LedgerMismatched
from bot.storage.views import CycleView
from bot.trading.account.looking import AccountLook
from bot.trading.desk import Desk
from bot.trading.model import GOING_OUT
from bot.trading.ports import BrokerSilent
from bot.trading.settle import Settler
from bot.trading.shares import Count, count
from strategy.bookkeeping import likely_split

LATELY = 3
"""So many sessions back a price may still show a split."""

log = structlog.get_logger(__name__)


class Reconciler:
    """Compare shares before an evening is planned; two looks a minute apart make a difference."""

    def __init__(self, desk: Desk, settler: Settler, look: AccountLook) -> None:
        self._desk = desk
        self._settler = settler
        self._look = look
        self._doubts: dict[str, tuple[Count, datetime]] = {}

    async def agrees(self, view: CycleView, previous_close: Decimal) -> bool:
        """Tell whether the broker holds what the ledger says; hold the symbol when it does not.

        Raises BrokerSilent when the broker cannot be asked.
        """
        symbol = view.symbol
        await self._book_siblings(symbol)
        counted = await count(self._desk, symbol)
        if not counted.agrees:
            await self._look.through()
            counted = await count(self._desk, symbol)
        if counted.agrees:
            self._doubts.pop(symbol, None)
            return True
        now = self._desk.clock.now()
        seen = self._doubts.get(symbol)
        if seen is None or seen[0] != counted:
            self._doubts[symbol] = (counted, now)
        elif now - seen[1] >= self._desk.patience.retry:
            del self._doubts[symbol]
            await self._hold(view, counted, previous_close)
        return False

    async def _book_siblings(self, symbol: str) -> None:
        """Book what other cycles of the symbol have had filled meanwhile."""
        rounds = await self._desk.views.rounds_in(*GOING_OUT)
        for session in sorted(
            {
                each.session
                for each in rounds
                if each.plan and each.plan.cycle.rules.symbol == symbol
            }
        ):
            listed = await self._settler.book(session)
            if not listed.complete:
                raise listed.silence()

    async def _hold(self, view: CycleView, counted: Count, previous_close: Decimal) -> None:
        likely = await split_that_explains(self._desk, view.symbol, counted, previous_close)
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


async def split_that_explains(desk: Desk, symbol: str, counted: Count, *closes: Decimal) -> str:
    """Name the ratio (2:1) that explains shares and price since one of the closes; "" for none.

    Raises BrokerSilent without a price.
    """
    aside = await desk.views.set_aside(symbol)
    last_price = await desk.broker.last_price(symbol)
    for close in closes:
        split = likely_split(
            ours=counted.ledger + counted.by_hand + aside,
            held=counted.held + aside,
            previous_close=close,
            last_price=last_price,
        )
        if split:
            return f"{split.new}:{split.old}"
    return ""


async def likely_split_of(desk: Desk, symbol: str, counted: Count) -> str:
    """Name the split of the last days that would explain a difference; "" for none.

    A difference that is seen after the close has that day's close at the new shares already.
    """
    session = desk.calendar.current_or_next(desk.clock.now()).day
    try:
        bars = await desk.broker.bars(symbol, before=session, count=LATELY)
        return await split_that_explains(desk, symbol, counted, *(bar.close for bar in bars))
    except BrokerSilent as silence:
        log.info("no price to tell a split by", reason=str(silence))
    return ""
