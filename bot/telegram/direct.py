"""What is said without the state file: that it cannot be written, and signs of life.

Nothing here is kept: what the chat does not take now is tried a few times, and the log has it.
"""

from datetime import datetime
from functools import partial

import structlog
from aiogram.exceptions import ClientDecodeError, TelegramAPIError

from bot.clock import SEOUL
from bot.errors import MuhanError
from bot.telegram import watched
from bot.telegram.readers import Readers
from bot.telegram.sending import Sender
from bot.trading.holds import Hold

log = structlog.get_logger(__name__)


class Direct:
    """Speak from memory to everybody who is allowed, and show signs of life to one chat."""

    def __init__(self, sender: Sender, readers: Readers) -> None:
        self._sender = sender
        self._readers = readers
        self._shown: tuple[datetime, int, bool] | None = None

    async def held(self, hold: Hold, detail: str) -> None:
        """Tell that no order goes out; never raises."""
        for chat_id in self._readers.chats():
            html = watched.held(self._readers.words(chat_id), hold.value, detail)
            try:
                await self._sender.patiently(partial(self._sender.post, chat_id, html))
            except (TelegramAPIError, ClientDecodeError) as error:
                log.error("a hold could not be told", why=hold.value, error=type(error).__name__)  # noqa: TRY400 - the trace holds the address

    async def unread(self, error: MuhanError) -> None:
        """Tell that new settings are not in force, and why; never raises."""
        for chat_id in self._readers.chats():
            words = self._readers.words(chat_id)
            html = watched.unread(words, error.sentence(words.language))
            try:
                await self._sender.post(chat_id, html)
            except (TelegramAPIError, ClientDecodeError) as failure:
                log.warning("settings could not be told about", error=type(failure).__name__)

    async def beat(self, chat_id: int, at: datetime, wrong: tuple[str, ...]) -> None:
        """Show the last sign of life: one message a day that is edited, a loud one at a turn."""
        local = at.astimezone(SEOUL)
        html = watched.beat(self._readers.words(chat_id), f"{local:%m-%d %H:%M}", wrong)
        before = self._shown
        same = before and before[0].date() == local.date() and before[2] == bool(wrong)
        try:
            if before and same and await self._sender.edit(chat_id, before[1], html):
                return
            silent = not wrong and (before is None or not before[2])
            message = await self._sender.post(chat_id, html, silent=silent)
            self._shown = (local, message, bool(wrong))
        except (TelegramAPIError, ClientDecodeError) as error:
            log.warning("the heartbeat did not reach its chat", error=type(error).__name__)
