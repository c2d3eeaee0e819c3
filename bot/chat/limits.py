"""Telegram's 429: so many messages a second into one chat, and 20 a minute into one group.

By real time: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this.
"""

import asyncio
import math
from collections import defaultdict, deque
from typing import Any

from bot.chat.errors import Refusal

GROUP_MESSAGES = 20
MINUTE = 60.0


class RateLimit:
    """Refuse what comes faster than `per_second` into a chat; None lets everything pass."""

    def __init__(self, per_second: float | None) -> None:
        self._per_second = per_second
        self._sent: defaultdict[tuple[int, float], deque[float]] = defaultdict(deque)

    def count(self, chat: dict[str, Any]) -> None:
        """Count one message.

        Raises Refusal 429 with `retry_after` in whole seconds, never 0.
        """
        if self._per_second is None:
            return
        moment = asyncio.get_running_loop().time()
        window = max(1.0, 1.0 / self._per_second)
        limits = [(window, max(1, math.floor(self._per_second * window)))]
        if chat["type"] != "private":
            limits.append((MINUTE, GROUP_MESSAGES))
        counted = [(self._sent[chat["id"], span], span, most) for span, most in limits]
        for sent, span, most in counted:
            while sent and sent[0] <= moment - span:
                sent.popleft()
            if len(sent) >= most:
                raise too_many(max(1, math.ceil(sent[0] + span - moment)))
        for sent, _, _ in counted:
            sent.append(moment)


def too_many(retry_after: int) -> Refusal:
    """Build Telegram's 429."""
    return Refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
