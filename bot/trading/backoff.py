"""How soon to ask again after a silence: at once at first, then ever more rarely."""

from collections import Counter
from datetime import datetime, timedelta


class Backoff:
    """Count what failed in a row, by name: each wait is twice the last, up to the longest.

    A broker that is silent all night is not asked every minute of it.
    """

    def __init__(self, first: timedelta) -> None:
        self._first = first
        self._failed: Counter[str] = Counter()
        self._waits: dict[str, tuple[datetime, datetime]] = {}

    def after(self, name: str, now: datetime, *, longest: timedelta) -> datetime:
        """Note one more failure; answer when to ask again."""
        self._failed[name] += 1
        wait = self._first
        for _ in range(self._failed[name] - 2):
            if wait >= longest:
                break
            wait *= 2
        self._waits[name] = (now, now + min(wait, longest))
        return self._waits[name][1]

    def until(self, name: str, now: datetime) -> datetime | None:
        """Say until when not to ask; None when it may be asked now.

        A clock that went back since the failure makes no wait longer.
        """
        since, until = self._waits.get(name, (now, now))
        return until if since <= now < until else None

    def forget(self, name: str) -> None:
        """Note that it went well."""
        del self._failed[name]
        self._waits.pop(name, None)
