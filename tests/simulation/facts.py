"""What truly happened, as the judge reads it: frozen values, in the world's own order.

`at` is true time (aware UTC), `session` a New York session date, prices USD. `process` counts the
program's incarnations from 1. `slot` is the key of the order that the program's journal calls
"sent" at that instant: the broker never sees it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    at: datetime


# -- the program ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Started(Fact):
    """A process began; `ready` facts follow when it has recovered."""

    process: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Ready(Fact):
    process: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Died(Fact):
    """A process ended: killed at a numbered I/O point, or by itself (`why`)."""

    process: int
    point: int
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalWritten(Fact):
    """A transaction became durable: the journal's lines up to `seq` are in the file from here on.

    Noted at the commit itself, by true time: the lines' own `at` is what the program's clock said.
    """

    process: int
    seq: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Slept(Fact):
    """The whole machine stood still from `since` until now; the program lived and did nothing."""

    process: int
    since: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Stuck(Fact):
    """The program cannot go on: no timer and nothing on its way, or it spins and time stands."""

    process: int
    why: str


# -- orders --------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderPosted(Fact):
    """The first byte of an order left the process; `sent` are the slots its file called sent."""

    process: int
    request: int
    sent: tuple[str, ...]
    symbol: str
    side: str
    kind: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderAccepted(Fact):
    """The broker took an order; `request` is None for one by the owner's hand or another bot."""

    request: int | None
    session: date
    number: str
    symbol: str
    side: str
    kind: str
    quantity: int
    price: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderRefused(Fact):
    request: int
    code: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderFilled(Fact):
    """One execution: shares and their price; `by_hand` for orders that are not the program's."""

    session: date
    number: str
    symbol: str
    side: str
    quantity: int
    price: Decimal
    by_hand: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class OrderEnded(Fact):
    """`how` is filled, cancelled, expired or rejected."""

    session: date
    number: str
    how: str


@dataclass(frozen=True, kw_only=True, slots=True)
class EndShownShort(Fact):
    """KIS's lists call an order dead while they lack its last fills; `until` when they show all."""

    session: date
    number: str
    until: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SharesMoved(Fact):
    """The account's shares changed without an order: a split (ratio new:old)."""

    symbol: str
    before: int
    after: int


# -- the chat ------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageShown(Fact):
    """The owner's phone shows a message, new or edited; `buttons` are (text, data).

    `text` is the caption where `file` names a picture or a document.
    """

    process: int
    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...]
    edited: bool
    file: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class MessageElsewhere(Fact):
    """The bot wrote to a chat that is not the owner's: nobody else may ever hear of anything."""

    process: int
    chat_id: int
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OwnerDid(Fact):
    """Something by the owner (or a stranger): `what` says approve, stop, buy by hand, ..."""

    what: str
    detail: str


# -- the machine ---------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class FaultStruck(Fact):
    """A fault of the catalogue happened."""

    fault: str
    detail: str
