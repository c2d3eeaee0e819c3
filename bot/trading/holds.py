"""Why no order may go out at all, whatever the rounds say: named reasons that come and go.

They live in memory: whoever put one up finds its reason again after a restart. An order that waits
for one stays planned; nothing is given up before the deadline.
"""

from collections.abc import Callable
from enum import StrEnum


class Hold(StrEnum):
    """What holds every order of the account back."""

    DISK = "disk"
    CLOCK = "clock"
    RESTARTS = "restarts"
    CHAT = "chat"
    TOKEN = "token"  # noqa: S105 - a reason's name, not a secret
    LAW = "law"


class Holds:
    """The reasons that stand now, each with figures or words of its own."""

    def __init__(self) -> None:
        self._standing: dict[Hold, str] = {}
        self._probes: dict[Hold, Callable[[], str | None]] = {}

    def put(self, hold: Hold, detail: str = "") -> bool:
        """Hold orders back; answer whether this reason is new."""
        new = hold not in self._standing
        self._standing[hold] = detail
        return new

    def lift(self, hold: Hold) -> bool:
        """Take a reason away; answer whether it stood."""
        return self._standing.pop(hold, None) is not None

    def probe(self, hold: Hold, look: Callable[[], str | None]) -> None:
        """Have `look` asked anew each time: it answers the detail of a reason, None for none."""
        self._probes[hold] = look

    @property
    def reasons(self) -> tuple[str, ...]:
        """The codes of what stands, each with its detail behind it."""
        found = dict(self._standing)
        for hold, look in self._probes.items():
            detail = look()
            if detail is not None:
                found[hold] = detail
        return tuple(f"{hold.value} {detail}".strip() for hold, detail in found.items())

    def __bool__(self) -> bool:
        return bool(self._standing) or any(look() is not None for look in self._probes.values())
