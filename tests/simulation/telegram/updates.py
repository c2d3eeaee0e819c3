"""The queue of updates as Telegram keeps it: an offset confirms, and what is not taken grows old.

Update ids rise by one. An update is kept for a day; one that was not confirmed is handed out again.
"""

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

KEPT = timedelta(hours=24)
BATCH = 100
AGAIN = 3

Raw = dict[str, Any]


@dataclass(frozen=True, kw_only=True, slots=True)
class Waiting:
    at: datetime
    raw: Raw

    @property
    def update_id(self) -> int:
        return int(self.raw["update_id"])


class Updates:
    """Hand updates out in order until an offset above them confirms them."""

    def __init__(self, first: int) -> None:
        self._next = first
        self._waiting: deque[Waiting] = deque()
        self._confirmed: deque[Waiting] = deque(maxlen=AGAIN)

    def add(self, at: datetime, kind: str, body: Raw) -> int:
        """Queue an update of a kind; answer its id."""
        update_id = self._next
        self._next += 1
        self._waiting.append(Waiting(at=at, raw={"update_id": update_id, kind: body}))
        return update_id

    def confirm(self, offset: int | None) -> None:
        """Forget what lies below an offset."""
        while self._waiting and offset is not None and self._waiting[0].update_id < offset:
            self._confirmed.append(self._waiting.popleft())

    def forget_confirmation(self) -> bool:
        """Put the last confirmed updates back, as when a confirmation did not get through."""
        if not self._confirmed:
            return False
        self._waiting.extendleft(reversed(self._confirmed))
        self._confirmed.clear()
        return True

    def steal(self) -> int:
        """Confirm everything by somebody else's hand; answer how many updates are lost."""
        lost = len(self._waiting)
        self._waiting.clear()
        return lost

    def ready(self, now: datetime) -> list[Raw]:
        """Give the updates that wait, the oldest first, without those that are too old."""
        while self._waiting and now - self._waiting[0].at > KEPT:
            self._waiting.popleft()
        return [waiting.raw for waiting in list(self._waiting)[:BATCH]]

    def __len__(self) -> int:
        return len(self._waiting)
