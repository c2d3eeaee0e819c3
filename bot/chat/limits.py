"""Telegram's 429: so many messages a second into one chat, by real time."""

import asyncio
import math
from collections import defaultdict, deque

from bot.chat.errors import Refusal


class RateLimit:
    """Refuse what comes faster than `per_second` into a chat; None lets everything pass."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second = per_second
        self._sent: defaultdict[int, deque[float]] = defaultdict(deque)

    def count(self, chat_id: int) -> None:
        """Count one message.

        Raises Refusal 429 with `retry_after` in whole seconds, never 0.
        """
        if self._per_second is None:
            return
        moment = asyncio.get_running_loop().time()
        window = max(1.0, 1.0 / self._per_second)
        sent = self._sent[chat_id]
        while sent and sent[0] <= moment - window:
            sent.popleft()
        if len(sent) >= max(1, math.floor(self._per_second * window)):
            raise too_many(max(1, math.ceil(sent[0] + window - moment)))
        sent.append(moment)


def too_many(retry_after: int) -> Refusal:
    """Build Telegram's 429."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
