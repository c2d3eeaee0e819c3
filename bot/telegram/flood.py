"""Too many questions at once: told once, then not answered until it is quiet again.

What holds orders back, and every decision about money, is never counted nor turned away.
"""

from collections import defaultdict, deque
from datetime import datetime, timedelta
from enum import Enum

from bot.clock import Clock

MOST = 30
WITHIN = timedelta(seconds=10)


class Patience(Enum):
    """What to do with one more question: answer it, say that it is too much, or be silent."""

    ANSWER = "answer"
    TELL = "tell"
    SILENT = "silent"


class Flood:
    """Count the questions of each person; `MOST` of them `WITHIN` a span are answered."""

    def __init__(self, wall: Clock) -> None:
        self._wall = wall
        self._asked: defaultdict[int, deque[datetime]] = defaultdict(lambda: deque(maxlen=MOST))
        self._told: set[int] = set()

    def another(self, user_id: int) -> Patience:
        """Count a question of a person and say what to do with it."""
        now, asked = self._wall.now(), self._asked[user_id]
        while asked and now - asked[0] >= WITHIN:
            asked.popleft()
        if len(asked) < MOST:
            asked.append(now)
            self._told.discard(user_id)
            return Patience.ANSWER
        if user_id in self._told:
            return Patience.SILENT
        self._told.add(user_id)
        return Patience.TELL
