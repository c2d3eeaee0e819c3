"""Telegram's advice on rates: about one message a second in a chat, twenty a minute in a group."""

from datetime import datetime, timedelta

from bot.clock import Clock

GROUP_FACTOR = 3
"""A group takes a third of what a private chat does: 20 messages a minute."""


class Pace:
    """Keep the distance between two messages of one chat; chats do not wait for each other.

    `seconds` is a private chat's distance; 0 keeps none. A group's number is negative.
    """

    def __init__(self, wall: Clock, seconds: float) -> None:
        self._wall = wall
        self._seconds = seconds
        self._free: dict[int, datetime] = {}

    async def turn(self, chat_id: int) -> None:
        """Wait until a chat may have its next message, and take its turn."""
        if not self._seconds:
            return
        now = self._wall.now()
        free = self._free.get(chat_id)
        distance = timedelta(seconds=self._seconds * (GROUP_FACTOR if chat_id < 0 else 1))
        # A clock that was set back must not make a chat wait for hours.
        if free is not None and now < free <= now + distance:
            await self._wall.sleep((free - now).total_seconds())
        self._free[chat_id] = self._wall.now() + distance
