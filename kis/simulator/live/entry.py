"""The simulator in live mode as one call: orders and account here, prices from a feed."""

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from decimal import Decimal
from typing import Any

from aiohttp import web

from kis.simulator.config import SimulatorConfig
from kis.simulator.entry import Extras, Handler, check_state, run
from kis.simulator.live.exchange import LiveExchange
from kis.simulator.live.market import LiveMarket
from kis.simulator.live.rules import LiveRules
from kis.simulator.live.surface import ROUTES, LiveSurface
from kis.simulator.live.symbols import LiveSymbols
from kis.simulator.live.wall_clock import WallClock
from kis.simulator.model import Session
from kis.simulator.store import Store
from kis.simulator.timetable import Timetable

Work = Callable[[LiveExchange, LiveSymbols], Coroutine[Any, Any, None]]


async def serve_live(
    config: SimulatorConfig,
    *,
    sessions: Sequence[Session],
    rules: LiveRules,
    sleep: Callable[[float], Awaitable[None]],
    on_ready: Callable[[dict[str, str]], None],
    feed: Work | None = None,
) -> None:
    """Serve the simulator on the wall clock of the rules until SIGTERM, SIGINT or cancellation.

    `sleep` waits in the wall clock's seconds. `feed` runs beside the server and brings in what
    happens at KIS; without one the control surface does. Raises ValueError and OSError as
    `entry.serve` does.
    """
    store = Store(config.state)
    try:
        check_state(store, config)
        symbols = LiveSymbols(store, config.symbols)
        exchange = LiveExchange(
            market=LiveMarket(store, symbols, rules.wall),
            timetable=Timetable(sessions),
            store=store,
            cash=Decimal(config.cash),
            fee_percent=config.fee_percent,
            rules=rules,
        )

        @web.middleware
        async def on_time(request: web.Request, handler: Handler) -> web.StreamResponse:
            """Look at the clock before anything is answered: an order's instant is exact."""
            exchange.catch_up()
            return await handler(request)

        extras = Extras(
            clock=WallClock(exchange, sleep),
            middlewares=(on_time,),
            routes=tuple(LiveSurface(exchange, symbols).routes()),
            sentences=ROUTES,
            work=() if feed is None else (lambda: feed(exchange, symbols),),
        )
        await run(config, exchange, store, symbols, on_ready, extras=extras)
    finally:
        store.close()
