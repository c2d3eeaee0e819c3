"""Plain text and what marks it, measured as Telegram measures."""

from dataclasses import dataclass
from typing import Any

Entity = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Formatted:
    """Plain text and what marks it."""

    text: str
    entities: tuple[Entity, ...] = ()


def units(text: str) -> int:
    """Count UTF-16 units, the measure of Telegram's offsets and of its 4096."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
