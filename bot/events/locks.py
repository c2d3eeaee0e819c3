"""What happened to what guards the account: modes, the emergency stop, codes, consent, people."""

from dataclasses import dataclass
from typing import ClassVar

from bot.events.event import Event, Priority
from bot.trading.model import Actor, Approval


@dataclass(frozen=True, kw_only=True, slots=True)
class TradingKilled(Event):
    """Nothing goes out until it is unlocked; `cancel` when our open orders were cancelled too."""

    priority: ClassVar[Priority] = Priority.ALARM
    cancel: bool
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class TradingUnlocked(Event):
    """The emergency stop was lifted: trading is stopped, and may be resumed.

    `step` is the half minute of the code that did it, None without one.
    """

    priority: ClassVar[Priority] = Priority.ALARM
    by: Actor
    step: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CodeRefused(Event):
    """Somebody in the chat gave a wrong code of the authenticator app."""

    priority: ClassVar[Priority] = Priority.ALARM
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class ApprovalSet(Event):
    """Who lets a cycle's rounds go out was changed; downwards it counts for a proposed round too.

    `step` is the half minute of the code that allowed it, None without one.
    """

    cycle_id: int
    symbol: str
    before: Approval
    after: Approval
    by: Actor
    step: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ConsentGiven(Event):
    """The owner has read what may happen to his money, and agreed to it.

    `edition` is that of the text that was read, `method` the version it was about.
    """

    edition: str
    method: str
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonJoined(Event):
    """Somebody sent a live pairing code and is let in, as what the code was made for."""

    priority: ClassVar[Priority] = Priority.ALARM
    user_id: int
    role: str
    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonRevoked(Event):
    """Somebody is let in no more."""

    user_id: int
    by: Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class PanelOpened(Event):
    """Somebody logged in at the dashboard, by a link that was made for him."""

    user_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PanelLocked(Event):
    """Wrong links to the dashboard came, too many within a minute: none is taken for a while."""

    priority: ClassVar[Priority] = Priority.ALARM
