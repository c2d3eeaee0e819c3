"""What happened to the running bot: pauses, holds, the broker, the watching."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import ClassVar

from bot.events.event import Event, Priority
from bot.trading.model import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class TradingPaused(Event):
    """New buys wait until /resume; `everything` when sells wait too."""

    everything: bool
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class TradingResumed(Event):
    """Rounds go out again."""

    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class TradingStopped(Event):
    """Nothing is bought or sold from here on; `cancel` when our open orders were cancelled too."""

    priority: ClassVar[Priority] = Priority.ALARM
    cancel: bool
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerTroubled(Event):
    """The broker cannot be asked; told once, and again when it is back."""

    priority: ClassVar[Priority] = Priority.ALARM
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BrokerReturned(Event):
    """The broker answers again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RehearsalTroubled(Event):
    """The rehearsal room ended, or KIS's live prices do not come; told once until it is over."""

    priority: ClassVar[Priority] = Priority.ALARM
    reason: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RehearsalReturned(Event):
    """The rehearsal room is open and live prices come again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UsdShort(Event):
    """The account's USD do not last for a session's buys; told once a session.

    `needed` and `orderable` are USD, `orderable` None where the broker's refusal told of it.
    `dropped`: the orders named were left out; else they are tried all the same.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    session: date
    needed: Decimal
    orderable: Decimal | None
    slots: tuple[str, ...]
    dropped: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class OrdersHeld(Event):
    """No order of the account goes out for now: `why` is a code, `detail` its figures."""

    priority: ClassVar[Priority] = Priority.ALARM
    why: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class WebhookFound(Event):
    """Somebody set a webhook on our bot, to `host`: whoever did it has the bot's token."""

    priority: ClassVar[Priority] = Priority.ALARM
    host: str


@dataclass(frozen=True, kw_only=True, slots=True)
class OrdersFreed(Event):
    """What held the account's orders back is over."""

    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class CalendarEnding(Event):
    """The session calendar knows only so many more days; with 0 it has ended and nothing goes out.

    `last_day` is the last that it knows.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    last_day: date
    days: int


@dataclass(frozen=True, kw_only=True, slots=True)
class BackupFailed(Event):
    """The daily backup of a day in Seoul was not made; told once that day, and it stops nothing.

    `why` is place (nothing can be written there), state (it cannot be copied) or proof (what was
    made could not be restored); `detail` is the machine's word for it.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    day: date
    why: str
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class LawBroken(Event):
    """Something that cannot be is there: trading is stopped rather than gone on with.

    `law` is a code of `bot.watching`, `subject` what it was found on, `detail` its figures.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    law: str
    subject: str
    detail: str


@dataclass(frozen=True, kw_only=True, slots=True)
class BotStarted(Event):
    """Start-up recovery is done and the order gate is open.

    `venue` is where this state file's orders go, "" in a journal from before it was noted. `again`:
    it is one of several starts in a row, of which the owner is told once.
    """

    version: str
    unresolved: int
    venue: str = ""
    again: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class QuoteSeen(Event):
    """The market traded at a price; conflated per symbol, may be dropped."""

    priority: ClassVar[Priority] = Priority.QUOTE
    symbol: str
    price: Decimal
    at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SubscriberFailed(Event):
    """A subscriber raised while it was handed an event; the log has the rest."""

    subscriber: str
    event_type: str
    error: str
