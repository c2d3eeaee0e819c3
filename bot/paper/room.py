"""The room itself: our simulator in live mode and the price feed, in one process."""

import asyncio
import json
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import structlog

from bot.clock import NEW_YORK, Clock, SimulatorClock, SystemClock
from bot.nursery import Nursery
from bot.paper.feed import Feed
from bot.paper.keys import STATE_NAME
from bot.paper.order_form import OrderForm
from bot.sessions import LAST_YEAR, load_calendar
from kis.environment import REAL, Environment, at
from kis.quotations import Quotations
from kis.simulator.config import KNOWN_EXCHANGES, SimulatorConfig
from kis.simulator.live.entry import serve_live
from kis.simulator.live.exchange import LiveExchange
from kis.simulator.live.rules import LiveRules
from kis.simulator.live.symbols import LiveSymbols
from kis.simulator.model import Session

log = structlog.get_logger(__name__)

TOKEN_NAME = "kis-token.json"  # noqa: S105 - a file's name
BEFORE = timedelta(days=400)
BEAT = timedelta(seconds=30)
SIMULATED_STEP = timedelta(minutes=5)


async def keep_room(form: OrderForm) -> None:
    """Serve until SIGTERM or cancellation; the first line on stdout says where."""
    async with AsyncExitStack() as stack:
        clock, rules = await _time(form, stack)
        home = Path(form.home)
        quotations = await stack.enter_async_context(
            Quotations(
                _environment(form),
                app_key=form.app_key,
                app_secret=form.app_secret,
                now=clock.now,
                sleep=clock.sleep,
                token_file=home / TOKEN_NAME,
            )
        )
        ready = Ready()

        async def feed(exchange: LiveExchange, symbols: LiveSymbols) -> None:
            for symbol in form.symbols:
                symbols.want(symbol)
            beat = SIMULATED_STEP if form.clock_url else BEAT
            following = Feed(
                quotations,
                exchange,
                symbols,
                clock=clock,
                beat=beat,
                tell=_tell,
                sockets=Path(form.sockets) if form.sockets else None,
            )
            async with Nursery() as nursery:
                nursery.start(ready.at_the_latest(form.wait_for_past), name="ready")
                await following.run(ready.loaded)

        await serve_live(
            _config(form),
            sessions=_sessions(clock, home),
            rules=rules,
            sleep=clock.sleep,
            on_ready=ready.listening,
            feed=feed,
        )


class Ready:
    """Say once that the room is open: when it listens, and has the past or waited for it."""

    def __init__(self, say: Callable[[dict[str, str]], None] | None = None) -> None:
        self._say = say or _say
        self._told: dict[str, str] | None = None
        self._past = False
        self._done = False

    def listening(self, told: dict[str, str]) -> None:
        self._told = told
        self._look()

    def loaded(self) -> None:
        self._past = True
        self._look()

    async def at_the_latest(self, seconds: float) -> None:
        """Open without the past when KIS does not give it: the bot must run to say so."""
        await asyncio.sleep(seconds)
        self.loaded()

    def _look(self) -> None:
        if self._told is not None and self._past and not self._done:
            self._done = True
            self._say({"listening": self._told["listening"]})


async def _time(form: OrderForm, stack: AsyncExitStack) -> tuple[Clock, LiveRules]:
    """Give the machine's clock, or that of the simulator on this machine whose prices are used."""
    if not form.clock_url:
        wall = SystemClock()
        return wall, LiveRules(wall=wall.now)
    clock = SimulatorClock(form.clock_url, party="rehearsal room")
    stack.push_async_callback(clock.stop)
    await clock.start()
    nursery = await stack.enter_async_context(Nursery())
    nursery.start(clock.run(), name="market clock")
    step = SIMULATED_STEP
    return clock, LiveRules(wall=clock.now, step=step, jump=3 * step, stale=2 * step, late=step)


def _environment(form: OrderForm) -> Environment:
    if (form.rest_url, form.websocket_url) == (REAL.rest_url, REAL.websocket_url):
        return REAL
    calls = form.calls_per_second or REAL.calls_per_second
    return at(form.rest_url, form.websocket_url, calls_per_second=calls)


def _config(form: OrderForm) -> SimulatorConfig:
    return SimulatorConfig(
        port=form.port,
        account=form.room.account,
        app_key=form.room.app_key,
        app_secret=form.room.app_secret,
        hts_id=form.room.hts_id,
        cash=Decimal(form.cash),
        state=Path(form.home) / STATE_NAME,
        symbols=dict(KNOWN_EXCHANGES),
        calls_per_second=max(20, int(form.calls_per_second or 0)),
    )


def _sessions(clock: Clock, home: Path) -> list[Session]:
    calendar = load_calendar(home)
    today = clock.now().astimezone(NEW_YORK).date()
    last = today.replace(year=LAST_YEAR, month=12, day=31)
    return [
        Session(each.day, each.open, each.close) for each in calendar.between(today - BEFORE, last)
    ]


def _tell(state: str, reason: str) -> None:
    _say({"state": state, "reason": reason})


def _say(words: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()
