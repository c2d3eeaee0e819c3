"""The ways to KIS and back: what is lost, late or broken on them, and when nobody is there at all.

A request belongs to the world from the moment it is carried: it lands even when its sender is dead.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Literal

from kis.transport import Broken, Outcome, Reply, Unreached
from kis.wire import codes
from tests.simulation.facts import OrderRefused
from tests.simulation.faults import Fault
from tests.simulation.kis import words
from tests.simulation.kis.mishaps import Mishaps
from tests.simulation.kis.request import Request
from tests.simulation.world import World

Answer = Callable[[Outcome], None]
Kill = Callable[[int, str], None]
Outage = Literal["refused", "maintenance"]

STORM = timedelta(seconds=61)
SPELL, EASES = timedelta(seconds=240), timedelta(seconds=150)
"""How long the gateway may turn orders away: longer than the program tries it again; at the end of
a spell it lets through more of what it refuses."""
SPELLS, LET_THROUGH, SELDOM_THROUGH = 0.7, 0.6, 0.12
STRAGGLES, SELDOM = 0.8, 0.45
_ORDERS = frozenset({codes.ORDER, codes.CANCEL})
_NO_ANSWER = Broken(reason="no answer in time")
_RESET = Broken(reason="the connection broke (ServerDisconnectedError)")
_FATES = (
    Fault.ORDER_LATE_AND_KILLED,
    Fault.ORDER_LOST,
    Fault.ORDER_LATE,
    Fault.ANSWER_LOST,
    Fault.ERROR_BEFORE_ACCEPTANCE,
    Fault.ERROR_AFTER_ACCEPTANCE,
    Fault.RATE_ON_ORDER,
)


class Ways:
    """Carries requests to `serve`; `kill` ends the process of a number, where somebody can.

    `sent` hears of every order, `lost` of those that never arrive, `landed` of those that did and
    nobody said so. `congest` has the listing of the next order lag.
    """

    def __init__(
        self, world: World, mishaps: Mishaps, serve: Callable[[Request], tuple[Reply, float]]
    ) -> None:
        self._world = world
        self._mishaps = mishaps
        self._serve = serve
        self.kill: Kill | None = None
        self.sent: Callable[[Request], None] = lambda _: None
        self.lost: Callable[[Request], None] = lambda _: None
        self.landed: Callable[[Request, Fault], None] = lambda _, __: None
        self.congest: Callable[[], None] = lambda: None
        self._down_until: datetime | None = None
        self._outage: Outage = "refused"
        self._storm_until: datetime | None = None
        self._outage_ahead: timedelta | None = None
        self._storm_ahead = False
        self._rate_until: datetime | None = None

    def carry(self, request: Request, answer: Answer) -> None:
        """Take a request on its way; `answer` is called once at most."""
        self._begin_what_is_ahead()
        if request.path == codes.ORDER:
            self.sent(request)
        if self._is_down():
            self._nobody_there(answer)
            return
        fate = self._fate(request)
        if fate is None:
            self._go(request, answer)
        elif fate in {Fault.ORDER_LOST, Fault.ORDER_LATE, Fault.ORDER_LATE_AND_KILLED}:
            self._time_out(request, answer, fate)
        else:
            self._spoil(request, answer, fate)

    def go_down(self, length: timedelta, how: Outage) -> None:
        """Have nobody answer for so long, from the next request on."""
        self._outage, self._outage_ahead = how, length

    def storm(self) -> None:
        """Have every call refused for being too many, from the next on, as KIS was seen to."""
        self._storm_ahead = True

    # -- the ways --------------------------------------------------------------------------------

    def _go(self, request: Request, answer: Answer) -> None:
        def land() -> None:
            if self._is_down():
                answer(_RESET)
                return
            reply, extra = self._arrive(request)
            self._world.later(self._leg() + extra, lambda: answer(reply))

        self._world.later(self._leg(), land)

    def _time_out(self, request: Request, answer: Answer, fate: Fault) -> None:
        """Leave the sender without an answer; the order may come yet, after it gave up."""
        self._struck(fate, request)
        chance = self._world.chance("kis.fates")
        if fate is Fault.ORDER_LATE and self._straggles(request, STRAGGLES):
            self._world.later(chance.uniform(0.2, request.timeout), lambda: answer(_RESET))
            return
        self._world.later(request.timeout, lambda: answer(_NO_ANSWER))
        if fate is Fault.ORDER_LOST:
            if request.path == codes.ORDER:
                self.lost(request)
        elif fate is Fault.ORDER_LATE:
            self._land_later(request, request.timeout + chance.uniform(5.0, 25.0), fate)
        elif fate is Fault.ORDER_LATE_AND_KILLED:
            self._land_later(request, chance.uniform(20.0, 100.0), fate)
            kill, process = self.kill, request.process
            if kill is not None:
                why = f"{fate.value} {request.id}"
                self._world.later(chance.uniform(0.2, 14.0), lambda: kill(process, why))

    def _spoil(self, request: Request, answer: Answer, fate: Fault) -> None:
        """Let the order land, or not, and the answer be none."""
        chance = self._world.chance("kis.fates")
        waits = chance.random() < 0.5

        def land() -> None:
            self._struck(fate, request)
            now = self._world.now
            reply: Outcome = words.plain(now, None, status=500)
            wait = self._leg()
            if fate is Fault.RATE_ON_ORDER:
                reply = self._over_the_rate(request)
            elif fate is Fault.ERROR_BEFORE_ACCEPTANCE:
                self._straggles(request, SELDOM)
            else:
                self._arrive(request)
                self.landed(request, fate)
            if fate is Fault.ANSWER_LOST:
                reply = _NO_ANSWER if waits else _RESET
                wait = request.timeout - leg if waits else wait
            self._world.later(wait, lambda: answer(reply))

        leg = self._leg()
        self._world.later(leg, land)

    def _over_the_rate(self, request: Request) -> Outcome:
        """Refuse an order at the gateway, which at times lets it through all the same.

        One refusal of several begins a spell in which every order meets it.
        """
        chance, now = self._world.chance("kis.rate"), self._world.now
        spell = self._rate_until is not None and now < self._rate_until
        eases = spell and self._rate_until is not None and self._rate_until - now < EASES
        if chance.random() < (LET_THROUGH if eases else SELDOM_THROUGH):
            self._arrive(request)
            self.landed(request, Fault.RATE_ON_ORDER)
        else:
            self._world.note(OrderRefused(at=now, request=request.id, code=words.RATE[0]))
        if not spell:
            self._rate_until = now + SPELL if chance.random() < SPELLS else None
        return words.refused(now, words.RATE, rt_cd="1", status=500)

    def _straggles(self, request: Request, likely: float) -> bool:
        """Throw for an order that stays on the way until it is given up, whatever was answered.

        It lands a breath before the ten minutes are over in which it is looked for, and the lists
        lag: only so is an order that will stand called absent.
        """
        chance = self._world.chance("kis.stragglers")
        if not self._mishaps.on(Fault.LISTING_LAGS) or chance.random() > likely:
            return False
        lands = chance.uniform(594.0, 598.5)
        self._world.later(lands, self.congest)
        self._land_later(request, lands, Fault.LISTING_LAGS)
        return True

    def _land_later(self, request: Request, after: float, fate: Fault) -> None:
        def land() -> None:
            if not self._is_down():
                self._arrive(request)
                self.landed(request, fate)

        self._world.later(after, land)

    def _arrive(self, request: Request) -> tuple[Reply, float]:
        if self._storm_until is not None and self._world.now < self._storm_until:
            if request.path in _ORDERS:
                self._world.note(
                    OrderRefused(at=self._world.now, request=request.id, code=words.RATE[0])
                )
            return words.refused(self._world.now, words.RATE, rt_cd="1", status=500), 0.0
        return self._serve(request)

    def _begin_what_is_ahead(self) -> None:
        """Begin a spell with the request that meets it."""
        if self._outage_ahead is not None:
            self._down_until = self._world.now + self._outage_ahead
            self._mishaps.struck(Fault.BROKER_DOWN, f"{self._outage} for {self._outage_ahead}")
            self._outage_ahead = None
        if self._storm_ahead:
            self._storm_until, self._storm_ahead = self._world.now + STORM, False
            self._mishaps.struck(Fault.RATE_STORM, "begins")

    def _nobody_there(self, answer: Answer) -> None:
        outcome: Outcome = Unreached(reason="no connection (ClientConnectorError)")
        if self._outage == "maintenance":
            page = words.plain(self._world.now, None, status=503)
            outcome = Reply(status=503, headers=page.headers, body=None, page=True)
        self._world.later(self._leg(), lambda: answer(outcome))

    def _fate(self, request: Request) -> Fault | None:
        if request.path not in _ORDERS:
            return None
        for fault in _FATES:
            if fault is Fault.ORDER_LATE_AND_KILLED and self.kill is None:
                continue
            if self._mishaps.comes(fault):
                return fault
        if self._rate_until is not None and self._world.now < self._rate_until:
            return Fault.RATE_ON_ORDER
        return None

    def _is_down(self) -> bool:
        return self._down_until is not None and self._world.now < self._down_until

    def _leg(self) -> float:
        return self._world.chance("kis.way").uniform(0.05, 0.3)

    def _struck(self, fault: Fault, request: Request) -> None:
        self._mishaps.struck(fault, f"request {request.id}")
