"""getUpdates: https://core.telegram.org/bots/api#getupdates.

At most one poll waits. A newer one ends the older with 409, which is what Telegram does: with two
bots on one token both see conflicts, and a bot that was killed never blocks its successor.
"""

import asyncio

from bot.chat.arguments import Arguments
from bot.chat.errors import Refusal
from bot.chat.room import Room
from bot.chat.state import Json

LONGEST_POLL = 50
LARGEST_OFFSET = 2**31
CONFLICT = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
SEEN_LATELY = 4.0  # seconds of real time between two polls of a bot that is alive


class Polling:
    """Hand pending updates to the bot, and know whether it is there."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._turn = 0
        self._waiting = 0
        self._last_seen: float | None = None

    @property
    def online(self) -> bool:
        """Tell whether the bot is polling, or did so a moment ago."""
        if self._waiting:
            return True
        moment = asyncio.get_running_loop().time()
        return self._last_seen is not None and moment - self._last_seen < SEEN_LATELY

    async def get_updates(self, args: Arguments) -> list[Json]:
        """Answer one poll; raise Refusal 409 when a newer poll takes its place."""
        room = self._room
        offset = self._confirm(args)
        limit = args.integer("limit", 100)
        limit = limit if 1 <= limit <= 100 else 100
        loop = asyncio.get_running_loop()
        until = loop.time() + min(max(args.integer("timeout"), 0), LONGEST_POLL)
        self._turn += 1
        turn = self._turn
        room.updates_bell.ring()
        self._arrive()
        try:
            while True:
                if turn != self._turn:
                    raise Refusal(409, CONFLICT)
                updates = room.state.pending(offset, limit)
                left = until - loop.time()
                if updates or left <= 0 or room.updates_bell.silenced:
                    return updates
                await room.updates_bell.wait(left)
        finally:
            self._leave()

    def _arrive(self) -> None:
        was = self.online
        self._waiting += 1
        if not was:
            self._room.changes_bell.ring()

    def _leave(self) -> None:
        loop = asyncio.get_running_loop()
        self._waiting -= 1
        self._last_seen = loop.time()
        loop.call_later(SEEN_LATELY, self._room.changes_bell.ring)

    def _confirm(self, args: Arguments) -> int:
        """Forget what the offset confirms; give the first id to send."""
        state = self._room.state
        offset = max(min(args.integer("offset"), LARGEST_OFFSET), -LARGEST_OFFSET)
        with state.transaction():
            allowed = args.structure("allowed_updates")
            if isinstance(allowed, list):
                state.set_json("allowed_updates", allowed)
            if offset > 0:
                state.confirm_below(offset)
            elif offset < 0:
                state.keep_last(-offset)
        return max(offset, 0)
