"""What every event is, and in which order waiting ones are delivered."""

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar


class Priority(IntEnum):
    """The order in which waiting events are delivered; lower first."""

    ALARM = 0
    ORDER = 1
    NORMAL = 2
    QUOTE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    priority: ClassVar[Priority] = Priority.NORMAL
