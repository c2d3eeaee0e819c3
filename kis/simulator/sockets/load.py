"""Made-up ticks at a set rate, for whoever wants to know what a reader can bear.

They are pushed, not traded: no order executes at them, and the REST quotes do not know them. The
n-th tick is the same for a seed and the same registrations, whenever it is pushed.
"""

import asyncio
import random

from aiohttp import web

from kis.simulator.sockets.columns import KRX_TRADES, US_TRADES
from kis.simulator.sockets.connections import Connections, Registration
from kis.simulator.sockets.krx_tapes import KrxTape
from kis.simulator.sockets.publisher import Publisher
from kis.simulator.sockets.us_tapes import UsTape
from kis.simulator.surface.requests import BadRequestError, json_of

ROUTES = {
    "GET /simulator/ticks": "Shows the rate of made-up ticks, how many were made, and how far "
    "behind the rate it fell at worst.",
    "PUT /simulator/ticks": "Sets made-up ticks a second (per_second, 0 for none) over all "
    "registrations of trades and books.",
    "POST /simulator/ticks": "Pushes a number of made-up ticks now (count).",
}
TRADES = frozenset({US_TRADES, KRX_TRADES})
WAKE_SECONDS = 0.005
CHUNK = 500
LARGEST_COUNT = 1_000_000
BURST_SHARE = 0.1
REACH = 60


class Load:
    """Pushes ticks to every registration of trades and books in turn."""

    def __init__(
        self, seed: int, connections: Connections, publisher: Publisher, per_second: float
    ) -> None:
        self._rng = random.Random(f"{seed}|load")
        self._connections = connections
        self._publisher = publisher
        self._anchors: dict[str, int] = {}
        self._change = asyncio.Event()
        self.per_second = per_second
        self.made = 0
        self.behind = 0.0

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/simulator/ticks", self._show),
            web.put("/simulator/ticks", self._set),
            web.post("/simulator/ticks", self._burst),
        ]

    async def run(self) -> None:
        """Make ticks by the wall clock until cancelled."""
        loop = asyncio.get_running_loop()
        while True:
            self._change.clear()
            start, made = loop.time(), 0
            while self.per_second and self._connections.quotes() and not self._change.is_set():
                late = loop.time() - start - made / self.per_second
                due = min(int(late * self.per_second), CHUNK)
                if due > 0:
                    self.behind = max(self.behind, late)
                    made += self.make(due)
                await asyncio.sleep(WAKE_SECONDS if due < CHUNK else 0)
            if self.per_second:
                await asyncio.sleep(WAKE_SECONDS)
            else:
                await self._change.wait()

    def make(self, count: int) -> int:
        """Push ticks now, in frames of one to three records; answers how many it made."""
        tapes = [
            (wanted, tape)
            for wanted in self._connections.quotes()
            if (tape := self._publisher.tape(*wanted)) is not None
        ]
        made = 0
        while tapes and made < count:
            wanted, tape = tapes[self.made % len(tapes)]
            burst = 1
            if wanted[0] in TRADES and self._rng.random() < BURST_SHARE:
                burst = min(self._rng.randint(2, 3), count - made)
            records = [self._record(wanted, tape) for _ in range(burst)]
            self._publisher.push(*wanted, records)
            made += burst
            self.made += burst
        return made

    def _record(self, wanted: Registration, tape: UsTape | KrxTape) -> str:
        volume = self._rng.randrange(1, 500) if wanted[0] in TRADES else 0
        tape.take(self._publisher.second, self._step(wanted[1], tape), volume)
        return tape.trade(volume) if volume else tape.book()

    def _step(self, key: str, tape: UsTape | KrxTape) -> int:
        """Give the next price: a tick up, down or none, and back when far from where it began."""
        last, tick = tape.last, tape.tick
        anchor = self._anchors.setdefault(key, last)
        if abs(last - anchor) > 2 * REACH * tick:
            anchor = self._anchors[key] = last  # the market itself has moved
        if abs(last - anchor) > REACH * tick:
            return last - tick if last > anchor else last + tick
        return max(last + self._rng.choice((-1, 0, 1)) * tick, tick)

    # -- the control surface ----------------------------------------------------------------

    async def _show(self, _: web.Request) -> web.Response:
        return web.json_response(self._described())

    async def _set(self, request: web.Request) -> web.Response:
        rate = (await json_of(request)).get("per_second")
        if isinstance(rate, bool) or not isinstance(rate, int | float) or not 0 <= rate < 1e6:
            raise BadRequestError("per_second is a number of ticks from 0, below a million.")
        before = {"made_before": self.made, "behind_before": round(self.behind, 6)}
        self.per_second, self.made, self.behind = float(rate), 0, 0.0
        self._change.set()
        return web.json_response({**self._described(), **before})

    async def _burst(self, request: web.Request) -> web.Response:
        count = (await json_of(request)).get("count")
        if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= LARGEST_COUNT:
            raise BadRequestError("The count of ticks is a whole number from 1 to a million.")
        made = 0
        while made < count and (step := self.make(min(count - made, CHUNK))):
            made += step
            await self._connections.flush()
            await asyncio.sleep(0)  # a flush of nothing lets nobody else run
        return web.json_response({**self._described(), "pushed": made})

    def _described(self) -> dict[str, object]:
        return {
            "per_second": self.per_second,
            "made": self.made,
            "behind_seconds": round(self.behind, 6),
            "records_pushed": self._publisher.pushed,
            "registrations": len(self._connections.quotes()),
            "connections": [
                {"waiting": one.outbox.qsize(), "sent_frames": one.sent}
                for one in self._connections
            ],
        }
