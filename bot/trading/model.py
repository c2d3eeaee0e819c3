"""The values that the journal, the views and the chat share about rounds and orders.

A round is one cycle's evening for one New York session; a slot is one order of a round, the key
under which it may be sent once. Money is USD; instants are aware.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from strategy.model import Leg, OrderType, Side


class Approval(StrEnum):
    """Who lets a round go out: nobody (told only), the owner's tap, or the agreement itself."""

    ALERT = "alert"
    CONFIRM = "confirm"
    AUTO = "auto"


class Unattended(StrEnum):
    """What goes out of a round that waits for a tap and gets none (settled.md, "The day")."""

    NOTHING = "nothing"
    SELLS = "sells"
    ALL = "all"


class Afterwards(StrEnum):
    """What becomes of a run once it holds nothing: the next cycle, a rest, or the end."""

    GO_ON = "go_on"
    REST = "rest"
    END = "end"


class RoundState(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"
    SUBMITTING = "submitting"
    WORKING = "working"
    SETTLED = "settled"
    SKIPPED = "skipped"
    LAPSED = "lapsed"
    MISSED = "missed"


GOING_OUT = (RoundState.APPROVED, RoundState.SUBMITTING, RoundState.WORKING)
SKIPPED = "skipped"
"""The reason of an order that did not go out because the owner called its round back."""
CALLED_OFF = "called_off"
"""The reason of one that the owner cancelled by itself before it went out."""
REPLANNED = "replanned"
"""The reason of one that was agreed and not sent before its round was planned anew."""

OWN_DOING = frozenset({SKIPPED, CALLED_OFF, REPLANNED})
"""Reasons that are the owner's own word: nobody has to be told of them again."""

UNSETTLED = (RoundState.PROPOSED, *GOING_OUT)
"""A cycle with a round in one of these lacks a session's fills."""


class OrderState(StrEnum):
    """The states of a slot; which may follow which stands in `trading.life.TRANSITIONS`."""

    PLANNED = "planned"
    WITHHELD = "withheld"
    SENT = "sent"
    UNKNOWN = "unknown"
    OPEN = "open"
    PARTIAL = "partial"
    FILLED = "filled"
    CLOSED_PARTIAL = "closed_partial"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    REJECTED_LATE = "rejected_late"
    ABSENT = "absent"
    AMBIGUOUS = "ambiguous"
    UNKNOWN_TOLD = "unknown_told"


@dataclass(frozen=True, kw_only=True, slots=True)
class Slot:
    """One order of a round as it was approved: what may be sent, once, under this key."""

    key: str
    round_id: str
    index: int
    attempt: int
    symbol: str
    side: Side
    type: OrderType
    price: Decimal | None
    quantity: int
    leg: Leg


@dataclass(frozen=True, kw_only=True, slots=True)
class Emulated:
    """How a LOC or MOC went to a venue that takes neither: as a limit order near the close.

    `price` is that limit, `bid` and `ask` what the market showed then (USD); where the venue shows
    no book (`traded`) both are the last trade's price.
    """

    price: Decimal
    bid: Decimal
    ask: Decimal
    traded: bool


def as_sent(slot: Slot, emulated: Emulated | None) -> Slot:
    """Give a slot with the type and the price that the broker has seen of it."""
    if emulated is None:
        return slot
    return replace(slot, type=OrderType.LIMIT, price=emulated.price)


@dataclass(frozen=True, kw_only=True, slots=True)
class RestingOrder:
    """An order at the broker that no slot of ours placed: by hand, or a reservation (예약주문).

    `quantity` is what is still open (shares), `price` USD, 0 where it has none.
    """

    number: str
    symbol: str
    side: Side
    quantity: int
    price: Decimal
    reservation: bool


class Fate(StrEnum):
    """What the owner said of shares or USD that moved without the bot: whose they are."""

    CYCLE = "cycle"
    SEED = "seed"
    DIVIDEND = "dividend"
    ASIDE = "aside"
    LEFT = "left"


@dataclass(frozen=True, kw_only=True, slots=True)
class Actor:
    """Who caused an action: "owner" in the chat or "dashboard", with his id; or a part of ours."""

    kind: str
    user_id: int | None = None

    @property
    def answered(self) -> int | None:
        """Whose chat has the answer already; None for whoever asked from elsewhere."""
        return self.user_id if self.kind == "owner" else None


SCHEDULE = Actor(kind="schedule")
STARTUP = Actor(kind="startup")
CONSOLE = Actor(kind="console")


def round_id(cycle_id: int, session: date) -> str:
    return f"{session.isoformat()}.{cycle_id}"


def slot_key(round_id_: str, index: int, attempt: int) -> str:
    return f"{round_id_}.{index}.{attempt}"
