"""What the chat may ask of the running program itself."""

from typing import Protocol

from bot.condition import Attachment, Condition
from bot.timetable import Timetable


class Upkeep(Protocol):
    """The program as it looks after itself; `bot.upkeep` is it in production."""

    async def condition(self) -> Condition:
        """Say how things are now; asks neither KIS nor Telegram."""

    async def program(self) -> dict[str, str]:
        """Name what runs here: versions of the program and of what it stands on."""

    async def backup(self) -> Attachment:
        """Make a backup. Raises MuhanError."""

    async def log(self) -> Attachment:
        """Give the last lines of the log, masked."""

    async def diagnosis(self) -> Attachment:
        """Make a bundle for whoever is to help, without secrets."""

    def sessions(self, count: int) -> tuple[Timetable, ...]:
        """Give the hours of the next sessions, fewer where the calendar ends."""
