"""The dashboard's words: Korean and English stand side by side where they are said."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

KOREAN = "ko"
ENGLISH = "en"

Both = tuple[str, str]
"""The same in Korean and in English."""

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Words:
    """Say things in one person's language: "ko" or "en"."""

    language: str

    @property
    def korean(self) -> bool:
        """Tell whether Korean is spoken; whatever is not English is."""
        return self.language != ENGLISH

    def say(self, korean: str, english: str) -> str:
        """Say the one of two texts that the person reads."""
        return korean if self.korean else english

    def both(self, pair: Both) -> str:
        """Say the one of a pair that the person reads."""
        return self.say(*pair)

    def of(self, table: Mapping[Key, Both], key: Key) -> str:
        """Say what a table of pairs has for a key."""
        return self.both(table[key])
