"""What happened to an order, from its slot to its end."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from bot.events.event import Event, Priority
from bot.trading.model import Actor, Emulated, OrderState, Slot


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderWithheld(Event):
    """An order was not sent, for the reasons named (a stop, a cap, a price out of band, time)."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderSent(Event):
    """An order is about to be sent: durable before its first byte leaves.

    `baseline` holds the order numbers that the broker listed just before; `emulated` says how a
    LOC or MOC goes where neither is taken.
    """

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    tries: int
    baseline: tuple[str, ...]
    emulated: Emulated | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderNotSent(Event):
    """No byte of an order reached the broker (no connection): the slot is planned again."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    reason: str
    retry_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderDeferred(Event):
    """The gateway or the hour refused an order before the order system: it may go again later."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    code: str
    message: str
    retry_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderAccepted(Event):
    """The broker gave an order its number; `adopted` when found in a listing without an answer.

    `given_up`: the state in which it was told to the owner before.
    """

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    order_number: str
    adopted: bool = False
    given_up: OrderState | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRefused(Event):
    """The broker refused an order for good, in its own words; `lacks` is "usd", "shares" or ""."""

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    code: str
    message: str
    lacks: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderUnknown(Event):
    """No clear answer came: the order may or may not stand. It is not sent again."""

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderAbsent(Event):
    """After the quiet period two complete listings did not show an unknown order."""

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    may_resend: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderAmbiguous(Event):
    """Several orders at the broker may be an unknown one of ours; a person must say which.

    `ordered_at` stands beside `candidates`: when each was taken in, where the broker tells.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    candidates: tuple[str, ...]
    ordered_at: tuple[datetime | None, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRecognised(Event):
    """The owner said which of the candidates is the bot's order, or (None) that none of them is.

    The `others` are nobody's any more: they are never asked about again.
    """

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    order_number: str | None
    others: tuple[str, ...]
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderLeftUnknown(Event):
    """The cut-off is near or past, and nobody knows whether an order stands; it is not sent again.

    `why`: not_seen (complete listings do not show it), no_verdict (they did not come in time),
    ambiguous (nobody said which of the candidates it is until the settlement).
    """

    priority: ClassVar[Priority] = Priority.ALARM
    slot: str
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderReleased(Event):
    """What held an order back is over while its time is not: it may go out after all."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ResendDeclined(Event):
    """The owner does not want an absent order to be sent again."""

    slot: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderResent(Event):
    """The owner asked for an absent order to be sent as a new slot."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: Slot
    previous: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class FillBooked(Event):
    """An order's fills so far: total shares and their mean price (USD). Totals only grow."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderClosed(Event):
    """An order's life ended in one of the final states."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    state: OrderState
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class LateFillSeen(Event):
    """The broker showed more of a round after later orders were planned: the ledger lacks it.

    `bought` and `sold` are the shares that it lacks.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    round_id: str
    cycle_id: int
    session: date
    bought: int
    sold: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelAsked(Event):
    """A cancellation of an open order is about to be sent."""

    priority: ClassVar[Priority] = Priority.ORDER
    slot: str
    by: Actor
