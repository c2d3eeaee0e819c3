"""What may be asked about the way to the dashboard."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.commands.command import Command


@dataclass(frozen=True, kw_only=True, slots=True)
class OfferPanel(Command["PanelKey"]):
    """Make somebody's one-time key to the dashboard; the one before is dead then."""

    user_id: int


@dataclass(frozen=True, kw_only=True, slots=True)
class PanelKey:
    """A link that logs in once, until when, and how many browsers the person is logged in with.

    `here`: its address is one that only this machine can open.
    """

    link: str = field(repr=False)
    here: bool
    valid_until: datetime
    sessions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosePanel(Command[int]):
    """End a person's sessions at the dashboard and his key; answers how many sessions there were.

    Raises `Refusal` for a button that was used.
    """

    user_id: int
    tap: str | None = None
