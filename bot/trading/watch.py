"""Follow KIS's websocket: a fill notice is a hint to ask, a trade is a price to show.

Nothing is sized or booked from what comes here: the channel is plain text (safety.md section 0.9).
"""

import asyncio
from datetime import datetime
from decimal import Decimal

import structlog

from bot.bus import Bus
from bot.commands import BookFills
from bot.events import QuoteSeen
from bot.storage.views import Views
from bot.trading.broker import KisBroker
from bot.trading.ports import BrokerSilent

log = structlog.get_logger(__name__)


class Watcher:
    """Turn what the websocket says into questions and quotes.

    `state` is the websocket's last word of itself, "" before the first; `traded_at` the last trade.
    """

    def __init__(self, broker: KisBroker, bus: Bus, views: Views) -> None:
        self._broker = broker
        self._bus = bus
        self._views = views
        self._noticed = asyncio.Event()
        self.state = ""
        self.traded_at: datetime | None = None

    async def run(self) -> None:
        """Follow the symbols of the running cycles until the websocket is refused for good."""
        symbols = dict.fromkeys(view.symbol for view in await self._views.cycles())
        try:
            await self._broker.watch(
                symbols, noticed=self._noticed.set, traded=self._traded, changed=self._changed
            )
        except BrokerSilent as silence:
            log.warning("no websocket today", reason=str(silence))

    async def follow_up(self) -> None:
        """Have fills booked after notices; several notices at once are one question."""
        while True:
            await self._noticed.wait()
            self._noticed.clear()
            await self._bus.ask(BookFills())

    def _traded(self, symbol: str, price: Decimal, at: datetime) -> None:
        self.traded_at = at
        self._bus.publish(QuoteSeen(symbol=symbol, price=price, at=at))

    def _changed(self, state: str, reason: str) -> None:
        self.state = state
        log.info("websocket", state=state, reason=reason)
