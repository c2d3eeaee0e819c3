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
    """A key, until when it opens, and how many browsers are logged in with the person's keys."""

    key: str = field(repr=False)
    valid_until: datetime
    sessions: int


@dataclass(frozen=True, kw_only=True, slots=True)
class ClosePanel(Command[int]):
    """End a person's sessions at the dashboard and his key; answers how many sessions there were.

    Raises `Refusal` for a button that was used.
    """

    user_id: int
    tap: str | None = None
