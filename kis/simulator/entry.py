"""The simulator as one call: everything is put together, served and taken down here."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Middleware

from kis.simulator.clock import Clock
from kis.simulator.config import APP_SECRET, PaceKind, SimulatorConfig
from kis.simulator.desks.quotes import Quotes
from kis.simulator.desks.routes import kis_routes
from kis.simulator.domestic import Domestic
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.market import Market, seeded_bars
from kis.simulator.model import NEW_YORK, Bar, Order, Session
from kis.simulator.reservations import Reservations
from kis.simulator.server import Gateway
from kis.simulator.sockets.notices import Notices
from kis.simulator.sockets.server import Streams
from kis.simulator.splits import Splits
from kis.simulator.store import Store
from kis.simulator.surface.control import Control
from kis.simulator.surface.owner import Owner
from kis.simulator.surface.requests import sentences
from kis.simulator.timetable import Timetable
from kis.simulator.tokens import Tokens

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
SHUTDOWN_SECONDS = 1.0
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


async def serve(
    config: SimulatorConfig,
    *,
    sessions: Sequence[Session],
    bars: Mapping[str, Sequence[Bar]] | None,
    on_ready: Callable[[dict[str, str]], None],
) -> None:
    """Serve the simulator until SIGTERM, SIGINT or cancellation, and close it cleanly.

    Without bars a market seeded by the config is made for its symbols over the sessions. Raises
    ValueError with a sentence for a state file of another account or seed, a starting instant
    outside the sessions, or an exchange that is not NASD, NYSE or AMEX; OSError for a taken port.
    """
    if config.pace.kind is PaceKind.WALL:
        raise ValueError("only live mode follows the wall clock")
    symbols = _symbols(config, bars)
    timetable = Timetable(sessions)
    if bars is None:
        bars = _made_up(config, symbols, timetable)
    store = Store(config.state)
    try:
        check_state(store, config)
        exchange = Exchange(
            market=Market(config.seed, bars, config.splits),
            timetable=timetable,
            store=store,
            cash=config.cash,
            fee_percent=config.fee_percent,
            lag=timedelta(seconds=config.report_seconds),
            start=_start(config, timetable),
        )
        Splits(exchange, store).wait()
        await run(config, exchange, store, symbols, on_ready)
    finally:
        store.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extras:
    """What live mode adds to the server: clock, routes and their sentences, work beside it."""

    clock: Clock
    middlewares: tuple[Middleware, ...]
    routes: tuple[web.RouteDef, ...]
    sentences: Mapping[str, str]
    work: tuple[Callable[[], Coroutine[Any, Any, None]], ...]


async def run(
    config: SimulatorConfig,
    exchange: Exchange,
    store: Store,
    symbols: dict[str, str],
    on_ready: Callable[[dict[str, str]], None],
    *,
    extras: Extras | None = None,
) -> None:
    """Serve an exchange until a signal or cancellation."""
    faults = Faults(config.seed)
    exchange.share_at_the_close = lambda order: _share(faults, "partial_at_the_close", order)
    exchange.share_of_a_limit = lambda order: _share(faults, "partial_fill", order)
    tokens = Tokens(store, lambda: exchange.now)
    quotes = Quotes(exchange, symbols)
    # Nothing is made up beside live prices.
    domestic = _domestic(config, exchange.timetable, () if extras else config.krx_symbols)
    streams = Streams(
        config=config,
        symbols=symbols,
        exchange=exchange,
        tokens=tokens,
        quotes=quotes,
        domestic=domestic,
        faults=faults,
    )
    Notices(exchange, faults).stand_between()
    clock = extras.clock if extras else _own_clock(config, exchange, streams)
    reservations = Reservations(exchange, store)
    routes = kis_routes(exchange, reservations, quotes, faults, symbols, domestic=domestic)
    gateway = Gateway(config, exchange, tokens, faults, routes)
    app = web.Application(
        middlewares=[loopback_only, sentences, *(extras.middlewares if extras else ())]
    )
    app.add_routes(gateway.routes())
    sentences_of = extras.sentences if extras else None
    control = Control(config, exchange, reservations, clock, faults, more=sentences_of)
    app.add_routes(control.routes())
    app.add_routes(Owner(exchange, reservations, symbols).routes())
    app.add_routes([*streams.routes(), *streams.load.routes()])
    app.add_routes(extras.routes if extras else ())

    async def goodbye() -> None:
        clock.close()
        await streams.close()

    work = [clock.run, streams.load.run, *(extras.work if extras else ())]
    await _serving(config, app, work, on_ready, goodbye)


def _own_clock(config: SimulatorConfig, exchange: Exchange, streams: Streams) -> Clock:
    return Clock(exchange, config.pace, patience=config.patience_seconds, flush=streams.flush)


async def _serving(
    config: SimulatorConfig,
    app: web.Application,
    work: Sequence[Callable[[], Coroutine[Any, Any, None]]],
    on_ready: Callable[[dict[str, str]], None],
    goodbye: Callable[[], Awaitable[None]],
) -> None:
    runner = web.AppRunner(
        app, access_log=None, handler_cancellation=True, shutdown_timeout=SHUTDOWN_SECONDS
    )
    await runner.setup()
    try:
        site = web.TCPSite(runner, config.host, config.port)
        await site.start()
        ended = asyncio.Event()
        with _ended_by_signals(ended):
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(one()) for one in work]
                on_ready(_ready(config, runner))
                await ended.wait()
                for task in tasks:
                    task.cancel()
    finally:
        await goodbye()
        await runner.cleanup()


@contextmanager
def _ended_by_signals(ended: asyncio.Event) -> Iterator[None]:
    """Set the event on SIGTERM and SIGINT while inside; off the main thread there are none."""
    loop = asyncio.get_running_loop()
    installed = []
    for name in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(name, ended.set)
        except (RuntimeError, ValueError):
            continue
        installed.append(name)
    try:
        yield
    finally:
        for name in installed:
            loop.remove_signal_handler(name)


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a request whose Host header is not this machine's loopback name."""
    name, _, port = request.host.rpartition(":")
    if not name or not port.isdigit():
        name = request.host
    if name not in LOOPBACK_NAMES:
        return web.json_response({"error": "The simulator answers loopback only."}, status=403)
    return await handler(request)


def _ready(config: SimulatorConfig, runner: web.AppRunner) -> dict[str, str]:
    host, port = runner.addresses[0][:2]
    shown = f"[{host}]" if ":" in host else host
    told = {
        "listening": f"http://{shown}:{port}",
        "app_key": config.app_key,
        "account": config.account,
        "hts_id": config.hts_id,
    }
    # A secret that was brought may be somebody's; the made-up one is everybody's.
    return told | ({"app_secret": APP_SECRET} if config.app_secret == APP_SECRET else {})


def _symbols(config: SimulatorConfig, bars: Mapping[str, Sequence[Bar]] | None) -> dict[str, str]:
    known = dict(config.symbols)
    symbols = known if bars is None else {name: known.get(name, "NASD") for name in bars}
    for symbol, exchange in symbols.items():
        if exchange not in {"NASD", "NYSE", "AMEX"}:
            raise ValueError(f"{symbol} is on NASD, NYSE or AMEX, not on {exchange}")
    return symbols


def _made_up(
    config: SimulatorConfig, symbols: Iterable[str], timetable: Timetable
) -> dict[str, list[Bar]]:
    days = [session.day for session in timetable.sessions]
    since = _start(config, timetable).astimezone(NEW_YORK).date()
    return {
        symbol: seeded_bars(
            config.seed, symbol, days, config.market, since=since, splits=config.splits
        )
        for symbol in symbols
    }


def _domestic(config: SimulatorConfig, timetable: Timetable, codes: Sequence[str]) -> Domestic:
    return Domestic(config.seed, codes, timetable.sessions[0].day, timetable.horizon.date())


def check_state(store: Store, config: SimulatorConfig) -> None:
    with store.transaction():
        for key, value in {"account": config.account, "seed": str(config.seed)}.items():
            stored = store.meta(key)
            if stored is None:
                store.set_meta(key, value)
            elif stored != value:
                raise ValueError(f"the state file has {key} {stored}, not {value}")


def _start(config: SimulatorConfig, timetable: Timetable) -> datetime:
    if config.at is None:
        day = timetable.sessions[min(1, len(timetable.sessions) - 1)].day
        return datetime.combine(day, time(3), NEW_YORK).astimezone(UTC)
    start = config.at.astimezone(UTC)
    if start > timetable.horizon:
        raise ValueError(f"{config.at} is past the last known session")
    return start


def _share(faults: Faults, name: str, order: Order) -> int:
    fields = {"PDNO": order.symbol, "ODNO": f"{order.number:010d}"}
    fault = faults.take(name, fields)
    return 100 if fault is None else fault.percent
