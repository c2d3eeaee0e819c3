"""What every command is."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Answer_co = TypeVar("Answer_co", covariant=True)


@dataclass(frozen=True, kw_only=True, slots=True)
class Command(Generic[Answer_co]):
    """A request whose answer is of the type in brackets."""
