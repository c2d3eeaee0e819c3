"""What live mode is told: how time is followed, trades as they were seen, results to come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from kis.simulator.model import Order, Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveRules:
    """How wall time is followed, and when what is seen counts no more.

    `wall` gives aware instants and `sleep` waits in their seconds. Time is looked at every `step`;
    a step longer than `jump` is a machine that slept. A trade older than `stale`, or so far in the
    future, is dropped; trades from before the close are waited for `late` after it, longer than a
    dead connection stays unnoticed. After a start or a jump the official close has `grace` to come
    in, even when its hour has passed.
    """

    wall: Callable[[], datetime]
    step: timedelta = timedelta(seconds=1)
    jump: timedelta = timedelta(seconds=30)
    stale: timedelta = timedelta(seconds=60)
    late: timedelta = timedelta(minutes=2)
    grace: timedelta = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """One trade at KIS: USD, shares, and the hours that KIS says it belongs to, if it does."""

    symbol: str
    at: datetime
    price: Decimal
    volume: int
    hours: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisional:
    """What a LOC or MOC order looks like between the close and the official close."""

    order: Order
    close: Decimal | None
    quantity: int
