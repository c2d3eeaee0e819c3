"""The control surface under /simulator/: the clock, the true state and the faults, as JSON."""

from collections.abc import Mapping
from datetime import datetime

from aiohttp import web

from kis.simulator.clock import Clock
from kis.simulator.config import Pace, PaceKind, SimulatorConfig
from kis.simulator.exchange import Exchange
from kis.simulator.faults import NAMES, Faults
from kis.simulator.parties import Woken, iso
from kis.simulator.reservations import Reservations
from kis.simulator.sockets.load import ROUTES as TICK_ROUTES
from kis.simulator.surface.owner import ROUTES as OWNER_ROUTES
from kis.simulator.surface.requests import BadRequestError, json_of
from kis.simulator.surface.state import fill_json, holding_json, order_json, reservation_json

ROUTES = {
    "GET /simulator/": "Lists these routes, the faults there are, the limits and the seed.",
    "GET /simulator/clock": "Shows the simulated instant, the phase, the parties and the pace.",
    "POST /simulator/clock": "Moves time to session, open, close or an ISO instant ('to').",
    "POST /simulator/clock/wait": "Waits as a party until an instant, holding time meanwhile.",
    "DELETE /simulator/clock/parties/NAME": "Unregisters a party.",
    "PUT /simulator/clock/pace": "Sets the pace: manual, flow with speed, jump with "
    "seconds_per_day.",
    "GET /simulator/state": "Shows orders, reservations, fills, cash and holdings as they truly "
    "are.",
    **OWNER_ROUTES,
    **TICK_ROUTES,
    "GET /simulator/faults": "Lists the faults in waiting and the names there are.",
    "POST /simulator/faults": "Adds a fault: name, count, rate, seed, match, seconds, percent, "
    "variant, field.",
    "DELETE /simulator/faults": "Removes every fault in waiting.",
}
LONGEST_WAIT = 600.0


class Control:
    """Answers the control surface; `more` are the sentences of routes that others answer."""

    def __init__(
        self,
        config: SimulatorConfig,
        exchange: Exchange,
        reservations: Reservations,
        clock: Clock,
        faults: Faults,
        *,
        more: Mapping[str, str] | None = None,
    ) -> None:
        self._sentences = {**ROUTES, **(more or {})}
        self._config = config
        self._exchange = exchange
        self._reservations = reservations
        self._clock = clock
        self._faults = faults

    def routes(self) -> list[web.RouteDef]:
        return [
            web.get("/simulator/", self._index),
            web.get("/simulator", self._index),
            web.get("/simulator/clock", self._show_clock),
            web.post("/simulator/clock", self._move),
            web.post("/simulator/clock/wait", self._wait),
            web.delete("/simulator/clock/parties/{name}", self._unregister),
            web.put("/simulator/clock/pace", self._set_pace),
            web.get("/simulator/state", self._state),
            web.get("/simulator/faults", self._show_faults),
            web.post("/simulator/faults", self._add_fault),
            web.delete("/simulator/faults", self._clear_faults),
        ]

    async def _index(self, _: web.Request) -> web.Response:
        return web.json_response(
            {
                "routes": self._sentences,
                "faults": NAMES,
                "calls_per_second": self._config.calls_per_second,
                "mock_calls_per_second": self._config.mock_calls_per_second,
                "seed": self._config.seed,
            }
        )

    async def _show_clock(self, _: web.Request) -> web.Response:
        return web.json_response(self._clock.described())

    async def _move(self, request: web.Request) -> web.Response:
        to = (await json_of(request)).get("to")
        if not isinstance(to, str):
            raise BadRequestError("Say where to: session, open, close or an ISO time in 'to'.")
        if to not in {"session", "open", "close"}:
            _instant(to, "to")
        await self._clock.move(to)
        return web.json_response(self._clock.described())

    async def _wait(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        party, until = body.get("party"), body.get("until")
        hold, timeout = body.get("hold"), body.get("timeout", 25)
        if not isinstance(party, str) or not party:
            raise BadRequestError("A wait names its party.")
        if hold is not None and not isinstance(hold, str):
            raise BadRequestError("The hold of a wait is its reason in words, or null.")
        if isinstance(timeout, bool) or not isinstance(timeout, int | float) or not timeout >= 0:
            raise BadRequestError("The timeout of a wait is seconds from 0.")
        instant = None if until is None else _instant(until, "until")
        woken = await self._clock.wait(party, instant, hold or None, min(timeout, LONGEST_WAIT))
        answer: dict[str, object] = {
            "now": iso(self._clock.now),
            "last_session_over": self._clock.last_session_over,
        }
        if woken is Woken.TIMED_OUT:
            answer["timed_out"] = True
        elif woken is Woken.REPLACED:
            answer["replaced"] = True
        elif woken is Woken.CLOSING:
            return web.json_response({"error": "The simulator is ending."}, status=503)
        return web.json_response(answer)

    async def _unregister(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if not self._clock.unregister(name):
            return web.json_response({"error": f"No party is called {name}."}, status=404)
        return web.json_response({"unregistered": name})

    async def _set_pace(self, request: web.Request) -> web.Response:
        body = await json_of(request)
        numbers = [body.get("speed", 1.0), body.get("seconds_per_day", 0.0)]
        if any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
            raise BadRequestError("speed and seconds_per_day are numbers.")
        if not 0 < numbers[0] < 1e9 or not 0 <= numbers[1] < 1e9:
            raise BadRequestError("speed is above 0, seconds_per_day from 0.")
        try:
            kind = PaceKind(str(body.get("kind")))
        except ValueError:
            raise BadRequestError("The kind of a pace is manual, flow or jump.") from None
        self._clock.set_pace(Pace(kind=kind, speed=numbers[0], seconds_per_day=numbers[1]))
        return web.json_response(self._clock.described())

    # -- state ------------------------------------------------------------------------------

    async def _state(self, _: web.Request) -> web.Response:
        exchange = self._exchange
        account = exchange.account
        return web.json_response(
            {
                "now": iso(exchange.now),
                "account": self._config.account,
                "cash": str(account.cash),
                "reserved": str(exchange.book.reserved_cash()),
                "realized": str(account.realized),
                "holdings": [
                    holding_json(symbol, position) for symbol, position in account.positions.items()
                ],
                "orders": [order_json(order) for order in exchange.book.orders.values()],
                "reservations": [
                    reservation_json(reservation)
                    for reservation in self._reservations.kept.values()
                ],
                "fills": [fill_json(fill) for fill in exchange.fills],
            }
        )

    # -- faults -----------------------------------------------------------------------------

    async def _show_faults(self, _: web.Request) -> web.Response:
        return web.json_response({"faults": self._faults.described(), "names": NAMES})

    async def _add_fault(self, request: web.Request) -> web.Response:
        fault = self._faults.add(await json_of(request))
        return web.json_response(fault.described(), status=201)

    async def _clear_faults(self, _: web.Request) -> web.Response:
        self._faults.clear()
        return web.json_response({"faults": []})


def _instant(text: object, name: str) -> datetime:
    try:
        instant = datetime.fromisoformat(str(text))
    except ValueError:
        raise BadRequestError(f"'{name}' is no ISO time: {text!r}.") from None
    if instant.tzinfo is None:
        raise BadRequestError(f"'{name}' needs an offset, as 2026-10-07T09:30-04:00.")
    return instant
