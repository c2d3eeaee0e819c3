"""What a person has chosen: how each class sounds, when it is quiet, when the morning begins.

All times are wall times in Seoul. What is not chosen, or cannot be read, is the default.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from bot.clock import SEOUL
from bot.storage.people import People
from bot.telegram.classes import DEFAULT_WAYS, AlertClass, Way

QUIET = "quiet"
DIGEST = "digest"
NEVER = "never"

Span = tuple[time, time]
DEFAULT_QUIET: Span = (time(0, 0), time(7, 0))
DEFAULT_DIGEST = time(7, 30)


class Sound(StrEnum):
    """How a message reaches a chat: it rings, it comes without a sound, or the morning names it."""

    RING = "ring"
    SILENT = "silent"
    HELD = "held"


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """One person's choices; `quiet` None means that it rings at any hour."""

    ways: Mapping[AlertClass, Way] = field(default_factory=lambda: dict(DEFAULT_WAYS))
    quiet: Span | None = DEFAULT_QUIET
    digest: time = DEFAULT_DIGEST

    def is_quiet(self, at: datetime) -> bool:
        """Tell whether an aware instant lies in the quiet hours, which may go over midnight."""
        if self.quiet is None:
            return False
        start, end = self.quiet
        now = at.astimezone(SEOUL).time()
        return start <= now < end if start <= end else now >= start or now < end

    def sound(self, alert: AlertClass, at: datetime, *, asks: bool = False) -> Sound:
        """Say how a message of a class comes at an aware instant.

        The urgent always rings. What asks something (`asks`) comes whatever is switched off: a
        question that nobody sees would be answered by the clock.
        """
        if alert is AlertClass.URGENT:
            return Sound.RING
        way = self.ways.get(alert, DEFAULT_WAYS[alert])
        if way is Way.OFF:
            return Sound.SILENT if asks else Sound.HELD
        return Sound.RING if way is Way.RING and not self.is_quiet(at) else Sound.SILENT

    def morning_after(self, at: datetime) -> datetime:
        """Say when the first digest after an aware instant is due (UTC)."""
        local = at.astimezone(SEOUL)
        due = datetime.combine(local.date(), self.digest, SEOUL)
        return (due if due > local else due + timedelta(days=1)).astimezone(UTC)


def preferences_of(people: People, user_id: int) -> Preferences:
    """Read a person's choices."""
    chosen = {alert: people.setting(user_id, way_name(alert)) for alert in AlertClass}
    ways = {
        alert: Way(word) if word in set(Way) and alert is not AlertClass.URGENT else default
        for alert, default in DEFAULT_WAYS.items()
        for word in [chosen[alert]]
    }
    return Preferences(
        ways=ways,
        quiet=_span(people.setting(user_id, QUIET)),
        digest=_time(people.setting(user_id, DIGEST)) or DEFAULT_DIGEST,
    )


def way_name(alert: AlertClass) -> str:
    """Name the setting that holds how a class sounds."""
    return f"alert.{alert.value}"


def span_text(span: Span | None) -> str:
    """Write quiet hours as they are kept: 00:00-07:00, or never."""
    return NEVER if span is None else f"{span[0]:%H:%M}-{span[1]:%H:%M}"


def _span(text: str | None) -> Span | None:
    if text == NEVER:
        return None
    start, _, end = (text or "").partition("-")
    begins, ends = _time(start), _time(end)
    return DEFAULT_QUIET if begins is None or ends is None else (begins, ends)


def _time(text: str | None) -> time | None:
    try:
        return time.fromisoformat(text or "")
    except ValueError:
        return None
