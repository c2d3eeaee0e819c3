"""What the exchange tells its customer, late or never where a fault waits."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from kis.simulator.desks.protocol import SIDE_CODES, number_text
from kis.simulator.exchange import Exchange
from kis.simulator.faults import Faults
from kis.simulator.happenings import Happening, Traded

Listener = Callable[[Happening], None]
LATE_SECONDS = 60.0


class Notices:
    """Stands between the exchange and who listens for notices of orders."""

    def __init__(self, exchange: Exchange, faults: Faults) -> None:
        self._exchange = exchange
        self._faults = faults

    def stand_between(self) -> None:
        """Take the place of all who listen to the exchange so far."""
        listeners = self._exchange.listeners
        listeners[:] = [partial(self._tell, listener) for listener in listeners]

    def _tell(self, listener: Listener, happening: Happening) -> None:
        if isinstance(happening, Traded):
            listener(happening)
            return
        order = happening.order
        fields = {
            "PDNO": order.symbol,
            "ODNO": number_text(order.number),
            "SLL_BUY_DVSN_CD": SIDE_CODES[order.side],
            "kind": type(happening).__name__.lower(),
        }
        if self._faults.take("missing_notices", fields):
            return
        if fault := self._faults.take("late_notices", fields):
            late = timedelta(seconds=fault.seconds_or(LATE_SECONDS))
            self._exchange.later(self._exchange.now + late, partial(listener, happening))
            return
        listener(happening)
