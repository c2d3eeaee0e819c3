"""How soon to ask again after a silence: at once at first, then ever more rarely."""

from collections import Counter
from datetime import timedelta


class Backoff:
    """Count what failed in a row, by name: each wait is twice the last, up to the longest.

    A broker that is silent all night is not asked every minute of it.
    """

    def __init__(self, first: timedelta) -> None:
        self._first = first
        self._failed: Counter[str] = Counter()

    def after(self, name: str, *, longest: timedelta) -> timedelta:
        """Note one more failure; answer how long to wait."""
        self._failed[name] += 1
        wait = self._first
        for _ in range(self._failed[name] - 2):
            if wait >= longest:
                break
            wait *= 2
        return min(wait, longest)

    def forget(self, name: str) -> None:
        """Note that it went well."""
        del self._failed[name]
