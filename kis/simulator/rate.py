"""Calls per second, by the wall: a sliding window for each of the real and the mock host."""

from collections import deque
from collections.abc import Callable

WINDOW_SECONDS = 1.0


class Rate:
    """Counts the calls of the last second; `clock` gives monotonic wall seconds."""

    def __init__(self, calls_per_second: int, clock: Callable[[], float]) -> None:
        self.calls_per_second = calls_per_second
        self._clock = clock
        self._calls: deque[float] = deque()

    def take(self) -> bool:
        """Count one call; answers whether it is still within the limit."""
        now = self._clock()
        while self._calls and now - self._calls[0] >= WINDOW_SECONDS:
            self._calls.popleft()
        if len(self._calls) >= self.calls_per_second:
            return False
        self._calls.append(now)
        return True
