"""What shall happen at an instant of market time that no timetable knows."""

import heapq
from collections.abc import Callable, Iterator
from datetime import datetime

Action = Callable[[], None]


class Appointments:
    """Actions by their instant; those of one instant in the order of asking."""

    def __init__(self) -> None:
        self._kept: list[tuple[datetime, int, Action]] = []
        self._asked = 0

    def add(self, at: datetime, action: Action) -> None:
        self._asked += 1
        heapq.heappush(self._kept, (at, self._asked, action))

    def due(self, until: datetime) -> Iterator[tuple[datetime, Action]]:
        """Give, and forget, what is due until an instant; with it what is added meanwhile."""
        while self._kept and self._kept[0][0] <= until:
            at, _, action = heapq.heappop(self._kept)
            yield at, action
