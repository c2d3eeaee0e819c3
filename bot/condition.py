"""How the running bot is: its lines to KIS and to the chat, its file, its machine."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.storage.views import RoundView


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """What was found at an instant. None where it is not known here.

    `wrong` are the pulse's codes. `disk_used` is percent, `memory` and `state` bytes; `ahead` is
    how far the broker's clock is before ours; `dead` letters reached nobody, `dead_why` says why
    the latest did not.
    """

    at: datetime
    up_for: timedelta
    wrong: tuple[str, ...]
    token_left: timedelta | None
    websocket: str
    traded_ago: timedelta | None
    open_orders: int
    unknown_orders: int
    letters: int
    dead: int
    dead_why: str
    state: int
    disk_used: int
    memory: int | None
    ahead: timedelta | None
    last_round: RoundView | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Attachment:
    """A file to be sent: its name and what is in it."""

    name: str
    data: bytes
