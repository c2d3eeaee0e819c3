"""What may be asked of the running program itself."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.commands.command import Command
from bot.timetable import Timetable
from bot.trading.model import RoundState


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """How the running bot is at an instant; None where it is not known here.

    `wrong` are the pulse's codes. `websocket` is its last word of itself. `disk_used` is percent,
    `memory` and `state` bytes; `ahead` is how far the broker's clock is before ours. `dead` letters
    reached nobody, and `dead_why` says why the latest did not. `backed_up_ago` is how old the
    latest daily backup is.
    """

    at: datetime
    up_for: timedelta
    wrong: tuple[str, ...] = ()
    token_left: timedelta | None = None
    websocket: str = ""
    traded_ago: timedelta | None = None
    open_orders: int = 0
    unknown_orders: int = 0
    letters: int = 0
    dead: int = 0
    dead_why: str = ""
    state: int = 0
    disk_used: int = 0
    memory: int | None = None
    backed_up_ago: timedelta | None = None
    ahead: timedelta | None = None
    last_round: tuple[date, str, RoundState] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file to be sent: its name and what is in it."""

    name: str
    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class AskCondition(Command[Condition]):
    """Say how the bot is; neither KIS nor Telegram is asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskProgram(Command[dict[str, str]]):
    """Name what runs here: versions of the program and of what it stands on."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AskNewer(Command[str]):
    """Name the release that is newer than this one; "" for none, and where nobody is to be asked.

    Asks MUHAN_UPDATE_URL. Raises UpdateUnknown.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class AskSessions(Command[tuple[Timetable, ...]]):
    """Give the hours of the next sessions, the one that is on first; fewer where they end."""

    count: int


@dataclass(frozen=True, kw_only=True, slots=True)
class CanEncrypt(Command[bool]):
    """Say whether a passphrase for backups is set."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeBackup(Command[Attachment]):
    """Copy the state, without keys, while it is in use; encrypted unless `plain` is asked for.

    Raises BackupRefused (no passphrase among the reasons), DatabaseError.
    """

    plain: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeLog(Command[Attachment]):
    """Give the last lines of the program's log, masked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MakeDiagnosis(Command[Attachment]):
    """Bundle what helps whoever is to help, without secrets."""
