"""What may be asked of the running bot."""

from dataclasses import dataclass
from datetime import datetime

from bot.commands.command import Command
from bot.trading.holds import Hold
from bot.trading.model import Actor


@dataclass(frozen=True, kw_only=True, slots=True)
class Pause(Command[None]):
    """Hold back buys (and sells, with `everything`) from now on."""

    everything: bool
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Resume(Command[None]):
    """Lift a pause, a stop or a mismatch's hold."""

    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Stop(Command["StopAnswer"]):
    """Let no buy or sell go out from now on; `cancel` also cancels our own open orders."""

    cancel: bool
    by: Actor
    tap: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class StopAnswer:
    """How many of our orders stood or may have, how many are seen cancelled, how many may be left.

    A fill that came before its cancel is in neither of the last two.
    """

    asked: int
    confirmed: int
    left: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class HoldOrders(Command[None]):
    """Let no new order go out because of the chat; asked again, nothing happens."""

    why: Hold
    detail: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class FreeOrders(Command[None]):
    """Take back what the chat held orders back for; nothing happens when it does not stand."""

    why: Hold


@dataclass(frozen=True, kw_only=True, slots=True)
class NoteWebhook(Command[None]):
    """Journal, and so tell, that somebody set a webhook on our bot; `host` is where it led."""

    host: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Wake:
    """When to look again, and why a simulated clock should stand still until then."""

    at: datetime
    hold: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RunDue(Command[Wake]):
    """Do whatever journal and clock say is due; answers when to ask again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BookFills(Command[None]):
    """Ask the broker for fills of the running session, because a notice hinted at one."""
